"""``vorort place --report``: a proposal to read through and to print, household by household.

From the JSON of a placement and nothing else; no figure is worked out anew. German: Vergabebericht
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from vorort.reports.markup import Html, Part, cells, table, tag, together
from vorort.reports.page import head_of
from vorort.reports.placement_words import needs, words
from vorort.reports.voice import Voice

Result = Mapping[str, Any]
HOME = "accommodation"


def placement_page(result: Result, lang: str = "de") -> str:
    """The whole page as text; the same result gives the same bytes."""
    v, w = Voice(lang), words(lang)
    title = w["title"].format(day=v.day(result["day"]))
    body = tag(
        "body",
        tag("a", v("skip"), href="#content", class_="skip"),
        tag("main", _lead(result, v, w, title), [*_sections(result, v, w)], id="content",
            tabindex=-1, class_="wrap"),
        tag("footer", tag("p", w["decide"], class_="wrap small")),
    )  # fmt: skip
    return "<!doctype html>\n" + tag("html", head_of(title), body, lang=lang)


def homes_of(result: Result) -> dict[str, list[Mapping[str, Any]]]:
    """The rows about a home, by household."""
    found: dict[str, list[Mapping[str, Any]]] = {}
    for row in result["assignments"]:
        if row["need"] == HOME:
            found.setdefault(row["household"], []).append(row)
    return found


def sentence(result: Result, w: Mapping[str, str]) -> str:
    """How many have a proposal."""
    homes = homes_of(result)
    placed = [rows for rows in homes.values() if rows[0]["unit"]]
    people = sum(result["placed"].values()), sum(result["asked"].values())
    text = w["one_lead"] if len(homes) == 1 else w["lead"]
    return text.format(len(placed), len(homes), *people)


def _lead(result: Result, v: Voice, w: Mapping[str, str], title: str) -> Html:
    proof = w["proved"] if result["is_proved"] else w["at_most"].format(_percent(result["gap"], v))
    basis = w["basis"].format(seed=result["seed"], version=result["version"], proof=proof)
    return together([
        tag("div", tag("h1", title), class_="title"),
        tag("div", tag("p", sentence(result, w), class_="sentence"),
            tag("p", w["cancelled"], class_="strong") if result["is_cancelled"] else None,
            tag("p", basis, class_="small"), class_="lead"),
    ])  # fmt: skip


def _percent(share: float, v: Voice) -> str:
    return f"{v.number(100 * share, 2)}\u00a0%" if v.lang == "de" else f"{100 * share:.2f}%"


def _sections(result: Result, v: Voice, w: Mapping[str, str]) -> Iterator[Part]:
    homes = homes_of(result)
    with_home = {k: rows for k, rows in homes.items() if rows[0]["unit"]}
    broken = [v.of(b["text"]) for b in result["rules_broken"]]
    yield _section("broken", w, _list(broken)) if broken else None
    waiting = [k for k in homes if k not in with_home]
    yield _section("waiting", w, _waiting(result, waiting, v, w)) if waiting else None
    yield _section("homes", w, _homes(with_home, v, w) if with_home else tag("p", w["nobody"]))
    seats = [a for a in result["assignments"] if a["need"] != HOME]
    yield _section("seats", w, _seats(seats, v, w)) if seats else None
    yield _section("reasons", w, [_reasons(result, k, v, w) for k in with_home])
    yield _held(result, v, w)
    left_out = [f"{x['household']}: {v.of(x['reason'])}" for x in result["left_out"]]
    yield _section("left_out", w, _list(left_out)) if left_out else None
    notes = [v.of(note) for note in result["notes"]]
    yield _section("notes", w, _list(notes)) if notes else None
    yield _section("record", w, _record(result, v, w))


def _section(key: str, w: Mapping[str, str], *parts: Part) -> Html:
    return tag("section", tag("h2", w[key], id=key), *parts, aria_labelledby=key)


def _list(lines: list[str]) -> Html:
    return tag("ul", cells("li", lines), class_="plain")


def _waiting(result: Result, names: list[str], v: Voice, w: Mapping[str, str]) -> list[Part]:
    homes = homes_of(result)
    found: list[Part] = []
    for name in names:
        why = result["why"][name]
        near = [v.of(m["text"]) for m in why.get("misses", ())]
        found += [
            tag("h3", f"{name} ({w['people'].format(len(homes[name]))})"),
            tag("p", v.of(why["text"]), class_="text"),
            _list(near) if len(near) > 1 else None,
        ]
    return found


def _homes(homes: Mapping[str, list[Mapping[str, Any]]], v: Voice, w: Mapping[str, str]) -> Html:
    head = tag("tr", [
        tag("th", w[k], scope="col", class_="n" if k == "size" else None)
        for k in ("household", "size", "unit", "from", "until", "status")
    ])  # fmt: skip
    rows = []
    for name, mine in homes.items():
        first = mine[0]
        rows.append(tag(
            "tr", tag("th", tag("a", name, href=f"#h-{name}"), scope="row"),
            tag("td", str(len(mine)), class_="n"), tag("td", where(mine)),
            tag("td", v.day(first["from"])),
            tag("td", v.day(first["until"]) if first["until"] else w["open_end"]),
            tag("td", w["requested"] if first["status"] == "requested" else w["proposed"]),
        ))  # fmt: skip
    return table(w["homes_caption"], head, rows)


def where(rows: list[Mapping[str, Any]]) -> str:
    """The units of a household."""
    return " + ".join(sorted({row["unit"] for row in rows if row["unit"]}))


def _seats(seats: list[Mapping[str, Any]], v: Voice, w: Mapping[str, str]) -> Html:
    head = tag("tr", [tag("th", w[k], scope="col") for k in ("person", "need", "seat")])
    rows = [
        tag("tr", tag("th", row["person"], scope="row"), tag("td", needs(row["need"], v.lang)),
            tag("td", row["unit"] or tag("b", w["no_seat"])))
        for row in seats
    ]  # fmt: skip
    return table(w["seats_caption"], head, rows)


def _reasons(result: Result, name: str, v: Voice, w: Mapping[str, str]) -> Html:
    runners = [_runner(one, v) for one in result["runners_up"][name]]
    said = v.of(result["why"][name].get("sentences") or result["why"][name]["text"])
    return tag(
        "section",
        tag("h3", f"{name}: {where(homes_of(result)[name])}", id=f"h-{name}"),
        tag("p", said, class_="text"),
        together([tag("p", w["runners_up"], class_="small quiet"), _list(runners)])
        if runners else None,
    )  # fmt: skip


def _runner(one: Mapping[str, Any], v: Voice) -> str:
    """In a small run the sentence names the units itself."""
    units, text = " + ".join(one["units"]), v.of(one["text"])
    return text if text.startswith(units) else f"{units}: {text}"


def _held(result: Result, v: Voice, w: Mapping[str, str]) -> Html | None:
    found = result.get("reserve")
    if not found:
        return None
    lines = [f"{u['unit']}: {v.of(u['reason'])}" for u in found["units"]]
    said = [v.of(found[k]) for k in ("why_none", "cost", "replay") if found[k]]
    return _section("held", w, _list(lines) if lines else None, cells("p", said))


def _record(result: Result, v: Voice, w: Mapping[str, str]) -> Html:
    beside = result["without_constant"]
    classes = ", ".join(
        w["of"].format(w[f"class_{k}"], n, result["asked"][k]) for k, n in result["placed"].items()
        if result["asked"][k]
    )  # fmt: skip
    facts = (
        ("placed", classes),
        ("value", w["of_at_most"].format(v.number(result["objective"], 1),
                                         v.number(result["bound"], 1), _percent(result["gap"], v))),
        ("without", w["of_at_most"].format(v.number(beside["objective"], 1),
                                           v.number(beside["bound"], 1),
                                           _percent(beside["gap"], v))),
        ("seats_found", w["seats_of"].format(result["seats_found"], result["seats_asked"])),
        ("seed", str(result["seed"])), ("version", str(result["version"])),
    )  # fmt: skip
    return tag("dl", [(tag("dt", w[k]), tag("dd", text)) for k, text in facts if text])
