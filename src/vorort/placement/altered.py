"""What differs between the inputs of two runs, line by line, in words a clerk reads.

German: geänderte Eingaben
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from typing import Any, TypeVar

from vorort.placement.goals import all_goals
from vorort.placement.groups import floor_text
from vorort.placement.homes import places_left
from vorort.placement.problem import Lodging, Party, Problem
from vorort.placement.rulebook import SETTINGS
from vorort.placement.rules import all_rules
from vorort.placement.sentences import DOMAINS, day_text, persons_text, points_text
from vorort.vocabulary import Exclusion, Lock, Text

Row = TypeVar("Row")

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
    "seed": Text("Startzahl", "seed"),
    "notes": Text("Hinweise", "notes"),
}
_OFFERS = Text("was ein Platz bieten muss", "what a place must offer")
ABOUT = {  # parts of a household's record; why it needs something is not told
    "members": Text("Mitglieder", "members"),
    "size": Text("Größe", "size"),
    "needs_access": _OFFERS,
    "is_protected": _OFFERS,
    "screened": Text("Erstuntersuchung", "first examination"),
    "must": _OFFERS,
    "should": _OFFERS,
    "interpreter": _OFFERS,
    "asks_home": Text("ob eine Wohnung gesucht wird", "whether a home is sought"),
    "ready": Text("erster möglicher Tag", "first possible day"),
    "urgency": Text("Dringlichkeit", "urgency"),
    "due": Text("Frist", "deadline"),
    "since": Text("wartet seit", "waits since"),
    "now": Text("heutiger Platz", "place today"),
    "district": Text("heutiger Stadtteil", "district today"),
    "seats": Text("gesuchte Plätze (Kita, Schule, Kurs)", "seats sought (Kita, school, course)"),
    "held": Text("vorhandene Plätze (Kita, Schule, Kurs)", "seats they have"),
    "wishes": Text("Wünsche", "wishes"),
    "is_size_stated": Text("Größe", "size"),
}
NEW, GONE = Text("neu", "new"), Text("nicht mehr dabei", "no longer there")


@dataclass(frozen=True, slots=True)
class Altered:
    """One thing that differs. ``households``, ``units``: whom and what the sentence names."""

    part: str
    words: Text
    households: tuple[str, ...] = ()
    units: tuple[str, ...] = ()


def changed_parts(old: Problem, new: Problem) -> tuple[str, ...]:
    """The parts that differ at all."""
    return tuple(
        f.name for f in fields(Problem) if getattr(old, f.name) != getattr(new, f.name)
    )  # fmt: skip


def altered(old: Problem, new: Problem) -> tuple[Altered, ...]:
    """Everything that differs, in the order of `CHANGED`; nothing where the inputs are equal."""
    found: list[Altered] = []
    parts = changed_parts(old, new)
    for part in CHANGED:
        if part in parts:
            found += list(SAYS[part](old, new))
    return tuple(found)


def record_text(before: Party, after: Party) -> Text:
    """Which parts of a household's record differ."""
    names = [f.name for f in fields(Party) if getattr(before, f.name) != getattr(after, f.name)]
    found = list(dict.fromkeys(ABOUT[n] for n in names if n in ABOUT))
    return Text(", ".join(t.de for t in found), ", ".join(t.en for t in found))


def _arrow(label: Text, before: Text, after: Text) -> Text:
    return Text(f"{label.de}: {before.de} → {after.de}", f"{label.en}: {before.en} → {after.en}")


def _same(value: Any) -> Text:
    return Text(str(value), str(value))


def _on(value: bool) -> Text:
    return Text("gilt", "on") if value else Text("aus", "off")


def _floor(permille: int) -> Text:
    return Text(f"{permille / 10:g} %".replace(".", ","), f"{permille / 10:g} %")


def _quoted(text: Text) -> Text:
    return Text(f"„{text.de}“", f"“{text.en}”")


def _rulebook(old: Problem, new: Problem) -> Iterator[Altered]:
    one, other = old.rulebook, new.rulebook
    for rule in all_rules():
        if one.is_on(rule.name) != other.is_on(rule.name):
            says = _arrow(
                _quoted(rule.text), _on(one.is_on(rule.name)), _on(other.is_on(rule.name))
            )
            yield Altered("rulebook", Text(f"Regel {says.de}", f"Rule {says.en}"))
    for goal in all_goals():
        was, now = (b.weights.get(goal.name, goal.weight) for b in (one, other))
        if was != now:
            says = _arrow(_quoted(goal.text), _same(was), _same(now))
            yield Altered("rulebook", Text(f"Gewicht {says.de}", f"Weight {says.en}"))
    for key in sorted({*one.floors, *other.floors}):
        group = floor_text(key)
        says = _arrow(_quoted(group), *(_floor(b.floors.get(key, 0)) for b in (one, other)))
        if one.floors.get(key, 0) != other.floors.get(key, 0):
            yield Altered("rulebook", Text(f"Untergrenze {says.de}", f"Floor {says.en}"))
    for setting in SETTINGS.values():
        was, now = one[setting.name], other[setting.name]
        if was != now:
            says = _arrow(_quoted(setting.text), _same(was), _same(now))
            yield Altered("rulebook", Text(f"Einstellung {says.de}", f"Setting {says.en}"))


