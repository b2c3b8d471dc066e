"""How well such runs did: per case a picture, its values and a verdict in words.

A failed case says so in its first words and stays on the page. Context cases are told, not scored.
Optional keys: ``coverage`` (see ``_coverage``), ``context`` (rows of context.yaml), and in a case
``picture`` (rows of ``case_points``: what was known, what was planned).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from vorort.reports.case_chart import (
    case_drawing,
    case_name,
    lead_points,
    observed,
    quantity_name,
    verdict,
)
from vorort.reports.fans import picture, twin
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


def _errors(case: Case) -> Mapping[str, float | None]:
    return case.get("errors") or {}


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
                tag("th", case_name(case, v), scope="row"),
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
    name, slug = (
        case_name(case, v),
        "bt-" + "".join(c if c.isalnum() else "-" for c in case["case"]),
    )
    said = _said(case, v)
    return tag(
        "section",
        tag("h3", name, id=slug),
        tag("p", tag("b", v(f"case_{verdict(case)}") + "."), " ", " ".join(said), class_="text"),
        tag(
            "figure",
            picture(case_drawing(case, f"c-{slug}", v), name, v) if lead_points(case) else None,
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
    if case.get("plan_revisions"):
        said.append(
            v("case_revised", list=", ".join(_revision(r, v) for r in case["plan_revisions"]))
        )
    if case.get("not_predicted"):
        names = [quantity_name(case, str(n), v) for n in case["not_predicted"]]
        said.append(v("case_unpredicted", list=", ".join(names)))
    if late.get("median") is not None:
        said.append(v("case_late", median=v.percent(late["median"])))
    return said


def _revision(revision: Mapping[str, Any], v: Voice) -> str:
    when = v.day(revision["dated"]) if revision.get("dated") else v("unknown")
    return f"{v.number(revision['planned'])} ({when})"


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
                tag("td", quantity_name(case, p["quantity"], v)),
                cells("td", figures, class_="n"),
                tag("td", _inside(p, v)),
            )
        )
    caption = v("case_caption", case=case_name(case, v))
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
    """Shares over many Kreise, a row each: {origin, n, inside_50, inside_90, above?, note?}."""
    if not found:
        return None
    heads = [v(key) for key in ("col_count", "col_in_half", "col_in_wide", "col_above")]
    head = tag(
        "tr",
        cells("th", [v("col_origin"), v("col_method")], scope="col"),
        cells("th", heads, scope="col", class_="n"),
    )
    return table(
        v("coverage_caption"),
        head,
        [_covered(c, v) for c in found],
        label=v("scroll", what=v("coverage_caption")),
    )


def _covered(row: Mapping[str, Any], v: Voice) -> Html:
    shares = [v.percent(row[key]) for key in ("inside_50", "inside_90")]
    above = "–" if row.get("above") is None else v.percent(row["above"])
    return tag(
        "tr",
        tag("th", v.day(str(row["origin"])), scope="row"),
        tag("td", v.of(row["note"]) if row.get("note") else "–"),
        cells("td", [v.number(row["n"]), *shares, above], class_="n"),
    )


def _context(found: Sequence[Mapping[str, Any]], v: Voice) -> Part:
    if not found:
        return None
    told = [
        tag(
            "li",
            tag("b", v.of(c.get("name"), str(c.get("id", "")))),
            ": ",
            v.of(c["statement"]),
            tag("span", f" ({c['source']['cite']})", class_="quiet") if c.get("source") else None,
        )
        for c in found
    ]
    return tag(
        "section",
        tag("h3", v("context"), id="context"),
        tag("ul", told, class_="plain text"),
        aria_labelledby="context",
    )
