"""What a household needs of a place, wishes, must not meet, and by when: forms and acts.

German: Angaben für die Vergabe
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from vorort.problems import Problem, Refused
from vorort.vocabulary import Text
from vorort.web import clock
from vorort.web.accounts import rights, trail
from vorort.web.accounts.models import Act, User
from vorort.web.forms import Field
from vorort.web.intake.fields import NEEDS, districts
from vorort.web.intake.models import Household, Person, Wish
from vorort.web.proposals.actions import note_for
from vorort.web.proposals.models import Exclusion, OpenNeed, Requirement
from vorort.web.town.models import Site

STRENGTHS = (("must", Text("muss erfüllt sein", "must be met")),
             ("should", Text("soll, wenn möglich", "should, if possible")))  # fmt: skip
CODES = (
    *((code, text) for code, text in NEEDS if code != "step_free"),
    ("own_unit", Text("eigene Einheit", "a unit of their own")),
    ("pets", Text("Haustier", "pet")),
)
DOMAINS = (
    ("accommodation", Text("Unterkunft", "accommodation")),
    ("childcare", Text("Kita", "childcare")),
    ("school", Text("Schule", "school")), ("language", Text("Sprachkurs", "language course")),
    ("counselling", Text("Beratung", "counselling")),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Form:
    """One thing that can be entered about a household."""

    title: Text
    right: str
    fields: Callable[[], tuple[Field, ...]]
    make: Callable[[Act, Household, dict[str, Any]], Any]  # the row it became


def _sites() -> tuple[tuple[str, Text], ...]:
    rows = Site.objects.filter(unit__domain="accommodation", address_protected=False).distinct()
    return tuple((s.key, Text(s.name, s.name)) for s in rows.order_by("name"))


def _refuse(de: str, en: str, column: str) -> Refused:
    return Refused([Problem("", de, en, "Angabe prüfen.", "Check the entry.", column=column)])


def _requirement(act: Act, home: Household, v: dict[str, Any]) -> Requirement:
    return Requirement.objects.create(
        household=home, code=v["code"], strength=v["strength"], until=v["until"], act=act
    )


def _wish(act: Act, home: Household, v: dict[str, Any]) -> Wish:
    chosen = [(k, v[k]) for k in ("district", "facility") if v[k]]
    if v["near"]:
        chosen.append(("near", v["near"]))
        if not Household.objects.filter(key=v["near"], protected=False).exists():
            raise _refuse("Diesen Haushalt gibt es nicht.", "There is no such household.", "near")
    if len(chosen) != 1:
        raise _refuse("Genau eines ausfüllen.", "Fill in exactly one.", "district")
    return Wish.objects.create(household=home, kind=chosen[0][0], what=chosen[0][1])


def _exclusion(act: Act, home: Household, v: dict[str, Any]) -> Exclusion:
    other = Household.objects.filter(key=v["other"]).first() if v["other"] else None
    if v["other"] and (other is None or other == home):
        raise _refuse("Diesen Haushalt gibt es nicht.", "There is no such household.", "other")
    if bool(v["other"]) == bool(v["facility"]):
        raise _refuse("Einen Haushalt oder eine Einrichtung angeben.",
                      "Name a household or a site.", "other")  # fmt: skip
    if v["until"] is not None and v["until"] <= clock.today():
        raise _refuse("Das Ende liegt nicht in der Zukunft.", "The end is not in the future.",
                      "until")  # fmt: skip
    site = Site.objects.get(key=v["facility"]) if v["facility"] else None
    return Exclusion.objects.create(
        household=home, other=other, facility=site, building=v["building"] if site else None,
        until=v["until"], note=v["note"] or "", act=act,
    )  # fmt: skip


def _open(act: Act, home: Household, v: dict[str, Any]) -> OpenNeed:
    OpenNeed.objects.filter(household=home, person=None, domain=v["domain"]).delete()
    return OpenNeed.objects.create(
        household=home, domain=v["domain"], due=v["due"], since=v["since"] or clock.today(),
        is_left_out=bool(v["out"]), act=act,
    )  # fmt: skip


FORMS: dict[str, Form] = {
    "requirement": Form(
        Text("Anforderung an den Platz", "Requirement of the place"), rights.NEEDS_EDIT,
        lambda: (Field("code", Text("Was", "What"), "choice", True, CODES),
                 Field("strength", Text("Wie fest", "How firm"), "choice", True, STRENGTHS),
                 Field("until", Text("gilt bis vor", "holds until before"), "day", True)),
        _requirement,
    ),
    "exclusion": Form(
        Text("Ausschluss", "Exclusion"), rights.NEEDS_EDIT,
        lambda: (Field("other", Text("nicht in ein Gebäude mit", "Not in one building with"),
                       hint=Text("Nummer, zum Beispiel H-0012", "number, for example H-0012")),
                 Field("facility", Text("oder nicht in Einrichtung", "or not in site"), "choice",
                       choices=_sites(), nothing=Text("keine", "none")),
                 Field("building", Text("dort nur Gebäude", "there only building")),
                 Field("until", Text("gilt bis vor", "holds until before"), "day", True),
                 Field("note", Text("Anlass", "Occasion"), "long",
                       hint=Text("keine Herkunft, keine Religion", "no origin, no religion"))),
        _exclusion,
    ),
    "wish": Form(
        Text("Wunsch", "Wish"), rights.HOUSEHOLD_EDIT,
        lambda: (Field("district", Text("Stadtteil", "District"), "choice", choices=districts(),
                       nothing=Text("keiner", "none")),
                 Field("facility", Text("oder Einrichtung", "or site"), "choice", choices=_sites(),
                       nothing=Text("keine", "none")),
                 Field("near", Text("oder nahe Haushalt", "or near to household"))),
        _wish,
    ),
    "open": Form(
        Text("Offener Bedarf mit Frist", "Open need with a date"), rights.HOUSEHOLD_EDIT,
        lambda: (Field("domain", Text("Handlungsfeld", "Domain"), "choice", True, DOMAINS),
                 Field("due", Text("spätestens am", "by"), "day"),
                 Field("since", Text("offen seit", "open since"), "day"),
                 Field("out", Text("nicht in den nächsten Lauf", "Not in the next run"), "yes_no",
                       nothing=Text("nein", "no"))),
        _open,
    ),
}  # fmt: skip
TABLES: dict[str, Any] = {
    "requirement": Requirement, "exclusion": Exclusion, "wish": Wish, "open": OpenNeed,
}  # fmt: skip


def add(actor: User, key: UUID, what: str, home: Household, values: dict[str, Any]) -> trail.Done:
    """A row about a household; its values hang on its people. German: eintragen"""

    def do(act: Act) -> None:
        row = FORMS[what].make(act, home, values)
        told = trail.between({}, trail.fields_of(row, "household_id", "act_id"))
        note_for(act, _people(home), f"placing_{what}", row.pk, told)

    return trail.once(actor, key, f"want_{what}", do)


def remove(actor: User, key: UUID, what: str, home: Household, number: int) -> trail.Done:
    """The row no longer holds. German: aufheben"""

    def do(act: Act) -> None:
        row = TABLES[what].objects.filter(household=home, pk=number).first()
        if row is None:
            raise _refuse("Das ist schon aufgehoben.", "That is lifted already.", "")
        told = trail.between(trail.fields_of(row, "household_id", "act_id"), {})
        note_for(act, _people(home), f"placing_{what}", row.pk, told)
        row.delete()

    return trail.once(actor, key, f"want_{what}_end", do)


def _people(home: Household) -> list[Person]:
    return list(Person.objects.filter(membership__household=home).distinct())
