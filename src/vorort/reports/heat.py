"""The heat map: probability of overload by domain and month, as a real table.

The number is the statement, the tint only helps the eye. Bold from 20 per cent, a frame around the
month by which half of all draws had an overload. Domains come in order of severity.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from vorort.reports.markup import Html, Part, cells, headline, scroll, tag
from vorort.reports.voice import NBSP, THIN, Voice, per_cent

Result = Mapping[str, Any]
Domain = Mapping[str, Any]

STEPS = (5, 20, 40, 60, 80)  # per cent, lower bounds of the tints 1 to 5
TOLERATED = 20  # per cent
_COLUMNS = 24  # months in one table; longer horizons are cut into equal tables


def tint(probability: float) -> int:
    """Step 0 to 5 of a probability, by the percentage that is printed."""
    return sum(per_cent(probability) >= bound for bound in STEPS)


def by_severity(domains: Mapping[str, Domain]) -> list[tuple[str, Domain]]:
    """Known capacity first: earliest month, then likeliest; unknown next, none last."""
    order = {"known": 0, "unknown": 1, "none": 2}

    def rank(found: tuple[str, Domain]) -> tuple[int, str, float, str]:
        name, domain = found
        first = domain["first_overload"]
        month = first["month"] or "9999"
        return order[domain["capacity"]], month, -(first["probability"] or 0.0), name

    return sorted(domains.items(), key=rank)


def heat_map(result: Result, v: Voice) -> Html:
    """Section with one table per stretch of at most 24 months, and the scale of tints."""
    months = [m["month"] for m in next(iter(result["domains"].values()))["months"]]
    tables = math.ceil(len(months) / _COLUMNS)
    size = math.ceil(len(months) / tables)
    stretches = [months[i : i + size] for i in range(0, len(months), size)]
    steps = cells_of_scale(v)
    return tag(
        "section",
        tag("h2", v("heat"), id="heat"),
        [_table(result, stretch, i * size, v) for i, stretch in enumerate(stretches)],
        tag("ul", steps, class_="steps", aria_label=v("heat_steps")),
        tag("p", v("heat_note"), class_="small quiet text"),
        aria_labelledby="heat",
    )


def cells_of_scale(v: Voice) -> list[Html]:
    """One list entry per tint."""
    return [tag("li", v(f"step_{i}"), class_=f"h{i}") for i in range(len(STEPS) + 1)]


def _table(result: Result, months: Sequence[str], offset: int, v: Voice) -> Html:
    caption = v("heat_caption", start=v.month(months[0]), end=v.month(months[-1]))
    rows = [_row(d, months, offset, v) for _, d in by_severity(result["domains"])]
    return scroll(
        v("scroll", what=caption),
        tag(
            "table",
            headline(caption),
            tag("thead", _years(months, v), _month_names(months, v)),
            tag("tbody", rows),
            class_="heat" + (" long" if len(months) > 14 else ""),
        ),
    )


def _years(months: Sequence[str], v: Voice) -> Html:
    """A row of years above the months; the corner cell spans both rows."""
    years = sorted({m[:4] for m in months})
    spans = [(year, sum(m.startswith(year) for m in months)) for year in years]
    heads = [
        tag("th", year if n > 1 else f"’{year[2:]}", scope="colgroup", colspan=n, class_="year")
        for year, n in spans
    ]
    return tag("tr", tag("th", v("heat_corner"), scope="col", rowspan=2, class_="corner"), heads)


def _month_names(months: Sequence[str], v: Voice) -> Html:
    return tag("tr", cells("th", [v.month(m, short=True, year=False) for m in months], scope="col"))


def _row(domain: Domain, months: Sequence[str], offset: int, v: Voice) -> Html:
    head = tag("th", v.of(domain["label"]), scope="row")
    if domain["capacity"] != "known":
        words = v("heat_unknown" if domain["capacity"] == "unknown" else "heat_none")
        return tag("tr", head, tag("td", words, colspan=len(months), class_="open"))
    shown = domain["months"][offset : offset + len(months)]
    first = domain["first_overload"]["month"]
    return tag("tr", head, [_cell(m, m["month"] == first, v) for m in shown])


def _cell(month: Mapping[str, Any], is_first: bool, v: Voice) -> Html:
    if month["demand"]["0.95"] == 0:
        return tag("td", "–", class_="h0")
    probability = month["overload_probability"]
    classes = [f"h{tint(probability)}"]
    classes += ["over"] if per_cent(probability) >= TOLERATED else []
    content: list[Part] = [v.share(probability, unit=False).replace(NBSP, THIN)]
    if is_first:
        classes.append("first")
        content.append(tag("span", ", " + v("heat_first"), class_="unseen"))
    return tag("td", content, class_=" ".join(classes))
