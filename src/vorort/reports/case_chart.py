"""The picture of one backtest case: predicted bands against what happened.

What was known at the origin and what the authority planned stand beside it. Years and months are
never mixed on one axis: a year's sum is not a month's.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from vorort.reports import charts
from vorort.reports.charts import Flag, Frame, Label
from vorort.reports.fans import position
from vorort.reports.ink import themed
from vorort.reports.markup import Html
from vorort.reports.voice import Voice

Case = Mapping[str, Any]
Points = Sequence[Mapping[str, Any]]

_BAND = {"a": "0.05", "b": "0.25", "m": "0.5", "c": "0.75", "d": "0.95"}


def verdict(case: Case) -> str:
    """``hit``, ``partly``, ``missed`` or ``open`` (nothing to score), by one rule for all cases.

    Missed: fewer than half of the points in the 90 % band, or an error no smaller than carrying
    the last value forward. Hit: every point in the band.
    """
    inside = [bool(p["inside_90"]) for p in case["points"] if p["inside_90"] is not None]
    if not inside:
        return "open"
    errors = case.get("errors") or {}
    median, persistence = errors.get("median"), errors.get("persistence")
    is_worse = median is not None and persistence is not None and median >= persistence
    if is_worse or 2 * sum(inside) < len(inside):
        return "missed"
    return "hit" if all(inside) else "partly"


def observed(point: Mapping[str, Any]) -> tuple[float, float] | None:
    """What happened as an interval: one figure, or the range its source gives."""
    if point.get("observed_range"):
        low, high = point["observed_range"]
        return float(low), float(high)
    return None if point["observed"] is None else (point["observed"], point["observed"])


def case_name(case: Case, v: Voice) -> str:
    """The name of the Kommune with the year of the origin, else the case's own id."""
    name = v.of(case.get("name"))
    return f"{name}, {v.month(case['origin'])}" if name else str(case["case"])


def quantity_name(case: Case, quantity: str, v: Voice) -> str:
    """What is counted, in words."""
    return v.of((case.get("quantities") or {}).get(quantity), quantity)


def lead_points(case: Case) -> list[Mapping[str, Any]]:
    """Points of the leading quantity and of one length of time; the others stand in the table."""
    quantities = [p["quantity"] for p in case["points"]]
    lead = case.get("lead_quantity")
    if lead not in quantities:
        lead = max(quantities, key=quantities.count, default=None)
    found = [p for p in case["points"] if p["quantity"] == lead and observed(p)]
    years = [p for p in found if _is_year(p)]
    return years if 2 * len(years) > len(found) else [p for p in found if not _is_year(p)]


def case_drawing(case: Case, name: str, v: Voice) -> Html:
    """The SVG of a case that has points; ``name`` is unique on the page."""
    points = sorted(lead_points(case), key=_day)
    known, plan = _beside(case, points, "known"), _beside(case, points, "plan")
    start = min([_day(p) for p in [*known, *points, *plan]] + [case["origin"] + "-01"])[:7]
    rows = _rows(points, start)
    frame = _frame(case, rows, known, plan, start, v)
    marks = [
        charts.bars(frame, rows, "a", "d", "wide", 18),
        charts.bars(frame, rows, "b", "c", "half", 18),
        charts.points(frame, rows, "m", "middle", "stroke", 320),
        *_dots(frame, known, "quiet", "circle", start),
        *_dots(frame, plan, "existing", "diamond", start),
        charts.bars(frame, rows, "u", "t", "text", 3),
        charts.points(frame, rows, "o", "text", "circle", 90),
    ]
    quantity = quantity_name(case, points[0]["quantity"], v)
    title = v(
        "case_title",
        case=v.of(case.get("name"), str(case["case"])),
        quantity=quantity,
        origin=v.month(case["origin"]),
    )
    text = v("case_desc", verdict=v(f"case_{verdict(case)}"))
    return themed(charts.draw(frame, marks), name, title, text)


def _is_year(point: Mapping[str, Any]) -> bool:
    return len(str(point["date"])) == 4


def _beside(case: Case, points: Points, what: str) -> list[Mapping[str, Any]]:
    """Rows of ``picture`` of one kind that fit the leading points in quantity and length."""
    first = points[0]
    revised = {(str(r["date"]), r["planned"]) for r in case.get("plan_revisions") or []}
    rows = [
        row
        for row in case.get("picture") or []
        if row["what"] == what
        and row["quantity"] == first["quantity"]
        and row["value"] is not None
        and not (what == "plan" and (str(row["date"]), row["value"]) in revised)
        and _is_year(row) == _is_year(first)
    ]
    return sorted(rows, key=_day)


def _rows(points: Points, start: str) -> list[dict[str, Any]]:
    rows = []
    for p in points:
        low, high = observed(p) or (0.0, 0.0)
        band = {short: p["quantiles"][key] for short, key in _BAND.items()}
        x = position(_day(p), [start])
        rows.append({"x": x, "o": (low + high) / 2, "u": low, "t": high} | band)
    return rows


def _frame(
    case: Case, rows: list[dict[str, Any]], known: Points, plan: Points, start: str, v: Voice
) -> Frame:
    values = [row[key] for row in rows for key in ("a", "d", "u", "t")]
    low, high, ticks = charts.nice_axis(values + [k["value"] for k in [*known, *plan]])
    last = rows[-1]
    labels = [
        Label(v("wide"), last["d"]),
        Label(v("middle"), last["m"], "middle", bold=True),
        Label(v("observed"), last["o"], "text", bold=True),
    ]
    labels += [Label(v("official"), plan[-1]["value"], "existing")] if plan else []
    origin = position(case["origin"] + "-28", [start])
    end = max([row["x"] for row in rows] + [position(_day(p), [start]) for p in plan] + [origin])
    return Frame(
        x_low=-0.3,
        x_high=end + 0.03 * end + 0.6,
        y_low=low,
        y_high=high,
        ticks=_ticks(start, end, v),
        levels=[(y, v.number(y)) for y in ticks],
        height=170,
        labels=labels,
        flags=[Flag(v("origin", month=v.month(case["origin"])), origin, low, "quiet")],
    )


def _dots(frame: Frame, found: Points, role: str, shape: str, start: str) -> list[Any]:
    rows = [{"x": position(_day(k), [start]), "k": k["value"]} for k in found]
    if not rows:
        return []
    joined = charts.line(frame, rows, "k", role, 1.5, (4, 3))
    return [joined, charts.points(frame, rows, "k", role, shape, 60)]


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
        shown = v.month(name, short=True, year=False)
        ticks.append((n - first + 0.5, shown, this if this != year else ""))
        year = this
    return ticks
