"""Words of proposals: acts, rules, and the reasons of a place as a clerk reads them out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from vorort.vocabulary import Text

if TYPE_CHECKING:  # the words are read before the tables are there
    from vorort.placement import Fit, Near, Party
    from vorort.placement import Tonight as Found
    from vorort.web.proposals.tonight import Choice
    from vorort.web.town.models import Unit

WORDS = {
    "register_and_hold": ("aufgenommen und vorgemerkt", "registered and held"),
    "u3": ("unter 3 Jahren", "under 3 years"),
    "o3": ("ab 3 Jahren", "from 3 years"),
    "primary": ("Grundschule", "primary school"),
    "secondary": ("Sekundarstufe", "secondary school"),
    "vocational": ("berufliche Schule", "vocational school"),
    "gone": ("Platz vergeben", "place taken"),
    "elsewhere": ("anders untergebracht", "placed elsewhere"),
    "waiting": ("ohne Vorschlag", "without a proposal"),
    "plan_lock": ("Vorschlag festgehalten", "proposal locked"),
    "plan_forbid": ("Platz ausgeschlossen", "place ruled out"),
    "plan_swap": ("Vorschläge getauscht", "proposals swapped"),
    "plan_decline": ("Vorschlag abgelehnt", "proposal declined"),
    "plan_free": ("Festlegung aufgehoben", "lock lifted"),
    "forbidden": ("durch eine Regel ausgeschlossen", "ruled out by a rule"),
    "full": ("voll", "full"),
    "possible": ("möglich, zusammen schlechter", "possible, worse together"),
    "protection": ("Schutz", "protection"),
    "deadline": ("gesetzliche Frist", "legal deadline"),
    "rest": ("übrige", "others"),
    "mentoring": ("Begleitung", "mentoring"),
    "rule_change": ("Regel geändert", "rule changed"),
    "reach_change": ("Weg eingetragen", "way entered"),
    "want_requirement": ("Anforderung eingetragen", "requirement entered"),
    "want_requirement_end": ("Anforderung aufgehoben", "requirement lifted"),
    "want_exclusion": ("Ausschluss eingetragen", "exclusion entered"),
    "want_exclusion_end": ("Ausschluss aufgehoben", "exclusion lifted"),
    "want_wish": ("Wunsch eingetragen", "wish entered"),
    "want_wish_end": ("Wunsch aufgehoben", "wish lifted"),
    "want_open": ("Bedarf mit Frist eingetragen", "need with date entered"),
    "want_open_end": ("Bedarf aufgehoben", "need lifted"),
    "letter": ("Schreiben ausgestellt", "letter issued"),
    "letter_template": ("Vorlage hochgeladen", "template uploaded"),
    "too_small": ("zu klein", "too small"),
    "too_far": ("zu weit weg", "too far"),
    "safety": ("fühlt sich nicht sicher", "does not feel safe"),
    "other_place": ("hat anderes in Aussicht", "expects another place"),
    "pets": ("Haustiere erlaubt", "pets allowed"),
}
SHORT = timedelta(days=90)  # a place that ends sooner is told as a drawback
GOOD = {
    "kitchen": Text("eigene Küche", "own kitchen"), "bath": Text("eigenes Bad", "own bath"),
    "lockable": Text("abschließbar", "lockable"),
    "women_only": Text("Haus nur für Frauen", "women only house"),
    "ground_floor": Text("Erdgeschoss", "ground floor"),
    "quiet": Text("ruhig", "quiet"), "pets": Text("Haustiere erlaubt", "pets allowed"),
}  # fmt: skip
SEAT = {"childcare": Text("Kita", "Kita"), "school": Text("Schule", "School")}
Nears = Sequence[tuple["int | None", "tuple[Near, str] | None", str]]


def many(count: int, one: Text, more: Text) -> Text:
    """1 Platz, 2 Plätze"""
    return Text(f"{count} {(one if count == 1 else more).de}",
                f"{count} {(one if count == 1 else more).en}")  # fmt: skip


PLACE, PLACES = Text("Platz", "place"), Text("Plätze", "places")
UNIT, UNITS = Text("Einheit", "unit"), Text("Einheiten", "units")


def others(count: int) -> Text:
    """Households this role does not see; no more is told of them."""
    one = count == 1
    who = "weiterer Haushalt verschiebt" if one else "weitere Haushalte verschieben"
    return Text(
        f"{count} {who} sich",
        f"{count} further {'household moves' if one else 'households move'}",
    )


def joined(texts: Sequence[Text]) -> Text:
    """One sentence of several parts."""
    return Text(", ".join(t.de for t in texts), ", ".join(t.en for t in texts))


def both(
    user: Any, fit: Fit, units: Sequence[Unit], party: Party, near: Nears, rarity: int, day: date
) -> tuple[tuple[Text, ...], tuple[Text, ...]]:
    """What speaks for a home, and what against it."""
    return (
        tuple(_plus(fit.home.places, units, party, near)),
        tuple(_minus(user, fit, units, party, near, rarity, day)),
    )


def of_place(units: Sequence[Unit], party: Party, near: Nears) -> Iterator[Text]:
    """What speaks for units a household already has been given."""
    yield from _plus(sum(u.places for u in units), units, party, near)


def _plus(places: int, units: Sequence[Unit], party: Party, near: Nears) -> Iterator[Text]:
    size = party.size
    if units[0].kind == "family":
        exact = places == size
        de = f"{places} Plätze für {size} {'Person' if size == 1 else 'Personen'}"
        en = f"{places} places for {size} {'person' if size == 1 else 'people'}"
        own = Text("eigene Einheit", "a unit of their own")
        no_wait = Text("geht ohne Erstuntersuchung", "no first examination needed")
        parts = [Text(de, en)] if exact else []
        parts += [own] if party.screened is True else [own, no_wait]
        yield joined(parts)
    else:
        there = many(places, PLACE, PLACES)
        yield Text(f"Gemeinschaftseinheit mit {there.de} frei",
                   f"shared unit with {there.en} free")  # fmt: skip
    if party.needs_access:
        yield Text("stufenlos", "step-free")
    codes = set.intersection(*(set(u.features.split()) for u in units))
    good = [text for code, text in GOOD.items() if code in codes]
    if good:
        yield joined(good)
    for age, found, domain in near:
        if found is not None and found[0].minutes is not None:
            yield _seat(age, *found, domain)


def _seat(age: int | None, near: Near, where: str, domain: str) -> Text:
    way = (
        Text("im Stadtteil", "in the district") if near.minutes == 0
        else Text(f"{near.minutes} Minuten entfernt", f"{near.minutes} minutes away")
        if near.minutes is not None
        else Text("Weg nicht erfasst", "way not recorded")
    )  # fmt: skip
    old = Text(" (Meldung veraltet)", " (stale report)") if near.is_stale else Text("", "")
    what = SEAT[domain]
    how_old = _age(age)
    return Text(
        f"{what.de} ({how_old.de}): {where} hat Platz, {way.de}{old.de}",
        f"{what.en} ({how_old.en}): {where} has room, {way.en}{old.en}",
    )


def _age(age: int | None) -> Text:
    if age is None:
        return Text("Alter unbekannt", "age unknown")
    return Text(f"Alter {age}", f"age {age}")


def _minus(
    user: Any, fit: Fit, units: Sequence[Unit], party: Party, near: Nears, rarity: int, day: date
) -> Iterator[Text]:
    home, spare = fit.home, fit.home.places - party.size
    if home.start > day:
        yield Text(f"erst ab {home.start:%d.%m.%Y}", f"from {home.start} only")
    if units[0].kind == "family":
        yield from _of_family_unit(units, home.places, spare, rarity)
    elif party.screened is None:
        yield Text(
            "Erstuntersuchung nicht vermerkt: vorher klären",
            "first examination not recorded: settle it first",
        )
    if fit.parts.get("held_back"):
        yield Text("für jemanden vorgehalten, der erwartet wird", "held back for somebody expected")
    if home.until is not None and home.until <= day + SHORT:
        yield Text(f"nur bis {home.until:%d.%m.%Y}", f"until {home.until} only")
    owner = units[0].facility.owner
    if owner.pk != user.office_id:
        yield Text(
            f"gehört {owner.name}: diese Stelle bestätigt",
            f"belongs to {owner.name}: that office confirms",
        )
    yield from _seats_missing(near)


def _of_family_unit(units: Sequence[Unit], places: int, spare: int, rarity: int) -> Iterator[Text]:
    """What stays empty, and how rare such a unit is."""
    if len(units) > 1:
        yield Text("zwei verbundene Einheiten statt einer", "two adjoining units instead of one")
    if spare:
        left = many(spare, PLACE, PLACES)
        yield Text(
            f"{left.de} {'bliebe' if spare == 1 else 'blieben'} leer", f"{left.en} would stay empty"
        )
    if len(units) == 1 and rarity <= 2:
        yield Text(
            f"Einheiten mit {places} Plätzen sind knapp ({rarity} frei)",
            f"units of {places} places are scarce ({rarity} free)",
        )


def _seats_missing(near: Nears) -> Iterator[Text]:
    """Children without a seat nearby; where the way is not recorded, it is said."""
    for age, found, domain in near:
        what = SEAT[domain]
        if found is None:
            yield Text(
                f"{what.de} ({_age(age).de}): kein freier Platz gemeldet",
                f"{what.en} ({_age(age).en}): no free place reported",
            )
        elif found[0].minutes is None:
            yield _seat(age, *found, domain)


def stop(party: Party) -> Text | None:
    """Whom the machine must not place."""
    ages = [m.age for m in party.members]
    if ages and party.size == len(ages) and all(a is not None and a < 18 for a in ages):
        return Text(
            "Unbegleitete Minderjährige: Hier wird kein Platz vergeben, das Jugendamt nimmt sie "
            "vorläufig in Obhut (§§ 42 ff. SGB VIII). Ist das Alter strittig, gilt die Person als "
            "minderjährig.",
            "Unaccompanied minors: no place is given here, the youth office takes them into "
            "provisional care (§§ 42 ff. SGB VIII). Where the age is in dispute, the person counts "
            "as a minor.",
        )
    return None


def changes(found: Found, later: Sequence[Choice], hidden: set[str]) -> Iterator[Text]:
    """Where nothing fits: what would have to change, cheapest first."""
    party, homes = found.party, found.homes
    if later:
        first = min(later, key=lambda c: c.fit.home.start)
        yield Text(
            f"Bis {first.fit.home.start:%d.%m.%Y} überbrücken: dann wird {first.name} frei.",
            f"Bridge until {first.fit.home.start}: then {first.name} comes free.",
        )
    single = {rule: units - hidden for rule, units in found.only_against.items()}
    for rule, (de, en) in IF_ONLY.items():
        units = sorted(single.get(rule, ()))
        if units:
            count = many(len(units), UNIT, UNITS)
            yield Text(f"{de}: {count.de}, zum Beispiel {units[0]}.",
                       f"{en}: {count.en}, for example {units[0]}.")  # fmt: skip
    yield from _short_by(party, homes, single.get("fit", set()))


IF_ONLY = {
    "screening": ("Erstuntersuchung nachholen, dann möglich",
                  "Make up the first examination, then possible"),
    "locks": ("Von Hand Ausgeschlossenes freigeben", "Release what was ruled out by hand"),
    "lasting": ("Nur für kurze Zeit möglich, danach umziehen",
                "Possible for a short time only, then move on"),
    "space": ("Wohnfläche unter der Vorgabe, sonst passend",
              "Floor area below the norm, else fitting"),
}  # fmt: skip


def _short_by(party: Party, homes: Any, units: set[str]) -> Iterator[Text]:
    """Units with too few places: by how many, and in which building two would do together."""
    free = {
        h.units[0]: (h.places, homes.lodgings[row][0].building)
        for row, h in enumerate(homes.rows)
        if len(h.units) == 1 and h.units[0] in units and h.places > 0
        and h.start == homes.problem.day
    }  # fmt: skip
    yield from _divided(party.size, free)
    for short in (1, 2):
        near = sorted(u for u, (places, _) in free.items() if places == party.size - short)
        if near:
            count, lack = many(len(near), UNIT, UNITS), many(short, PLACE, PLACES)
            yield Text(
                f"{count.de} mit {lack.de} zu wenig, zum Beispiel {near[0]}: nur als "
                "Überbelegung mit Grund und Ende.",
                f"{count.en} with {lack.en} too few, for example {near[0]}: only as "
                "over-occupancy with reason and end.",
            )
            return


def _divided(size: int, free: dict[str, tuple[int, str]]) -> Iterator[Text]:
    """The fewest units that hold them together: in one house, else in several."""
    houses: dict[str, list[tuple[int, str]]] = {}
    for unit, (places, building) in free.items():
        houses.setdefault(building, []).append((places, unit))
    near = [found for rows in houses.values() if (found := _fewest(size, rows))]
    far = _fewest(size, [(places, unit) for unit, (places, _) in free.items()])
    for found, de, en in (
        (min(near, key=lambda f: (len(f), f), default=None), "eines Hauses", "of one house"),
        (far, "in verschiedenen Häusern", "in different houses"),
    ):
        if found:
            names = " + ".join(f"{unit} ({places})" for places, unit in found)
            yield Text(
                f"Mit Einverständnis auf {len(found)} Einheiten {de} verteilen: {names}.",
                f"With consent, share {len(found)} units {en}: {names}.",
            )
            return


def _fewest(size: int, rows: Sequence[tuple[int, str]]) -> list[tuple[int, str]] | None:
    """The largest units until all have a place; None: more than four would be needed."""
    best = sorted(rows, key=lambda r: (-r[0], r[1]))[:4]
    for count in range(2, len(best) + 1):
        if sum(places for places, _ in best[:count]) >= size:
            return best[:count]
    return None
