"""Seats a run proposes, for the people on record by now. German: für wen ein Platz anzufragen ist

A run knows who was only announced by a number of its own, and who was found to be recorded twice
by the one that went.
"""

from __future__ import annotations

from collections.abc import Iterable

from vorort.placement import Granted, Member, Party, Plan
from vorort.placement.arrived import matched
from vorort.web.intake.models import Person
from vorort.web.proposals.present import Present


def seats_of(plan: Plan, here: Present, key: str, household: str) -> list[tuple[Granted, str]]:
    """The seats proposed for a party of the plan, each with the number of whom it is for; "": of
    nobody on record, or of nobody it is for at the age they turned out to have. ``household``: its
    number on record."""
    seats = [g for g in plan.seats if g.party == key and g.unit]
    on_record = _on_record({g.need.person for g in seats})
    if all(g.need.person in on_record for g in seats):
        return [(g, on_record[g.need.person]) for g in seats]
    party = here.party(household) if household else None
    if not isinstance(party, Party):
        return [(g, on_record.get(g.need.person, "")) for g in seats]
    who = on_record | matched(plan.problem.party[key].members, party.members)
    ages = _possible(party.members)

    def for_whom(seat: Granted) -> str:
        number, need = who.get(seat.need.person, ""), seat.need
        fits = number not in ages or any(
            here.around.concerns(need.domain, age)
            and here.around.pool(need.domain, age) == need.pool
            for age in ages[number]
        )
        return number if fits else ""

    return [(g, for_whom(g)) for g in seats]


def _possible(members: Iterable[Member]) -> dict[str, set[int | None]]:
    """The ages somebody may have: of whom only the year or month of birth is known, two."""
    age = {m.id: m.age for m in members}
    rows = Person.objects.filter(key__in=age).values_list("key", "born")
    partly = {key for key, born in rows if born and len(born) < len("YYYY-MM-DD")}
    return {key: {n, n + 1} if n is not None and key in partly else {n} for key, n in age.items()}


def _on_record(keys: Iterable[str]) -> dict[str, str]:
    """Numbers to those of the records that count."""
    rows = Person.objects.filter(key__in=keys).values_list("key", "same_as__key")
    return {key: same or key for key, same in rows}
