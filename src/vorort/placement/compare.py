"""Two runs side by side: who goes elsewhere, and why. German: Vergleich zweier Läufe

A reason is found, not guessed: the household's own record differs; a decision by hand does; the
old place is no longer allowed, by new data or by a new rule; something else changed and all
together go elsewhere; or nothing changed and a better plan was found.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

from vorort.placement.altered import CHANGED, changed_parts, record_text
from vorort.placement.homes import Homes, homes_of
from vorort.placement.options import reachable
from vorort.placement.plan import Plan
from vorort.placement.problem import Party, Problem
from vorort.placement.redone import Moved
from vorort.placement.resolve import Value, value_of
from vorort.placement.rules import rules_in_force
from vorort.placement.sentences import joined
from vorort.vocabulary import Text

Cause = Literal["new", "gone", "record", "decision", "input", "rule", "others", "better", "equal"]


@dataclass(frozen=True, slots=True)
class Difference:
    """A household that goes elsewhere, and why."""

    moved: Moved
    cause: Cause
    words: Text  # from where to where, and why
    why: Text
    rule: str = ""  # the one against the old place


@dataclass(frozen=True, slots=True)
class SeatMoved:
    """Somebody for whom another seat is proposed; None = none."""

    household: str
    person: str
    domain: str
    before: str | None
    after: str | None


@dataclass(frozen=True)
class Comparison:
    """Two runs. ``changed``: parts of the input that differ; ``gain``: new value less old, which
    says something only under the same rules and weights.
    """

    differences: tuple[Difference, ...]
    seats: tuple[SeatMoved, ...]
    changed: tuple[str, ...]
    gain: Value
    words: Text

    @property
    def is_same_input(self) -> bool:
        """Nothing of the input differs."""
        return not self.changed


def compared(old: Plan, new: Plan) -> Comparison:
    """What differs between two plans, and why."""
    changed = changed_parts(old.problem, new.problem)
    judge = _Judge(old, new, changed)
    found = []
    for name in sorted({*old.of, *new.of}):
        moved = _moved(old, new, name)
        if moved is not None:
            cause, words, rule = judge.cause(moved)
            is_in_both = cause not in ("new", "gone")
            says = joined([moved.words, words]) if is_in_both else words
            found.append(Difference(moved, cause, says, words, rule))
    gain = value_of(new) - value_of(old)
    words = _summary(found, changed)
    return Comparison(tuple(found), _seats(old, new), changed, gain, words)


def _seats(old: Plan, new: Plan) -> tuple[SeatMoved, ...]:
    """Of needs that are in both runs, and of those in one only where a seat was found."""
    before, after = (
        {(g.party, g.need.person, g.need.domain, g.need.pool): g.unit for g in plan.seats}
        for plan in (old, new)
    )
    return tuple(
        SeatMoved(*key[:3], before.get(key), after.get(key))
        for key in sorted({*before, *after})
        if before.get(key) != after.get(key)
    )


def _moved(old: Plan, new: Plan, name: str) -> Moved | None:
    before, after = old.of.get(name), new.of.get(name)
    was = before.home.units if before and before.home else ()
    now = after.home.units if after and after.home else ()
    start, later = before.start if before else None, after.start if after else None
    is_listed = (before is None) != (after is None)
    if not is_listed and (was, start) == (now, later):
        return None
    return Moved(name, was, now, start, later)


class _Judge:
    """Finds the cause of a move; what is asked of a whole problem is worked out once."""

    def __init__(self, old: Plan, new: Plan, changed: tuple[str, ...]) -> None:
        self.old, self.new, self.changed = old, new, changed

    @cached_property
    def now(self) -> Homes:
        """Homes and rules of the new run."""
        return homes_of(self.new.problem)

    @cached_property
    def before(self) -> Homes:
        """The new data under the old rules."""
        old, new = self.old.problem, self.new.problem
        return homes_of(new.changed(rulebook=old.rulebook, space_m2=old.space_m2))

    def cause(self, moved: Moved) -> tuple[Cause, Text, str]:
        """Why, in words, and the rule where one is against the old place."""
        name, old, new = moved.household, self.old, self.new
        before, after = old.problem.party.get(name), new.problem.party.get(name)
        if name not in old.of or before is None:
            return "new", _listed_now(moved), ""
        if name not in new.of or after is None:
            return "gone", _listed_before(moved, is_known=after is not None), ""
        if before != after:
            listed = record_text(before, after)
            return "record", Text(
                f"Die Angaben zum Haushalt haben sich geändert ({listed.de}).",
                f"The record of the household has changed ({listed.en}).",
            ), ""  # fmt: skip
        if _decisions(old.problem, name) != _decisions(new.problem, name):
            return "decision", Text("Es gibt eine neue Festlegung von Hand.",
                                    "There is a new decision by hand."), ""  # fmt: skip
        against = _against(self.now, after, moved)
        if against is not None:
            return self._no_longer(after, moved, against)
        return *self._otherwise(), ""

    def _no_longer(
        self, party: Party, moved: Moved, against: tuple[str, Text]
    ) -> tuple[Cause, Text, str]:
        """By a new rule where the old rules, on the new data, would still allow it."""
        rule, why = against
        if _against(self.before, party, moved) is None:
            return "rule", Text(f"Eine Regel hat sich geändert: {why.de}",
                                f"A rule has changed: {why.en}"), rule  # fmt: skip
        return "input", Text(f"Der alte Platz ist nicht mehr möglich: {why.de}",
                             f"The old place is no longer possible: {why.en}"), rule  # fmt: skip

    def _otherwise(self) -> tuple[Cause, Text]:
        """Nothing about this household or its place."""
        if self.changed:
            parts = joined((CHANGED[c] for c in self.changed), ", ")
            return "others", Text(
                f"Der alte Platz wäre noch erlaubt; zusammen gesehen ist es nun anders besser "
                f"(geändert: {parts.de}).",
                f"The old place would still be allowed; together another plan is better now "
                f"(changed: {parts.en}).",
            )
        if value_of(self.new) > value_of(self.old):
            return "better", Text(
                "Nichts hat sich geändert; ein besserer Vorschlag wurde gefunden.",
                "Nothing has changed; a better proposal was found.",
            )
        return "equal", Text("Nichts hat sich geändert; der Vorschlag ist nicht besser.",
                             "Nothing has changed; the proposal is not better.")  # fmt: skip


def _listed_now(moved: Moved) -> Text:
    name, there = moved.household, " + ".join(moved.after)
    if not there:
        return Text(f"{name}: neu in diesem Lauf, wartet.", f"{name}: new in this run, waits.")
    return Text(f"{name}: neu in diesem Lauf, bekommt {there}.",
                f"{name}: new in this run, gets {there}.")  # fmt: skip


def _listed_before(moved: Moved, is_known: bool) -> Text:
    """``is_known``: still in the run, but seeks no home in it."""
    name, there = moved.household, " + ".join(moved.before)
    why = (
        Text("sucht in diesem Lauf keine Wohnung mehr", "seeks no home any more in this run")
        if is_known
        else Text("nicht mehr in diesem Lauf", "no longer in this run")
    )
    if not there:
        return Text(f"{name}: {why.de}; hatte gewartet.", f"{name}: {why.en}; had waited.")
    return Text(f"{name}: {why.de}; vorgesehen war {there}.",
                f"{name}: {why.en}; proposed was {there}.")  # fmt: skip


def _decisions(problem: Problem, name: str) -> set[tuple[str, str]]:
    return {(x.unit, x.kind) for x in problem.locks if x.household == name}


def _against(homes: Homes, party: Party, moved: Moved) -> tuple[str, Text] | None:
    """The rule against the old place among these homes; None = it would still be allowed."""
    if not moved.before:
        return None
    reach = reachable(party, homes)
    rows = [r for r in range(len(homes)) if homes.rows[r].units == moved.before]
    rules = rules_in_force(homes)
    broken = {rule.name: rule.breaks(party, homes) for rule in rules}
    first: tuple[str, Text] | None = None
    for row in (r for r in rows if reach[r]):
        against = [rule for rule in rules if broken[rule.name][row]]
        if not against:
            return None
        if first is None:
            first = against[0].name, against[0].because(party, homes, row)
    return first or ("fit", Text("Die Einheit gibt es nicht mehr.", "The unit no longer exists."))


def _summary(found: Iterable[Difference], changed: tuple[str, ...]) -> Text:
    count = len(list(found))
    parts = joined((CHANGED[c] for c in changed), ", ")
    head = Text(f"{count} {'Haushalt ist' if count == 1 else 'Haushalte sind'} anders vorgesehen.",
                f"{count} {'household is' if count == 1 else 'households are'} planned "
                "differently.")  # fmt: skip
    if not changed:
        return joined([head, Text("Die Eingaben sind dieselben.", "The input is the same.")])
    return joined([head, Text(f"Geändert: {parts.de}.", f"Changed: {parts.en}.")])


def as_record(found: Comparison) -> list[dict[str, Any]]:
    """For a table: one row a household."""
    return [
        {
            "household": d.moved.household,
            "before": list(d.moved.before),
            "after": list(d.moved.after),
            "cause": d.cause,
            "text": {"de": d.words.de, "en": d.words.en},
        }
        for d in found.differences
    ]
