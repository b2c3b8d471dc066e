"""What gets tight first, in words; and what the run starts from: today's beds and arrivals."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from vorort.reports import charts
from vorort.reports.charts import Frame, Label
from vorort.reports.fans import event_words, month_ticks, picture, twin
from vorort.reports.heat import by_severity
from vorort.reports.ink import themed
from vorort.reports.markup import Html, Part, cells, table, tag
from vorort.reports.voice import Voice

Result = Mapping[str, Any]
Domain = Mapping[str, Any]

_LEDGER = ("nominal", "over", "assigned", "kept", "blocked", "unfit", "free", "usable")
_BAND = ("0.05", "0.25", "0.5", "0.75", "0.95")
GROUPS = ("asylum", "temporary", "reunification", "resettlement", "other")


def first_bottlenecks(result: Result, v: Voice) -> Html:
    """An ordered list, earliest first; then those below one half, then those not computed."""
    ranked = by_severity(result["domains"])
    tight = [d for _, d in ranked if d["first_overload"]["month"]]
    rest = [d for _, d in ranked if d["capacity"] == "known" and not d["first_overload"]["month"]]
    without = [v.of(d["label"]) for _, d in ranked if d["capacity"] != "known"]
    shares = [f"{v.of(d['label'])} {v.share(d['first_overload']['probability'])}" for d in rest]
    return tag(
        "section",
        tag("h2", v("first"), id="first"),
        tag("p", v("first_note" if tight else "first_nothing"), class_="text"),
        tag("ol", [_bottleneck(d, v) for d in tight], class_="ladder") if tight else None,
        tag("p", v("first_rest", list=", ".join(shares)), class_="text") if rest else None,
        tag("p", v("first_unknown", list=", ".join(without)), class_="text") if without else None,
        aria_labelledby="first",
    )


def when_first(domain: Domain, v: Voice) -> str:
    """*heute schon*, the week where it is given, else the month."""
    first = domain["first_overload"]
    if first["month"] == domain["months"][0]["month"]:
        return v("first_now")
    return v.week(first["week"]) if first["week"] else v.month(first["month"])


def worst_month(domain: Domain) -> Mapping[str, Any]:
    """The month in which most wait over all quantiles (the first of several)."""
    return max(domain["months"], key=lambda m: sum(m["waiting"][q] for q in _BAND))


def _bottleneck(domain: Domain, v: Voice) -> Html:
    first, worst = domain["first_overload"], worst_month(domain)
    waiting = worst["waiting"]
    said = [
        v("first_half", share=v.share_words(first["probability"])),
        v(
            "first_worst",
            month=v.month(worst["month"]),
            waiting=v.middle(waiting),
            who=v(domain.get("by") or "people"),
            span=v.span(waiting),
        ),
    ]
    losses = [
        e
        for e in domain["events"]
        if (e.get("places") or 0) < 0 and e["date"][:7] <= first["month"]
    ]
    if losses:
        event = min(losses, key=lambda e: e["places"])
        said.append(
            v(
                "first_event",
                count=v.number(-event["places"]),
                day=v.day(event["date"]),
                what=event_words(event, v, signed=False),
            )
        )
    said += _recovery(domain["recovery_months"], v)
    lead = v("first_lead", label=v.of(domain["label"]), when=when_first(domain, v))
    return tag("li", tag("div", tag("b", lead), " ", " ".join(said)))


def _recovery(recovery: Mapping[str, Any] | None, v: Voice) -> list[str]:
    if not recovery or recovery["not_recovered"] is None:
        return []
    median, never = recovery["median"], recovery["not_recovered"]
    if median is None or never == 1:
        return [v("first_never_recovers")]
    if never == 0:
        after = v("after_one") if round(median) == 1 else v("after", count=round(median))
        return [v("first_always_recovers", months=after)]
    months = v("month_one") if round(median) == 1 else v("months", count=round(median))
    return [v("first_recovers", months=months, share=v.share_words(never))]


def starting_point(result: Result, v: Voice) -> Html:
    """Today's beds, and who arrives."""
    return tag(
        "section",
        tag("h2", v("start"), id="start"),
        _ledger(result, v),
        _arrivals(result, v),
        _minors_alone(result, v),
        aria_labelledby="start",
    )


def _minors_alone(result: Result, v: Voice) -> Part:
    found = result.get("unaccompanied_minors")
    if not found:
        return None
    said = v("minors", stock=v.number(found["stock"]), span=v.span(found["arriving"]))
    return tag("p", said, class_="text")


