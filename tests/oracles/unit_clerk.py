"""A clerk who gives real rooms: what the engine's scalar beds leave out.

A family unit holds one household; two adjoining empty ones may be joined for a large
household, where the town allows it or the household is larger than any unit.
A shared room holds single people of one sex. Every day: who leaves frees the rooms, then the
waiting go through in order (protection first, then first come, first served), each into the
fitting rooms with the fewest beds left over. Who does not fit is passed over, without limit. If a
single finds no shared room of their sex, one may get a small family unit where the town allows it.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field


@dataclass
class Unit:
    """A room or flat; ``adjoins`` = index of the one next door."""

    places: int
    is_family: bool
    adjoins: int | None = None
    inside: dict[int, int] = field(default_factory=dict)  # household -> people
    sex: str | None = None

    @property
    def unfit(self) -> int:
        if not (self.is_family and self.inside):
            return 0
        return max(0, self.places - sum(self.inside.values()))


@dataclass(frozen=True)
class Household:
    """Who asks for a home, from when to when."""

    number: int
    size: int
    sex: str
    arrives: int
    leaves: int
    is_urgent: bool
    in_stock: bool


@dataclass
class Town:
    """Units and households of one invented town."""

    units: list[Unit]
    households: list[Household]
    days: int
    joins: bool  # adjoining units may be given together
    singles_in_family_units: bool

    @classmethod
    def invented(cls, seed: int, is_planned: bool, days: int = 900) -> Town:
        """60 to 400 beds, 80-95 % used when the town begins; ``days`` count from then.

        A planned town has family beds in proportion to the people in families (75 %, and an eighth
        more for what is left over); else their share is anything from 45 to 75 %.
        """
        luck = random.Random(seed)
        beds, lean = luck.randint(60, 400), luck.random()
        family_share = 0.75 + 0.08 * lean if is_planned else 0.45 + 0.3 * lean
        units: list[Unit] = []
        while sum(u.places for u in units if u.is_family) < beds * family_share:
            units.append(Unit(luck.choices((2, 3, 4, 5, 6), (30, 27, 22, 13, 8))[0], True))
        for a in range(0, len(units) - 1, 2):
            units[a].adjoins, units[a + 1].adjoins = a + 1, a
        while sum(u.places for u in units) < beds:
            units.append(Unit(luck.choices((1, 2, 3, 4), (1, 4, 2, 2))[0], False))
        stay = luck.uniform(150, 400)
        pressure = luck.uniform(0.85, 1.15)  # people who would be there over beds
        mean_size, many = 2.0, sum(u.places for u in units)
        per_day = pressure * many / stay / mean_size
        town = cls(units, [], days, luck.random() < 0.5, luck.random() < 0.5)
        town._fill(luck, luck.uniform(0.8, 0.95) * many, stay)
        day = luck.expovariate(per_day)
        while day < days:
            town._add(luck, int(day), stay, False)
            day += luck.expovariate(per_day)
        return town

    def _add(self, luck: random.Random, day: int, stay: float, in_stock: bool) -> Household:
        size = luck.choices((1, 2, 3, 4, 5, 6, 7), (52, 17, 12, 10, 5, 3, 1))[0]
        sex = luck.choices("mf", (75, 25))[0]
        leaves = day + 1 + int(luck.expovariate(1 / stay)) + (1 if in_stock else 0)
        one = Household(len(self.households), size, sex, day, leaves, luck.random() < 0.1, in_stock)
        self.households.append(one)
        return one

    def _fill(self, luck: random.Random, beds: float, stay: float) -> None:
        """The stock of day 0: households drawn one after the other, kept where they fit."""
        used = tries = 0
        while used < beds and tries < 400:
            tries += 1
            one = self._add(luck, 0, stay, True)
            if self.place(one):
                used += one.size
            else:
                self.households.pop()

    @property
    def unfit(self) -> int:
        return sum(u.unfit for u in self.units)

    @property
    def places(self) -> int:
        return sum(u.places for u in self.units)

    def place(self, one: Household) -> bool:
        """Give the best fitting rooms, if there are any."""
        rooms = self._family_rooms(one) if one.size > 1 else self._room_for_single(one)
        left = one.size
        for k in rooms:
            here = min(left, self.units[k].places)
            self.units[k].inside[one.number] = here
            self.units[k].sex = one.sex if not self.units[k].is_family else None
            left -= here
        return bool(rooms)

    def _family_rooms(self, one: Household) -> list[int]:
        empty = [k for k, u in enumerate(self.units) if u.is_family and not u.inside]
        fits = [k for k in empty if self.units[k].places >= one.size]
        if fits:
            return [min(fits, key=lambda k: self.units[k].places)]
        if self.joins or one.size > max(u.places for u in self.units):
            pairs = [(k, self.units[k].adjoins) for k in empty if self.units[k].adjoins in empty]
            for a, b in pairs:
                if b is not None and self.units[a].places + self.units[b].places >= one.size:
                    return [a, b]
        return []

    def _room_for_single(self, one: Household) -> list[int]:
        shared = [
            k for k, u in enumerate(self.units)
            if not u.is_family and len(u.inside) < u.places and (not u.inside or u.sex == one.sex)
        ]  # fmt: skip
        if shared:
            return [min(shared, key=lambda k: (not self.units[k].inside, self.units[k].places))]
        if self.singles_in_family_units:
            return self._family_rooms(one)
        return []

    def run(self, today: int = 0) -> Seen:
        """Work through all days; what is seen from ``today`` on."""
        waiting: list[Household] = []
        come: dict[int, list[Household]] = {}
        for one in self.households:
            if not one.in_stock:
                come.setdefault(one.arrives, []).append(one)
        seen = Seen()
        for day in range(self.days):
            if day == today:
                seen.unfit, seen.waiting_before = self.unfit, {h.number for h in waiting}
                seen.inside_before = {n for u in self.units for n in u.inside}
            gone = {h.number for h in self.households if h.leaves <= day}
            for unit in self.units:
                for number in gone & unit.inside.keys():
                    del unit.inside[number]
            waiting = [h for h in [*waiting, *come.get(day, [])] if h.leaves > day]
            waiting.sort(key=lambda h: not h.is_urgent)
            waiting = [h for h in waiting if not self.place(h)]
            if day >= today:
                seen.waiting.append(sum(h.size for h in waiting))
                seen.unfit_later.append(self.unfit)
        return seen


@dataclass
class Seen:
    """People waiting and leftover family beds each evening; how it stood on the day before."""

    waiting: list[int] = field(default_factory=list)
    unfit_later: list[int] = field(default_factory=list)
    unfit: int = 0
    inside_before: set[int] = field(default_factory=set)
    waiting_before: set[int] = field(default_factory=set)
