"""How well such runs did: per case a picture, its values and a verdict in words.

A failed case says so in its first words and stays on the page. Context cases are told, not scored.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from vorort.reports import charts
from vorort.reports.charts import Flag, Frame, Label
from vorort.reports.fans import picture, position, twin
from vorort.reports.ink import themed
from vorort.reports.markup import Html, Part, cells, table, tag
from vorort.reports.voice import Voice

Case = Mapping[str, Any]


def backtests(found: Mapping[str, Any], v: Voice) -> Html:
    """Section: the sum of all cases, one table, then case by case, coverage, context."""
    cases = found["cases"]
    return tag(
        "section",
        tag("h2", v("backtests"), id="backtests"),
        tag("p", _lead(cases, v), class_="text strong"),
        tag("p", v("backtests_note"), class_="text"),
        _all_cases(cases, v),
        _coverage(found.get("coverage") or [], v),
        [_case(case, v) for case in cases],
        _context(found.get("context") or [], v),
        aria_labelledby="backtests",
    )


def verdict(case: Case) -> str:
    """``hit`` (all points in the 90 % band), ``partly`` (half or more), ``missed``, ``open``."""
    inside = [bool(p["inside_90"]) for p in case["points"] if p["inside_90"] is not None]
    if not inside:
        return "open"
    return "hit" if all(inside) else "partly" if 2 * sum(inside) >= len(inside) else "missed"


def _errors(case: Case) -> Mapping[str, float | None]:
    return case.get("errors") or {}


def observed(point: Mapping[str, Any]) -> tuple[float, float] | None:
    """What happened as an interval: one figure, or the range its source gives."""
    low, high = point.get("low"), point.get("high")
    if low is not None and high is not None:
        return float(low), float(high)
    return None if point["observed"] is None else (point["observed"], point["observed"])


def _name(case: Case, v: Voice) -> str:
    return v.of(case.get("label"), str(case["case"]))


def _quantity(point_or_case: Mapping[str, Any], v: Voice) -> str:
    return v.of(point_or_case.get("quantity_label"), str(point_or_case.get("quantity") or ""))


def _hits(case: Case, key: str) -> tuple[int, int]:
    scored = [p[key] for p in case["points"] if p[key] is not None]
    return sum(map(bool, scored)), len(scored)


def _lead(cases: Sequence[Case], v: Voice) -> str:
    hits = [_hits(case, "inside_90") for case in cases]
    both = [(_errors(c).get("median"), _errors(c).get("persistence")) for c in cases]
    compared = [(m, p) for m, p in both if m is not None and p is not None]
    return v(
        "backtests_lead",
        inside=sum(h for h, _ in hits),
        points=sum(n for _, n in hits),
        cases=len(cases),
        better=sum(m < p for m, p in compared),
        compared=len(compared),
    )


def _all_cases(cases: Sequence[Case], v: Voice) -> Html:
    heads = ["col_hits", "col_error", "col_persistence", "col_official", "col_late_error"]
    rows = []
    for case in cases:
        errors, late = _errors(case), case.get("errors_with_late") or {}
        inside, points = _hits(case, "inside_90")
        figures = [
            f"{inside}/{points}",
            *(_error(errors.get(k), v) for k in ("median", "persistence", "official_plan")),
            _error(late.get("median"), v),
        ]
        rows.append(
            tag(
                "tr",
                tag("th", _name(case, v), scope="row"),
                tag("td", v(f"case_{verdict(case)}"), class_=f"verdict {verdict(case)}"),
                cells("td", figures, class_="n"),
            )
        )
    head = tag(
        "tr",
        cells("th", [v("col_case"), v("col_verdict")], scope="col"),
        cells("th", [v(h) for h in heads], scope="col", class_="n"),
    )
    caption = v("cases_caption")
    return table(caption, head, rows, label=v("scroll", what=caption))


def _error(value: float | None, v: Voice) -> str:
    return "–" if value is None else v.percent(value)


def _case(case: Case, v: Voice) -> Html:
    name, slug = _name(case, v), "bt-" + "".join(c if c.isalnum() else "-" for c in case["case"])
    said = _said(case, v)
    return tag(
        "section",
        tag("h3", name, id=slug),
        tag("p", tag("b", v(f"case_{verdict(case)}") + "."), " ", " ".join(said), class_="text"),
        tag(
            "figure",
            picture(_drawing(case, slug, v), name, v) if _lead_points(case) else None,
            twin(_values(case, v), v, name),
        )
        if case["points"]
        else None,
        [tag("p", v.of(note), class_="small quiet text") for note in case.get("notes") or []],
        tag(
            "p",
            v("case_late_list", list=", ".join(map(str, case["late"]))),
            class_="small quiet text",
        )
        if case.get("late")
        else None,
        class_="domain",
        aria_labelledby=slug,
    )


def _said(case: Case, v: Voice) -> list[str]:
    errors, late = _errors(case), case.get("errors_with_late") or {}
    (inside, points), (half, _) = _hits(case, "inside_90"), _hits(case, "inside_50")
    said = [v("case_points", inside=inside, points=points, half=half)] if points else []
    median, persistence = errors.get("median"), errors.get("persistence")
    if median is not None and persistence is not None:
        key = "case_error_better" if median < persistence else "case_error_worse"
        said.append(v(key, median=v.percent(median), persistence=v.percent(persistence)))
    plan = errors.get("official_plan")
    said.append(v("case_plan", plan=v.percent(plan)) if plan is not None else v("case_no_plan"))
    if late.get("median") is not None:
        said.append(v("case_late", median=v.percent(late["median"])))
    return said


def _lead_points(case: Case) -> list[Mapping[str, Any]]:
    """Points of the leading quantity; the others stand in the table only."""
    quantities = [p["quantity"] for p in case["points"]]
    lead = case.get("lead_quantity")
    if lead not in quantities:
        lead = max(quantities, key=quantities.count, default=None)
    return [p for p in case["points"] if p["quantity"] == lead and observed(p)]


def _drawing(case: Case, slug: str, v: Voice) -> Html:
    points = sorted(_lead_points(case), key=lambda p: str(p["date"]))
    known = sorted(case.get("known") or [], key=lambda k: str(k["date"]))
    plan = case.get("plan") or []
    days = [_day(p) for p in [*known, *points, *plan]] + [case["origin"] + "-01"]
    start = min(days)[:7]
    origin = position(case["origin"] + "-28", [start])
    end = max(position(day, [start]) for day in days) + 1
    values = [p["quantiles"][k] for p in points for k in ("0.05", "0.95")]
    seen = [observed(p) or (0.0, 0.0) for p in points]
    values += [end for ends in seen for end in ends] + [k["value"] for k in [*known, *plan]]
    low, high, ticks = charts.nice_axis(values)
    rows = [
        {"x": position(_day(p), [start]), "o": sum(ends) / 2, "u": ends[0], "t": ends[1]}
        | {
            k: p["quantiles"][q]
            for k, q in zip("abmcd", ("0.05", "0.25", "0.5", "0.75", "0.95"), strict=True)
        }
        for p, ends in zip(points, seen, strict=True)
    ]
    last = rows[-1]
    labels = [
        Label(v("wide"), last["d"]),
        Label(v("middle"), last["m"], "middle", bold=True),
        Label(v("observed"), last["o"], "text", bold=True),
    ]
    if plan:
        labels.append(Label(v("official"), plan[-1]["value"], "existing"))
    frame = Frame(
        x_low=-0.3,
        x_high=end,
        y_low=low,
        y_high=high,
        ticks=_ticks(start, end, v),
        levels=[(y, v.number(y)) for y in ticks],
        height=170,
        labels=labels,
        flags=[Flag(v("origin", month=v.month(case["origin"])), origin, low, "quiet")],
    )
    marks = [
        charts.bars(frame, rows, "a", "d", "wide", 18),
        charts.bars(frame, rows, "b", "c", "half", 18),
        charts.points(frame, rows, "m", "middle", "stroke", 320),
    ]
    marks += _context_marks(frame, known, plan, start)
    marks += [
        charts.bars(frame, rows, "u", "t", "text", 3),
        charts.points(frame, rows, "o", "text", "circle", 90),
    ]
    title = v(
        "case_title",
        case=_name(case, v),
        quantity=_quantity(points[0], v),
        origin=v.month(case["origin"]),
    )
    text = v("case_desc", verdict=v(f"case_{verdict(case)}"))
    return themed(charts.draw(frame, marks), f"c-{slug}", title, text)


def _context_marks(
    frame: Frame, known: Sequence[Mapping[str, Any]], plan: Sequence[Mapping[str, Any]], start: str
) -> list[Any]:
    """What was known at the origin, and what the authority planned."""
    marks: list[Any] = []
    for found, role, shape in ((known, "quiet", "circle"), (plan, "existing", "diamond")):
        rows = [{"x": position(_day(k), [start]), "k": k["value"]} for k in found]
        if rows:
            marks += [
                charts.line(frame, rows, "k", role, 1.5, (4, 3)),
                charts.points(frame, rows, "k", role, shape, 60),
            ]
    return marks


def _day(point: Mapping[str, Any]) -> str:
    """A date as a day; months are taken at their middle, years at theirs."""
    text = str(point["date"])
    return {4: f"{text}-07-01", 7: f"{text}-15"}.get(len(text), text[:10])


def _ticks(start: str, end: float, v: Voice) -> list[tuple[float, str, str]]:
    first, count = int(start[:4]) * 12 + int(start[5:7]) - 1, int(end) + 1
    step = next(s for s in (1, 2, 3, 6, 12, 24, 60, 120) if count / s <= 10)
    ticks, year = [], ""
    for n in range(first, first + count, step):
        name, this = f"{n // 12:04d}-{n % 12 + 1:02d}", f"{n // 12:04d}"
        ticks.append(
            (n - first + 0.5, v.month(name, short=True, year=False), this if this != year else "")
        )
        year = this
    return ticks


def _values(case: Case, v: Voice) -> Html:
    heads = ["col_observed", "middle", "half", "wide"]
    rows = []
    for p in case["points"]:
        q = p["quantiles"]
        figures = [_seen(p, v), v.middle(q), v.span(q, "0.25", "0.75"), v.span(q)]
        rows.append(
            tag(
                "tr",
                tag("th", v.day(str(p["date"])), scope="row"),
                tag("td", _quantity(p, v)),
                cells("td", figures, class_="n"),
                tag("td", _inside(p, v)),
            )
        )
    caption = v("case_caption", case=_name(case, v))
    head = tag(
        "tr",
        cells("th", [v("col_date"), v("col_quantity")], scope="col"),
        cells("th", [v(h) for h in heads], scope="col", class_="n"),
        tag("th", v("col_inside"), scope="col"),
    )
    return table(caption, head, rows, label=v("scroll", what=caption), class_="dense")


def _seen(point: Mapping[str, Any], v: Voice) -> str:
    ends = observed(point)
    if ends is None or ends[0] == ends[1]:
        return v.number(None if ends is None else ends[0])
    return v("span", low=v.number(ends[0]), high=v.number(ends[1]))


def _inside(point: Mapping[str, Any], v: Voice) -> str:
    if point["inside_90"] is None:
        return "–"
    return v("yes_half" if point["inside_50"] else "yes") if point["inside_90"] else v("no")


def _coverage(found: Sequence[Mapping[str, Any]], v: Voice) -> Part:
    """Shares over many Kreise, one row per origin: {origin, n, inside_50, inside_90, note?}."""
    if not found:
        return None
    rows = [
        tag(
            "tr",
            tag("th", v.day(str(c["origin"])), scope="row"),
            cells(
                "td",
                [v.number(c["n"]), v.percent(c["inside_50"]), v.percent(c["inside_90"])],
                class_="n",
            ),
        )
        for c in found
    ]
    heads = [v("col_count"), v("col_in_half"), v("col_in_wide")]
    head = tag(
        "tr", tag("th", v("col_origin"), scope="col"), cells("th", heads, scope="col", class_="n")
    )
    notes = [tag("p", v.of(c["note"]), class_="small quiet text") for c in found if c.get("note")]
    return [
        table(
            v("coverage_caption"),
            head,
            rows,
            label=v("scroll", what=v("coverage_caption")),
            class_="middling",
        ),
        notes,
    ]


def _context(found: Sequence[Mapping[str, Any]], v: Voice) -> Part:
    if not found:
        return None
    told = [
        tag(
            "li",
            tag("b", v.of(c.get("label"), str(c.get("case", "")))),
            ": ",
            v.of(c["text"]),
            tag("span", f" ({c['source']})", class_="quiet") if c.get("source") else None,
        )
        for c in found
    ]
    return tag(
        "section",
        tag("h3", v("context"), id="context"),
        tag("ul", told, class_="plain text"),
        aria_labelledby="context",
    )
