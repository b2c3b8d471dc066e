"""Brute force, independent of the product: every assignment, checked day by day.

It shares types with the product and nothing else: rules and goals are written here once more, one
party, one unit, one day at a time, without arrays, rows or windows.
"""

from datetime import timedelta
from itertools import product as every

from vorort.placement import CLASSES

WEIGHTS = {
    "protection": 7, "deadline": 6, "siblings": 5, "distance": 4, "wishes": 3, "stability": 2,
    "thrift": 1,
}  # fmt: skip
DEFAULTS = {
    "horizon_days": 7, "shortest_stay_days": 28, "adjoining_at_most": 2, "home_points": 10,
    "due_within_days": 60, "seat_points": 6,
    "neutral_minutes": 20, "furthest_minutes": 60, "screening_unknown_refuses": 0,
}  # fmt: skip
SIGHT = 60  # days looked at one by one; nothing changes later


class Oracle:
    def __init__(self, problem):
        self.p = problem
        self.set = {**DEFAULTS, **problem.rulebook.settings}
        self.weight = {**WEIGHTS, **problem.rulebook.weights}
        self.units = {x.id: x for x in problem.lodgings}

    def on(self, rule):
        return rule not in self.p.rulebook.off

    # ---- one unit on one day ----

    def step(self, unit, day):
        found = None
        for step in self.units[unit].steps:
            if step.day <= day:
                found = step
        return found or self.units[unit].steps[0]

    def end(self, unit, start):
        """First day on which a stay from ``start`` cannot go on, or None."""
        is_family = self.units[unit].unit.kind == "family"
        for n in range(SIGHT):
            day = start + timedelta(days=n)
            step = self.step(unit, day)
            if step.nominal == 0:
                return day
            if is_family and n > 0 and self._changed(unit, day):
                if step.used > 0 or step.open <= 0:
                    return day
        return None

    def _changed(self, unit, day):
        return any(s.day == day for s in self.units[unit].steps)

    def days(self, units, start):
        ends = [e for e in (self.end(u, start) for u in units) if e is not None]
        end = min(ends) if ends else start + timedelta(days=SIGHT)
        return [start + timedelta(days=n) for n in range((end - start).days)], (
            min(ends) if ends else None
        )

    def room(self, units, days):
        """Fewest free places of all units together, each at its worst."""
        total = 0
        for u in units:
            worst = []
            for d in days:
                s = self.step(u, d)
                if self.units[u].unit.kind == "family" and s.used > 0:
                    worst.append(0)
                else:
                    worst.append(max(0, s.open - s.used))
            total += min(worst)
        return total

    # ---- may this party live there from that day, as far as is known? ----

    def homes(self):
        ids = sorted(self.units)
        found = [(u,) for u in ids]
        if self.set["adjoining_at_most"] >= 2:
            for a in ids:
                for b in ids:
                    x, y = self.units[a].unit, self.units[b].unit
                    if (
                        a < b and x.kind == y.kind == "family" and b in x.adjoins
                        and (x.facility, x.building) == (y.facility, y.building)
                    ):  # fmt: skip
                        found.append((a, b))
        return found

    def may(self, party, units, start):
        p = self.p
        if any(u in party.now for u in units):
            return False
        days, end = self.days(units, start)
        if not days or (end and (end - start).days < self.set["shortest_stay_days"]):
            return False
        if self.room(units, days) < party.size or any(self.room((u,), days) == 0 for u in units):
            return False
        if len(units) > 1:
            for u in units:
                alone, _ = self.days((u,), start)
                room = self.room((u,), alone)
                area = self.units[u].unit.floor_area_m2
                if (
                    self.on("space")
                    and p.space_m2
                    and all(self.units[x].unit.floor_area_m2 is not None for x in (u,))
                ):
                    room = min(room, int(area / p.space_m2 + 1e-9))
                if room >= party.size:
                    return False
        for u in units:
            if not self.may_one(party, u, start, days):
                return False
        if not self.area_enough(party, units, days):
            return False
        locks = [k for k in p.locks if k.household == party.id]
        if any(k.kind == "forbid" and k.unit in units for k in locks):
            return False
        wanted = {k.unit for k in locks if k.kind == "lock"}
        return not wanted or wanted <= set(units)

    def may_one(self, party, u, start, days):
        x = self.units[u]
        unit = x.unit
        sexes = [m.sex for m in party.members] + [None] * (party.size - len(party.members))
        if self.on("access") and party.needs_access and unit.access is not True:
            return False
        for code in party.must if self.on("protection") else ():
            if code == "own_unit":
                if unit.kind != "family":
                    return False
            elif code not in unit.features:
                return False
        if self.on("protection"):
            if "protected" in unit.features and not party.is_protected:
                return False
            women = len(party.members) == party.size and all(
                m.sex == "f" or (m.age is not None and m.age < 18) for m in party.members
            )
            if "women_only" in unit.features and not women:
                return False
        if self.on("screening") and unit.kind == "shared":
            if party.screened is False:
                return False
            if party.screened is None and self.set["screening_unknown_refuses"]:
                return False
        if self.on("sex") and unit.kind == "shared":
            there = [
                t.sex
                for t in x.there
                if any(t.start <= d and (t.until is None or d < t.until) for d in days)
            ]
            for k, sex in enumerate(sexes):
                if not joins(unit.sex, sex, there + sexes[:k] + sexes[k + 1 :]):
                    return False
        if self.on("exclusions"):
            for e in self.p.exclusions:
                if e.until is not None and e.until <= self.p.day:
                    continue
                if e.household == party.id and e.facility == unit.facility:
                    if e.building in (None, unit.building):
                        return False
                if e.other is not None and party.id in (e.household, e.other):
                    foe = e.other if party.id == e.household else e.household
                    for y in self.p.lodgings:
                        same = (y.unit.facility, y.unit.building) == (unit.facility, unit.building)
                        if same and any(
                            t.party == foe and (t.until is None or t.until > self.p.day)
                            for t in y.there
                        ):
                            return False
        return True

    def area_enough(self, party, units, days):
        if not (self.on("space") and self.p.space_m2):
            return True
        areas = [self.units[u].unit.floor_area_m2 for u in units]
        if None in areas:
            return True
        people = party.size
        if self.units[units[0]].unit.kind == "shared":
            people += max(self.step(units[0], d).used for d in days)
        return people <= int(sum(areas) / self.p.space_m2 + 1e-9)

    # ---- several parties together ----

    def together(self, plan):
        """Does a whole assignment (party -> (units, start) or None) hold?"""
        lives = [(p, *home) for p, home in plan.items() if home]
        for u, x in self.units.items():
            mine = [(p, start) for p, units, start in lives if u in units]
            if not mine:
                continue
            if x.unit.kind == "family":
                if len(mine) > 1:
                    return False
                continue
            first = min(s for _, s in mine)
            for n in range(SIGHT):
                d = first + timedelta(days=n)
                here = [p for p, s in mine if s <= d]
                step = self.step(u, d)
                if step.nominal == 0:
                    break
                people = sum(p.size for p in here)
                if here and people > max(0, step.open - step.used):
                    return False
                area = x.unit.floor_area_m2
                if self.on("space") and self.p.space_m2 and area is not None and here:
                    if people + step.used > int(area / self.p.space_m2 + 1e-9):
                        return False
            if self.on("sex") and len(mine) > 1 and x.unit.sex != "any":
                for p, _ in mine:
                    others = [m.sex for q, _ in mine if q is not p for m in q.members]
                    for q, _ in mine:
                        if q is not p and q.size > len(q.members):
                            others.append(None)
                    for sex in [m.sex for m in p.members] + (
                        [None] if p.size > len(p.members) else []
                    ):
                        if not joins(x.unit.sex, sex, others):
                            return False
        if self.on("exclusions"):
            for e in self.p.exclusions:
                if e.until is not None and e.until <= self.p.day:
                    continue
                places = {}
                for p, units, _ in lives:
                    unit = self.units[units[0]].unit
                    places[p.id] = (unit.facility, unit.building)
                if e.other and places.get(e.household, 1) == places.get(e.other, 2):
                    return False
        return True

    # ---- points ----

    def near(self, here, there):
        minutes = None
        if here == there:
            minutes = 0
        elif here is not None:
            minutes = self.p.reach.get((here, there), self.p.reach.get((there, here)))
        if minutes is None:
            minutes = self.set["neutral_minutes"]
        far = self.set["furthest_minutes"]
        return 1000 * max(0, far - minutes) // far

    def home_points(self, party, units, start):
        w, size, p = self.weight, party.size, self.p
        lodging = self.units[units[0]]
        family = lodging.unit.kind == "family"
        total = 1000 * size * self.set["home_points"]
        asked, met = 0, 0
        for code in party.should:
            asked += 1
            if code == "own_unit":
                met += family
            else:
                met += all(code in self.units[u].unit.features for u in units)
        children = any(m.age is not None and m.age < 18 for m in party.members)
        if children or party.is_protected or party.urgency == "protection":
            asked, met = asked + 1, met + family
        if asked:
            total += w["protection"] * (1000 * size * met // asked)
        ready = party.ready or p.day
        span = self.set["horizon_days"] + 1
        late = max(0, (start - party.due).days) if party.due else 0
        lost = size * (500 * (start - ready).days + 500 * min(late, span))
        total += w["deadline"] * (-lost // span)
        total += w["distance"] * sum(self.near(lodging.district, h.district) for h in party.held)
        if party.wishes:
            met = 0
            for wish in party.wishes:
                if wish.kind == "district":
                    met += lodging.district == wish.target
                if wish.kind == "near":
                    met += any(
                        x.district == lodging.district
                        and any(t.party == wish.target for t in x.there)
                        for x in p.lodgings
                    )
            total += w["wishes"] * (1000 * size * met // len(party.wishes))
        days, end = self.days(units, start)
        short = 0 if end is None else min(365, max(0, 365 - (end - start).days))
        stays = lodging.district == party.district
        total += w["stability"] * (500 * size * stays - 500 * size * short // 365)
        left = max(0, self.room(units, days) - size) if family else 0
        unneeded = all(self.units[u].unit.access is True for u in units) and not party.needs_access
        total -= w["thrift"] * 1000 * (left + unneeded)
        return total

    def seat_best(self, districts):
        """Best points of seats, by trying every seat for every need."""
        needs = [(party, need) for party in self.p.parties for need in party.seats]
        sites = sorted({(s.domain, s.pool, s.facility, s.district) for s in self.p.seats})
        left = {}
        shared = set()
        for s in self.p.seats:
            left[s.domain, s.pool, s.facility] = (
                left.get((s.domain, s.pool, s.facility), 0) + s.left
            )
            if s.is_shared_with_residents:
                shared.add((s.domain, s.pool, s.facility))
        choices = []
        for party, need in needs:
            mine = [None]
            for site in sites:
                if site[:2] != (need.domain, need.pool):
                    continue
                here = districts[party.id]
                known = (
                    0 if here == site[3]
                    else None if here is None
                    else self.p.reach.get((here, site[3]), self.p.reach.get((site[3], here)))
                )  # fmt: skip
                if known is None or known <= self.set["furthest_minutes"]:
                    mine.append(site)
            choices.append(mine)
        best = 0
        for chosen in every(*choices):
            used = {}
            for site in chosen:
                if site:
                    used[site[:3]] = used.get(site[:3], 0) + 1
            if any(n > left[s] for s, n in used.items()):
                continue
            if any(
                sum(n for s, n in used.items() if s[:2] == (lim.domain, lim.pool) and s in shared)
                > lim.left
                for lim in self.p.seat_limits
            ):
                continue
            best = max(best, self._seat_value(needs, chosen, districts))
        return best

    def _seat_value(self, needs, chosen, districts):
        total = 0
        groups = {}
        for (party, need), site in zip(needs, chosen, strict=True):
            groups.setdefault((party.id, need.domain, need.pool), []).append(site)
            if site is None:
                continue
            total += 1000 * self.set["seat_points"]
            if need.due is not None:
                within = self.set["due_within_days"]
                soon = max(0, within - max(0, (need.due - self.p.day).days))
                total += self.weight["deadline"] * (1000 * soon // within)
            total += self.weight["distance"] * self.near(districts[party.id], site[3])
        for sites in groups.values():
            if None not in sites and len(set(sites)) == 1:
                total += self.weight["siblings"] * 1000 * (len(sites) - 1)
        return total

    # ---- all assignments ----

    def choices(self, party):
        if not party.asks_home:
            return [None]
        found = [None]
        ready = max(party.ready or self.p.day, self.p.day)
        last = self.p.day + timedelta(days=self.set["horizon_days"])
        for units in self.homes():
            day = ready
            while day <= last:
                if self.may(party, units, day):
                    found.append((units, day))
                day += timedelta(days=1)
        return found

    def first(self, plan):
        """What counts before urgency: locks kept, then people towards each floor."""
        locked = {k.household for k in self.p.locks if k.kind == "lock"}
        asking = [p for p in self.p.parties if p.asks_home]
        found = [sum(bool(plan[p]) for p in asking if p.id in locked)]
        for key, permille in sorted(self.p.rulebook.floors.items()) if self.on("floor") else ():
            mine = [p for p in asking if belongs(p, key)]
            people = sum(p.size for p in mine)
            least = people * permille // 1000 + (people * permille % 1000 > 0)
            found.append(min(least, sum(p.size for p in mine if plan[p])))
        return found

    def best(self, with_homes=False, with_first=False):
        """(persons placed by class, points) of the best assignment, of equals the first by key."""
        parties = self.p.parties
        top = None
        memo = {}
        for homes in every(*(self.choices(p) for p in parties)):
            plan = dict(zip(parties, homes, strict=True))
            placed = [0] * len(CLASSES)
            for party, home in plan.items():
                if home:
                    placed[CLASSES.index(party.urgency)] += party.size
            placed = self.first(plan) + placed
            if top and placed < top[0]:
                continue
            if not self.together(plan):
                continue
            districts = {
                p.id: self.units[h[0][0]].district if h else p.district for p, h in plan.items()
            }
            key = tuple(sorted(districts.items(), key=str))
            if key not in memo:
                memo[key] = self.seat_best(districts)
            points = memo[key] + sum(self.home_points(p, *h) for p, h in plan.items() if h)
            if top is None or (placed, points) > top:
                top, first = (placed, points), None
            if (placed, points) == top:
                keys = [(0, h) if h else (1, ()) for h in homes]  # no home comes last
                first = keys if first is None else min(first, keys)
        if top and not with_first:
            top = (top[0][-len(CLASSES) :], top[1])
        return (top, first) if with_homes else top


def belongs(party, key):
    """Is a party of the group of a floor? Only the groups the tests use."""
    ages = [m.age for m in party.members]
    return {
        "size.1": party.size == 1,
        "size.3-4": party.size in (3, 4),
        "need.access": party.needs_access,
        "urgency.class:rest": party.urgency == "rest",
        "sex.women": party.size == len(ages) and any(a is None or a >= 18 for a in ages)
        and {m.sex for m in party.members if m.age is None or m.age >= 18} == {"f"},
    }[key]  # fmt: skip


def joins(rule, sex, there):
    """May somebody of a sex share a unit with those there? Written out once more."""
    if rule == "any":
        return True
    if rule in ("f", "m"):
        return sex == rule and all(s == sex for s in there)
    return not there or (sex in ("f", "m") and all(s == sex for s in there))
