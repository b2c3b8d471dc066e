"""Words in templates: `{% t "Plätze" "places" %}`, days and states as people say them."""

import uuid
from datetime import date
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from django import template
from django.template.context import Context

from vorort.vocabulary import PartialDate
from vorort.web.parts import APPS

register = template.Library()

DAYS = (("Mo", "Mon"), ("Di", "Tue"), ("Mi", "Wed"), ("Do", "Thu"), ("Fr", "Fri"), ("Sa", "Sat"),
        ("So", "Sun"))  # fmt: skip
WORDS: dict[str, tuple[str, str]] = {
    "held": ("vorgemerkt", "held"), "confirmed": ("bestätigt", "confirmed"),
    "moved_in": ("eingezogen", "moved in"), "kept": ("freigehalten", "kept"),
    "absent": ("abwesend, freigehalten", "absent, kept"), "requested": ("angefragt", "requested"),
    "proposed": ("vorgeschlagen", "proposed"), "ended": ("beendet", "ended"),
    "cancelled": ("abgesagt", "cancelled"), "no_show": ("nicht erschienen", "did not come"),
    "family": ("Familie", "family"), "couple": ("Paar", "couple"), "single": ("allein", "single"),
    "lone_parent": ("alleinerziehend", "lone parent"), "unknown": ("unbekannt", "unknown"),
    "uam": ("unbegleitet minderjährig", "unaccompanied minor"),
    "shared": ("Gemeinschaftsunterkunft", "shared accommodation"),
    "container": ("Containeranlage", "container site"), "hotel": ("Hotel", "hotel"),
    "hall": ("Halle", "hall"), "rented_flats": ("Mietwohnungen", "rented flats"),
    "closed": ("geschlossen", "closed"), "repair": ("Reparatur", "repair"),
    "turnaround": ("Wechsel", "turnaround"), "reserve": ("Reserve", "reserve"),
    "other": ("gesperrt", "blocked"), "f": ("weiblich", "female"), "m": ("männlich", "male"),
    "d": ("divers", "diverse"), "asylum": ("Asyl", "asylum"),
    "temporary": ("§ 24 AufenthG", "temporary protection"),
    "reunification": ("Familiennachzug", "reunification"),
    "resettlement": ("Aufnahmeprogramm", "resettlement"),
    "accommodation": ("Unterkunft", "accommodation"), "childcare": ("Kita", "childcare"),
    "school": ("Schule", "school"), "language": ("Sprachkurs", "language course"),
    "flat": ("eigene Wohnung", "own flat"), "registration": ("Meldung", "registration"),
    "health": ("Gesundheit", "health"), "counselling": ("Beratung", "counselling"),
    "moved": ("umgezogen", "moved"), "own_flat": ("eigene Wohnung", "own flat"),
    "left": ("fortgegangen", "left"), "died": ("verstorben", "died"),
    "asylum_seeker": ("Asylverfahren", "asylum procedure"),
    "temporary_protection": ("§ 24 AufenthG", "temporary protection"),
    "hold": ("vorgemerkt", "held"), "confirm": ("bestätigt", "confirmed"),
    "move_in": ("Einzug", "moved in"), "move_out": ("Auszug", "moved out"),
}  # fmt: skip

for _app in APPS:  # each part brings the words of its own states and acts
    if find_spec(f"vorort.web.{_app}.words"):
        WORDS |= import_module(f"vorort.web.{_app}.words").WORDS


@register.simple_tag(takes_context=True)
def t(context: Context, de: str, en: str) -> str:
    """The words in the page's language."""
    return en if context.get("lang") == "en" else de


@register.simple_tag(takes_context=True)
def word(context: Context, name: Any) -> str:
    """A state or kind in words; what has no word is shown as it stands, unknown is said."""
    if name in (None, ""):
        return t(context, "unbekannt", "unknown")
    return WORDS.get(str(name), (str(name),) * 2)[context.get("lang") == "en"]


@register.simple_tag(takes_context=True)
def weekday(context: Context, day: date) -> str:
    """Mo, Di ..."""
    return DAYS[day.weekday()][context.get("lang") == "en"]


@register.simple_tag(takes_context=True)
def day(context: Context, value: date | None, otherwise: str = "") -> str:
    """23.11.2026, or unknown."""
    if value is None:
        return otherwise or t(context, "unbekannt", "unknown")
    return f"{value.day}.{value.month}.{value.year}"


@register.simple_tag(takes_context=True)
def people(context: Context, count: int) -> str:
    """1 Person, 3 Personen."""
    words = ("Person", "person") if count == 1 else ("Personen", "people")
    return f"{count} {t(context, *words)}"


@register.simple_tag(takes_context=True)
def asking(context: Context, **changes: Any) -> str:
    """The query of this page's address with some values changed; None leaves one out."""
    found = context["request"].GET.copy()
    for name, value in changes.items():
        if value is None:
            found.pop(name, None)
        else:
            found[name] = value
    return found.urlencode()  # type: ignore[no-any-return]


@register.simple_tag
def fresh() -> str:
    """A key for a form: sent twice it is done once."""
    return str(uuid.uuid4())


@register.simple_tag(takes_context=True)
def cell(context: Context, value: Any) -> str:
    """A value as a list shows it."""
    if value is None:
        return "–"
    if isinstance(value, date):
        return day(context, value)
    if isinstance(value, PartialDate):
        parts = (value.day, value.month, value.year)
        return ".".join(str(p) for p in parts if p is not None)
    if isinstance(value, tuple):
        return ", ".join(str(v) for v in value)
    return WORDS[value][context.get("lang") == "en"] if value in WORDS else str(value)
