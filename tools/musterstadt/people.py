"""Invented households: sizes, ages, sexes, groups, dates of arrival, legal bases."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta

from musterstadt.dice import Dice
from musterstadt.frame import TODAY

YEAR = 365.25
LEGAL = {
    "asylum": "asylum_seeker", "temporary": "temporary_protection",
    "reunification": "family_reunification", "resettlement": "resettlement", "other": "eu_citizen",
}  # fmt: skip


@dataclass
class Somebody:
    """A person as a row; blank = unknown."""

    id: str
    sex: str
    age: int
    born: str
    fields: dict[str, str] = field(default_factory=dict)


@dataclass
class Party:
    """A household and those in it."""

    id: str
    kind: str
    group: str
    arrived: date
    members: list[Somebody]
    fields: dict[str, str] = field(default_factory=dict)

    @property
    def adults(self) -> list[Somebody]:
        """Members of 18 and more."""
        return [m for m in self.members if m.age >= 18]


class Registry:
    """Numbers households and people in the order in which they are made."""

    def __init__(self) -> None:
        self.dice = Dice("people")
        self.parties: list[Party] = []
        self._people = 0

    def household(
        self, size: int, group: str = "", sex: str = "", arrived: date | None = None
    ) -> Party:
        """A new household of a size; ``sex`` only matters for a person alone."""
        group = group or self._group(size, sex)
        arrived = arrived or self._arrival()
        kind, made = self._members(size, group, sex)
        party = Party(f"H-{len(self.parties) + 1:04d}", kind, group, arrived, [])
        party.members = [self.somebody(s, a) for s, a in made]
        self._rights(party)
        self.parties.append(party)
        return party

    def somebody(self, sex: str, age: int) -> Somebody:
        """A new person; some births are known by year or month only."""
        self._people += 1
        born = TODAY - timedelta(days=int(age * YEAR) + self.dice.between(2, 363))
        text = born.isoformat()
        shown = self.dice.pick((text, text[:7], text[:4]), (0.95, 0.02, 0.03))
        if shown == text[:4] and age < 19:
            shown = text  # a year alone would move a child between Kita and school
        return Somebody(f"P-{self._people:05d}", sex, age, shown)

    def _group(self, size: int, sex: str) -> str:
        groups = ("asylum", "temporary", "reunification", "resettlement")
        alone = {"m": (0.82, 0.14, 0.02, 0.02), "f": (0.38, 0.58, 0.02, 0.02)}
        return self.dice.pick(groups, alone[sex or "m"] if size == 1 else (0.57, 0.31, 0.06, 0.06))

    def _arrival(self) -> date:
        low, high = self.dice.pick(((12, 364), (366, 729), (732, 1160)), (0.4, 0.5, 0.1))
        return TODAY - timedelta(days=self.dice.between(low, high))

    def _members(self, size: int, group: str, sex: str) -> tuple[str, list[tuple[str, int]]]:
        dice = self.dice
        if size == 1:
            return "single", [
                (sex or "m", dice.pick((dice.between(18, 39), dice.between(40, 68)), (0.75, 0.25)))
            ]
        is_temporary = group == "temporary"
        lone = dice.chance((0.5 if size == 2 else 0.3) + (0.34 if is_temporary else 0))
        mother = "f" if dice.chance(0.93 if is_temporary else 0.7) else "m"
        first = dice.between(26, 47)
        made = (
            [(mother, first)]
            if lone
            else [("m", first), ("f", max(20, first - dice.between(0, 6)))]
        )
        is_couple = not lone and size == 2
        while len(made) < size:
            is_child = len(made) == (1 if lone else 2) or dice.chance(0.5)
            made.append(self._relative(first, is_child, is_temporary))
        return "couple" if is_couple else "lone_parent" if lone else "family", made

    def _relative(self, parent: int, is_child: bool, is_temporary: bool) -> tuple[str, int]:
        dice = self.dice
        if is_child:
            age = dice.pick(
                (0, dice.between(1, 2), dice.between(3, 5), dice.between(6, 17)),
                (0.04, 0.1, 0.17, 0.69),
            )
            return "f" if dice.chance(0.48) else "m", min(age, max(0, parent - 18))
        is_old = dice.chance(0.25)
        share = 0.7 if is_temporary else 0.25
        return "f" if dice.chance(share + 0.3 * is_old) else "m", dice.between(
            60, 76
        ) if is_old else dice.between(18, 24)

    def _rights(self, party: Party) -> None:
        """Legal bases; about two in five of those seeking asylum for long are recognised."""
        days = (TODAY - party.arrived).days
        decided = ""
        if party.group == "asylum" and days > 250 and self.dice.chance(0.42):
            decided = (party.arrived + timedelta(days=self.dice.between(150, 240))).isoformat()
        for person in party.members:
            person.fields |= {
                "legal_basis": LEGAL[party.group],
                "legal_from": party.arrived.isoformat(),
            }
            if party.group == "temporary":
                person.fields["legal_until"] = "2027-03-04"
            if decided:
                person.fields |= {
                    "legal_basis": "refugee_protection",
                    "legal_from": decided,
                    "recognised_on": decided,
                }
            elif party.group in ("resettlement", "reunification"):
                person.fields["recognised_on"] = party.arrived.isoformat()
