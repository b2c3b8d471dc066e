"""What it would cost to place at least a share of a group. German: Preis einer Untergrenze

A question of the fairness sheet. A floor that holds is a rule (`rules/floor.py`).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

import numpy as np

from vorort.placement.basis import EXACT_COLUMNS
from vorort.placement.floor_cost import Between, floor_between, silently
from vorort.placement.groups import GROUPS, SHEETS, SORTS, label_of
from vorort.placement.homes import homes_of
from vorort.placement.options import options_of
from vorort.placement.plan import Plan
from vorort.placement.problem import Party
from vorort.placement.resolve import NOTHING, Pin, Value, place_columns, resolved, value_of
from vorort.placement.sentences import points_text, value_text
from vorort.placement.solve import written_out
from vorort.vocabulary import Text

QUICK_OPTIONS = 3000  # with so many places for parties an answer takes well below a second


@dataclass(frozen=True)
class Floor:
    """At least a share of a group is placed, and what that costs everybody together.

    ``plan`` None: no plan reaches it (``is_exact``), or none was found. ``cost``: value lost with
    the plan found, exact where both plans are proved. In a large run that is the most it can cost;
    ``at_least``: what it costs with any plan.
    """

    sheet: str
    name: str
    permille: int
    plan: Plan | None
    cost: Value | None
    is_exact: bool
    words: Text
    at_least: Value | None = None


@dataclass(frozen=True)
class _Answer:
    """The words are those of `Floor`; ``says`` without the group."""

    plan: Plan | None
    is_exact: bool
    says: Text
    cost: Value | None = None
    at_least: Value | None = None


def is_quick(plan: Plan) -> bool:
    """Is a run small enough to be asked while somebody waits for a page?"""
    return len(options_of(homes_of(plan.problem))) <= QUICK_OPTIONS


def floored(
    plan: Plan,
    sheet: str,
    name: str,
    permille: int,
    among: Collection[str] | None = None,
    progress: Callable[[int, int], None] = silently,
) -> Floor:
    """Solved again with at least this share of the people of a group placed.

    ``name``: a group, or several with commas between, as `pooled` calls them. ``progress``: so many
    steps of work are done; what it raises ends the work.
    """
    wanted = set(name.split(","))
    parties = [
        p for p in plan.problem.parties
        if p.asks_home and wanted & set(SORTS[sheet](p)) and (among is None or p.id in among)
    ]  # fmt: skip
    least = -(-sum(p.size for p in parties) * permille // 1000)
    found = _answered(plan, parties, least, progress)
    part, group = SHEETS[sheet], label_of(n for n in GROUPS if n in wanted)
    share = f"{permille / 10:g} %"
    words = Text(
        f"{_capital(part.de)}: {group.de}, mindestens {share.replace('.', ',')} untergebracht: "
        f"{found.says.de}.",
        f"{_capital(part.en)}: {group.en}, at least {share} placed: {found.says.en}.",
    )
    return Floor(
        sheet, name, permille, found.plan, found.cost, found.is_exact, words, found.at_least
    )


def _answered(
    plan: Plan, parties: Sequence[Party], least: int, progress: Callable[[int, int], None]
) -> _Answer:
    """With at least so many people of these parties placed."""
    there = {a.party for a in plan.assigned if a.home is not None}
    if sum(p.size for p in parties if p.id in there) >= least:
        return _Answer(plan, plan.is_proved, COSTS_NOTHING, NOTHING, NOTHING)
    options = options_of(homes_of(plan.problem))
    could = {plan.problem.parties[n].id for n in set(options.party.tolist())}
    if sum(p.size for p in parties if p.id in could) < least:
        return _Answer(None, True, NOT_REACHED)
    model = written_out(plan.problem) if len(options) <= EXACT_COLUMNS else None
    if model is None or len(model.program.points) > EXACT_COLUMNS:
        return _in_a_large_run(plan, parties, least, progress)
    columns = [(c, p.size) for p in parties for c in place_columns(model, p.id).tolist()]
    new = resolved(model, [Pin.of(columns, least)])
    if new is None:
        return _Answer(None, True, NOT_REACHED)
    cost = value_of(plan) - value_of(new)
    return _Answer(new, plan.is_proved, _costs(cost, plan.is_proved), cost, cost)


def _in_a_large_run(
    plan: Plan, parties: Sequence[Party], least: int, progress: Callable[[int, int], None]
) -> _Answer:
    names = {p.id for p in parties}
    members = np.array([p.id in names for p in plan.problem.parties], np.bool_)
    found = floor_between(plan, members, least, progress)
    if found.plan is None:
        is_sure = found.most < least
        return _Answer(None, is_sure, _not_kept(found, sum(p.size for p in parties), is_sure))
    cost, low = value_of(plan) - value_of(found.plan), found.at_least
    if low == cost:
        return _Answer(found.plan, plan.is_proved, _costs(cost, plan.is_proved), cost, low)
    return _Answer(found.plan, False, _between(low, cost), cost, low)


def _capital(word: str) -> str:
    return word[0].upper() + word[1:]


def _costs(cost: Value, is_exact: bool) -> Text:
    if cost == NOTHING:
        return COSTS_NOTHING
    about = Text("", "") if is_exact else Text("etwa ", "about ")
    says = value_text(cost)
    return Text(f"kostet alle zusammen {about.de}{says.de}",
                f"costs all together {about.en}{says.en}")  # fmt: skip


def _not_kept(found: Between, people: int, is_sure: bool) -> Text:
    """No plan was found that keeps it: how far one came, and whether that is all."""
    if is_sure:
        return Text(
            f"{NOT_REACHED.de} (höchstens {found.most} von {people} Personen, bewiesen)",
            f"{NOT_REACHED.en} ({found.most} of {people} people at most, proved)",
        )
    return Text(
        f"mit der vorgesehenen Rechenarbeit nicht erreicht: {found.reached} von {people} Personen; "
        f"ob mehr ginge, bis zu {found.most}, ist nicht bewiesen",
        f"not reached with the work allowed: {found.reached} of {people} people; whether more "
        f"would do, up to {found.most}, is not proved",
    )


def _between(low: Value, high: Value) -> Text:
    """What any plan loses, and what the one found does: where persons are the same, once."""
    if (low.first, low.placed) != (high.first, high.placed):
        least = Text("nichts", "nothing") if low == NOTHING else value_text(low)
        most = value_text(high)
        return Text(f"kostet alle zusammen mindestens {least.de}; gefunden: {most.de}",
                    f"costs all together at least {least.en}; found: {most.en}")  # fmt: skip
    points = _span(low.points, high.points)
    if not (high.first or any(high.placed)):
        return Text(f"kostet alle zusammen {points.de}", f"costs all together {points.en}")
    lost = value_text(Value(high.placed, 0, first=high.first))
    return Text(f"kostet alle zusammen {lost.de}, dazu {points.de}",
                f"costs all together {lost.en}, and {points.en}")  # fmt: skip


def _span(low: int, high: int) -> Text:
    """From the fewest points lost to the most; nearest to nothing first."""
    if low < 0 < high:
        more, less = points_text(-low), points_text(high)
        return Text(f"zwischen {more.de} mehr und {less.de} weniger",
                    f"between {more.en} more and {less.en} fewer")  # fmt: skip
    near, far = sorted((abs(low), abs(high)))
    word = Text("weniger", "fewer") if high > 0 else Text("mehr", "more")
    one, other = points_text(near), points_text(far)
    return Text(f"{one.de.split()[0]} bis {other.de} {word.de}",
                f"{one.en.split()[0]} to {other.en} {word.en}")  # fmt: skip


NOT_REACHED = Text("ist nicht erreichbar", "cannot be reached")
COSTS_NOTHING = Text("kostet nichts", "costs nothing")