def _ledger(result: Result, v: Voice) -> Part:
    ledger = result.get("ledger")
    if not ledger:
        return None
    caption = v("ledger_caption", today=v.day(result["scenario"]["today"]))
    rows = [
        tag("tr", tag("th", v(key), scope="row"), tag("td", v.number(ledger[key]), class_="n"))
        for key in _LEDGER[:-1]
    ]
    foot = tag(
        "tr", tag("th", v("usable"), scope="row"), tag("td", v.number(ledger["usable"]), class_="n")
    )
    head = tag(
        "tr",
        tag("th", v("ledger_kind"), scope="col"),
        tag("th", v("ledger_count"), scope="col", class_="n"),
    )
    return [
        table(caption, head, rows, foot, class_="narrow"),
        tag("p", v("ledger_note"), class_="small quiet text"),
    ]


def _arrivals(result: Result, v: Voice) -> Part:
    arrivals = result.get("arrivals")
    if not arrivals or not arrivals["months"]:
        return None
    return tag(
        "section",
        tag("h3", v("arrivals"), id="arrivals"),
        tag("p", v("arrivals_note"), class_="small quiet text"),
        tag(
            "figure",
            picture(_arrivals_drawing(arrivals, v), v("arrivals"), v),
            twin(_arrivals_values(arrivals, v), v, v("arrivals")),
        ),
        _groups(arrivals, v),
        class_="domain",
        aria_labelledby="arrivals",
    )


def _arrivals_drawing(arrivals: Mapping[str, Any], v: Voice) -> Html:
    months = arrivals["months"]
    names = [m["month"] for m in months]
    low, high, ticks = charts.nice_axis(
        [m["quantiles"]["0.95"] for m in months] + [m["announced"] or 0 for m in months], True
    )
    last = months[-1]["quantiles"]
    frame = Frame(
        x_low=0,
        x_high=len(months),
        y_low=low,
        y_high=high,
        ticks=month_ticks(names, v),
        levels=[(y, v.number(y)) for y in ticks],
        height=190,
        labels=[
            Label(v("wide"), last["0.95"]),
            Label(v("half"), last["0.75"]),
            Label(f"{v('middle')} {v.middle(last)}", last["0.5"], "middle", bold=True),
            Label(v("announced"), 0, "capacity", bold=True),
        ],
    )
    rows = [
        {"x": i + 0.5, "o": 0, "n": m["announced"] or 0}
        | {k: m["quantiles"][q] for k, q in zip("abmcd", _BAND, strict=True)}
        for i, m in enumerate(months)
    ]
    marks = [
        charts.area(frame, rows, "a", "d", "wide"),
        charts.area(frame, rows, "b", "c", "half"),
        charts.bars(frame, [r for r in rows if r["n"]], "o", "n", "capacity", 9),
        charts.line(frame, rows, "m", "middle", 2.5),
    ]
    middles = [m["quantiles"]["0.5"] for m in months]
    title = v("arrivals_title", start=v.month(names[0]), end=v.month(names[-1]))
    text = v(
        "arrivals_desc",
        low=v.number(min(middles)),
        high=v.number(max(middles)),
        total=v.about(sum(middles), sum(middles)),
    )
    return themed(charts.draw(frame, marks), "c-arrivals", title, text)


def _arrivals_values(arrivals: Mapping[str, Any], v: Voice) -> Html:
    caption = v("twin_caption", label=v("arrivals"), unit=v("people"))
    heads = [v(k) for k in ("announced", "middle", "half", "wide")]
    rows = []
    for m in arrivals["months"]:
        q = m["quantiles"]
        figures = [v.number(m["announced"]), v.middle(q), v.span(q, "0.25", "0.75"), v.span(q)]
        rows.append(
            tag(
                "tr",
                tag("th", v.month(m["month"], short=True), scope="row"),
                cells("td", figures, class_="n"),
            )
        )
    head = tag(
        "tr", tag("th", v("month"), scope="col"), cells("th", heads, scope="col", class_="n")
    )
    return table(caption, head, rows, label=v("scroll", what=caption), class_="dense")


def _groups(arrivals: Mapping[str, Any], v: Voice) -> Part:
    """By group, where the run gives figures: a number or a band of quantiles each."""
    groups = arrivals.get("by_group")
    if not groups:
        return None
    rows = []
    for name, found in groups.items():
        own = found.get("label") if isinstance(found, Mapping) else None
        label = v.of(own) or (v(f"group_{name}") if name in GROUPS else str(name))
        band = found.get("quantiles", found) if isinstance(found, Mapping) else None
        figures = (
            [v.middle(band), v.span(band)]
            if band and "0.5" in band
            else [v.number(found) if isinstance(found, int | float) else v("unknown"), "–"]
        )
        rows.append(tag("tr", tag("th", label, scope="row"), cells("td", figures, class_="n")))
    head = tag(
        "tr",
        tag("th", v("group"), scope="col"),
        cells("th", [v("middle"), v("wide")], scope="col", class_="n"),
    )
    return table(v("arrivals_group_caption"), head, rows, class_="narrow")
