"""The worked cases of every domain, through the rule itself."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pytest
import yaml
from small_town import (
    Home,
    Member,
    Record,
    born_at,
    central_only,
    only,
    people_of,
    resolved,
    without_history,
)

from vorort.columns import NEVER, Calendar, Needs, Outcome, People
from vorort.domains import Domain, all_domains, folders

FILES = {f.name: yaml.safe_load((f / "cases.yaml").read_text("utf-8")) for f in folders()}
CASES = [(name, file, case) for name, file in FILES.items() for case in file["cases"]]
DOMAINS = {d.name: d for d in all_domains()}
PARTS = {"name", "source", "values", "household", "registered", "flat_found", "childcare",
         "records", "person_records", "expect"}  # fmt: skip
DATES = {"from": "start", "until": "end", "gives_up": "gives_up"}
PLAIN = ("amount", "priority", "duration", "rounds", "succeeds")


@pytest.mark.parametrize("name", FILES)
def test_every_domain_has_at_least_three_cases_with_a_source(name: str) -> None:
    cases = FILES[name]["cases"]
    assert len(cases) >= 3
    assert all(str(case["source"]).startswith("computed from") for case in cases)
    assert len({case["name"] for case in cases}) == len(cases)


@pytest.mark.parametrize("name, file, case", CASES, ids=[f"{n}: {c['name']}" for n, _, c in CASES])
def test_the_worked_case_holds(name: str, file: dict[str, Any], case: dict[str, Any]) -> None:
    assert case.keys() <= PARTS
    domain = DOMAINS[name]
    calendar = Calendar.of_months(file["today"], file["months"])
    central = {n: c.amount for n, c in resolved(file["today"]).choices.items()}
    values = central_only(central, case.get("values", {}))
    people = people_of([home_of(case, calendar)])
    needs = domain.needs(people, values, outcomes_of(case, people, calendar), calendar)
    needs = without_history(domain, people, needs)
    needs = only(needs, needs.start < calendar.days)
    found = [said(needs, i, domain, calendar) for i in order(needs)]
    expected = case["expect"]
    kept = [{k: f[k] for k in e} for f, e in zip(found, expected, strict=False)]
    assert kept == expected and len(found) == len(expected), found


def home_of(case: dict[str, Any], calendar: Calendar) -> Home:
    written = dict(case["household"])
    arrives = day(calendar, written.pop("arrives"))
    notes = case.get("person_records", {})
    members = tuple(
        member(p, arrives, calendar, {d: rows[n] for d, rows in notes.items() if n in rows})
        for n, p in enumerate(written.pop("people"), 1)
    )
    for name in ("leaves", "may_move"):
        if name in written:
            written[name] = day(calendar, written[name])
    for short, long in (("stock", "in_stock"), ("hosted", "is_hosted"), ("urgent", "is_urgent"),
                        ("minor_alone", "is_minor_alone")):  # fmt: skip
        if short in written:
            written[long] = written.pop(short)
    records = {d: record(r, calendar) for d, r in case.get("records", {}).items()}
    return Home(key=1, arrives=arrives, members=members, records=records, **written)


def member(p: dict[str, Any], arrives: int, calendar: Calendar, notes: dict[str, Any]) -> Member:
    born = day(calendar, p["born"]) if "born" in p else born_at(p["age"], arrives)
    recognised = day(calendar, p["recognised"]) if "recognised" in p else NEVER
    records = {d: record(r, calendar) for d, r in notes.items()}
    return Member(born, p.get("sex") == "f", recognised, p.get("newborn", False), records)


def record(r: dict[str, Any], calendar: Calendar) -> Record:
    pool = {"u3": 0, "o3": 1}.get(r.get("pool", ""), -1)
    dates = {k: day(calendar, v) for k, v in r.items() if k != "pool"}
    return Record(pool=pool, **dates)


def outcomes_of(case: dict[str, Any], people: People, calendar: Calendar) -> dict[str, Outcome]:
    """What the domains read: registered on the stated day, else on arrival; a flat; Kita seats."""
    everybody = np.arange(len(people), dtype=np.int32)
    registered = people.arrives
    if "registered" in case:
        registered = np.full(len(people), day(calendar, case["registered"]), np.int32)
    flat = np.full(
        1, day(calendar, case["flat_found"]) if "flat_found" in case else NEVER, np.int32
    )
    seats = case.get("childcare", [])
    kids = Needs(
        np.array([s["person"] - 1 for s in seats], np.int32),
        np.array([day(calendar, s["from"]) for s in seats], np.int32),
        np.array([day(calendar, s["until"]) for s in seats], np.int32),
    )
    begins = np.array(
        [day(calendar, s["begins"]) if "begins" in s else NEVER for s in seats], np.int32
    )
    asked = Needs(everybody, people.arrives, people.leaves)
    return {
        "registration": Outcome(asked, registered, registered, len(people)),
        "flat": Outcome(Needs(np.zeros(1, np.int32), flat, flat + 1), flat, flat, 1),
        "childcare": Outcome(kids, begins, kids.end, len(people)),
    }  # fmt: skip


def order(needs: Needs) -> list[int]:
    return sorted(range(len(needs)), key=lambda i: (needs.who[i], needs.start[i]))


def said(needs: Needs, i: int, domain: Domain, calendar: Calendar) -> dict[str, Any]:
    """One need in the words of the case."""

    def at(name: str) -> Any:
        column = getattr(needs, name)
        return column[i].item() if isinstance(column, np.ndarray) else column

    row = {name: at(name) for name in PLAIN}
    for word, name in DATES.items():
        number = at(name)
        row[word] = None if number is None or number > 10**6 else calendar.date_of(number)
    row["pool"] = domain.pools[at("pool")]
    row["household" if domain.by_household else "person"] = int(needs.who[i]) + 1
    return row


def day(calendar: Calendar, on: date) -> int:
    return calendar.day(on)
