"""A person's page: what is known, and one small form for each thing that can be entered."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from vorort.files.cells import KINDS
from vorort.ledger import age_on
from vorort.problems import Problem, Refused
from vorort.vocabulary import Text
from vorort.web import asked, clock, forms, sight
from vorort.web.accounts import rights
from vorort.web.accounts.trail import Done
from vorort.web.forms import Field
from vorort.web.intake import actions, events
from vorort.web.intake.fields import DEPARTURES, LEGAL, NEEDS, SEXES
from vorort.web.intake.models import Household, LegalBasis, Need, Person
from vorort.web.intake.reading import born_of
from vorort.web.middleware import lang_of

NEED_DAYS = 365  # what the form offers first; the colleague decides
Act = Callable[[Any, UUID, Household, Person, dict[str, Any]], Done]


@dataclass(frozen=True, slots=True)
class Form:
    """One thing that can be entered about a person."""

    title: Text
    button: Text
    right: str
    fields: Callable[[], tuple[Field, ...]]
    act: Act


def _born(values: dict[str, Any]) -> Any:
    text = values.get("born")
    found = born_of(text, clock.today()) if text else None
    if text and found is None:
        raise Refused([
            Problem(
                "", f"„{text[:20]}“ ist kein Geburtsdatum.", f"“{text[:20]}” is no date of birth.",
                "TT.MM.JJJJ, ein Jahr oder ein Alter eintragen.",
                "Enter DD.MM.YYYY, a year or an age.", column="born",
            )
        ])  # fmt: skip
    return found


def _facts(user: Any, key: UUID, household: Household, person: Person, v: dict[str, Any]) -> Done:
    born = _born(v)
    values = {
        "born": None if born is None else KINDS["born"].write(born), "sex": v["sex"],
        "needs_access": v["needs_access"], "language": v["language"] or "",
        "guardian": v["guardian"] or "",
    }  # fmt: skip
    return actions.change_person(user, key, person, values)


def _other(user: Any, values: dict[str, Any]) -> Household:
    found = sight.households_for(user).filter(key=values["household"]).first()
    if found is None:
        raise Refused([
            Problem(
                "", "Diesen Haushalt gibt es nicht, oder Ihre Rolle öffnet ihn nicht.",
                "There is no such household, or your role does not open it.",
                "Nummer prüfen.", "Check the number.", column="household",
            )
        ])  # fmt: skip
    return found


ON = Field("on", Text("am", "on"), "day", True)
FORMS: dict[str, Form] = {
    "facts": Form(
        Text("Angaben", "Facts"), Text("Speichern", "Save"), rights.HOUSEHOLD_EDIT,
        lambda: (
            Field("born", Text("geboren", "Born"),
                  hint=Text("TT.MM.JJJJ, Jahr oder Alter", "DD.MM.YYYY, year or age")),
            Field("sex", Text("Geschlecht", "Sex"), "choice", choices=SEXES),
            Field("needs_access", Text("braucht stufenlos", "Needs step-free"), "yes_no"),
            Field("language", Text("Sprache für Dolmetschen", "Interpreter's language")),
            Field("guardian", Text("Vormundschaft", "Guardian")),
        ), _facts,
    ),
    "name": Form(
        Text("weitere Schreibweise", "another spelling"), Text("Hinzufügen", "Add"), rights.NAMES,
        lambda: (Field("given", Text("Vorname", "Given name"), needed=True),
                 Field("family", Text("Familienname", "Family name"))),
        lambda user, key, _, person, v: actions.add_name(
            user, key, person, v["family"] or "", v["given"]),
    ),
    "legal": Form(
        Text("Aufenthalt", "Legal basis"), Text("Hinzufügen", "Add"), rights.LEGAL_EDIT,
        lambda: (Field("name", Text("Art", "Kind"), "choice", True, LEGAL),
                 Field("start", Text("ab", "from"), "day"),
                 Field("end", Text("bis", "until"), "day"),
                 Field("claim", Text("maßgeblich für Leistungen", "Opens the claim"), "yes_no")),
        lambda user, key, _, person, v: actions.add_legal(
            user, key, person, v["name"], v["start"], v["end"], bool(v["claim"])),
    ),
    "need": Form(
        Text("Bedarf", "Need"), Text("Hinzufügen", "Add"), rights.NEEDS_EDIT,
        lambda: (Field("code", Text("Was", "What"), "choice", True, NEEDS),
                 Field("expires", Text("prüfen bis", "review by"), "day", True)),
        lambda user, key, _, person, v: actions.add_need(
            user, key, person, v["code"], v["expires"]),
    ),
    "birth": Form(
        Text("Geburt eines Kindes", "Birth of a child"), Text("Eintragen", "Enter"),
        rights.HOUSEHOLD_EDIT,
        lambda: (ON, Field("given", Text("Vorname", "Given name")),
                 Field("sex", Text("Geschlecht", "Sex"), "choice", choices=SEXES)),
        lambda user, key, _, person, v: events.birth(
            user, key, person, v["on"], v["sex"], v["given"] or ""),
    ),
    "join": Form(
        Text("gehört zu anderem Haushalt", "belongs to another household"),
        Text("Eintragen", "Enter"), rights.HOUSEHOLD_EDIT,
        lambda: (Field("household", Text("Haushalt", "Household"), needed=True,
                       hint=Text("Nummer, zum Beispiel H-0012", "number, for example H-0012")), ON),
        lambda user, key, _, person, v: events.join(user, key, person, _other(user, v), v["on"]),
    ),
    "departure": Form(
        Text("Fortzug oder Tod", "Departure or death"), Text("Eintragen", "Enter"),
        rights.HOUSEHOLD_EDIT,
        lambda: (ON, Field("reason", Text("Grund", "Reason"), "choice", True, DEPARTURES)),
        lambda user, key, _, person, v: events.depart(user, key, person, v["on"], v["reason"]),
    ),
    "return": Form(
        Text("Rückkehr", "Return"), Text("Eintragen", "Enter"), rights.HOUSEHOLD_EDIT,
        lambda: (ON,),
        lambda user, key, _, person, v: events.come_back(user, key, person, v["on"]),
    ),
    "need_end": Form(
        Text("Bedarf beenden", "End a need"), Text("Beenden", "End"), rights.NEEDS_EDIT,
        lambda: (Field("number", Text("Nummer", "Number"), "number", True, high=10**12),),
        lambda user, key, _, person, v: actions.end_need(user, key, v["number"], person),
    ),
    "legal_end": Form(
        Text("Aufenthalt beenden", "End a legal basis"), Text("Beenden", "End"), rights.LEGAL_EDIT,
        lambda: (Field("number", Text("Nummer", "Number"), "number", True, high=10**12), ON),
        lambda user, key, _, person, v: actions.end_legal(
            user, key, v["number"], person, v["on"]),
    ),
}  # fmt: skip
LISTED = ("facts", "name", "legal", "need", "birth", "join", "departure", "return")


def may_here(user: Any, right: str, household: Household) -> bool:
    """Has a user this right for this household? For the own office only: for its own cases, not
    for everybody who sleeps in one of its places."""
    if not rights.may(user, right):
        return False
    return not rights.own_only(user, right) or household.responsible == user.office.key


def person_page(
    request: HttpRequest,
    household: Household,
    row: Person,
    what: str = "",
    refused: tuple[Problem, ...] = (),
) -> HttpResponse:
    """The page; after a refusal with what was typed in the form it came from."""
    from vorort.web.intake.views import log_needs

    user, today = asked.user_of(request), clock.today()
    sees = {r: may_here(user, r, household) for r in (rights.LEGAL, rights.NEEDS)}
    sees[rights.NAMES] = rights.may(user, rights.NAMES)  # whoever runs the house knows who is in it
    known = {
        "born": row.born, "sex": row.sex, "needs_access": row.needs_access, "on": today,
        "language": row.language, "guardian": row.guardian, "start": today,
        "expires": today + timedelta(days=NEED_DAYS),
    }  # fmt: skip
    blocks = []
    for name in LISTED:
        form = FORMS[name]
        fits = (name == "return") == (row.left_on is not None) or name in ("facts", "name", "legal")
        mine_to_do = (form.right, rights.HOUSEHOLD_EDIT)
        if all(may_here(user, right, household) for right in mine_to_do) and fits:
            sent = request.POST if name == what else None
            mine = known if name in ("facts",) or sent is None else {}
            blocks.append((name, form, forms.bound(form.fields(), mine, sent, refused),
                           uuid.uuid4()))  # fmt: skip
    special = Need.objects.filter(person=row).order_by("expires") if sees[rights.NEEDS] else []
    if special:
        log_needs(request, row)
    return render(request, "web/person.html", {
        "household": household, "person": row, "today": today, "blocks": blocks, "what": what,
        "age": age_on(KINDS["born"].read(row.born) if row.born else None, today),
        "names": list(row.names.all()) if sees[rights.NAMES] else [],
        "legal": LegalBasis.objects.filter(person=row).order_by("id") if sees[rights.LEGAL] else [],
        "needs": [(n, dict(NEEDS).get(n.code), n.expires <= today) for n in special],
        "sees_needs": sees[rights.NEEDS], "sees_legal": sees[rights.LEGAL],
        "act_key": uuid.uuid4(), "legal_words": dict(LEGAL),
        "refused": asked.told(refused, lang_of(request)),
    }, status=409 if refused else 200)  # fmt: skip