def _parties(old: Problem, new: Problem) -> Iterator[Altered]:
    for before, after in _pairs(old.parties, new.parties, lambda p: p.id):
        one = after or before
        if one is None:
            continue
        if before and after:
            says = record_text(before, after)
        else:
            people = persons_text(one.size)
            state = NEW if after else GONE
            says = Text(f"{state.de} ({people.de})", f"{state.en} ({people.en})")
        yield Altered("parties", Text(f"{one.id}: {says.de}", f"{one.id}: {says.en}"), (one.id,))


def _lodgings(old: Problem, new: Problem) -> Iterator[Altered]:
    for before, after in _pairs(old.lodgings, new.lodgings, lambda x: x.id):
        one = after or before
        if one is None:
            continue
        says = (
            _lodging(old, new, before, after) if before and after else [NEW if after else GONE]
        )  # fmt: skip
        if says:
            words = Text("; ".join(t.de for t in says), "; ".join(t.en for t in says))
            yield Altered(
                "lodgings", Text(f"{one.id}: {words.de}", f"{one.id}: {words.en}"), (), (one.id,)
            )


def _lodging(old: Problem, new: Problem, before: Lodging, after: Lodging) -> list[Text]:
    """What can be seen of it: its equipment, places free, later changes, whose sex decides."""
    found = []
    if (before.unit, before.site_kind, before.owner, before.district) != (
        after.unit, after.site_kind, after.owner, after.district
    ):  # fmt: skip
        found.append(Text("Ausstattung oder Angaben geändert", "equipment or record changed"))
    was = _free(before, old)
    now = _free(after, new)
    if was != now:
        found.append(_arrow(Text("frei", "free"), _same(was), _same(now)))
    elif _later(before, new) != _later(after, new):
        found.append(Text("spätere Belegung oder Sperrung geändert",
                          "later occupancy or closing changed"))  # fmt: skip
    if after.unit.kind == "shared" and _sexes(before, new) != _sexes(after, new):
        found.append(_arrow(Text("dort wohnen", "living there"), _who(before, new),
                            _who(after, new)))  # fmt: skip
    return found


def _free(lodging: Lodging, problem: Problem) -> int:
    """Places left on the day of a problem."""
    return places_left(lodging, problem.day, problem.day.fromordinal(problem.day.toordinal() + 1))


def _later(lodging: Lodging, problem: Problem) -> list[tuple[Any, int, int]]:
    return [(s.day, s.open, s.used) for s in lodging.steps if s.day > problem.day]


def _sexes(lodging: Lodging, problem: Problem) -> set[str | None]:
    return {t.sex for t in lodging.there if t.until is None or t.until > problem.day}


def _who(lodging: Lodging, problem: Problem) -> Text:
    sexes = _sexes(lodging, problem)
    if not sexes:
        return Text("niemand", "nobody")
    if sexes == {"f"}:
        return Text("Frauen", "women")
    return Text("Männer", "men") if sexes == {"m"} else Text("gemischt", "mixed")


def _seats(old: Problem, new: Problem) -> Iterator[Altered]:
    for before, after in _pairs(old.seats, new.seats, lambda s: s.unit):
        one = after or before
        if one is None:
            continue
        kind = DOMAINS.get(one.domain, Text(one.domain, one.domain))
        label = Text(f"{kind.de} {one.unit}", f"{kind.en} {one.unit}")
        if before and after and before.left == after.left:
            words = Text(f"{label.de}: Meldung geändert", f"{label.en}: report changed")
        else:
            words = _arrow(label, _left(before), _left(after))
        yield Altered("seats", words, (), (one.unit,))


def _left(seats: Any) -> Text:
    return Text("nicht gemeldet", "not reported") if seats is None else _same(seats.left)


def _exclusions(old: Problem, new: Problem) -> Iterator[Altered]:
    def words(one: Exclusion) -> Text:
        away = one.other or " ".join(x for x in (one.facility, one.building) if x)
        if one.other:
            return Text(f"{one.household} und {away} nicht in einem Haus",
                        f"{one.household} and {away} not in one house")  # fmt: skip
        return Text(f"{one.household} nicht in {away}", f"{one.household} not in {away}")

    for one, state in _listed(old.exclusions, new.exclusions):
        says = words(one)
        whom = tuple(h for h in (one.household, one.other) if h)
        yield Altered("exclusions", _stated(says, state), whom)


