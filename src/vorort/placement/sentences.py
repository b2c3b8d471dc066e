"""Points in sentences a clerk can read out, in German and English. German: Begründung in Sätzen

One function for each goal says what is the case; the points follow in brackets. Nothing here
decides anything.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from vorort.placement.goals import all_goals, parts, seat_points, together_points
from vorort.placement.goals.wishes import meets
from vorort.placement.groups import CLASS_WORDS, floor_text
from vorort.placement.homes import Homes
from vorort.placement.plan import Plan
from vorort.placement.problem import LOCKS, Party, Problem, Seats
from vorort.placement.resolve import Value
from vorort.vocabulary import Text

CODES = {  # what a requirement or feature is called; what is not named here is read out as it is
    "own_unit": Text("eigene Einheit", "a unit of their own"),
    "protected": Text("Schutzplatz", "a protected place"),
    "women_only": Text("nur Frauen", "women only"),
    "step_free": Text("barrierefrei", "step-free"),
    "quiet": Text("ruhig", "quiet"),
}
DOMAINS = {
    "childcare": Text("Kita", "childcare"),
    "school": Text("Schule", "school"),
    "language": Text("Sprachkurs", "language course"),
    "counselling": Text("Beratung", "counselling"),
    "mentoring": Text("Patenschaft", "mentoring"),
}


@dataclass(frozen=True, slots=True)
class Part:
    """A goal: its points (thousandths) here, the most any admissible home gives, a sentence."""

    goal: str
    points: int
    best: int
    words: Text


def joined(texts: Iterable[Text], between: str = " ") -> Text:
    """Texts one after the other."""
    found = list(texts)
    return Text(between.join(t.de for t in found), between.join(t.en for t in found))


def points_text(thousandths: int) -> Text:
    """Points with one decimal, in the form of each language; small ones are not rounded away."""
    value = thousandths / 1000
    figure = f"{value:.1f}" if abs(value) >= 0.05 or not thousandths else f"{value:.3f}"
    sign = figure.replace("-", "−")
    one = figure in ("1.0", "-1.0")
    return Text(
        f"{sign.replace('.', ',')} {'Punkt' if one else 'Punkte'}",
        f"{sign} {'point' if one else 'points'}",
    )


def day_text(day: date) -> Text:
    """A day as each language writes it."""
    return Text(f"{day:%d.%m.%Y}", day.isoformat())


def persons_text(number: int) -> Text:
    """So many persons."""
    return Text(
        f"{number} Person" if number == 1 else f"{number} Personen",
        f"{number} person" if number == 1 else f"{number} people",
    )


def value_text(lost: Value) -> Text:
    """What is lost: persons by class first, then points."""
    bits = [_first_text(name, count) for name, count in lost.first if count]
    for name, count in lost.by_class.items():
        if count:
            who, kind = persons_text(abs(count)), CLASS_WORDS[name]
            more = Text("weniger", "fewer") if count > 0 else Text("mehr", "more")
            bits.append(Text(f"{who.de} {more.de} untergebracht ({kind.de})",
                             f"{who.en} {more.en} placed ({kind.en})"))  # fmt: skip
    if lost.points or not bits:
        points = points_text(abs(lost.points))
        less = lost.points >= 0
        bits.append(Text(f"{points.de} {'weniger' if less else 'mehr'}",
                         f"{points.en} {'fewer' if less else 'more'}"))  # fmt: skip
    return joined(bits, ", ")


def _first_text(name: str, count: int) -> Text:
    """What counts before all classes: who is locked, and floors."""
    more = Text("weniger", "fewer") if count > 0 else Text("mehr", "more")
    if name == LOCKS:
        return Text(f"{abs(count)} {more.de} Festlegungen von Hand eingehalten",
                    f"{abs(count)} {more.en} decisions by hand kept")  # fmt: skip
    who, group = persons_text(abs(count)), floor_text(name)
    return Text(f"{who.de} {more.de} zur Untergrenze ({group.de})",
                f"{who.en} {more.en} towards the floor ({group.en})")  # fmt: skip


def _protection(party: Party, homes: Homes, row: int) -> Text | None:
    wanted = [(c, homes.is_family if c == "own_unit" else homes.has_feature(c))
              for c in party.should]  # fmt: skip
    if party.children or party.is_protected or party.urgency == "protection":
        wanted.append(("own_unit", homes.is_family))
    if not wanted:
        return None
    named = {c: CODES.get(c, Text(c, c)) for c, _ in wanted}
    there = joined([named[c] for c in sorted({c for c, f in wanted if f[row]})], ", ")
    missing = joined([named[c] for c in sorted({c for c, f in wanted if not f[row]})], ", ")
    if not missing.de:
        return Text(f"Was gewünscht ist, ist da: {there.de}.", f"What is wanted is there: "
                    f"{there.en}.")  # fmt: skip
    if not there.de:
        return Text(f"Es fehlt: {missing.de}.", f"Missing: {missing.en}.")
    return Text(f"Da ist: {there.de}; es fehlt: {missing.de}.",
                f"There is: {there.en}; missing: {missing.en}.")  # fmt: skip


def _deadline(party: Party, homes: Homes, row: int) -> Text | None:
    start = date.fromordinal(int(homes.begins(party)[row]))
    ready = party.ready or homes.problem.day
    when = day_text(start)
    if party.due is not None and start > party.due:
        due = day_text(party.due)
        return Text(f"Einzug erst am {when.de}, nach der Frist am {due.de}.",
                    f"Moves in on {when.en} only, after the deadline of {due.en}.")  # fmt: skip
    if start > ready:
        days = (start - ready).days
        return Text(f"Einzug erst am {when.de}, nach {days} {'Tag' if days == 1 else 'Tagen'}.",
                    f"Moves in on {when.en} only, after {days} "
                    f"{'day' if days == 1 else 'days'}.")  # fmt: skip
    if party.due is not None:
        due = day_text(party.due)
        return Text(f"Einzug am {when.de}, die Frist am {due.de} ist gewahrt.",
                    f"Moves in on {when.en}, the deadline of {due.en} is kept.")  # fmt: skip
    return Text("Einzug ohne Wartezeit.", "Moves in without waiting.")


def _distance(party: Party, homes: Homes, row: int) -> Text | None:
    if not party.held:
        return None
    here = homes.lodgings[row][0].district
    minutes = [homes.problem.minutes(here, seat.district) for seat in party.held]
    known = [m for m in minutes if m is not None]
    unknown = len(minutes) - len(known)
    de = [f"höchstens {max(known)} Minuten"] if known else []
    en = [f"at most {max(known)} minutes"] if known else []
    if unknown:
        de.append(f"bei {unknown} unbekannt")
        en.append(f"unknown for {unknown}")
    return Text(f"Weg zu {len(minutes)} vorhandenen Plätzen: {', '.join(de)}.",
                f"Way to {len(minutes)} seats they have: {', '.join(en)}.")  # fmt: skip


def _wishes(party: Party, homes: Homes, row: int) -> Text | None:
    if not party.wishes:
        return None
    met = sum(bool(meets(w, homes)[row]) for w in party.wishes)
    return Text(f"{met} von {len(party.wishes)} Wünschen erfüllt.",
                f"{met} of {len(party.wishes)} wishes met.")  # fmt: skip


def _stability(party: Party, homes: Homes, row: int) -> Text | None:
    bits = []
    if party.district is not None:
        stays = homes.lodgings[row][0].district == party.district
        bits.append(
            Text("Der Haushalt bleibt im Stadtteil.", "The household stays in its district.")
            if stays
            else Text("Der Haushalt wechselt den Stadtteil.", "The household changes district.")
        )
    until = homes.rows[row].until
    if until is not None:
        end = day_text(until)
        bits.append(Text(f"Der Platz endet am {end.de}.", f"The place ends on {end.en}."))
    return joined(bits) if bits else None


def _thrift(party: Party, homes: Homes, row: int) -> Text | None:
    spare = max(0, int(homes.places[row]) - party.size) if homes.is_family[row] else 0
    bits = []
    if spare:
        bits.append(Text(
            f"{spare} {'Bett bleibt' if spare == 1 else 'Betten bleiben'} leer.",
            f"{spare} {'bed stays' if spare == 1 else 'beds stay'} empty.",
        ))  # fmt: skip
    if homes.has_access[row] and not party.needs_access:
        bits.append(Text("Die Einheit ist barrierefrei, der Haushalt braucht das nicht.",
                         "The unit is step-free, the household does not need it."))  # fmt: skip
    if not bits:
        bits.append(Text("Kein Bett bleibt ungenutzt.", "No bed stays unused."))
    return joined(bits)


def _held_back(party: Party, homes: Homes, row: int) -> Text | None:
    reasons = [h.reason for h in homes.problem.held_back if h.unit in homes.rows[row].units]
    return joined(reasons) if reasons else None


SAYS: dict[str, Callable[[Party, Homes, int], Text | None]] = {
    "protection": _protection,
    "deadline": _deadline,
    "distance": _distance,
    "wishes": _wishes,
    "stability": _stability,
    "thrift": _thrift,
    "held_back": _held_back,
}


def home_parts(party: Party, homes: Homes, row: int, admissible: list[int]) -> tuple[Part, ...]:
    """What a home gives by goal, in the order of the goals; the constant for being placed apart."""
    found = []
    names = {goal.name: goal.text for goal in all_goals()}
    names["held_back"] = Text("Vorhaltung", "held back")
    for name, points in parts(party, homes).items():
        if name == "placed":
            continue
        here = int(points[row])
        best = max((int(points[r]) for r in admissible), default=here)
        says = SAYS[name](party, homes, row) if name in SAYS else None
        if says is None and not here and not best:
            continue
        found.append(Part(name, here, best, _counted(names[name], says, here)))
    return tuple(found)


def _counted(label: Text, says: Text | None, here: int) -> Text:
    """Goal, what is the case, and the points where there are any."""
    points = points_text(here)
    found = []
    for head, tail, count in (
        (label.de, says.de if says else "", points.de),
        (label.en, says.en if says else "", points.en),
    ):
        line = f"{_title(head)}: {tail}".rstrip(": .")
        found.append(f"{line} ({count})." if here else f"{line}.")
    return Text(*found)


def _title(word: str) -> str:
    return word[0].upper() + word[1:]


def seat_parts(plan: Plan, party: Party) -> tuple[Part, ...]:
    """What each seat found gives, and each not found says so."""
    problem = plan.problem
    one = plan.of.get(party.id)
    here = problem.lodging[one.home.units[0]].district if one and one.home else party.district
    at = {s.unit: s for s in problem.seats}
    groups: dict[tuple[str, str, str | None], int] = {}
    found = []
    for seat in plan.seats:
        if seat.party != party.id:
            continue
        kind = DOMAINS.get(seat.need.domain, Text(seat.need.domain, seat.need.domain))
        if seat.unit is None:
            found.append(Part("seats", 0, 0, Text(
                f"{kind.de} für {seat.need.person}: kein freier Platz in Reichweite.",
                f"{_title(kind.en)} for {seat.need.person}: no free seat within reach.",
            )))  # fmt: skip
            continue
        row = at[seat.unit]
        near = seat_points(problem, here, row.district)
        key = (seat.need.domain, seat.need.pool, row.facility)
        groups[key] = groups.get(key, 0) + 1
        found.append(Part("seats", near, near, _seat(problem, here, kind, seat.need.person, row)))
    for (_, _, facility), count in sorted(groups.items(), key=str):
        if count > 1:
            points = together_points(problem, count)
            words = points_text(points)
            found.append(Part("siblings", points, points, Text(
                f"{count} Geschwister zusammen in {facility} ({words.de}).",
                f"{count} siblings together at {facility} ({words.en}).",
            )))  # fmt: skip
    return tuple(found)


def _seat(problem: Problem, here: str | None, kind: Text, person: str, row: Seats) -> Text:
    minutes = problem.minutes(here, row.district)
    way = (
        Text("Weg unbekannt", "way unknown")
        if minutes is None
        else Text(f"{minutes} Minuten", f"{minutes} minutes")
    )
    return Text(
        f"{kind.de} für {person}: {row.facility}, {way.de}, als Anfrage.",
        f"{_title(kind.en)} for {person}: {row.facility}, {way.en}, as a request.",
    )
