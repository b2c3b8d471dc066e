"""Those whose place is decided become data: their beds are used, their seats are gone.

What is left is a smaller problem with the same answers for everybody else. People already there
and people settled here are treated alike by every rule. German: Festgelegte als Bestand
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace

from vorort.placement.plan import Assigned, beds
from vorort.placement.problem import Lodging, Party, Problem, SeatLimit, Seats, Step, There
from vorort.placement.seats import Granted
from vorort.vocabulary import Wish

Stays = Mapping[str, list[There]]


def settled(
    problem: Problem, assigned: Iterable[Assigned], seats: Iterable[Granted] = ()
) -> Problem:
    """The problem without these parties: where they go is used, from the day they come.

    ``seats``: what has been given to them; it is taken off what is left. A party that gets no home
    leaves the problem as well.
    """
    known = {a.party: a for a in assigned}
    stays = _stays(problem, known)
    left, limits = seats_left(problem, [s for s in seats if s.party in known])
    return problem.changed(
        parties=tuple(_without_wish(problem, p, known) for p in problem.parties
                      if p.id not in known),
        lodgings=tuple(_used(x, stays[x.id]) if x.id in stays else x for x in problem.lodgings),
        seats=left,
        seat_limits=limits,
    )  # fmt: skip


def seats_left(
    problem: Problem, granted: list[Granted]
) -> tuple[tuple[Seats, ...], tuple[SeatLimit, ...]]:
    """Seats and what residents leave of them, less what has been given."""
    return _seats(problem, granted), _limits(problem, granted)


def _stays(problem: Problem, known: Mapping[str, Assigned]) -> Stays:
    """Who is in which unit, one entry a person; each unit of a home holds at least one."""
    found: defaultdict[str, list[There]] = defaultdict(list)
    for name, one in sorted(known.items()):
        if one.home is None:
            continue
        party = problem.party[name]
        start = one.start or problem.day
        unit_of = beds(problem, party, one.home)
        for member in party.members:
            found[unit_of[member.id]].append(There(name, member.sex, start, one.home.until))
        for _ in range(party.size - len(party.members)):
            found[one.home.units[-1]].append(There(name, None, start, one.home.until))
        for unit in one.home.units:
            if not any(t.party == name for t in found[unit]):
                found[unit].append(There(name, None, start, one.home.until))
    return found


def _used(lodging: Lodging, stays: list[There]) -> Lodging:
    """A lodging with further people in it."""
    days = {s.day for s in lodging.steps} | {t.start for t in stays}
    days |= {t.until for t in stays if t.until is not None}
    first = min(s.day for s in lodging.steps)
    steps: list[Step] = []
    for day in sorted(d for d in days if d >= first):
        holds = [s for s in lodging.steps if s.day <= day][-1]
        more = sum(t.start <= day and (t.until is None or t.until > day) for t in stays)
        step = Step(day, holds.nominal, holds.open, holds.used + more)
        if not steps or replace(steps[-1], day=day) != step:
            steps.append(step)
    return replace(lodging, steps=tuple(steps), there=(*lodging.there, *stays))


def _without_wish(problem: Problem, party: Party, known: Mapping[str, Assigned]) -> Party:
    """To live near somebody means where they live now, not where they are being settled."""
    if not any(w.kind == "near" and w.target in known for w in party.wishes):
        return party
    return replace(
        party,
        wishes=tuple(
            _as_it_was(problem, w) if w.kind == "near" and w.target in known else w
            for w in party.wishes
        ),
    )


def _as_it_was(problem: Problem, wish: Wish) -> Wish:
    lives = sorted({
        x.district for x in problem.lodgings if any(t.party == wish.target for t in x.there)
    })  # fmt: skip
    if len(lives) > 1:  # in several districts at once: too rare to be worth a kind of its own
        return wish
    return Wish(wish.household, "district", lives[0] if lives else "")


def _seats(problem: Problem, granted: list[Granted]) -> tuple[Seats, ...]:
    taken = Counter(g.unit for g in granted if g.unit is not None)
    return tuple(replace(s, left=s.left - taken[s.unit]) for s in problem.seats)


def _limits(problem: Problem, granted: list[Granted]) -> tuple[SeatLimit, ...]:
    shared = {s.unit: (s.domain, s.pool) for s in problem.seats if s.is_shared_with_residents}
    facilities = {
        (s.domain, s.pool, s.facility) for s in problem.seats if s.is_shared_with_residents
    }
    at = {s.unit: (s.domain, s.pool, s.facility) for s in problem.seats}
    taken: Counter[tuple[str, str]] = Counter()
    for one in granted:
        if one.unit is not None and (one.unit in shared or at[one.unit] in facilities):
            taken[at[one.unit][:2]] += 1
    return tuple(
        replace(limit, left=max(0, limit.left - taken[limit.domain, limit.pool]))
        for limit in problem.seat_limits
    )
