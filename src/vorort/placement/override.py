"""A person decides otherwise: lock, forbid, swap, decline. German: Eingriff in den Vorschlag

`redo` solves again in place: first as few others move as possible, then the value counts. Nobody
confirmed or locked moves. It returns the new plan and who else moves (`redone`). ::

    found = redo(plan, Override("lock", "H-1", ("E3",), reason="Nähe zur Tante"))
    found.plan, found.moved, found.words
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Literal

from vorort.placement.plan import Plan
from vorort.placement.problem import LeftOut, Problem
from vorort.placement.verdicts import Judge
from vorort.problems import Problem as Complaint
from vorort.problems import Refused
from vorort.vocabulary import Lock, Text

Kind = Literal["lock", "forbid", "swap", "decline", "free"]
Consequence = Literal["offer", "waits"]
DECLINED = "declined"
DECLINE_DAYS = 28  # so long a declined place is not offered again; a choice of this project

CONSEQUENCES = {
    "offer": Text("Der Haushalt bekommt in diesem Lauf einen anderen Vorschlag.",
                  "The household gets another proposal in this run."),
    "waits": Text("Der Haushalt wartet; im nächsten Lauf ist er wieder dabei.",
                  "The household waits; it takes part again in the next run."),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Override:
    """A decision of a person about a proposal. ``units``: where to (lock) or not (forbid; none =
    the place proposed); ``other``: with whom to swap; ``free`` takes earlier decisions back.
    """

    kind: Kind
    household: str
    units: tuple[str, ...] = ()
    other: str | None = None
    reason: str = ""
    consequence: Consequence = "offer"


@dataclass(frozen=True, slots=True)
class Decline:
    """A place declined, with reason and consequence. It ends by itself: nobody is barred for life.

    German: abgelehntes Angebot
    """

    household: str
    units: tuple[str, ...]
    on: date
    reason: str = ""
    consequence: Consequence = "offer"
    until: date | None = None  # None = `DECLINE_DAYS` after ``on``

    @property
    def ends(self) -> date:
        """First day on which the same place may be offered again."""
        return self.until or self.on + timedelta(days=DECLINE_DAYS)


def locks_of(declines: Collection[Decline], day: date) -> tuple[Lock, ...]:
    """What declines still in force forbid on a day: the declined place, nothing else."""
    return tuple(
        Lock(d.household, unit, "forbid", d.reason)
        for d in declines
        if d.on <= day < d.ends
        for unit in d.units
    )


def decided(
    plan: Plan, override: Override, confirmed: Collection[str] = (), *, is_checked: bool = False
) -> Problem:
    """The problem with the decision in it. Raises `Refused` where a rule or a fact is against it;
    ``is_checked``: that was looked at before.

    What a person may decide against a rule is decided on the board, with a reason, not here.
    """
    if not is_checked:
        _check(plan, override, confirmed)
    problem, name = plan.problem, override.household
    if override.kind == "free":
        return problem.changed(locks=tuple(x for x in problem.locks if x.household != name))
    if override.kind == "lock":
        return _locked(problem, name, override.units, override.reason)
    if override.kind == "swap":
        there, other = _units(plan, override.other or ""), override.other or ""
        here = _units(plan, name)
        problem = _locked(problem, name, there, override.reason)
        return _locked(problem, other, here, override.reason)
    if override.kind == "decline" and override.consequence == "waits":
        return _waits(problem, name, override.reason)
    units = override.units or _units(plan, name)
    return _forbidden(problem, name, units, override.reason)


def _units(plan: Plan, household: str) -> tuple[str, ...]:
    one = plan.of.get(household)
    return one.home.units if one and one.home else ()


def _locked(problem: Problem, household: str, units: tuple[str, ...], reason: str) -> Problem:
    """Locked exactly here; what was decided about these units or locked elsewhere falls away."""
    stay = tuple(
        x for x in problem.locks
        if x.household != household or (x.kind == "forbid" and x.unit not in units)
    )  # fmt: skip
    return problem.changed(locks=(*stay, *(Lock(household, u, "lock", reason) for u in units)))


def _forbidden(problem: Problem, household: str, units: tuple[str, ...], reason: str) -> Problem:
    stay = tuple(
        x for x in problem.locks if x.household != household or (x.kind == "forbid")
        or x.unit not in units
    )  # fmt: skip
    new = (Lock(household, u, "forbid", reason) for u in units)
    return problem.changed(locks=tuple(dict.fromkeys((*stay, *new))))


def _waits(problem: Problem, household: str, reason: str) -> Problem:
    """Out of this run, in the next one again; its seats go on being looked for."""
    party = problem.party[household]
    rest = tuple(p for p in problem.parties if p.id != household)
    text = Text(f"Hat den Vorschlag abgelehnt{': ' + reason if reason else ''}. Wartet bis zum "
                "nächsten Lauf.",
                f"Declined the proposal{': ' + reason if reason else ''}. Waits for the next "
                "run.")  # fmt: skip
    stays = (replace(party, asks_home=False),) if party.seats else ()
    return problem.changed(
        parties=(*rest, *stays),
        left_out=(*problem.left_out, LeftOut(household, DECLINED, text)),
        locks=tuple(x for x in problem.locks if x.household != household),
    )


def _check(plan: Plan, override: Override, confirmed: Collection[str]) -> None:
    names = [override.household, *([override.other] if override.other else [])]
    found: list[Complaint] = []
    for name in names:
        if name not in plan.of:
            found.append(complaint(
                Text(f"{name} ist nicht in diesem Vergabelauf.", f"{name} is not in this run."),
                Text("Kennung prüfen.", "Check the id."),
            ))  # fmt: skip
        elif name in confirmed:
            found.append(complaint(
                Text(f"{name} ist schon bestätigt.", f"{name} is already confirmed."),
                Text("Den Aufenthalt auf der Belegungstafel ändern.",
                     "Change the stay on the board."),
            ))  # fmt: skip
    if not found:
        found += _against(plan, override, confirmed)
    if found:
        raise Refused(found)


def _against(plan: Plan, override: Override, confirmed: Collection[str]) -> list[Complaint]:
    """Facts and rules against it, each with its reason."""
    name, problem = override.household, plan.problem
    unknown = [u for u in override.units if u not in problem.lodging]
    if unknown:
        return [complaint(
            Text(f"Einheit {u} gibt es in diesem Lauf nicht.", f"There is no unit {u} in this "
                 "run."),
            Text("Kennung prüfen.", "Check the id."),
        ) for u in unknown]  # fmt: skip
    if override.kind == "lock":
        if not override.units:
            return [complaint(Text("Es fehlt, wohin.", "Where to is missing."),
                               Text("Eine Einheit wählen.", "Choose a unit."))]  # fmt: skip
        return _rules_against(plan, name, override.units, confirmed)
    if override.kind == "swap":
        other = override.other or ""
        if not other or other == name or not (_units(plan, name) and _units(plan, other)):
            return [complaint(
                Text("Tauschen können nur zwei Haushalte, die beide einen Vorschlag haben.",
                     "Only two households that both have a proposal can swap."),
                Text("Den anderen Haushalt wählen.", "Choose the other household."),
            )]  # fmt: skip
        return [
            *_rules_against(plan, name, _units(plan, other), confirmed, {other}),
            *_rules_against(plan, other, _units(plan, name), confirmed, {name}),
        ]
    if override.kind in ("forbid", "decline") and not (override.units or _units(plan, name)):
        return [complaint(
            Text(f"{name} hat keinen Vorschlag, den man ablehnen könnte.",
                 f"{name} has no proposal that could be turned down."),
            Text("Eine Einheit nennen.", "Name a unit."),
        )]  # fmt: skip
    return []


def _rules_against(
    plan: Plan, household: str, units: tuple[str, ...], confirmed: Collection[str],
    leaving: Collection[str] = (),
) -> list[Complaint]:  # fmt: skip
    """The rule that forbids the place, or that it is full: by data, not by today's proposal."""
    problem = _locked(plan.problem, household, units, "")
    problem = problem.changed(locks=tuple(x for x in problem.locks if x.household not in leaving))
    wanted = tuple(sorted(units))
    judge = Judge(replace(plan, problem=problem), frozenset(confirmed))
    verdicts = judge.verdicts(problem.party[household])
    for verdict in verdicts:
        if verdict.units == wanted:
            if verdict.answer == "possible":
                return []
            return [_place_complaint(household, wanted, verdict.words)]
    # A lock on one of two adjoining units is kept by taking both.
    if any(v.answer == "possible" and set(wanted) <= set(v.units) for v in verdicts):
        return []
    return [_place_complaint(
        household, wanted, Text("Die Einheiten passen zusammen nicht.",
                                "The units do not go together."),
    )]  # fmt: skip


def _place_complaint(household: str, units: tuple[str, ...], why: Text) -> Complaint:
    there = " + ".join(units)
    return complaint(
        Text(f"{household} nach {there} geht nicht: {why.de}",
             f"{household} to {there} is impossible: {why.en}"),
        Text("Einen anderen Platz wählen, oder die Regel oder die Angaben ändern.",
             "Choose another place, or change the rule or the record."),
    )  # fmt: skip


def complaint(reason: Text, remedy: Text) -> Complaint:
    """Of a decision, not of a file: it has no place."""
    return Complaint("", reason.de, reason.en, remedy.de, remedy.en)
