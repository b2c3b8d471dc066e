"""How deep and how long: what a shortage means beyond its probability."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from vorort.reports.heat import by_severity
from vorort.reports.markup import Html, cells, table, tag
from vorort.reports.voice import Voice

Result = Mapping[str, Any]
_COLUMNS = ("depth_peak", "depth_worst", "depth_months", "depth_lost", "depth_lost_worst")


def depth(result: Result, v: Voice) -> Html | None:
    """A row per domain with capacity: peak, months overloaded, place-months missing, worst 5 %."""
    known = [d for _, d in by_severity(result["domains"]) if d.get("shortage")]
    if not known:
        return None
    head = tag(
        "tr",
        tag("th", v("domain"), scope="col"),
        cells("th", [v(c) for c in _COLUMNS], scope="col", class_="n"),
    )
    caption = v("depth_caption")
    return tag(
        "section",
        tag("h2", v("depth"), id="depth"),
        tag("p", v("depth_note"), class_="small quiet text"),
        table(caption, head, [_row(d, v) for d in known], label=v("scroll", what=caption)),
        aria_labelledby="depth",
    )


def _row(domain: Mapping[str, Any], v: Voice) -> Html:
    found = domain["shortage"]
    bands = [found["peak"], found["months"], found["place_months"]]
    peak, months, lost = (_banded(band, v) for band in bands)
    return tag(
        "tr",
        tag("th", v.of(domain["label"]), scope="row"),
        peak,
        tag("td", v.number(found["peak_worst_5"]), class_="n"),
        months,
        lost,
        tag("td", v.number(found["place_months_worst_5"]), class_="n"),
    )


def _banded(band: Mapping[str, float], v: Voice) -> Html:
    span = tag("span", v.span(band), class_="small quiet")
    return tag("td", v.middle(band), tag("br"), span, class_="n")
