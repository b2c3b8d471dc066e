"""Words in templates: `{% t "Plätze" "places" %}`, days and states as people say them."""

import uuid
from collections.abc import Mapping
from datetime import date
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from django import template
from django.template.context import Context
from django.utils.html import escape
from django.utils.safestring import mark_safe

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
    "other": ("Sonstiges", "other"), "f": ("weiblich", "female"), "m": ("männlich", "male"),
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

LABELS: dict[str, tuple[str, str]] = {}  # columns of tables, as the history names them

for _app in APPS:  # each part brings the words of its own states and acts
    if find_spec(f"vorort.web.{_app}.words"):
        _words = import_module(f"vorort.web.{_app}.words")
        WORDS |= _words.WORDS
        LABELS |= getattr(_words, "LABELS", {})


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
def years(context: Context, age: int | None) -> str:
    """How old somebody is: 0 Jahre, 1 Jahr, 2 Jahre."""
    if age is None:
        return t(context, "Alter unbekannt", "age unknown")
    one, more = ("Jahr", "year"), ("Jahre", "years")
    return f"{age} {t(context, *(one if age == 1 else more))}"


@register.simple_tag(takes_context=True)
def group(context: Context, name: Any) -> str:
    """The group of arrivals a household belongs to."""
    if name == "other":  # as a kind of block the same key means something else
        return t(context, "andere Zuwanderung", "other migration")
    return word(context, name)


@register.simple_tag(takes_context=True)
def number(context: Context, value: Any) -> str:
    """2.558, in English 2,558; unknown is said."""
    if value is None:
        return word(context, None)
    text = f"{value:,}"
    return text if context.get("lang") == "en" else text.replace(",", ".")


@register.simple_tag(takes_context=True)
def figures(context: Context, line: Any) -> str:
    """The cells of a line of the board. Numbers alone, written here: a page has a thousand."""
    now = line.today

    def cell(value: int, always: bool = False) -> str:
        kind = "n" if value or always else "n zero"
        return f'<td class="{kind}">{number(context, value)}</td>'

    many = f'<strong class="bad">{number(context, now.over)}</strong>' if now.over else "0"
    first = [
        cell(now.nominal, True), cell(now.usable, True), cell(now.blocked_places),
        cell(now.used, True), cell(now.held), cell(now.kept), cell(now.unfit),
        f'<td class="n">{many}</td>',
    ]  # fmt: skip
    days = [
        f'<td class="d {_plenty(s.free)}{" full" if s.over else ""}">{number(context, s.free)}</td>'
        for _, s in line.days
    ]
    return mark_safe("".join(first + days))  # noqa: S308 numbers alone


@register.simple_tag(takes_context=True)
def night_row(context: Context, row: tuple[Any, Any, Any]) -> str:
    """A unit on the night sheet; written here, for a city has 15,000. Whatever was typed in is
    escaped."""
    unit, state, who = row
    kinds = {"f": ("Frauen", "women"), "m": ("Männer", "men")}
    shared = kinds.get(unit.sex, ("einzeln", "single"))
    kind = t(context, *(("Fam.", "fam.") if unit.kind == "family" else shared))
    if unit.access:
        kind += ", " + t(context, "stufenlos", "step-free")
    if state.free:
        free = f"<strong>{state.free}</strong>"
    elif state.over:
        free = f'<strong class="bad">{state.over} {t(context, "zu viel", "too many")}</strong>'
    else:
        blocked = state.blocked if state.blocked_places else ()
        free = "".join(escape(word(context, k)) for k in blocked) or "–"
    return mark_safe(  # noqa: S308 escaped above and below
        f'<tr><th scope="row">{escape(unit.id)} <span class="quiet">{kind}</span></th>'
        f'<td class="n">{state.nominal}</td><td>{free}</td>'
        f'<td>{"; ".join(_sleeper(context, *x) for x in who)}</td><td class="hand"></td></tr>'
    )


def _sleeper(context: Context, household: str, people: list[str], state: str) -> str:
    if not household:
        return t(context, "belegt", "used")
    told = f"{household}: {', '.join(people)}"
    if state != "moved_in":
        told += f" ({word(context, state)})"
    return escape(told)


def _plenty(free: int) -> str:
    """The shade of a day by what is free."""
    return "zero" if not free else "some" if free < 3 else "more" if free < 6 else "many"


@register.simple_tag(takes_context=True)
def weekday(context: Context, day: date) -> str:
    """Mo, Di ..."""
    return DAYS[day.weekday()][context.get("lang") == "en"]


@register.simple_tag(takes_context=True)
def day(context: Context, value: date | None, otherwise: str = "") -> str:
    """23.11.2026, or unknown."""
    if value is None:
        return otherwise or t(context, "unbekannt", "unknown")
    return f"{value.day:02}.{value.month:02}.{value.year}"


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


