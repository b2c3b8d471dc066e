"""Forms of the further acts on a household's stays: one small form each. German: Vorgänge"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.utils import timezone

from vorort.ledger import BEDS
from vorort.problems import Problem, Refused
from vorort.vocabulary import Placement, Text
from vorort.web import sight
from vorort.web.accounts import rights
from vorort.web.accounts.trail import Done
from vorort.web.forms import Field
from vorort.web.placing import finding, house, more

CANCELLED = (
    ("refused", Text("Haushalt lehnt ab", "the household declines")),
    ("withdrawn", Text("zurückgezogen", "withdrawn")),
    ("other", Text("anderes", "other")),
)
CORRECTED = tuple(
    (name, Text(*words)) for name, words in (
        ("held", ("vorgemerkt", "held")), ("confirmed", ("bestätigt", "confirmed")),
        ("moved_in", ("eingezogen", "moved in")), ("absent", ("abwesend", "absent")),
        ("ended", ("beendet", "ended")), ("cancelled", ("abgesagt", "cancelled")),
        ("no_show", ("nicht erschienen", "did not come")),
    )
)  # fmt: skip
Act = Callable[[Any, UUID, str, Sequence[str], dict[str, Any], str], Done]


@dataclass(frozen=True, slots=True)
class Form:
    """An act on chosen stays, or on the whole household where ``statuses`` is empty."""

    title: Text
    button: Text
    right: str
    statuses: tuple[str, ...]
    fields: tuple[Field, ...]
    act: Act
    one: bool = False  # exactly one stay
    listed: bool = True  # else on the page where units are chosen


def hour_in(text: str) -> time | None:
    """10, 10:30 or 10:30 Uhr as a time of day; None where it is none."""
    text = text.strip().removesuffix("Uhr").strip()
    try:
        return time.fromisoformat(text if ":" in text else f"{int(text):02}:00")
    except ValueError:
        return None


ON = Field("on", Text("am", "on"), "day", True)
UNITS = Field("units", Text("Einheiten", "Units"), needed=True,
              hint=Text("Nummern mit Leerzeichen", "numbers with spaces"))  # fmt: skip
HOUR = Field("hour", Text("Uhr", "time"), read=hour_in, remedy=Text("Als HH:MM eintragen.",
             "Write it as HH:MM."), hint=Text("leer: bis zum Ende des Vortags",
             "empty: until the end of the day before"))  # fmt: skip
REASON = Field("reason", Text("Grund", "Reason"), needed=True)


def _at(day: date, hour: time | None) -> datetime | None:
    return None if hour is None else timezone.make_aware(datetime.combine(day, hour))


def _beds(key: str, values: dict[str, Any], on: date) -> dict[str, str]:
    found = house.beds(key, on, _known(values["units"].split()))
    if not found:
        raise Refused([nobody()])
    return found


def _known(units: list[str]) -> list[str]:
    from vorort.web.town.models import Unit

    there = set(Unit.objects.filter(key__in=units, domain=BEDS).values_list("key", flat=True))
    missing = ", ".join(u for u in units if u not in there)
    if missing:
        raise Refused([
            Problem(
                "", f"Eine Einheit {missing} mit Betten gibt es nicht.",
                f"There is no unit {missing} with beds.",
                "Nummern prüfen.", "Check the numbers.", column="units",
            )
        ])  # fmt: skip
    return units


def nobody() -> Problem:
    """The household has no members on record."""
    return Problem(
        "", "In diesem Haushalt ist niemand erfasst.", "Nobody is recorded in this household.",
        "Zuerst Personen erfassen.", "Record people first.",
    )  # fmt: skip


def _transfer(
    user: Any, key: UUID, household: str, _: Sequence[str], v: dict[str, Any], __: str
) -> Done:
    beds = _beds(household, v, v["on"])
    until = v["until"] or finding.ends([sorted(set(beds.values()))], v["on"], len(beds))[0]
    return more.transfer(user, key, beds, v["on"], until)


def _swap(
    user: Any, key: UUID, household: str, _: Sequence[str], v: dict[str, Any], __: str
) -> Done:
    other = sight.other(user, v["household"], household).key
    beds: dict[str, str] = {}
    for mine, theirs in ((household, other), (other, household)):
        beds |= house.into(mine, house.units_of(theirs, v["on"]), v["on"])
    return more.swap(user, key, beds, v["on"], house.lease_of(beds.values()))


def _correct(
    user: Any, key: UUID, household: str, stays: Sequence[str], v: dict[str, Any], seen: str
) -> Done:
    changes: dict[str, Any] = {"from_": v["from_on"], "until": v["until"]}
    if v["unit"]:
        changes["unit"] = _known([v["unit"]])[0]
    if v["status"]:
        changes["status"] = v["status"]
    return more.correct(user, key, stays[0], v["reason"], seen, changes)


FORMS: dict[str, Form] = {
    "extend": Form(
        Text("Vormerkung verlängern", "Extend the hold"), Text("Verlängern", "Extend"),
        rights.HOLD, ("held",),
        (Field("expires", Text("gilt bis", "until"), "day", True), HOUR),
        lambda u, k, h, s, v, _: more.extend(u, k, s, v["expires"], _at(v["expires"], v["hour"])),
    ),
    "transfer": Form(
        Text("Umziehen", "Transfer"), Text("Umzug eintragen", "Record"), rights.TRANSFER, (),
        (UNITS, ON, Field("until", Text("Platz bis vor", "place until before"), "day",
               hint=Text("leer: solange er frei ist", "empty: as long as it is free"))),
        _transfer, listed=False,
    ),
    "swap": Form(
        Text("Tauschen", "Swap"), Text("Tausch eintragen", "Record"), rights.TRANSFER, (),
        (Field("household", Text("mit Haushalt", "with household"), needed=True,
               hint=Text("Nummer", "number"), look=Text("Zeigen, wer passt", "Show who fits")), ON),
        _swap,
    ),
    "keep": Form(
        Text("Abwesend, Platz freihalten", "Absent, keep the place"), Text("Freihalten", "Keep"),
        rights.KEEP, ("moved_in",),
        (ON, Field("kept_until", Text("freihalten bis", "keep until"), "day", True)),
        lambda u, k, h, s, v, _: more.keep(u, k, s, v["on"], v["kept_until"]),
    ),
    "come_back": Form(
        Text("Wieder da", "Back again"), Text("Eintragen", "Record"), rights.KEEP, ("absent",),
        (ON,), lambda u, k, h, s, v, _: more.come_back(u, k, s, v["on"]),
    ),
    "cancel": Form(
        Text("Absagen", "Cancel"), Text("Absagen", "Cancel"), rights.CANCEL,
        ("held", "confirmed"),
        (Field("reason", Text("Grund", "Reason"), "choice", True, CANCELLED),),
        lambda u, k, h, s, v, _: more.cancel(u, k, s, v["reason"]),
    ),
    "no_show": Form(
        Text("Nicht erschienen", "Did not come"), Text("Eintragen", "Record"), rights.CANCEL,
        ("held", "confirmed"), (), lambda u, k, h, s, v, _: more.no_show(u, k, s),
    ),
    "over_occupy": Form(
        Text("Überbelegen", "Over-occupy"), Text("Überbelegen", "Over-occupy"),
        rights.OVER_OCCUPY, (),
        (UNITS, Field("on", Text("ab", "from"), "day", True),
         Field("over_until", Text("längstens bis", "at the latest until"), "day", True), REASON),
        lambda u, k, h, s, v, _: more.over_occupy(
            u, k, _beds(h, v, v["on"]), v["on"], v["over_until"], v["reason"]),
        listed=False,
    ),
    "correct": Form(
        Text("Berichtigen", "Correct"), Text("Berichtigen", "Correct"), rights.CORRECT,
        ("held", "confirmed", "moved_in", "absent", "ended", "cancelled", "no_show"),
        (Field("unit", Text("Einheit", "Unit"),
               hint=Text("leer: wie bisher", "empty: as before")),
         Field("status", Text("Zustand", "State"), "choice", choices=CORRECTED),
         Field("from_on", Text("ab", "from"), "day", True),
         Field("until", Text("bis", "until"), "day",
               hint=Text("leer: offen", "empty: open")), REASON),
        _correct, one=True,
    ),
}  # fmt: skip


def fitting(stays: Sequence[Placement], user: Any) -> list[tuple[str, Form, list[Placement]]]:
    """The acts this user may do on this household, with the stays each can be done on."""
    found = []
    for name, form in FORMS.items():
        rows = [r for r in stays if r.status in form.statuses]
        is_whole = not form.statuses and any(r.status in ("confirmed", "moved_in") for r in stays)
        if not form.listed:
            continue
        if rights.may(user, form.right) and (rows or is_whole):
            found.append((name, form, rows))
    return found


def fields_for(
    name: str, form: Form, user: Any, household: str, *, asked: bool
) -> tuple[Field, ...]:
    """The fields of a form, with what can be chosen here and now; ``asked``: for this form."""
    if name == "swap" and asked:
        fits = finding.swappable(user, household)
        none = Text("Nummer; von den anderen passt niemand", "number; nobody else fits")
        some = Text("Nummer; wer passt, steht zur Wahl", "number; who fits is offered")
        first = replace(form.fields[0], offered=fits, look=None, hint=some if fits else none)
        return (first, *form.fields[1:])
    if name == "correct":
        near = house.neighbours(household)
        return (replace(form.fields[0], offered=near), *form.fields[1:])
    return form.fields


def start_values(today: date) -> dict[str, Any]:
    """What the forms offer first."""
    return {
        "on": today, "expires": today + timedelta(days=3), "kept_until": today + timedelta(days=14),
        "over_until": today + timedelta(days=14), "from_on": today,
    }  # fmt: skip
