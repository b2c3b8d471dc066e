"""Which rules are on, what goals weigh, and a few settings of the office. German: Regelwerk

`rules.yaml`, all parts may be missing::

    rules: {sex: true, space: [{from: 2026-01-01, value: false}, {from: 2027-01-01, value: true}]}
    order: [protection, deadline, siblings, distance, wishes, stability, thrift]
    weights: {distance: 5}
    settings: {horizon_days: 7, adjoining_at_most: 2}
    office: sozialamt

Anything may be dated: a list of ``from`` and ``value``; the newest in force counts.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from vorort.problems import Problem as Complaint
from vorort.problems import Refused, near_miss
from vorort.vocabulary import Text

FILE = "rules.yaml"


@dataclass(frozen=True, slots=True)
class Setting:
    """A number the office sets. The defaults are choices of this project, not facts."""

    name: str
    default: int
    low: int
    high: int
    text: Text


SETTINGS = {
    s.name: s
    for s in (
        Setting("horizon_days", 7, 0, 60,
                Text("Tage, in denen ein Einzug beginnen darf", "days in which a stay may begin")),
        Setting("shortest_stay_days", 28, 1, 3650,
                Text("so lange muss ein Platz mindestens bleiben", "a place must last so long")),
        Setting("adjoining_at_most", 2, 1, 3,
                Text("so viele verbundene Einheiten für eine Partei",
                     "so many adjoining units for one party")),
        Setting("child_under", 14, 0, 18,
                Text("Kinder unter diesem Alter nie ohne Erwachsene in einer Einheit",
                     "children under this age never without an adult in a unit")),
        Setting("home_points", 10, 0, 1000,
                Text("Punkte je untergebrachter Person", "points for each person placed")),
        Setting("seat_points", 6, 0, 1000,
                Text("Punkte je vermitteltem Platz (Kita, Schule, Kurs)",
                     "points for each seat found (Kita, school, course)")),
        Setting("due_within_days", 60, 1, 365,
                Text("Tage vor einer Frist, ab denen ein Bedarf an einem Platz dringend wird",
                     "days before its date from which a need for a seat becomes urgent")),
        Setting("neutral_minutes", 20, 0, 600,
                Text("Minuten, wo die Entfernung unbekannt ist",
                     "minutes where the distance is unknown")),
        Setting("furthest_minutes", 60, 1, 600,
                Text("weiter entfernte Plätze werden nicht vorgeschlagen",
                     "seats further away are not proposed")),
        Setting("screening_unknown_refuses", 0, 0, 1,
                Text("1: ohne Vermerk der Erstuntersuchung keine Gemeinschaftseinheit",
                     "1: no shared unit where no screening is recorded")),
    )
}  # fmt: skip


@dataclass(frozen=True)
class Rulebook:
    """The rules and weights in force on a day; what is not named has its default."""

    off: frozenset[str] = frozenset()
    weights: Mapping[str, int] = field(default_factory=dict)
    settings: Mapping[str, int] = field(default_factory=dict)
    office: str = ""
    # Share of the people of a group to be placed, permille, by name of the group.
    floors: Mapping[str, int] = field(default_factory=dict, metadata={"came_later": True})

    def is_on(self, rule: str) -> bool:
        """Is a rule in force?"""
        return rule not in self.off

    def __getitem__(self, setting: str) -> int:
        return self.settings.get(setting, SETTINGS[setting].default)


def read_rulebook(
    found: Mapping[str, Any],
    day: date,
    rules: Mapping[str, bool],
    goals: Mapping[str, int],
    offices: Iterable[str] = (),
    floors: Iterable[str] = (),
) -> Rulebook:
    """What rules.yaml says on a day. ``rules``: may it be switched off; ``goals``: default weight;
    ``floors``: names of groups.

    Raises `Refused` with every complaint.
    """
    reader = _Reader(day)
    parts = reader.mapping(found, "", ("rules", "order", "weights", "settings", "floors", "office"))
    switches = reader.mapping(parts.get("rules"), "rules.", rules)
    off = {
        name
        for name, value in switches.items()
        if not reader.switch(f"rules.{name}", value, rules[name])
    }
    weights = reader.order(parts.get("order"), goals)
    for name, value in reader.mapping(parts.get("weights"), "weights.", goals).items():
        weights[name] = reader.number(f"weights.{name}", value, 0, 1000)
    settings = {
        name: reader.number(f"settings.{name}", value, SETTINGS[name].low, SETTINGS[name].high)
        for name, value in reader.mapping(parts.get("settings"), "settings.", SETTINGS).items()
    }
    set_floors = {
        name: reader.number(f"floors.{name}", value, 0, 1000)
        for name, value in reader.mapping(parts.get("floors"), "floors.", floors).items()
    }
    office = parts.get("office", "")
    known = tuple(offices)
    if office and known and office not in known:
        reader.unknown("office", str(office), known)
    book = Rulebook(
        frozenset(off), weights, settings, str(office), {k: v for k, v in set_floors.items() if v}
    )
    if book["shortest_stay_days"] < book["horizon_days"]:
        reader.say(
            "settings.shortest_stay_days",
            Text("Kürzer als horizon_days.", "Shorter than horizon_days."),
            Text("Mindestens so lang setzen.", "Set it at least as long."),
        )
    if reader.found:
        raise Refused(reader.found)
    return book


class _Reader:
    """Collects complaints; values that cannot be read become harmless ones."""

    def __init__(self, day: date) -> None:
        self.day = day
        self.found: list[Complaint] = []

    def say(self, where: str, reason: Text, remedy: Text) -> None:
        self.found.append(Complaint(FILE, reason.de, reason.en, remedy.de, remedy.en, column=where))

    def unknown(self, where: str, word: str, known: Iterable[str]) -> None:
        listed = sorted(known)
        near = near_miss(word[:60], listed)
        self.say(
            where,
            Text(f"{word[:60]!r} gibt es nicht.", f"There is no {word[:60]!r}."),
            Text(
                f"Gemeint: {near}?" if near else f"Möglich: {', '.join(listed)}.",
                f"Did you mean {near}?" if near else f"Possible: {', '.join(listed)}.",
            ),
        )

    def mapping(self, found: Any, where: str, known: Iterable[str]) -> dict[str, Any]:
        if found is None:
            return {}
        if not isinstance(found, Mapping):
            self.say(
                where.rstrip("."),
                Text("Erwartet werden Zeilen `name: wert`.", "Expected are lines `name: value`."),
                Text("Schreibweise prüfen.", "Check how it is written."),
            )
            return {}
        known = tuple(known)
        for name in found:
            if name not in known:
                self.unknown(f"{where}{name}", str(name), known)
        return {name: found[name] for name in known if name in found}

    def dated(self, where: str, value: Any, default: Any) -> Any:
        """The newest entry in force of a dated list; any other value as it is."""
        if not isinstance(value, list):
            return value
        entries = []
        for entry in value:
            good = isinstance(entry, Mapping) and set(entry) == {"from", "value"}
            if not good or type(entry["from"]) is not date:
                self.say(
                    where,
                    Text("Ein datierter Eintrag braucht from (Tag) und value.",
                         "A dated entry needs from (a day) and value."),
                    Text("Beispiel: {from: 2027-01-01, value: true}.",
                         "Example: {from: 2027-01-01, value: true}."),
                )  # fmt: skip
                return default
            entries.append((entry["from"], entry["value"]))
        in_force = [v for day, v in sorted(entries, key=lambda e: e[0]) if day <= self.day]
        return in_force[-1] if in_force else default

    def switch(self, where: str, value: Any, is_optional: bool) -> bool:
        value = self.dated(where, value, True)
        if not isinstance(value, bool):
            self.say(
                where,
                Text(f"{value!r} ist weder true noch false.", f"{value!r} is not true or false."),
                Text("true oder false schreiben.", "Write true or false."),
            )
            return True
        if not value and not is_optional:
            self.say(
                where,
                Text("Diese Regel lässt sich nicht abschalten.", "This rule cannot be off."),
                Text("Zeile löschen. Menschen können im Einzelfall abweichen.",
                     "Delete the line. People can decide otherwise in a single case."),
            )  # fmt: skip
            return True
        return value

    def number(self, where: str, value: Any, low: int, high: int) -> int:
        value = self.dated(where, value, low)
        if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
            self.say(
                where,
                Text(f"{str(value)[:40]!r} ist keine ganze Zahl von {low} bis {high}.",
                     f"{str(value)[:40]!r} is no whole number from {low} to {high}."),
                Text("Zahl prüfen.", "Check the number."),
            )  # fmt: skip
            return low
        return value

    def order(self, found: Any, goals: Mapping[str, int]) -> dict[str, int]:
        """Weights by place in a stated order: those of the default order, in the new one."""
        names = self.dated("order", found, None) if _is_dated(found) else found
        if names is None:
            return {}
        if not isinstance(names, Sequence) or isinstance(names, str):
            self.mapping(names, "order.", goals)
            return {}
        for name in names:
            if name not in goals:
                self.unknown("order", str(name), goals)
        if len(set(map(str, names))) != len(names):
            self.say(
                "order",
                Text("Ein Ziel steht zweimal da.", "A goal occurs twice."),
                Text("Einmal löschen.", "Delete it once."),
            )
        steps = sorted(goals.values(), reverse=True)
        rest = [g for g in goals if g not in names]
        return dict(zip([*(n for n in names if n in goals), *rest], steps, strict=False))


def _is_dated(found: Any) -> bool:
    return isinstance(found, list) and any(isinstance(entry, Mapping) for entry in found)
