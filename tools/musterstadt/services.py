"""Kitas, schools, courses, offices, flats found, and who has or waits for what."""

from __future__ import annotations

from datetime import date, timedelta

from musterstadt.beds import Book, Row
from musterstadt.dice import Dice
from musterstadt.frame import DISTRICTS, TODAY
from musterstadt.people import Party, Somebody

# Waiting on the designed screen: how many, how many for more than four weeks, longest in weeks.
WAITING = {"childcare": (38, 21, 31), "school": (9, 2, 6), "language": (61, 44, 26)}
FLATS_WAITING = (147, 139, 38 * 30)  # households, over four weeks, longest in days
SCHOOL = {"primary": (6, 9), "secondary": (10, 15), "vocational": (16, 17)}
REGULAR = {"primary": (12, 395), "secondary": (9, 790), "vocational": (2, 1650)}
WELCOME = {"primary": 9, "secondary": 15, "vocational": 5}  # classes
CLASS = {"primary": 16, "secondary": 16, "vocational": 16}
TREES = (
    "Ahorn",
    "Birke",
    "Buche",
    "Eiche",
    "Erle",
    "Esche",
    "Fichte",
    "Hasel",
    "Kiefer",
    "Linde",
    "Ulme",
    "Weide",
)
OVERLAPPING = ("Spatzennest", "Löwenzahn", "Regenbogen", "Sterntaler")


def buildings(book: Book) -> list[Row]:
    """All facilities beside accommodation, with their units."""
    return [*_kitas(book), *_schools(book), *_courses(book), *_counters(book)]


def _facility(ident: str, name: str, kind: str, district: str, owner: str, **more: str) -> Row:
    return {"id": ident, "name": name, "kind": kind, "district": district, "owner": owner} | more


def _kitas(book: Book) -> list[Row]:
    found = []
    for i in range(46):
        name = f"Kita {TREES[i % 12]}{('weg', 'hof', 'garten', 'grund')[i // 12]}"
        owner = "kreuz" if i % 5 == 4 else "jugendamt"
        row = _facility(f"KI-{i + 1:02d}", name, "kita", list(DISTRICTS)[i % 12], owner)
        day = "2026-07-03" if i == 7 else "2026-11-02"  # one report is stale
        said = {"reported_on": day, "reported_by": owner, "for": "everyone", "sex": "any"}
        for _ in range(2):
            book.unit(row["id"], "shared", "childcare", 10, pool="u3", **said)
        for k in range(3):
            unit = book.unit(row["id"], "shared", "childcare", 23, pool="o3", **said)
            if i == 4 and k == 0:  # two offices, two figures
                unit |= {"other_places": "20", "other_by": "jugendamt", "other_on": "2026-10-12"}
        found.append(row)
    new = _facility("KI-47", "Kita Hafenblick", "kita", "hafen", "jugendamt", opens_on="2027-08-01")
    said = {
        "for": "everyone",
        "sex": "any",
        "reported_on": "2026-11-02",
        "reported_by": "jugendamt",
    }
    for pool, places, groups in (("u3", 10, 4), ("o3", 20, 4)):
        for _ in range(groups):
            book.unit("KI-47", "shared", "childcare", places, pool=pool, **said)
    book.event(
        "KI-47", "2027-08-01", "open", delay_low_days="0", delay_high_days="123",
        reason="Neubau, 120 Plätze", recorded_at="2026-09-30T10:00:00Z",
    )  # fmt: skip
    return [*found, new]


def _schools(book: Book) -> list[Row]:
    found, words = (
        [],
        {"primary": "Grundschule", "secondary": "Gesamtschule", "vocational": "Berufsschule"},
    )
    said = {"reported_on": "2026-10-15", "reported_by": "schulamt", "sex": "any"}
    for pool, (schools, places) in REGULAR.items():
        for i in range(schools):
            district = list(DISTRICTS)[i % 12]
            ident = f"{words[pool][:2].upper()}-{i + 1:02d}"
            found.append(
                _facility(
                    ident, f"{words[pool]} {DISTRICTS[district][0]}", "school", district, "schulamt"
                )
            )
            book.unit(
                ident,
                "shared",
                "school",
                places,
                pool=pool,
                **(said | {"for": "everyone", "features": "Regelklassen"}),
            )
        for i in range(WELCOME[pool]):
            ident = f"{words[pool][:2].upper()}-{i % schools + 1:02d}"
            more = said | {"for": "newcomers", "features": "Willkommensklasse"}
            if (pool, i) == ("secondary", 2):
                more |= {"other_places": "18", "other_by": "staatliches", "other_on": "2026-09-30"}
            book.unit(ident, "shared", "school", CLASS[pool], pool=pool, **more)
    return found


