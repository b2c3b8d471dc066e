"""Tables that compare: nothing done against decided, scenarios, assumptions, costs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from vorort.reports.heat import by_severity
from vorort.reports.markup import Html, Part, cells, table, tag
from vorort.reports.start import worst_month
from vorort.reports.voice import Voice

Result = Mapping[str, Any]
Domain = Mapping[str, Any]

_BAR = 200  # px of a share of 100 %
_CLEAR = 2.0  # a share of fewer standard errors cannot be told from chance
_LEAST = 3  # assumptions shown in any case


def nothing_or_decided(result: Result, v: Voice) -> Html:
    """Static capacity beside decided events, four figures each."""
    known = [(n, d) for n, d in by_severity(result["domains"]) if d["capacity"] == "known"]
    static = result["static"]
    columns = ("static_month", "static_share", "static_peak", "static_empty")
    groups = [tag("th", v(c), scope="colgroup", colspan=2, class_="group") for c in columns]
    pairs = cells("th", [v("nothing"), v("decided")] * len(columns), scope="col", class_="n")
    head = [tag("tr", tag("th", v("domain"), scope="col", rowspan=2), groups), tag("tr", pairs)]
    rows = []
    for name, domain in known:
        before, after = _four(static[name], v), _four(domain, v)
        figures = [words for pair in zip(before, after, strict=True) for words in pair]
        rows.append(
            tag(
                "tr",
                tag("th", v.of(domain["label"]), scope="row"),
                cells("td", figures, class_="n"),
            )
        )
    return tag(
        "section",
        tag("h2", v("static"), id="static"),
        tag("p", v.of(result.get("static_sentence")), class_="text strong"),
        tag("p", v("static_note"), class_="small quiet text"),
        table(
            v("static_caption"),
            head,
            rows,
            label=v("scroll", what=v("static_caption")),
            class_="pairs",
        ),
        aria_labelledby="static",
    )


def _four(domain: Domain, v: Voice) -> list[str]:
    first = domain["first_overload"]
    worst = worst_month(domain)
    empty = [m["vacancy"]["0.5"] for m in domain["months"]]
    return [
        v.month(first["month"], short=True),
        v.share(first["probability"]),
        f"{v.middle(worst['waiting'])} ({v.month(worst['month'], short=True)})"
        if worst["waiting"]["0.95"] > 0
        else v.number(0),
        v.number(sum(empty) / len(empty)),
    ]


def scenarios(result: Result, v: Voice) -> Html:
    """Rows are named scenarios, columns the domains with known capacity."""
    known = [(n, d) for n, d in by_severity(result["domains"]) if d["capacity"] == "known"]
    head = tag(
        "tr",
        tag("th", v("scenario"), scope="col"),
        cells("th", [v("weight"), v("draws")], scope="col", class_="n"),
        cells("th", [v.of(d["label"]) for _, d in known], scope="col", class_="n"),
    )
    rows = []
    for name, found in result["by_scenario"].items():
        counts = [v.percent(found["weight"]), v.number(found["draws"])]
        rows.append(
            tag(
                "tr",
                tag("th", v.of(found["label"], name), scope="row"),
                cells("td", counts, class_="n"),
                [_overload(found["domains"].get(n), v) for n, _ in known],
            )
        )
    caption = v("scenarios_caption")
    return tag(
        "section",
        tag("h2", v("scenarios"), id="scenarios"),
        tag("p", v("scenarios_note"), class_="small quiet text"),
        table(caption, head, rows, label=v("scroll", what=caption)),
        aria_labelledby="scenarios",
    )


def _overload(domain: Domain | None, v: Voice) -> Html:
    first = domain["first_overload"] if domain else None
    if not first or first["probability"] is None:
        return tag("td", v("unknown"), class_="n quiet")
    when = v("by", month=v.month(first["month"], short=True)) if first["month"] else v("no_half")
    return tag(
        "td",
        v.share(first["probability"]),
        tag("br"),
        tag("span", when, class_="small quiet"),
        class_="n",
    )


def assumptions(result: Result, v: Voice) -> Html:
    """Bars with their standard error, and the same figures as text."""
    found = result["sensitivity"]
    content: list[Part] = [tag("h2", v("sensitivity"), id="sensitivity")]
    if not found:
        content.append(tag("p", v("sensitivity_none"), class_="text"))
        return tag("section", content, aria_labelledby="sensitivity")
    ranked = sorted(found, key=lambda s: -s["share"])
    clear = sum(s["share"] > _CLEAR * (s["standard_error"] or 0.0) for s in ranked)
    shown, rest = ranked[: max(_LEAST, clear)], ranked[max(_LEAST, clear) :]
    content += [
        tag("p", v("sensitivity_note", first=_label(ranked[0], v)), class_="text"),
        _shares(shown, v("sensitivity_caption"), v),
    ]
    if rest:
        content.append(
            tag(
                "details",
                tag("summary", v("sensitivity_rest", count=len(rest))),
                _shares(rest, v("sensitivity_rest_caption"), v),
            )
        )
    return tag("section", content, aria_labelledby="sensitivity")


def _shares(found: Sequence[Mapping[str, Any]], caption: str, v: Voice) -> Html:
    rows = [
        tag(
            "tr",
            tag("th", _label(s, v), scope="row"),
            tag("td", _bar(s)),
            cells("td", [v.percent(s["share"]), "± " + v.percent(s["standard_error"])], class_="n"),
        )
        for s in found
    ]
    head = tag(
        "tr",
        cells("th", [v("assumption"), v("bar")], scope="col"),
        cells("th", [v("share"), v("error")], scope="col", class_="n"),
    )
    return table(caption, head, rows, label=v("scroll", what=caption))


def _label(found: Mapping[str, Any], v: Voice) -> str:
    return v.of(found.get("label"), str(found["parameter"]))


def _bar(found: Mapping[str, Any]) -> Html:
    """A bar with a whisker of one standard error each way; decoration, the text says the same."""
    share, error = min(1.0, max(0.0, found["share"])), found["standard_error"] or 0.0
    left, right = max(0.0, share - error) * _BAR, min(1.0, share + error) * _BAR
    return tag(
        "svg",
        tag(
            "rect",
            x=0,
            y=3,
            width=f"{share * _BAR:.1f}",
            height=12,
            class_="f-middle",
            fill="#1f3a93",
        ),
        tag(
            "path",
            d=f"M{left:.1f} 9H{right:.1f}M{left:.1f} 5V13M{right:.1f} 5V13",
            class_="s-capacity",
            stroke="#844b00",
            stroke_width=2,
            fill="none",
        ),
        width=_BAR + 4,
        height=18,
        viewBox=f"0 0 {_BAR + 4} 18",
        aria_hidden="true",
        focusable="false",
        class_="bar",
    )


def costs(result: Result, v: Voice) -> Html:
    """Middle and range of each kind of cost; unknown cost is said, never zero."""
    ranked = by_severity(result["domains"])
    priced = [(d, d["cost"]) for _, d in ranked if d["cost"]]
    content: list[Part] = [tag("h2", v("cost"), id="cost")]
    if not priced:
        content.append(tag("p", v("cost_none"), class_="text"))
        return tag("section", content, aria_labelledby="cost")
    years = sorted({str(c["price_year"]) for _, c in priced if c.get("price_year")})
    kinds: Sequence[str] = ("capacity", "overflow", "idle")
    rows = [
        tag("tr", tag("th", v.of(d["label"]), scope="row"), [_amount(c[k], v) for k in kinds])
        for d, c in priced
    ]
    head = tag(
        "tr",
        tag("th", v("domain"), scope="col"),
        cells("th", [v(f"cost_{k}") for k in kinds], scope="col", class_="n"),
    )
    without = [v.of(d["label"]) for _, d in ranked if not d["cost"]]
    content += [
        tag("p", v("cost_note", year=", ".join(years) or v("unknown")), class_="small quiet text"),
        table(
            v("cost_caption"),
            head,
            rows,
            label=v("scroll", what=v("cost_caption")),
            class_="middling",
        ),
        tag("p", v("cost_unknown", list=", ".join(without)), class_="small") if without else None,
    ]
    return tag("section", content, aria_labelledby="cost")


def _amount(band: Mapping[str, float] | None, v: Voice) -> Html:
    if band is None:
        return tag("td", v("unknown"), class_="n quiet")
    middle = v.euro(band["0.5"], band["0.95"] - band["0.05"])
    return tag(
        "td", middle, tag("br"), tag("span", v.euros(band), class_="small quiet"), class_="n"
    )
