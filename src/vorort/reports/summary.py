"""The stress test on one terminal page: plain lines, no markup, at most 100 columns wide."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping
from typing import Any

from vorort.reports.heat import by_severity
from vorort.reports.start import worst_month
from vorort.reports.voice import NBSP, Voice

Result = Mapping[str, Any]

_WIDE = 96


def summary_lines(result: Result, lang: str = "de") -> list[str]:
    """Sentence, one line a domain, what matters most, what it rests on.

    Control characters of typed names are taken out; brackets stay, so print without Rich markup.
    """
    v = Voice(lang)
    months = result["domains"][next(iter(result["domains"]))]["months"]
    name = str(result["scenario"].get("town") or result["scenario"]["name"])
    head = v(
        "t_head",
        name=name,
        start=v.month(months[0]["month"]),
        end=v.month(months[-1]["month"]),
        months=v("months", count=len(months)),
    )
    lines = [head, "", *textwrap.wrap(v.of(result["sentence"]), _WIDE), ""]
    lines += _table(result, v)
    lines += ["", *textwrap.wrap(_last_words(result, v), _WIDE)]
    return ["".join(c for c in line if c.isprintable() or c == NBSP) for line in lines]


def _table(result: Result, v: Voice) -> list[str]:
    rows = [v("t_columns").split("|")]
    rows += [_row(domain, v) for _, domain in by_severity(result["domains"])]
    widths = [max(len(row[i]) for row in rows if len(row) > 2) for i in range(5)]
    widths[0] = max(len(row[0]) for row in rows)
    lines = []
    for row in rows:
        first, *others = row
        padded = (
            [w.rjust(n) for w, n in zip(others, widths[1:], strict=True)]
            if len(row) > 2
            else others
        )
        lines.append("  ".join([first.ljust(widths[0]), *padded]).rstrip())
    return [lines[0], "-" * (sum(widths) + 8), *lines[1:]]


def _row(domain: Mapping[str, Any], v: Voice) -> list[str]:
    label = v.of(domain["label"])
    if domain["capacity"] != "known":
        return [label, v("heat_unknown" if domain["capacity"] == "unknown" else "heat_none")]
    first, worst = domain["first_overload"], worst_month(domain)
    middle, span = v.middle(worst["waiting"]), v.span(worst["waiting"])
    nobody = worst["waiting"]["0.95"] == 0
    return [
        label,
        v.share(first["probability"]),
        v.month(first["month"], short=True) if first["month"] else "–",
        "–" if nobody else v.month(worst["month"], short=True),
        "0" if nobody else middle if middle == span else f"{middle} ({span})",
    ]


def _last_words(result: Result, v: Voice) -> str:
    clear = [s for s in result["sensitivity"] if s["share"] > 2 * s["standard_error"]]
    found = sorted(clear, key=lambda s: -s["share"])[:3]  # the rest may be chance
    names = [f"{v.of(s.get('label'), s['parameter'])} {v.percent(s['share'])}" for s in found]
    said = v("t_basis", draws=v.number(result["draws"]), seed=result["seed"], **result["estimates"])
    return f"{v('t_assumptions', list=', '.join(names))} {said}" if found else said