def _courses(book: Book) -> list[Row]:
    sites = (
        ("KU-VHS", "Volkshochschule Musterstadt", "mitte", "vhs", 5),
        ("KU-SPR", "Sprachhaus am Markt", "ost", "sprachhaus", 3),
    )
    found = []
    for ident, name, district, owner, groups in sites:
        found.append(_facility(ident, name, "course", district, owner))
        for _ in range(groups):
            book.unit(
                ident,
                "shared",
                "language",
                25,
                sex="any",
                reported_on="2026-11-09",
                reported_by=owner,
            )
    return found


def _counters(book: Book) -> list[Row]:
    said = {"sex": "any", "reported_on": "2026-11-16"}
    for ident, places in (("AM-AUS", 72), ("AM-BUE", 24)):
        owner = "auslaenderbehoerde" if ident == "AM-AUS" else "buergeramt"
        book.unit(ident, "shared", "registration", places, per="week", reported_by=owner, **said)
    for pool, flats in (("one", 1), ("two_three", 1), ("four_plus", 1)):
        book.unit(
            "AM-WOH",
            "shared",
            "flat",
            flats,
            pool=pool,
            per="month",
            reported_by="wohnungshilfe",
            **said,
        )
    return [
        _facility(
            "AM-AUS",
            "Ausländerbehörde, Schalter Neuzugewanderte",
            "office",
            "mitte",
            "auslaenderbehoerde",
        ),
        _facility("AM-BUE", "Bürgeramt, Meldeschalter", "office", "mitte", "buergeramt"),
        _facility(
            "AM-WOH", "Wohnungshilfe, gefundene Wohnungen", "office", "mitte", "wohnungshilfe"
        ),
    ]