@register.simple_tag(takes_context=True)
def again(context: Context, **changes: Any) -> str:
    """The query to load this page anew, at its part ``anchor`` where it has one: with an address
    that is the same a browser would jump there and load nothing."""
    anchor = context.get("anchor", "")
    return f"{asking(context, um=fresh()[:8], **changes)}{anchor}" if anchor else asking(
        context, **changes)  # fmt: skip


@register.simple_tag(takes_context=True)
def leaf(context: Context, number: int, by: str = "") -> str:
    """The address of a table's page; ``by``: of one of several, whose part has this id."""
    if not by:
        return asking(context, seite=number)
    return f"{asking(context, **{by: number})}#{by}"


@register.simple_tag(takes_context=True)
def part(context: Context, name: str, phase: str) -> str:
    """The id of a part of a page that is asked for news, as long as there is any: what has not
    changed is not put in again, or it would be read out again."""
    is_known = context["request"].GET.get("war") == phase
    return "" if is_known else mark_safe(f' id="{name}"')  # noqa: S308 ids of templates


READ = {"read": ("gelesen", "read"), "checked": ("geprüft", "checked"),
        "ready": ("vorbereitet", "made ready"), "written": ("eingetragen", "written")}  # fmt: skip
TAKEN_BACK = READ | {"written": ("zurückgenommen", "taken back")}


@register.simple_tag(takes_context=True)
def steps_of(context: Context, run: Any, progress: Any) -> str:
    """How far the reading in of a list is, or its taking back, in words."""
    is_undo = run.what == "undo"
    said = TAKEN_BACK if is_undo else READ
    told = ", ".join(f"{n} {t(context, *said[what])}" for what, n in progress.steps.items())
    whom = ("Personen", "people") if is_undo else ("Zeilen", "rows")
    return f"{progress.rows} {t(context, *whom)}: {told}"


@register.simple_tag(takes_context=True)
def so_far(context: Context, run: Any, left: int | None = None) -> str:
    """How far a run is, in words: of an outlook, its draws and what is made of them at the end."""
    steps = t(context, "von {} Arbeitsschritten", "of {} steps of work").format(run.total)
    told = f"{run.done} {steps}"
    return told if left is None else f"{told}, {t(context, 'noch etwa', 'about')} {left} s"


@register.simple_tag
def purposes() -> Any:
    """What a list may be needed for."""
    from vorort.web.lists.purposes import PURPOSES

    return PURPOSES


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


@register.simple_tag(takes_context=True)
def known(context: Context, value: Any) -> Any:
    """What is known, else that it is not."""
    return value if value not in (None, "") else t(context, "unbekannt", "unknown")


@register.simple_tag
def named(names: Mapping[str, str], key: str) -> str:
    """The name of an office by its key."""
    return names.get(key, key)


@register.simple_tag(takes_context=True)
def euro(context: Context, amount: int) -> str:
    """34.160 €, or €34,160."""
    text = f"{amount:,}"
    return f"€{text}" if context.get("lang") == "en" else f"{text.replace(',', '.')}\u00a0€"


@register.simple_tag(takes_context=True)
def points(context: Context, thousandths: int | None) -> str:
    """570,3 or 570.3 of 570328 thousandths."""
    text = f"{(thousandths or 0) / 1000:.1f}"
    return text if context.get("lang") == "en" else text.replace(".", ",")


@register.simple_tag(takes_context=True)
def reason(context: Context, text: str) -> str:
    """A reason as people read it: its first word may be a code."""
    code, colon, rest = text.partition(":")
    if not text:
        return "–"
    said = WORDS[code][context.get("lang") == "en"] if code in WORDS else code
    return f"{said}: {rest.strip()}" if colon else said


@register.simple_tag(takes_context=True)
def feature(context: Context, code: str) -> str:
    """A feature of a unit in words."""
    from vorort.web.town.fields import FEATURES

    found = dict(FEATURES).get(code)
    return found.in_(str(context.get("lang", "de"))) if found else code


@register.simple_tag(takes_context=True)
def label(context: Context, name: str) -> str:
    """A column of a table in words."""
    return LABELS[name][context.get("lang") == "en"] if name in LABELS else name


@register.simple_tag(takes_context=True)
def said(context: Context, text: str) -> str:
    """A value as the trail keeps it: days, yes and no, codes and lists of codes."""
    try:
        return day(context, date.fromisoformat(text))
    except ValueError:
        pass
    if text in ("True", "False"):
        return t(context, *(("ja", "yes") if text == "True" else ("nein", "no")))
    parts = text.split()
    if len(parts) > 1 and all(p in WORDS for p in parts):
        return ", ".join(WORDS[p][context.get("lang") == "en"] for p in parts)
    return WORDS[text][context.get("lang") == "en"] if text in WORDS else text


@register.simple_tag
def born(text: str) -> str:
    """A date of birth as far as it is known: 12.3.1992, 3.1992, 1992."""
    return ".".join(str(int(part)) for part in reversed(text.split("-")))


@register.filter
def join_keys(rows: Any) -> str:
    """Keys of rows, as a list reads them."""
    return ", ".join(row.key for row in rows)