def _locks(old: Problem, new: Problem) -> Iterator[Altered]:
    def words(one: Lock) -> Text:
        if one.kind == "lock":
            return Text(f"{one.household} festgehalten in {one.unit}",
                        f"{one.household} locked in {one.unit}")  # fmt: skip
        return Text(f"{one.household} nicht in {one.unit}", f"{one.household} not in {one.unit}")

    for one, state in _listed(old.locks, new.locks):
        yield Altered("locks", _stated(words(one), state), (one.household,), (one.unit,))


def _held_back(old: Problem, new: Problem) -> Iterator[Altered]:
    nothing = Text("nicht vorgehalten", "not held back")
    for before, after in _pairs(old.held_back, new.held_back, lambda h: h.unit):
        unit = (after or before).unit  # type: ignore[union-attr]
        price = [points_text(h.points) if h else nothing for h in (before, after)]
        yield Altered("held_back", _arrow(_same(unit), *price), (), (unit,))


def _left_out(old: Problem, new: Problem) -> Iterator[Altered]:
    for before, after in _pairs(old.left_out, new.left_out, lambda x: x.party):
        one = after or before
        if one is not None:
            says = one.reason if after else Text("wieder dabei", "takes part again")
            yield Altered("left_out", Text(f"{one.party}: {says.de}", f"{one.party}: {says.en}"),
                          (one.party,))  # fmt: skip


def _reach(old: Problem, new: Problem) -> Iterator[Altered]:
    for pair in sorted({*old.reach, *new.reach}):
        was, now = old.reach.get(pair), new.reach.get(pair)
        if was != now:
            label = Text(" – ".join(pair), " – ".join(pair))
            yield Altered("reach", _arrow(label, _minutes(was), _minutes(now)))


def _minutes(value: int | None) -> Text:
    return Text("unbekannt", "unknown") if value is None else Text(
        f"{value} Minuten", f"{value} minutes")  # fmt: skip


def _limits(old: Problem, new: Problem) -> Iterator[Altered]:
    for before, after in _pairs(old.seat_limits, new.seat_limits, lambda x: (x.domain, x.pool)):
        one = after or before
        if one is not None:
            kind = DOMAINS.get(one.domain, Text(one.domain, one.domain))
            yield Altered("seat_limits", _arrow(kind, _left(before), _left(after)))


def _notes(old: Problem, new: Problem) -> Iterator[Altered]:
    for one, state in _listed(old.notes, new.notes):
        yield Altered("notes", _stated(one, state))


def _plain(
    part: str, show: Callable[[Any], Text]
) -> Callable[[Problem, Problem], Iterator[Altered]]:
    def say(old: Problem, new: Problem) -> Iterator[Altered]:
        words = _arrow(CHANGED[part], show(getattr(old, part)), show(getattr(new, part)))
        yield Altered(part, Text(_capital(words.de), _capital(words.en)))

    return say


def _capital(text: str) -> str:
    return text[0].upper() + text[1:]


def _area(value: float | None) -> Text:
    return Text("keine", "none") if value is None else Text(
        f"{value:g} m²".replace(".", ","), f"{value:g} m²")  # fmt: skip


def _stated(says: Text, is_new: bool) -> Text:
    state = NEW if is_new else Text("aufgehoben", "lifted")
    return Text(f"{says.de} ({state.de})", f"{says.en} ({state.en})")


def _listed(before: Iterable[Row], after: Iterable[Row]) -> Iterator[tuple[Row, bool]]:
    """Rows of one list only; True: of the later one."""
    old, new = list(before), list(after)
    yield from ((row, True) for row in new if row not in old)
    yield from ((row, False) for row in old if row not in new)


def _pairs(
    before: Iterable[Row], after: Iterable[Row], key: Callable[[Row], Hashable]
) -> Iterator[tuple[Row | None, Row | None]]:
    """Rows that differ, by key."""
    old: Mapping[Any, Row] = {key(row): row for row in before}
    new: Mapping[Any, Row] = {key(row): row for row in after}
    for name in sorted({*old, *new}, key=str):
        if old.get(name) != new.get(name):
            yield old.get(name), new.get(name)


SAYS: dict[str, Callable[[Problem, Problem], Iterator[Altered]]] = {
    "day": _plain("day", day_text), "parties": _parties, "lodgings": _lodgings, "seats": _seats,
    "seat_limits": _limits, "reach": _reach, "exclusions": _exclusions, "locks": _locks,
    "held_back": _held_back, "left_out": _left_out, "rulebook": _rulebook,
    "space_m2": _plain("space_m2", _area), "office": _plain("office", _same),
    "seed": _plain("seed", _same), "notes": _notes,
}  # fmt: skip
