"""Two runs side by side: who goes elsewhere, and why. German: Vergleich zweier Läufe

A reason is found, not guessed: the household's own record differs; a decision by hand does; the
old place is no longer allowed, by new data or by a new rule; something else changed and all
together go elsewhere; or nothing changed and a better plan was found.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields
from typing import Any, Literal

from vorort.placement.homes import homes_of
from vorort.placement.options import reachable
from vorort.placement.override import Moved
from vorort.placement.plan import Plan
from vorort.placement.problem import Party, Problem
from vorort.placement.resolve import Value, value_of
from vorort.placement.rules import rules_in_force
from vorort.placement.sentences import joined
from vorort.vocabulary import Text

Cause = Literal["new", "gone", "record", "decision", "input", "rule", "others", "better", "equal"]

CHANGED = {
    "day": Text("Tag", "day"),
    "parties": Text("Haushalte", "households"),
    "lodgings": Text("Einheiten und Belegung", "units and who is there"),
    "seats": Text("freie Plätze anderer Stellen", "seats of other offices"),
    "seat_limits": Text("Bedarf der übrigen Bevölkerung", "demand of other residents"),
    "reach": Text("Wege", "ways"),
    "exclusions": Text("Ausschlüsse", "exclusions"),
    "locks": Text("Festlegungen von Hand", "decisions by hand"),
    "held_back": Text("Vorhaltung", "what is held back"),
    "left_out": Text("nicht im Lauf", "not in the run"),
    "rulebook": Text("Regeln, Ziele, Gewichte", "rules, goals, weights"),
    "space_m2": Text("Flächennorm", "norm of floor area"),
    "office": Text("entscheidende Stelle", "office that decides"),
    "seed": Text("Startwert", "seed"),
    "notes": Text("Hinweise", "notes"),
}


@dataclass(frozen=True, slots=True)
class Difference:
    """A household that goes elsewhere, and why."""

    moved: Moved
    cause: Cause
    words: Text


@dataclass(frozen=True)
class Comparison:
    """Two runs. ``changed``: parts of the input that differ; ``gain``: new value less old."""

    differences: tuple[Difference, ...]
    changed: tuple[str, ...]
    gain: Value
    words: Text

    @property
    def is_same_input(self) -> bool:
        """Nothing of the input differs."""
        return not self.changed


def compared(old: Plan, new: Plan) -> Comparison:
    """What differs between two plans, and why."""
    changed = tuple(
        f.name for f in fields(Problem)
        if getattr(old.problem, f.name) != getattr(new.problem, f.name)
    )  # fmt: skip
    found = []
    for name in sorted({*old.of, *new.of}):
        moved = _moved(old, new, name)
        if moved is not None:
            cause, words = _cause(old, new, moved, changed)
            found.append(Difference(moved, cause, joined([moved.words, words])))
    gain = value_of(new) - value_of(old)
    return Comparison(tuple(found), changed, gain, _summary(found, changed, gain))


def _moved(old: Plan, new: Plan, name: str) -> Moved | None:
    before, after = old.of.get(name), new.of.get(name)
    was = before.home.units if before and before.home else ()
    now = after.home.units if after and after.home else ()
    start, later = before.start if before else None, after.start if after else None
    is_listed = (before is None) != (after is None)
    if not is_listed and (was, start) == (now, later):
        return None
    return Moved(name, was, now, start, later)


def _cause(old: Plan, new: Plan, moved: Moved, changed: tuple[str, ...]) -> tuple[Cause, Text]:
    name = moved.household
    before, after = old.problem.party.get(name), new.problem.party.get(name)
    if name not in old.of or before is None:
        return "new", Text("Neu in diesem Lauf.", "New in this run.")
    if name not in new.of or after is None:
        return "gone", Text("Nicht mehr in diesem Lauf.", "No longer in this run.")
    if before != after:
        listed = ", ".join(_fields(before, after))
        return "record", Text(f"Die Angaben zum Haushalt haben sich geändert ({listed}).",
                              f"The record of the household has changed ({listed}).")  # fmt: skip
    if _decisions(old.problem, name) != _decisions(new.problem, name):
        return "decision", Text("Es gibt eine neue Festlegung von Hand.",
                                "There is a new decision by hand.")  # fmt: skip
    against = _against(new.problem, after, moved)
    if against is not None:
        return _no_longer(old, new, after, moved, against)
    if changed:
        parts = joined((CHANGED[c] for c in changed), ", ")
        return "others", Text(
            f"Der alte Platz wäre noch erlaubt; zusammen gesehen ist es nun anders besser "
            f"(geändert: {parts.de}).",
            f"The old place would still be allowed; together another plan is better now "
            f"(changed: {parts.en}).",
        )
    if value_of(new) > value_of(old):
        return "better", Text("Nichts hat sich geändert; ein besserer Vorschlag wurde gefunden.",
                              "Nothing has changed; a better proposal was found.")  # fmt: skip
    return "equal", Text("Nichts hat sich geändert; der Vorschlag ist nicht besser.",
                         "Nothing has changed; the proposal is not better.")  # fmt: skip


def _fields(before: Party, after: Party) -> list[str]:
    return [f.name for f in fields(Party) if getattr(before, f.name) != getattr(after, f.name)]


def _decisions(problem: Problem, name: str) -> set[tuple[str, str]]:
    return {(x.unit, x.kind) for x in problem.locks if x.household == name}


def _against(problem: Problem, party: Party, moved: Moved) -> tuple[str, Text] | None:
    """The rule against the old place under the new problem; None = it would still be allowed."""
    if not moved.before:
        return None
    homes = homes_of(problem)
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


def _no_longer(
    old: Plan, new: Plan, party: Party, moved: Moved, against: tuple[str, Text]
) -> tuple[Cause, Text]:
    """By a new rule where the old rules, on the new data, would still allow it."""
    _, why = against
    before = new.problem.changed(rulebook=old.problem.rulebook, space_m2=old.problem.space_m2)
    if _against(before, party, moved) is None:
        return "rule", Text(f"Eine Regel hat sich geändert: {why.de}",
                            f"A rule has changed: {why.en}")  # fmt: skip
    return "input", Text(f"Der alte Platz ist nicht mehr möglich: {why.de}",
                         f"The old place is no longer possible: {why.en}")  # fmt: skip


def _summary(found: Iterable[Difference], changed: tuple[str, ...], gain: Value) -> Text:
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
