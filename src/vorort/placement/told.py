"""A plan as the JSON of DESIGN 14. Same problem, seed and version: same bytes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import vorort
from vorort.placement.check import rules_broken
from vorort.placement.homes import homes_of
from vorort.placement.kept import floors_of, locks_unmet
from vorort.placement.misses import misses
from vorort.placement.plan import Assigned, Plan
from vorort.placement.problem import Party
from vorort.placement.tonight import Tonight, tonight
from vorort.placement.why import Explained
from vorort.vocabulary import Text

HOME = "accommodation"
UNEXPLAINED = Text(
    "Der Plan verstößt gegen eine Regel (siehe rules_broken) und wird nicht begründet.",
    "The plan breaks a rule (see rules_broken) and is not explained.",
)


def told(plan: Plan) -> dict[str, Any]:
    """Everything a run says."""
    problem = plan.problem
    homes = homes_of(problem)
    answers = {p.id: tonight(problem, p, homes) for p in problem.parties if p.asks_home}
    broken = rules_broken(plan, homes)
    # A plan that breaks a rule is never ours; there is nothing to weigh it against.
    explained = None if broken else Explained(plan)
    return {
        "version": vorort.__version__,
        "day": problem.day.isoformat(),
        "seed": problem.seed,
        "assignments": [*_homes(plan), *_seats(plan)],
        "placed": plan.placed,
        "asked": plan.asked,
        "placed_bound": dict(plan.placed_bound),
        "objective": plan.objective / 1000,
        "bound": plan.bound / 1000,
        "gap": round(plan.gap, 9),
        "is_proved": plan.is_proved,
        "is_cancelled": plan.is_cancelled,
        "without_constant": {
            "objective": (plan.objective - plan.constant) / 1000,
            "bound": (plan.bound - plan.constant) / 1000,
            "gap": round(plan.gap_without_constant, 9),
        },
        "rules_broken": [
            {
                "rule": b.rule,
                "households": list(b.households),
                "units": list(b.units),
                "text": _text(b.text),
            }
            for b in broken
        ],
        "why": {
            name: _why(plan.of[name], answer)
            | {"sentences": _text(explained.sentences(name) if explained else UNEXPLAINED)}
            for name, answer in answers.items()
        },
        "runners_up": {
            name: _runners_up(explained, found) if explained else []
            for name, found in answers.items()
        },
        "locks_unmet": [
            {"household": one.party.id, "units": list(one.units), "text": _text(one.words)}
            for one in locks_unmet(plan, homes)
        ],
        "floors": [
            {
                "group": f.key,
                "permille": f.permille,
                "wanted": f.wanted,
                "reached": f.reached,
                "at_most": f.at_most,
                "text": _text(f.words),
            }
            for f in floors_of(plan)
        ],
        "left_out": [
            {"household": x.party, "rule": x.rule, "reason": _text(x.reason)}
            for x in problem.left_out
        ],
        "notes": [_text(note) for note in (*problem.notes, *_counted(plan))],
        "seats_asked": len(plan.seats),
        "seats_found": sum(g.unit is not None for g in plan.seats),
    }


def _homes(plan: Plan) -> Iterator[dict[str, Any]]:
    for one in plan.assigned:
        party = plan.problem.party[one.party]
        beds = plan.beds.get(one.party, {})
        for person in _persons(party):
            yield {
                "person": person,
                "household": party.id,
                "need": HOME,
                "unit": _unit(one, beds, person),
                "status": _status(plan, one),
                "from": one.start.isoformat() if one.start else None,
                "until": one.home.until.isoformat() if one.home and one.home.until else None,
            }


def _persons(party: Party) -> list[str | None]:
    """Every member, and a null for each one only stated."""
    known: list[str | None] = [m.id for m in party.members]
    return known + [None] * (party.size - len(known))


def _unit(one: Assigned, beds: Mapping[str, str], person: str | None) -> str | None:
    if one.home is None:
        return None
    return beds[person] if person is not None else one.home.units[-1]


def _status(plan: Plan, one: Assigned) -> str:
    if one.home is None:
        return "waiting"
    owners = {plan.problem.lodging[u].owner for u in one.home.units}
    return "proposed" if owners <= {plan.problem.office} else "requested"


def _seats(plan: Plan) -> Iterator[dict[str, Any]]:
    stale = {s.unit for s in plan.problem.seats if s.is_stale}
    for seat in plan.seats:
        yield {
            "person": seat.need.person,
            "household": seat.party,
            "need": f"{seat.need.domain}/{seat.need.pool}",
            "unit": seat.unit,
            "status": "requested" if seat.unit else "waiting",
            "is_stale": seat.unit in stale,
        }


def _counted(plan: Plan) -> Iterator[Text]:
    """What the plan rests on that is not known, or no longer."""
    problem, seats = plan.problem, {s.unit: s for s in plan.problem.seats}
    given = [seat for seat in plan.seats if seat.unit is not None]
    lives = {p.id: p.district for p in problem.parties} | {
        a.party: problem.lodging[a.home.units[0]].district for a in plan.assigned if a.home
    }
    unknown = sum(
        problem.minutes(lives[g.party], seats[g.unit or ""].district) is None for g in given
    )
    if unknown:
        yield Text(
            f"{unknown} {_seats_de(unknown)} in unbekannter Entfernung.",
            f"{unknown} proposed {_seats_en(unknown)} at an unknown distance.",
        )
    stale = sum(seats[g.unit or ""].is_stale for g in given)
    if stale:
        yield Text(
            f"{stale} {_seats_de(stale)} nach einer Meldung, die älter ist als ihr Takt.",
            f"{stale} proposed {_seats_en(stale)} by a report older than its cycle.",
        )


def _seats_de(count: int) -> str:
    return "vorgeschlagener Platz" if count == 1 else "vorgeschlagene Plätze"


def _seats_en(count: int) -> str:
    return "seat" if count == 1 else "seats"


def _why(one: Assigned, answer: Tonight) -> dict[str, Any]:
    if one.home is None:
        return _why_not(answer)
    for fit in answer.fits:
        if fit.home.units == one.home.units:
            parts = {name: points / 1000 for name, points in fit.parts.items() if points}
            return {"text": _text(fit.words), "points": parts, "refused": answer.refused_by_rule}
    # `rules_broken` says which rule: such a plan is never ours.
    return {"text": _text(Text("Gegen eine Regel.", "Against a rule.")), "points": {},
            "refused": answer.refused_by_rule}  # fmt: skip


def _why_not(answer: Tonight) -> dict[str, Any]:
    """Of a household without a home: full, or which rule stands against it and by how much."""
    found: dict[str, Any] = {"refused": answer.refused_by_rule, "misses": []}
    if answer.fits:
        count = len(answer.fits)
        text = Text(
            f"{count} passende Plätze, alle an andere vergeben.",
            f"{count} places would fit, all given to others.",
        )
        return {"text": _text(text), **found}
    near = misses(answer.party, answer.homes)
    found["misses"] = [
        {
            "rule": m.rule,
            "homes": m.homes,
            "units": list(m.units),
            "lacks": m.lacks,
            "text": _text(m.words),
        }
        for m in near
    ]
    if not near:
        text = Text("Gegen jeden Platz spricht mehr als eine Regel.",
                    "More than one rule stands against every place.")  # fmt: skip
    else:
        where = " + ".join(near[0].units)
        text = Text(
            f"Kein Platz passt. Am nächsten kommt {where}: {near[0].words.de}",
            f"No place fits. Nearest is {where}: {near[0].words.en}",
        )
    return {"text": _text(text), **found}


def _runners_up(explained: Explained, answer: Tonight) -> list[dict[str, Any]]:
    """The three places that lose least, re-solved; in a large run about, by the household alone."""
    if explained.is_small:
        return [
            {
                "units": list(one.home.units),
                "text": _text(one.words),
                "loses": one.loss.order.points / 1000,
                "fewer_placed": one.loss.order.by_class,
                "is_exact": one.loss.is_exact,
                "moves": [m.household for m in one.moved],
            }
            for one in explained.why(answer.party.id).runners_up
        ]
    one = explained.plan.of[answer.party.id]
    mine = one.home.units if one.home else ()
    return [
        {
            "units": list(fit.home.units),
            "text": _text(fit.words),
            "loses": (one.points - fit.points) / 1000 if one.home else None,
            "fewer_placed": None,
            "is_exact": False,
            "moves": [],
        }
        for fit in [f for f in answer.fits if f.home.units != mine][:3]
    ]


def _text(text: Text) -> dict[str, str]:
    return {"de": text.de, "en": text.en}
