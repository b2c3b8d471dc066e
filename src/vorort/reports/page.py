"""The report: one HTML file that needs nothing else, for screen, phone, paper and screen reader.

No script, no network, no ``style=``. Light and dark follow the reader's system, paper is light.
"""

from __future__ import annotations

import os
import tempfile
from base64 import b64encode
from collections.abc import Mapping
from hashlib import sha256
from importlib.resources import files
from pathlib import Path
from typing import Any

from vorort.reports import backtests as past
from vorort.reports.comparison import assumptions, costs, nothing_or_decided, scenarios
from vorort.reports.depth import depth
from vorort.reports.fans import fans
from vorort.reports.heat import heat_map
from vorort.reports.markup import Html, Part, tag, together
from vorort.reports.pedigree import glossary, incomplete, limits, sources
from vorort.reports.start import first_bottlenecks, starting_point
from vorort.reports.voice import Voice

Result = Mapping[str, Any]

_CONTENTS = (
    "heat",
    "first",
    "fans",
    "depth",
    "start",
    "static",
    "scenarios",
    "sensitivity",
    "cost",
    "backtests",
    "limits",
    "incomplete",
    "sources",
    "glossary",
)


def write_report(
    result: Result, backtests: Mapping[str, Any] | None, path: Path, lang: str = "de"
) -> None:
    """Write the report of a stress test, all at once or not at all.

    ``result`` is the JSON of a stress test, ``backtests`` that of the published cases or None;
    ``lang`` is ``de`` or ``en``. German: Bericht
    """
    write_whole(report(result, backtests, lang), Path(path))


def write_whole(page: str, path: Path) -> None:
    """A file that appears all at once or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".part", dir=path.parent)
    part = Path(name)
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as stream:
            stream.write(page)
        part.chmod(0o644)
        part.replace(path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise


def report(result: Result, backtests: Mapping[str, Any] | None, lang: str = "de") -> str:
    """The whole page as text; the same input gives the same bytes."""
    v = Voice(lang)
    scored = backtests if backtests and backtests.get("cases") else None
    return "<!doctype html>\n" + tag("html", _head(result, v), _body(result, scored, v), lang=lang)


def _head(result: Result, v: Voice) -> Html:
    name = str(result["scenario"].get("town") or result["scenario"]["name"])
    return head_of(v("title", name=name))


def head_of(title: str) -> Html:
    """The head of a report: its style sheet and nothing else is allowed."""
    style = files("vorort.reports").joinpath("report.css").read_text(encoding="utf-8")
    digest = b64encode(sha256(style.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{digest}'"
    return tag(
        "head",
        tag("meta", charset="utf-8"),
        tag("meta", http_equiv="Content-Security-Policy", content=policy),
        tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
        tag("meta", name="color-scheme", content="light dark"),
        tag("title", f"{title} – Vorort"),
        tag("style", Html(style)),
    )


def _body(result: Result, scored: Mapping[str, Any] | None, v: Voice) -> Html:
    deep = depth(result, v)
    sections: list[Part] = [
        heat_map(result, v),
        first_bottlenecks(result, v),
        fans(result["domains"], v),
        deep,
        starting_point(result, v),
        nothing_or_decided(result, v),
        scenarios(result, v) if result.get("by_scenario") else None,
        assumptions(result, v),
        costs(result, v),
        past.backtests(scored, v) if scored else None,
        limits(result, v),
        incomplete(result, v),
        sources(result, v),
        glossary(v),
    ]
    absent = {
        "depth": not deep,
        "backtests": not scored,
        "scenarios": not result.get("by_scenario"),
    }
    listed = [key for key in _CONTENTS if not absent.get(key)]
    return tag(
        "body",
        tag("a", v("skip"), href="#content", class_="skip"),
        tag(
            "header",
            tag(
                "p",
                tag("b", "Vorort"),
                " ",
                tag("span", v("brand_line"), class_="quiet"),
                class_="wrap",
            ),
            class_="top",
        ),
        tag(
            "main",
            _lead(result, v),
            _contents(listed, v),
            sections,
            id="content",
            tabindex=-1,
            class_="wrap",
        ),
        tag("footer", tag("p", v("footer", version=result["version"]), class_="wrap small quiet")),
    )


def _lead(result: Result, v: Voice) -> Html:
    """Heading, the one sentence, and what it rests on."""
    horizon, scenario, estimates = result["horizon"], result["scenario"], result["estimates"]
    name = str(scenario.get("town") or scenario["name"])
    period = v("period", start=v.month(horizon["start"][:7]), end=v.month(_last_month(result)))
    basis = v(
        "basis",
        draws=v.number(result["draws"]),
        today=v.day(scenario["today"]),
        seed=result["seed"],
        version=result["version"],
        used=v.number(estimates["used"]),
        total=v.number(estimates["total"]),
    )
    return together(
        [
            tag(
                "div",
                tag("h1", v("title", name=name)),
                tag("p", period, class_="quiet"),
                class_="title",
            ),
            tag(
                "div",
                tag("p", v.of(result["sentence"]), class_="sentence"),
                tag(
                    "p",
                    basis,
                    tag(
                        "span",
                        " ",
                        tag("a", v("basis_links"), href="#sources"),
                        ", ",
                        tag("a", v("basis_limits"), href="#limits"),
                        class_="links",
                    ),
                    class_="small",
                ),
                class_="lead",
            ),
        ]
    )


def _last_month(result: Result) -> str:
    return str(next(iter(result["domains"].values()))["months"][-1]["month"])


def _contents(listed: list[str], v: Voice) -> Html:
    links = [tag("li", tag("a", v(key), href=f"#{key}")) for key in listed]
    return tag(
        "nav",
        tag("details", tag("summary", v("contents")), tag("ol", links)),
        aria_label=v("contents"),
        class_="contents",
    )
