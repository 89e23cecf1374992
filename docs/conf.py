"""How Sphinx builds the site: the pages as they stand, with nothing to fetch from anywhere."""

project = "retention"
extensions = ["myst_parser"]
html_theme = "furo"
html_title = "retention"
html_copy_source = False
html_show_copyright = False
html_show_sphinx = False
highlight_language = "none"
myst_heading_anchors = 3
