"""What would have to change, and what one more place is worth. German: was sich ändern müsste

Each change is a change of data (places, a feature, a lock ...), made, and then solved again: only
what really gives the household a place is told. So is each "one more": added and solved again.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

import numpy as np

from vorort.placement.highs import SolverFailed
from vorort.placement.homes import Homes
from vorort.placement.misses import Miss, misses
from vorort.placement.options import reachable
from vorort.placement.override import Override
from vorort.placement.plan import Plan
from vorort.placement.problem import Lodging, Party, Problem, Seats
from vorort.placement.redo import redo
from vorort.placement.resolve import NOTHING, Pin, Value, kept, place_columns, resolved, value_of
from vorort.placement.rules import rules_in_force
from vorort.placement.rules.protection import NOT_OF_A_UNIT, PROTECTED, WOMEN_ONLY
from vorort.placement.sentences import DOMAINS, joined, persons_text, value_text
from vorort.placement.solve import place, written_out
from vorort.placement.verdicts import locked_in
from vorort.placement.why import Explained
from vorort.problems import Refused
from vorort.vocabulary import Text

TRIES = 6  # changes made and solved for one household


@dataclass(frozen=True)
class Change:
    """One thing that would open a place: the rules in the way, by how much, and what comes of it.

    ``gain``: value of the best plan with the change less that of today's.
    """

    rules: tuple[str, ...]
    units: tuple[str, ...]
    lacks: int | None
    words: Text
    gain: Value
    plan: Plan


def changes(explained: Explained, party: str) -> tuple[Change, ...]:
    """For a household: the smallest change for each rule that alone is in its way, verified."""
    who = explained.problem.party[party]
    homes = explained.homes
    found = []
    for miss in misses(who, homes)[:TRIES]:
        row = _row(who, homes, miss)
        change = _verified(explained, who, row, (miss.rule,), miss.lacks, miss.words)
        if change is not None:
            found.append(change)
    return tuple(found)


def change_for(explained: Explained, party: str, units: Sequence[str]) -> Change | None:
    """What would have to change so that a household could go to these units; None: no way found."""
    who, homes = explained.problem.party[party], explained.homes
    wanted = tuple(sorted(units))
    best: tuple[int, int, tuple[str, ...]] | None = None
    for row in np.flatnonzero(reachable(who, homes)).tolist():
        if homes.rows[row].units == wanted:
            against = _against(who, homes, row)
            if against and (best is None or len(against) < best[0]):
                best = (len(against), row, against)
    if best is None:
        return None
    _, row, against = best
    rules = {r.name: r for r in rules_in_force(homes)}
    words = joined(rules[name].because(who, homes, row) for name in against)
    return _verified(explained, who, row, against, None, words)


def _against(party: Party, homes: Homes, row: int) -> tuple[str, ...]:
    return tuple(r.name for r in rules_in_force(homes) if r.breaks(party, homes)[row])


def _row(party: Party, homes: Homes, miss: Miss) -> int:
    """The row a miss speaks of."""
    counted = reachable(party, homes)
    rows = [
        r for r in range(len(homes))
        if counted[r] and homes.rows[r].units == miss.units
        and _against(party, homes, r) == (miss.rule,)
    ]  # fmt: skip
    lacks = next(r.lacks for r in rules_in_force(homes) if r.name == miss.rule)
    if lacks is None:
        return rows[0]
    return min(rows, key=lambda r: int(lacks(party, homes)[r]))


def _verified(
    explained: Explained, party: Party, row: int, rules: tuple[str, ...], lacks: int | None,
    why: Text,
) -> Change | None:  # fmt: skip
    """Made, and solved again with the household there."""
    homes, problem = explained.homes, explained.problem
    units = homes.rows[row].units
    words = []
    for rule in rules:
        mend = MENDS.get(rule)
        found = mend(problem, party, homes, row) if mend else None
        if found is None:
            return None
        problem, text = found
        words.append(text)
    plan = _solved(explained, problem, party.id, units)
    if plan is None:
        return None
    gain = value_of(plan) - value_of(explained.plan)
    if explained.plan.of[party.id].home is None and gain < NOTHING:
        return None  # it would get a place, but more people would lose theirs
    there = joined(words, ", ")
    says = value_text(NOTHING - gain) if gain < NOTHING else _gained(gain)
    return Change(rules, units, lacks, Text(
        f"{why.de} {there.de}: dann ginge {' + '.join(units)} ({says.de}).",
        f"{why.en} {there.en}: then {' + '.join(units)} would do ({says.en}).",
    ), gain, plan)  # fmt: skip


def _gained(gain: Value) -> Text:
    """What a change brings."""
    people = sum(gain.placed)
    if people > 0:
        who = persons_text(people)
        return Text(f"{who.de} mehr untergebracht", f"{who.en} more placed")
    return value_text(NOTHING - gain)


def _solved(
    explained: Explained, problem: Problem, party: str, units: tuple[str, ...]
) -> Plan | None:
    if not explained.is_small:
        try:
            before = replace(explained.plan, problem=problem)
            return redo(
                before, Override("lock", party, units), confirmed=explained.confirmed, is_asked=True
            ).plan
        except (Refused, SolverFailed):
            return None
    model = written_out(problem)
    stays = {a.party for a in locked_in(explained.plan)} | explained.confirmed
    pins = kept(model, {p for p in stays if p in explained.plan.of} - {party})
    return resolved(model, [*pins, Pin(place_columns(model, party, units))])


# ---- how a rule's data would be mended; None: nothing anybody could change ----

Mended = tuple[Problem, Text] | None
Mend = Callable[[Problem, Party, Homes, int], Mended]


def _fit(problem: Problem, party: Party, homes: Homes, row: int) -> Mended:
    home, first = homes.rows[row], homes.lodgings[row][0]
    if homes.smaller[row] >= party.size:
        return None
    if first.unit.kind == "family" and any(
        s.used for x in homes.lodgings[row] for s in problem.lodging[x.id].steps
    ):
        return _with(problem, home.units, _emptied), Text(
            f"Würde {' + '.join(home.units)} frei", f"If {' + '.join(home.units)} became free"
        )
    more = party.size - home.places
    return _with(problem, home.units[:1], lambda x: with_places(x, more)), Text(
        f"Mit {more} {'Platz' if more == 1 else 'Plätzen'} mehr in {home.units[0]}",
        f"With {more} more {'place' if more == 1 else 'places'} in {home.units[0]}",
    )


def with_places(lodging: Lodging, more: int) -> Lodging:
    """A lodging with further places on all days on which it is open."""
    steps = tuple(
        replace(s, nominal=s.nominal + more, open=s.open + more) if s.nominal > 0 else s
        for s in lodging.steps
    )
    unit = replace(lodging.unit, places=lodging.unit.places + more)
    return replace(lodging, unit=unit, steps=steps)


def _emptied(lodging: Lodging) -> Lodging:
    return replace(
        lodging, there=(), steps=tuple(replace(s, used=0, open=s.nominal) for s in lodging.steps)
    )


def _space(problem: Problem, party: Party, homes: Homes, row: int) -> Mended:
    people = party.size + (0 if homes.is_family[row] else int(homes.people_there[row]))
    more = math.ceil(people * (problem.space_m2 or 0) - float(homes.floor_area[row]) - 1e-9)
    unit = homes.rows[row].units[0]
    return _with(problem, (unit,), lambda x: replace(
        x, unit=replace(x.unit, floor_area_m2=(x.unit.floor_area_m2 or 0) + more)
    )), Text(f"Mit {more} m² mehr in {unit}", f"With {more} m² more in {unit}")  # fmt: skip


def _access(problem: Problem, party: Party, homes: Homes, row: int) -> Mended:
    units = homes.rows[row].units
    there = " + ".join(units)
    return _with(problem, units, lambda x: replace(x, unit=replace(x.unit, access=True))), Text(
        f"Wäre {there} barrierefrei", f"If {there} were step-free"
    )


def _protection(problem: Problem, party: Party, homes: Homes, row: int) -> Mended:
    if "own_unit" in party.must and not homes.is_family[row]:
        return None
    missing = {c for c in party.must if c not in NOT_OF_A_UNIT}

    def mended(lodging: Lodging) -> Lodging:
        features = (set(lodging.unit.features) | missing) - (
            {PROTECTED, WOMEN_ONLY} - set(party.must)
        )
        return replace(lodging, unit=replace(lodging.unit, features=tuple(sorted(features))))

    units = homes.rows[row].units
    there = " + ".join(units)
    return _with(problem, units, mended), Text(
        f"Wäre {there} dafür vorgesehen", f"If {there} were meant for it"
    )


def _sex(problem: Problem, party: Party, homes: Homes, row: int) -> Mended:
    unit = homes.rows[row].units[0]
    return _with(problem, (unit,), lambda x: replace(x, unit=replace(x.unit, sex="any"))), Text(
        f"Wäre {unit} für alle freigegeben", f"If {unit} were open to all"
    )


def _screening(problem: Problem, party: Party, homes: Homes, row: int) -> Mended:
    parties = tuple(replace(p, screened=True) if p.id == party.id else p for p in problem.parties)
    return problem.changed(parties=parties), Text(
        "Mit abgeschlossener Erstuntersuchung", "With the first screening done"
    )


def _locks(problem: Problem, party: Party, homes: Homes, row: int) -> Mended:
    locks = tuple(x for x in problem.locks if x.household != party.id)
    return problem.changed(locks=locks), Text(
        "Ohne die Festlegung von Hand", "Without the decision by hand"
    )


def _lasting(problem: Problem, party: Party, homes: Homes, row: int) -> Mended:
    home = homes.rows[row]
    if home.until is None or home.until <= home.start:
        return None
    begins = int(homes.begins(party)[row])
    days = begins + problem.rulebook["shortest_stay_days"] - home.until.toordinal()
    until = home.until

    def later(lodging: Lodging) -> Lodging:
        moved = (
            replace(s, day=s.day + timedelta(days=days))
            if s.day == until and s.nominal <= 0 else s
            for s in lodging.steps
        )  # fmt: skip
        return replace(lodging, steps=tuple(sorted(moved, key=lambda s: s.day)))

    return _with(problem, home.units, later), Text(
        f"Schlösse {' + '.join(home.units)} {days} {'Tag' if days == 1 else 'Tage'} später",
        f"If {' + '.join(home.units)} closed {days} {'day' if days == 1 else 'days'} later",
    )


MENDS: dict[str, Mend] = {
    "fit": _fit, "space": _space, "access": _access, "protection": _protection, "sex": _sex,
    "screening": _screening, "locks": _locks, "lasting": _lasting,
}  # fmt: skip


def _with(problem: Problem, units: Sequence[str], mend: Callable[[Lodging], Lodging]) -> Problem:
    return problem.changed(
        lodgings=tuple(mend(x) if x.id in units else x for x in problem.lodgings)
    )


# ---- one more ----


@dataclass(frozen=True)
class Worth:
    """What one more place of a kind is worth, over all households together.

    ``is_exact``: both plans are proved; else the gain is that of the plans found.
    """

    kind: str
    where: str
    gain: Value
    is_exact: bool
    words: Text


@dataclass(frozen=True)
class Kind:
    """Something there could be one more of. ``of``: a shared unit, a family unit, or a site."""

    kind: str  # place, unit, seat
    of: str
    label: Text


def kinds(problem: Problem) -> tuple[Kind, ...]:
    """One for each shared unit, each size and access of family units, each site of seats."""
    found = []
    seen: set[tuple[int, bool | None]] = set()
    for lodging in problem.lodgings:
        unit = lodging.unit
        if unit.kind == "shared":
            found.append(Kind("place", unit.id, Text(f"ein Platz mehr in {unit.id}",
                                                     f"one more place in {unit.id}")))  # fmt: skip
        elif (unit.places, unit.access) not in seen:
            seen.add((unit.places, unit.access))
            free = Text(" barrierefreie", " step-free") if unit.access else Text("", "")
            found.append(Kind("unit", unit.id, Text(
                f"eine{free.de} Einheit mehr mit {unit.places} Betten wie {unit.id}",
                f"one more{free.en} unit of {unit.places} beds like {unit.id}",
            )))  # fmt: skip
    for site in sorted({(s.domain, s.pool, s.facility) for s in problem.seats}):
        label = DOMAINS.get(site[0], Text(site[0], site[0]))
        found.append(Kind("seat", "/".join(site), Text(
            f"ein Platz mehr ({label.de}) in {site[2]}", f"one more seat ({label.en}) at {site[2]}"
        )))  # fmt: skip
    return tuple(found)


def with_one_more(problem: Problem, kind: Kind) -> Problem:
    """The problem with it."""
    if kind.kind == "place":
        return _with(problem, (kind.of,), lambda x: with_places(x, 1))
    if kind.kind == "unit":
        return problem.changed(lodgings=(*problem.lodgings, _twin(problem.lodging[kind.of])))
    domain, pool, facility = kind.of.split("/", 2)
    more = next(
        s for s in problem.seats if (s.domain, s.pool, s.facility) == (domain, pool, facility)
    )
    return problem.changed(
        seats=tuple(replace(s, left=s.left + 1) if s is more else s for s in problem.seats),
        seat_limits=tuple(
            replace(x, left=x.left + 1)
            if (x.domain, x.pool) == (domain, pool) and _is_shared(problem, more) else x
            for x in problem.seat_limits
        ),
    )  # fmt: skip


def _is_shared(problem: Problem, seats: Seats) -> bool:
    at = (seats.domain, seats.pool, seats.facility)
    return any(
        s.is_shared_with_residents for s in problem.seats
        if (s.domain, s.pool, s.facility) == at
    )  # fmt: skip


def _twin(lodging: Lodging) -> Lodging:
    """A unit like this one, empty, by itself."""
    unit = replace(lodging.unit, id=f"{lodging.id}~", adjoins=(), building=f"{lodging.id}~")
    steps = tuple(replace(s, used=0, open=s.nominal) for s in lodging.steps)
    return replace(lodging, unit=unit, steps=steps, there=())


def worth(explained: Explained, kind: Kind) -> Worth:
    """Added, and solved again from today's plan."""
    old = explained.plan
    new = place(with_one_more(explained.problem, kind), old=old)
    gain = value_of(new) - value_of(old)
    is_exact = old.is_proved and new.is_proved
    about = Text("", "") if is_exact else Text("etwa ", "about ")
    says = _gained(gain) if gain > NOTHING else Text("nichts", "nothing")
    return Worth(kind.kind, kind.of, gain, is_exact, Text(
        f"{kind.label.de[0].upper()}{kind.label.de[1:]}: bringt {about.de}{says.de}.",
        f"{kind.label.en[0].upper()}{kind.label.en[1:]}: brings {about.en}{says.en}.",
    ))  # fmt: skip


def worths(explained: Explained, most: int = 40) -> tuple[Worth, ...]:
    """All kinds (at most so many), the most valuable first."""
    found = [worth(explained, kind) for kind in kinds(explained.problem)[:most]]
    return tuple(sorted(found, key=lambda w: ((NOTHING - w.gain), w.where)))
