"""What stands behind the figures: limits, incomplete records, every parameter's source, words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import urlsplit

from vorort.reports.markup import Html, Part, cells, table, tag
from vorort.reports.voice import Voice
from vorort.reports.words import WORDS
from vorort.vocabulary import GRADES

Result = Mapping[str, Any]
Used = Mapping[str, Any]

GLOSSARY = ("overload", "usable", "future", "central", "middle", "existing", "unfit", "estimate")


def limits(result: Result, v: Voice) -> Html:
    """What the run does not contain: the notes of the run, then what holds for every run."""
    said = [v.of(note) for note in result.get("notes") or []]
    said += [v("limit_probability"), v("limit_unknown"), v("limit_person")]
    return tag(
        "section",
        tag("h2", v("limits"), id="limits"),
        tag("ul", cells("li", said), class_="plain text"),
        aria_labelledby="limits",
    )


def incomplete(result: Result, v: Voice) -> Html:
    """Records with something missing, counted."""
    found = result.get("incomplete") or []
    content: list[Part] = [tag("h2", v("incomplete"), id="incomplete")]
    if not found:
        content.append(tag("p", v("incomplete_none"), class_="text"))
    else:
        rows = [
            tag(
                "tr",
                tag("th", v.of(i["what"]), scope="row"),
                tag("td", v.number(i["count"]), class_="n"),
            )
            for i in found
        ]
        head = tag(
            "tr",
            tag("th", v("incomplete_what"), scope="col"),
            tag("th", v("incomplete_count"), scope="col", class_="n"),
        )
        content += [
            tag("p", v("incomplete_note"), class_="text"),
            table(v("incomplete_caption"), head, rows, class_="narrow"),
        ]
    return tag("section", content, aria_labelledby="incomplete")


def sources(result: Result, v: Voice) -> Html:
    """One table per domain with value, range, source and grade of every parameter used."""
    used = sorted(result["parameters"], key=lambda p: str(p["name"]))
    grades = [str(p["source"]["grade"]) for p in used if p["source"]]
    counts = [f"{grades.count(g)} {v(f'grade_{g}')}" for g in GRADES if g in grades]
    unverified = sum(bool(p["source"] and p["source"].get("unverified")) for p in used)
    return tag(
        "section",
        tag("h2", v("sources"), id="sources"),
        tag(
            "p",
            v("sources_note", total=len(used), grades=", ".join(counts) or v("none")),
            class_="text",
        ),
        tag("p", v("sources_unverified", count=unverified), class_="text") if unverified else None,
        [_sources_of(name, found, result, v) for name, found in _by_domain(used)],
        aria_labelledby="sources",
    )


def _by_domain(used: Iterable[Used]) -> list[tuple[str, list[Used]]]:
    groups: dict[str, list[Used]] = {}
    for parameter in used:
        groups.setdefault(str(parameter["name"]).split(".")[0], []).append(parameter)
    return sorted(groups.items())


def _sources_of(name: str, found: list[Used], result: Result, v: Voice) -> Html:
    domain = result["domains"].get(name)
    area = f"area_{name}"
    label = v.of(domain["label"]) if domain else v(area) if area in WORDS else name
    heads = [v("col_parameter"), v("col_value"), v("col_range"), v("col_grade"), v("col_source")]
    head = tag("tr", cells("th", heads, scope="col"))
    rows = [_parameter(p, v) for p in found]
    caption = v("sources_caption", domain=label)
    return table(caption, head, rows, label=v("scroll", what=caption), class_="dense sources")


def _parameter(p: Used, v: Voice) -> Html:
    source = p["source"] or {"grade": v("unknown"), "cite": v("unknown")}
    unit = v.of(p.get("unit"))
    low, high = p.get("low"), p.get("high")
    span = (
        v("fixed")
        if low is None or high is None or low == high
        else v("span", low=v.exact(low), high=v.exact(high))
    )
    grade: list[Part] = [
        v(f"grade_{source['grade']}") if source["grade"] in GRADES else source["grade"]
    ]
    if source.get("unverified"):
        grade += [tag("br"), tag("strong", v("unverified"))]
    return tag(
        "tr",
        tag("th", v.of(p["label"], p["name"]), tag("br"), tag("code", p["name"]), scope="row"),
        tag("td", v.exact(p["value"]), tag("br"), tag("span", unit, class_="quiet")),
        tag("td", span),
        tag("td", grade),
        tag("td", _source(p, v)),
    )


def _source(p: Used, v: Voice) -> list[Part]:
    source = p["source"]
    if not source:
        return [v("no_value")]
    published = source.get("published")
    when = v("published", when=v.day(str(published))) if published else v("unpublished")
    remarks = [] if source["grade"] == "estimate" and not published else [when]
    if p.get("valid_from"):
        remarks.append(v("valid_from", when=v.day(str(p["valid_from"]))))
    scope = str(p.get("scope") or "bund")
    if scope in ("land", "kommune"):
        remarks.append(v(f"scope_{scope}", name=p.get("scope_name") or ""))
    parts: list[Part] = [tag("cite", source["cite"])]
    if source.get("url"):
        parts += [tag("br"), _address(str(source["url"]))]
    if remarks:
        parts += [tag("br"), tag("span", ", ".join(remarks), class_="quiet")]
    if p.get("reason"):
        parts += [tag("br"), v.of(p["reason"])]
    return parts


def _address(url: str) -> Html:
    """A link where it leads to a web page, else plain text (a scheme may be hostile)."""
    if urlsplit(url).scheme in ("http", "https"):
        return tag("a", url, href=url, rel="noreferrer", class_="address")
    return tag("span", url, class_="address")


def glossary(v: Voice) -> Html:
    """The words of the report, each in one sentence or two."""
    words = [[tag("dt", v(f"g_{w}")), tag("dd", v(f"g_{w}_is"))] for w in GLOSSARY]
    return tag(
        "section",
        tag("h2", v("glossary"), id="glossary"),
        tag("dl", words, class_="text"),
        aria_labelledby="glossary",
    )