class Needs:
    """Deals out seats and waiting places among those in stock."""

    def __init__(self, book: Book, parties: list[Party]) -> None:
        self.book, self.dice = book, Dice("needs")
        self.parties = parties
        self.people = [(party, person) for party in parties for person in party.members]
        self.left = {u["id"]: int(u["places"]) for u in book.units}

    def deal(self) -> None:
        """All domains."""
        self._kita()
        self._school()
        self._language()
        self._flat()
        self._registration()

    def _aged(self, low: int, high: int, days: int = 0) -> list[tuple[Party, Somebody]]:
        found = [
            (party, person) for party, person in self.people
            if low <= person.age <= high and person.born and (TODAY - party.arrived).days >= days
        ]  # fmt: skip
        return self.dice.shuffled(found)

    def _kita(self) -> None:
        waiting = []
        for pool, low, high, share, count in (("u3", 1, 2, 0.18, 12), ("o3", 3, 5, 0.68, 26)):
            units = [u for u in self._units("childcare", pool) if u["facility"] != "KI-47"]
            units = self.dice.shuffled(units)
            children = self._aged(low, high, 35)
            held = int(len(children) * share)
            for i, (party, child) in enumerate(children[:held]):
                self._seat(party, child, units[i % len(units)], 60)
            waiting += children[held : held + count]
        self._queue("childcare", waiting)

    def _school(self) -> None:
        waiting = []
        for pool, (low, high) in SCHOOL.items():
            regular = [u for u in self._units("school", pool) if u["for"] == "everyone"]
            welcome = [u for u in self._units("school", pool) if u["for"] == "newcomers"]
            pupils = self._aged(low, high, 3)
            late = [p for p in pupils if (TODAY - p[0].arrived).days < 200][:3]
            waiting += late
            for party, child in pupils:
                if (party, child) in late or self.dice.chance(0.02):
                    continue
                is_new = (TODAY - party.arrived).days < 330
                room = next((u for u in welcome if self.left[u["id"]]), None) if is_new else None
                self._seat(party, child, room or self.dice.pick(regular), 20)
        self._queue("school", waiting)

    def _language(self) -> None:
        adults = self._aged(18, 62, 70)
        courses = self._units("language", "general")
        seats = [u for u in courses for _ in range(self.dice.pick((25, 23, 21)))]
        for (party, adult), unit in zip(adults, seats, strict=False):
            self._seat(party, adult, unit, 50)
        self._queue("language", adults[len(seats) :][: WAITING["language"][0]])

    def _flat(self) -> None:
        waits = _waits(self.dice, FLATS_WAITING[0], FLATS_WAITING[1], FLATS_WAITING[2] // 7)
        housed = {r["person"] for r in self.book.placements if r["domain"] == "accommodation"}
        able = [
            p for p in self.parties
            if p.adults and p.members[0].id in housed and p.id not in self.book.held
            and (p.group != "asylum" or p.members[0].fields.get("recognised_on"))
            and (TODAY - p.arrived).days > 40
        ]  # fmt: skip
        able.sort(key=lambda p: p.arrived)  # the longest wait belongs to those here longest
        for party, days in zip(able, sorted(waits, reverse=True), strict=False):
            asked = max(party.arrived + timedelta(days=20), TODAY - timedelta(days=days))
            free_from = max(
                date.fromisoformat(
                    party.members[0].fields.get("recognised_on") or party.arrived.isoformat()
                ),
                party.arrived,
            )
            party.fields["may_move_from"] = min(free_from, asked).isoformat()
            self.book.place(party.adults[0], "flat", "requested", requested_on=asked.isoformat())
        for party in able[len(waits) : len(waits) + 45]:  # may move, has not asked yet
            since = party.members[0].fields.get("recognised_on") or party.arrived.isoformat()
            party.fields["may_move_from"] = since
        for party in able[len(waits) + 45 : len(waits) + 75]:
            party.fields["may_move_from"] = (
                TODAY + timedelta(days=self.dice.between(20, 300))
            ).isoformat()

    def _registration(self) -> None:
        for party in [p for p in self.parties if (TODAY - p.arrived).days <= 21]:
            for person in party.members:
                day = max(party.arrived, TODAY - timedelta(days=18)).isoformat()
                self.book.place(person, "registration", "requested", requested_on=day)

    def _units(self, domain: str, pool: str) -> list[Row]:
        return [u for u in self.book.units if (u["domain"], u["pool"]) == (domain, pool)]

    def _seat(self, party: Party, person: Somebody, unit: Row, after: int) -> None:
        """A seat since some time after arrival; never before the person could use it."""
        self.left[unit["id"]] -= 1
        days = (TODAY - party.arrived).days
        start = TODAY - timedelta(days=min(max(0, days - after), self.dice.between(10, 300)))
        if unit["domain"] == "childcare":
            start = max(start, date(2026, 8, 1))
        asked = max(party.arrived, start - timedelta(days=after))
        self.book.place(
            person, unit["domain"], "moved_in", unit["id"],
            requested_on=asked.isoformat(), **{"from": start.isoformat()},
        )  # fmt: skip

    def _queue(self, domain: str, people: list[tuple[Party, Somebody]]) -> None:
        """People who wait; who is here longest waits longest, nobody for longer than he is here."""
        waits = sorted(_waits(self.dice, *WAITING[domain]), reverse=True)
        for (party, person), days in zip(sorted(people, key=_arrival), waits, strict=True):
            asked = max(TODAY - timedelta(days=days), party.arrived)
            self.book.place(person, domain, "requested", requested_on=asked.isoformat())


def _arrival(row: tuple[Party, Somebody]) -> tuple[date, str]:
    return row[0].arrived, row[1].id


def _waits(dice: Dice, people: int, long: int, weeks: int) -> list[int]:
    """Days waited so far: so many, so many of them over four weeks, the longest so many weeks."""
    late = [weeks * 7] + [dice.between(29, weeks * 7 - 7) for _ in range(long - 1)]
    return sorted(late + [dice.between(1, 27) for _ in range(people - long)])
