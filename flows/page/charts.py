"""The charts of a report: SVG without a script, a font or a colour of its own; the page's style sheet has those."""

import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from xml.etree import ElementTree as ET

import pygal
from pygal.etree import etree
from pygal.style import Style

# In the SVG's own units; it is as wide as the page gives it.
WIDTH, HEIGHT = 480, 200
MOST_TICKS = 4
DAYS_BETWEEN_LABELS = 18
# A line of days side by side needs small dots; a day without neighbours is nothing but its dot.
FEW_DAYS = 10
LABELS = Style(label_font_size=13, major_label_font_size=13)  # as page.css has them; the margins follow


@dataclass(frozen=True, slots=True)
class Series:
    """One value a day; None where there is none to show."""

    days: Sequence[date]
    values: Sequence[int | None]


def bars(name: str, series: Series, day: Callable[[date], str], value: Callable[[int], str]) -> str:
    """A bar a day. `day` and `value` write what stands at the axes. Empty where all is nothing."""
    return _draw(pygal.Bar, name, series, day, value)


def line(name: str, series: Series, day: Callable[[date], str], value: Callable[[int], str]) -> str:
    """A line through the days that have a value, broken where there is none."""
    return _draw(pygal.Line, name, series, day, value)


def ticks(largest: int) -> list[int]:
    """Whole, round numbers from zero to one that is no less than the largest; a few."""
    rough = largest / MOST_TICKS
    magnitude = 10 ** math.floor(math.log10(rough)) if rough >= 1 else 1
    step = next(factor * magnitude for factor in (1, 2, 5, 10) if factor * magnitude >= rough)
    return list(range(0, largest + step, step))


def _draw(kind: type, name: str, series: Series, day: Callable[[date], str], value: Callable[[int], str]) -> str:
    largest = max((number for number in series.values if number is not None), default=0)
    if not largest:
        return ""
    etree.to_etree()
    scale = ticks(largest)
    known = sum(number is not None for number in series.values)
    chart = kind(
        width=WIDTH, height=HEIGHT, margin=4, spacing=4, range=(0, scale[-1]), dots_size=1.8 if known > FEW_DAYS else 4,
        allow_interruptions=True, show_legend=False, show_minor_x_labels=False, truncate_label=-1, style=LABELS,
        js=(), no_prefix=True,
        value_formatter=lambda number: value(int(number)),
    )  # fmt: skip
    chart.y_labels = scale
    labels = [day(each) for each in series.days]
    chart.x_labels, chart.x_labels_major = labels, labels[::-DAYS_BETWEEN_LABELS]
    chart.add("", list(series.values))
    svg = ET.tostring(_bare(chart.render_tree(), name), encoding="unicode")
    return re.sub(r"(\.[0-9])[0-9]+", r"\1", svg)  # a tenth of a unit is finer than anybody sees


def _bare(root: ET.Element, name: str) -> ET.Element:
    """Without what needs a script, says nothing, or would style the page; read aloud as one picture, by its caption."""
    for parent in [*root.iter()]:
        for child in [*parent]:
            classes = child.get("class", "").split()
            if not isinstance(child.tag, str) or child.tag in {"defs", "desc", "title"} or "tooltip" in classes:
                parent.remove(child)
            elif "reactive" in classes:
                for attribute in {"class", "rx", "ry"} & child.attrib.keys():
                    del child.attrib[attribute]
    root.attrib.clear()
    root.attrib.update({
        "xmlns": "http://www.w3.org/2000/svg", "class": f"chart {name}", "viewBox": f"0 0 {WIDTH} {HEIGHT}",
        "role": "img", "aria-labelledby": f"{name}-caption",
    })  # fmt: skip
    return root
