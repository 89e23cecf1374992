"""The files of an adopter's project, written into a folder in which none of them is yet."""

import re
from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path
from string import Template

import yaml

from flows.adopt.words import snake
from flows.errors import BadConfiguration

FORWARD = """\
{% macro generate_schema_name(custom_schema_name, node) -%}
    {{ retention.generate_schema_name(custom_schema_name, node) }}
{%- endmacro %}
"""
IGNORED = "target/\ndbt_packages/\nlogs/\n"


def common_files(out: Path, engine: Path, kinds: list[str]) -> dict[str, str]:
    """The files that are alike for every platform, by their path in the folder."""
    template = Template(files("flows").joinpath("adopt", "templates", "dbt_project.yml").read_text(encoding="utf-8"))
    return {
        "dbt_project.yml": template.substitute(name=project_name(out), kinds=", ".join(kinds)),
        "packages.yml": "# The engine: an upgrade of it is an upgrade here, nothing of it is copied.\n"
        + yaml.safe_dump({"packages": [{"local": str(engine)}]}, sort_keys=False),
        "profiles.yml": (engine / "profiles.yml").read_text(encoding="utf-8"),
        "macros/generate_schema_name.sql": FORWARD,
        "seeds/retention_periods.csv": "environment_id,retention_months\n",
        "seeds/feed_environments.csv": "environment_id\n",
        ".gitignore": IGNORED,
    }


def project_name(out: Path) -> str:
    """The dbt project's name: the folder's, which may not be the engine's."""
    name = re.sub(r"^(?=[0-9])", "p_", snake(out.resolve().name))
    return f"{name}_platform" if name == "retention" else name


def write_files(out: Path, contents: Mapping[str, str]) -> None:
    """Writes the files; BadConfiguration where one of them is there already, before anything is written."""
    there = [name for name in contents if (out / name).exists()]
    if there:
        raise BadConfiguration(
            f"Writing the project to {out}: expected a new folder, found {there[0]} in it. "
            "Name another folder with --out; nothing was written."
        )
    for name, text in contents.items():
        path = out / name
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        except OSError as error:
            raise BadConfiguration(
                f"Writing the project to {out}: expected a folder that can be written, found {error.strerror}. "
                "Name another with --out."
            ) from None
