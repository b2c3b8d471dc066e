"""Fan charts: demand of each domain against its usable capacity; a table under each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from vorort.reports import charts
from vorort.reports.charts import Flag, Frame, Label
from vorort.reports.heat import by_severity
from vorort.reports.ink import themed
from vorort.reports.markup import Html, Part, cells, table, tag
from vorort.reports.voice import Voice, width
from vorort.reports.words import WORDS

Domain = Mapping[str, Any]
Months = Sequence[Mapping[str, Any]]

_FLAGS = 5  # most events named on a picture; all of them stand in the table
_WORTH = 0.2  # a day is named from this share of the largest change
_WORDS = 44  # longest label of an event, letters


def fans(domains: Mapping[str, Domain], v: Voice) -> Html:
    """Section with a picture, its values and its events for every domain."""
    return tag(
        "section",
        tag("h2", v("fans"), id="fans"),
        tag("p", v("fans_note"), class_="text"),
        [_domain(name, domain, v) for name, domain in by_severity(domains)],
        aria_labelledby="fans",
    )


def picture(svg: Html, heading: str, v: Voice) -> Html:
    """A chart in its scroll box."""
    return tag(
        "div",
        svg,
        class_="roll picture",
        tabindex=0,
        role="group",
        aria_label=v("scroll", what=heading),
    )


def twin(values: Html, v: Voice, what: str) -> Html:
    """The table beside a picture, folded on screen, open on paper."""
    unseen = tag("span", f": {what}", class_="unseen")
    return tag("details", tag("summary", v("as_table"), unseen), values)


def month_ticks(months: Sequence[str], v: Voice) -> list[tuple[float, str, str]]:
    """At most twelve month names, the year under the first and under each first of a year."""
    step = -(-len(months) // 12)
    ticks, year = [], ""
    for i in range(0, len(months), step):
        new = months[i][:4] if months[i][:4] != year else ""
        year = months[i][:4]
        ticks.append((i + 0.5, v.month(months[i], short=True, year=False), new))
    return ticks


def position(iso: str, months: Sequence[str]) -> float:
    """A day as a position on the axis: month number plus the part of the month gone by."""
    day = date.fromisoformat(iso)
    first = int(months[0][:4]) * 12 + int(months[0][5:7])
    return day.year * 12 + day.month - first + (day.day - 1) / 31


def _domain(name: str, domain: Domain, v: Voice) -> Html:
    label = v.of(domain["label"])
    drawing = _drawing(name, domain, v)
    return tag(
        "section",
        tag("h3", label, id=f"fan-{name}"),
        [tag("p", words, class_="small quiet text") for words in _remarks(domain, v)],
        tag("figure", picture(drawing, label, v), twin(_values(domain, v), v, label)),
        _events(domain, v),
        class_="domain",
        aria_labelledby=f"fan-{name}",
    )


def _remarks(domain: Domain, v: Voice) -> list[str]:
    if domain["capacity"] != "known":
        return [v("capacity_unknown" if domain["capacity"] == "unknown" else "capacity_none")]
    days, amount = domain["tolerance"]["days"], domain["tolerance"]["amount"]
    key = "tolerance" if days else "tolerance_now" if amount else "tolerance_zero"
    words = v(key, days=days, amount=v.number(amount), who=v(domain.get("by") or "people"))
    return [words] + ([v("for_newcomers")] if domain["capacity_for"] == "newcomers" else [])


def _drawing(name: str, domain: Domain, v: Voice) -> Html:
    months = domain["months"]
    known = domain["capacity"] == "known"
    values = [m["demand"][k] for m in months for k in ("0.05", "0.95")]
    values += [m["existing"]["0.5"] for m in months] + [m["central"]["demand"] for m in months]
    values += [m["usable"] for m in months] if known else []
    low, high, ticks = charts.nice_axis(values)
    names = [m["month"] for m in months]
    frame = Frame(
        x_low=0,
        x_high=len(months),
        y_low=low,
        y_high=high,
        ticks=month_ticks(names, v),
        levels=[(y, v.number(y)) for y in ticks],
        labels=_labels(months, known, v),
        flags=_flags(domain, names, v) if known else (),
    )
    title = v(
        "fan_title" if known else "fan_title_open",
        label=v.of(domain["label"]),
        unit=v.of(domain["unit"]),
        start=v.month(names[0]),
        end=v.month(names[-1]),
    )
    return themed(
        charts.draw(frame, _marks(frame, months, known)),
        f"c-{name}",
        title,
        _described(months, known, v),
    )


def _marks(frame: Frame, months: Months, known: bool) -> list[Any]:
    keys = {"a": "0.05", "b": "0.25", "m": "0.5", "c": "0.75", "d": "0.95"}
    rows = [
        {"x": i + 0.5, "e": m["existing"]["0.5"], "z": m["central"]["demand"]}
        | {short: m["demand"][key] for short, key in keys.items()}
        for i, m in enumerate(months)
    ]
    marks = [
        charts.area(frame, rows, "a", "d", "wide"),
        charts.area(frame, rows, "b", "c", "half"),
        charts.line(frame, rows, "e", "existing", 2, (7, 4)),
        charts.line(frame, rows, "z", "central", 1.5, (2, 3)),
        charts.line(frame, rows, "m", "middle", 2.5),
    ]
    if known:
        steps = [{"x": i, "u": m["usable"]} for i, m in enumerate(months)]
        steps.append({"x": len(months), "u": months[-1]["usable"]})
        marks.append(charts.line(frame, steps, "u", "capacity", 3, step=True))
    return marks


def _labels(months: Months, known: bool, v: Voice) -> list[Label]:
    last = months[-1]
    demand = last["demand"]
    labels = [
        Label(v("wide"), demand["0.95"]),
        Label(v("half"), demand["0.75"]),
        Label(f"{v('middle')} {v.middle(demand)}", demand["0.5"], "middle", bold=True),
        Label(v("central"), last["central"]["demand"], "quiet"),
        Label(v("existing"), last["existing"]["0.5"], "existing"),
    ]
    if known:
        words = f"{v('usable')} {v.number(last['usable'])}"
        labels.append(Label(words, last["usable"], "capacity", bold=True))
    return labels


def event_words(event: Mapping[str, Any], v: Voice, signed: bool = True) -> str:
    """``−84: Mietende Container Süd``; what a clerk typed, else the kind in words."""
    site = str(event.get("facility") or "")
    reason = (
        v.of(event["text"])
        if event.get("text")
        else str(event.get("reason") or "") or _kind(event, v)
    )
    words = reason if site and site in reason else f"{reason} {site}".strip()
    places = event.get("places")
    return f"{v.signed(places)}: {words}" if signed and places is not None else words


def _kind(event: Mapping[str, Any], v: Voice) -> str:
    kind = str(event.get("kind") or "step")
    return v(f"event_{kind}") if f"event_{kind}" in WORDS else kind


def _day_words(events: Sequence[Mapping[str, Any]], v: Voice) -> str:
    """One event in words; of several on one day the sum and, at one site, what happens there."""
    if len(events) == 1:
        return event_words(events[0], v)
    total = v.signed(sum(e.get("places") or 0 for e in events))
    if len({e.get("facility") for e in events}) == 1:
        largest = max(events, key=lambda e: abs(e.get("places") or 0))
        return f"{total}: {event_words(largest, v, signed=False)}"
    return f"{total}: {v('changes', count=len(events))}"


def _flags(domain: Domain, names: Sequence[str], v: Voice) -> list[Flag]:
    months = domain["months"]
    days: dict[str, list[Mapping[str, Any]]] = {}
    for event in domain["events"]:
        if 0 <= position(event["date"], names) < len(months):
            days.setdefault(event["date"], []).append(event)
    sums = {day: abs(sum(e.get("places") or 0 for e in found)) for day, found in days.items()}
    least = _WORTH * max(sums.values(), default=0)
    largest = sorted((d for d in days if sums[d] >= least), key=lambda d: -sums[d])[:_FLAGS]
    flags = []
    for day in largest:
        x, words = position(day, names), _day_words(days[day], v)
        words = words if len(words) <= _WORDS else words[: _WORDS - 1].rstrip() + "…"
        around = {int(x), max(0, int(x) - 1)}
        flags.append(Flag(words, x, max(months[i]["usable"] for i in around)))
    first = domain["first_overload"]["month"]
    if first in names:
        i = list(names).index(first)
        flags.append(Flag(v("fan_half"), i + 0.5, months[i]["demand"]["0.5"], "text"))
    return flags


def _described(months: Months, known: bool, v: Voice) -> str:
    first, last = months[0], months[-1]
    demand = last["demand"]
    spread = width(demand)
    words = v(
        "fan_desc",
        first=v.middle(first["demand"]),
        last=v.middle(demand),
        low=v.about(demand["0.05"], spread),
        high=v.about(demand["0.95"], spread),
        existing=v.middle(last["existing"]),
    )
    if known:
        words += " " + v(
            "fan_desc_usable", first=v.number(first["usable"]), last=v.number(last["usable"])
        )
    return words


def _values(domain: Domain, v: Voice) -> Html:
    known = domain["capacity"] == "known"
    heads = ["col_demand", "col_half", "col_wide", "col_existing", "col_central"]
    heads += (
        ["usable", "col_waiting", "col_waiting_wide", "col_overdue", "col_vacancy", "col_overload"]
        if known
        else []
    )
    caption = v("twin_caption", label=v.of(domain["label"]), unit=v.of(domain["unit"]))
    rows = [
        tag(
            "tr",
            tag("th", v.month(m["month"], short=True), scope="row"),
            cells("td", _figures(m, known, v), class_="n"),
        )
        for m in domain["months"]
    ]
    head = tag(
        "tr",
        tag("th", v("month"), scope="col"),
        cells("th", [v(h) for h in heads], scope="col", class_="n"),
    )
    return table(caption, head, rows, label=v("scroll", what=caption), class_="dense")


def _figures(month: Mapping[str, Any], known: bool, v: Voice) -> list[str]:
    """One row; each figure is rounded by its own band, which widens from row to row."""
    demand = month["demand"]
    figures = [
        v.middle(demand),
        v.span(demand, "0.25", "0.75"),
        v.span(demand),
        v.middle(month["existing"]),
        v.number(month["central"]["demand"]),
    ]
    if known:
        figures += [
            v.number(month["usable"]),
            v.middle(month["waiting"]),
            v.span(month["waiting"]),
            v.middle(month["overdue"]),
            v.middle(month["vacancy"]),
            v.share(month["overload_probability"]),
        ]
    return figures


def _events(domain: Domain, v: Voice) -> Part:
    if not domain["events"]:
        return None
    caption = v("events_caption", label=v.of(domain["label"]))
    heads = [v("event_date"), v("event_site"), v("event_reason")]
    rows = []
    for e in sorted(domain["events"], key=lambda e: str(e["date"])):
        site = tag("td", e.get("facility") or "–")
        reason = tag("td", v.of(e["text"]) if e.get("text") else e.get("reason") or _kind(e, v))
        places = e.get("places")
        count = v.signed(places) if places is not None else v("unknown")
        rows.append(
            tag(
                "tr",
                tag("th", v.day(e["date"]), scope="row"),
                site,
                reason,
                tag("td", count, class_="n"),
            )
        )
    head = tag(
        "tr", cells("th", heads, scope="col"), tag("th", v("event_places"), scope="col", class_="n")
    )
    return table(caption, head, rows, label=v("scroll", what=caption), class_="dense middling")
