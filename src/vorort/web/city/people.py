"""Invented households: sizes, ages, sexes, groups. Shares as in Musterstadt."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random
from typing import Any

from vorort.vocabulary import LegalBasis, PartialDate
from vorort.web.city.frame import TODAY, Size

GROUPS = ("asylum", "temporary", "reunification", "resettlement", "other")
LEGAL = {
    "asylum": "asylum_seeker", "temporary": "temporary_protection",
    "reunification": "family_reunification", "resettlement": "resettlement", "other": "eu_citizen",
}  # fmt: skip
FAMILY = ((2, 3, 4, 5, 6, 7), (0.2, 0.22, 0.25, 0.18, 0.1, 0.05))


@dataclass
class Stay:
    """A household in a unit from a day until a day; None = still there."""

    unit: str
    start: date
    until: date | None


@dataclass
class Party:
    """A household, who is in it, and where it lived, latest first."""

    ages: list[int]
    sexes: list[str]
    left: date | None = None
    stays: list[Stay] = field(default_factory=list)
    arrived: date = TODAY
    kind: str = ""
    group: str = "asylum"
    state: str = "moved_in"  # of the latest stay

    @property
    def size(self) -> int:
        """How many they are."""
        return len(self.ages)


def family_sizes(size: Size) -> list[int]:
    """Sizes of all families of today, so that the number of people comes out exactly."""
    luck = Random("city/sizes")  # noqa: S311
    count = size.households - size.singles
    found = luck.choices(FAMILY[0], FAMILY[1], k=count)
    gap = size.persons - size.singles - sum(found)
    while gap:
        n, step = luck.randrange(count), 1 if gap > 0 else -1
        if 2 <= found[n] + step <= 7:
            found[n] += step
            gap -= step
    return found


class Registry:
    """Makes households; the same luck for the same order."""

    def __init__(self) -> None:
        self.luck = Random("city/people")  # noqa: S311
        self.parties: list[Party] = []

    def single(self, sex: str, left: date | None = None) -> Party:
        """One adult."""
        age = self.luck.randint(18, 39) if self.luck.random() < 0.75 else self.luck.randint(40, 68)
        return self._keep(Party([age], [sex], left, kind="single"))

    def minor(self) -> Party:
        """One child without anybody: a task of the youth office, no bed."""
        return self._keep(Party([self.luck.randint(14, 17)], ["m"], kind="uam"))

    def family(self, size: int, left: date | None = None) -> Party:
        """Parents or one parent, children, now and then an older relative."""
        luck = self.luck
        lone = luck.random() < (0.5 if size == 2 else 0.35)
        first = luck.randint(26, 47)
        ages, sexes = [first], ["f" if lone and luck.random() < 0.8 else "m"]
        if not lone:
            ages.append(max(20, first - luck.randint(0, 6)))
            sexes.append("f")
        while len(ages) < size:
            is_child = luck.random() < 0.88
            ages.append(min(_child(luck), first - 18) if is_child else luck.randint(18, 72))
            sexes.append("f" if luck.random() < 0.49 else "m")
        kind = "lone_parent" if lone else "couple" if size == 2 else "family"
        return self._keep(Party(ages, sexes, left, kind=kind))

    def _keep(self, party: Party) -> Party:
        weights = (0.62, 0.27, 0.05, 0.04, 0.02)
        party.group = self.luck.choices(GROUPS, weights)[0]
        self.parties.append(party)
        return party


def _child(luck: Random) -> int:
    return luck.choice((0, 1, 2, 3, 4, 5, *range(6, 18)))


def born(age: int, luck: Random) -> PartialDate | None:
    """A date of birth; some are known by year or month only, a few not at all."""
    day = TODAY - timedelta(days=int(age * 365.25) + luck.randint(2, 363))
    known = luck.random()
    if known < 0.004:
        return None
    if known < 0.03 and age > 18:
        return PartialDate(day.year)
    return PartialDate(day.year, day.month, None if known < 0.045 else day.day)


def legal(party: Party, luck: Random) -> Iterator[tuple[tuple[LegalBasis, ...], dict[str, Any]]]:
    """For each member: legal bases, and further columns of the person."""
    days = ((party.left or TODAY) - party.arrived).days
    decided = None
    if party.group == "asylum" and days > 250 and luck.random() < 0.42:
        decided = party.arrived + timedelta(days=luck.randint(150, 240))
    for _ in range(party.size):
        if luck.random() < 0.004:
            yield (), {}
            continue
        until = date(2027, 3, 4) if party.group == "temporary" else None
        first = LegalBasis(LEGAL[party.group], party.arrived, decided or until, True)
        if decided:
            ends = decided + timedelta(days=3 * 365)
            yield (
                (first, LegalBasis("refugee_protection", decided, ends, True)),
                {"recognised_on": decided},
            )
        else:
            yield (first,), {}
