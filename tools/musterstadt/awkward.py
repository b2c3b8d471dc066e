"""What real ledgers are full of: everything awkward that the example must contain."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from musterstadt.beds import Book, Row
from musterstadt.dice import Dice
from musterstadt.frame import SECOND_SITE, TODAY, WING_SITE
from musterstadt.people import LEGAL, Party, Registry, Somebody


def others(registry: Registry) -> None:
    """Households without a bed of the town: hosted, in flats of their own, minors alone."""
    dice = Dice("others")
    for _ in range(66):
        group = dice.pick(("temporary", "other", "reunification"), (0.6, 0.25, 0.15))
        sex = "f" if dice.chance(0.6) else "m"
        party = registry.household(
            dice.pick((1, 2, 3, 4, 5), (0.3, 0.3, 0.2, 0.14, 0.06)), group, sex
        )
        party.fields |= {
            "hosted": "1",
            "district": dice.pick(("mitte", "nord", "sued", "ost", "west", "altdorf", "hafen")),
        }
    for i in range(8):
        party = registry.household(
            1, "asylum", "m" if i else "f", TODAY - timedelta(days=60 + 40 * i)
        )
        party.kind = "uam"
        party.fields |= {"responsible": "jugendamt", "responsible_from": party.arrived.isoformat()}
        minor = party.members[0]
        minor.age = 17 if i in (1, 4, 5) else 16 if i % 2 else 15
        minor.born = f"{TODAY.year - minor.age - 1}-12-{14 + i}"
        minor.fields.pop("recognised_on", None)
        minor.fields |= {"legal_basis": LEGAL["asylum"], "legal_from": party.arrived.isoformat()}


class Awkward:
    """Applies each awkward thing to somebody it fits."""

    def __init__(self, book: Book, registry: Registry) -> None:
        self.book, self.registry = book, registry
        self.home = {r["person"]: r for r in book.placements if r["domain"] == "accommodation"}
        self.used: set[str] = set()

    def run(self) -> None:
        """All of it."""
        self._second_place()
        self._absent()
        self._wing()
        self._refused()
        self._confirmed()
        self._no_show()
        self._separation()
        self._corrected()
        self._two_bases()
        self._unknown()

    def _living(self, prefix: str, low: int, high: int = 9) -> Iterator[tuple[Party, list[Row]]]:
        """Households of a size at sites whose id begins so, each used once."""
        for party in self.registry.parties:
            rows = [self.home[m.id] for m in party.members if m.id in self.home]
            plain = all(r["status"] == "moved_in" and not r.get("over_until") for r in rows)
            there = all(r["unit"].startswith(prefix) for r in rows)
            fits = low <= len(party.members) <= high and party.id not in self.used
            if rows and plain and there and fits:
                self.used.add(party.id)
                yield party, rows

    def _second_place(self) -> None:
        party, rows = next(self._living("SW-NOR", 3, 3))
        unit = next(u for u, p in self.book.placed.items() if u.startswith(SECOND_SITE) and not p)
        for person, row in zip(party.members, rows, strict=True):
            row["from"] = "2026-11-16"
            before = max(party.arrived, date(2026, 2, 2)).isoformat()
            self.book.place(
                person, "accommodation", "moved_in", unit, requested_on=party.arrived.isoformat(),
                kept_until="2026-12-07", second_place="1", **{"from": before},
            )  # fmt: skip

    def _absent(self) -> None:
        for site, until in (("GU-HAF", "2026-12-04"), ("GU-ZIE", "2026-11-30")):
            _, rows = next(self._living(site, 1, 1))
            rows[0] |= {"status": "absent", "kept_until": until}

    def _wing(self) -> None:
        """Those of the blocked wing live in other rooms of the house since it was blocked."""
        wing = [
            u["id"] for u in self.book.units if u["facility"] == WING_SITE and u.get("building")
        ]
        moved = self._living(WING_SITE, 1, 1)
        for unit in wing:
            event = next(e for e in self.book.events if e["target"] == unit)
            for _ in range(2):
                party, rows = next(p for p in moved if p[0].arrived < date(2026, 9, 1))
                rows[0]["from"] = event["date"]
                self.book.place(
                    party.members[0], "accommodation", "ended", unit,
                    requested_on=party.arrived.isoformat(), until=event["date"],
                    ended_reason="moved", **{"from": party.arrived.isoformat()},
                )  # fmt: skip

    def _refused(self) -> None:
        party, _ = next(self._living("HO-KRO", 2))
        offer = next(
            u["id"]
            for u in self.book.units
            if u["id"].startswith("WO-PA9") and u["id"] not in self.book.placed
        )
        for person in party.members:
            self.book.place(
                person, "accommodation", "cancelled", offer, requested_on="2026-11-09",
                ended_reason="refused", until="2026-11-20", **{"from": "2026-11-18"},
            )  # fmt: skip

    def _confirmed(self) -> None:
        for site in ("GU-ZIE", "GU-GER", "CO-ANG"):
            party, rows = next(self._living(site, 1, 1))
            party.arrived = TODAY
            party.members[0].fields["legal_from"] = TODAY.isoformat()
            party.members[0].fields.pop("recognised_on", None)
            party.members[0].fields["legal_basis"] = LEGAL[party.group]
            rows[0] |= {
                "status": "confirmed",
                "from": TODAY.isoformat(),
                "requested_on": TODAY.isoformat(),
            }

    def _no_show(self) -> None:
        party = self.registry.household(1, "asylum", "m", date(2026, 10, 26))
        unit = next(u["id"] for u in self.book.units if u["id"].startswith("GU-STA"))
        party.members[0].fields |= {"left_on": "2026-11-09", "left_reason": "unknown"}
        self.book.place(
            party.members[0], "accommodation", "no_show", unit, requested_on="2026-10-20",
            until="2026-10-29", ended_reason="unknown", **{"from": "2026-10-26"},
        )  # fmt: skip

    def _separation(self) -> None:
        """One household becomes two in one flat: a state, not an error."""
        party, _ = next(
            p
            for p in self._living("WO-", 3, 5)
            if p[0].kind == "family" and p[0].arrived < date(2026, 6, 1)
        )
        gone = next(m for m in party.adults if m.sex == "m")
        party.kind = "lone_parent"
        gone.fields |= {"member_until": "2026-10-19", "reason": "separation"}
        alone = Party(
            f"H-{len(self.registry.parties) + 1:04d}", "single", party.group, party.arrived, []
        )
        alone.fields["district"] = party.fields["district"]
        kept = {k: v for k, v in gone.fields.items() if k not in ("member_until", "reason")}
        again = Somebody(
            gone.id, gone.sex, gone.age, gone.born, kept | {"member_from": "2026-10-19"}
        )
        alone.members.append(again)
        self.registry.parties.append(alone)

    def _corrected(self) -> None:
        """The date of moving in was entered wrongly; both versions stay."""
        party, rows = next(p for p in self._living("WO-", 2, 2) if p[0].arrived < date(2026, 6, 1))
        for person, row in zip(party.members, rows, strict=True):
            row["recorded_at"] = "2026-09-03T09:12:00Z"
            right = {
                k: v
                for k, v in row.items()
                if k not in ("id", "person", "domain", "status", "unit")
            }
            right |= {
                "from": "2026-08-27",
                "replaces": row["id"],
                "recorded_at": "2026-09-21T14:40:00Z",
            }
            row["from"] = "2026-09-03"
            self.book.place(person, "accommodation", "moved_in", row["unit"], **right)

    def _two_bases(self) -> None:
        party, _ = next(p for p in self._living("GU-", 2) if p[0].group == "temporary")
        for person in party.members:
            person.fields |= {
                "second_basis": "asylum_seeker", "second_from": "2026-09-14", "claim_basis": "1",
            }  # fmt: skip

    def _unknown(self) -> None:
        """Ages, sexes, size: what nobody has asked yet."""
        people = self._living("GU-", 1, 1)
        for field in ("age", "age", "age", "sex", "sex", "legal"):
            person = next(people)[0].members[0]
            if field == "age":
                person.born = ""
            elif field == "sex":
                person.sex = ""
            else:
                person.fields.pop("legal_basis")
        party = self.registry.household(2, "other", arrived=TODAY - timedelta(days=9))
        party.kind = "unknown"
        party.fields |= {"hosted": "1", "size_stated": "5", "district": ""}
        for person in party.members:
            person.born = person.sex = ""
        child = next(self._living("WO-", 4, 6))[0].members[-1]
        child.born, child.age = "", -1
