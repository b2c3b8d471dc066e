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
from vorort.problems import Problem
from vorort.vocabulary import Text
from vorort.web import asked, clock, forms, sight
from vorort.web.accounts import rights
from vorort.web.accounts.trail import Done
from vorort.web.forms import Field
from vorort.web.intake import actions, events, facts
from vorort.web.intake.fields import (
    DEPARTURES,
    LEGAL,
    NEEDS,
    RELATIONS,
    SEXES,
    VULNERABILITIES,
    language,
)
from vorort.web.intake.household import other_field
from vorort.web.intake.models import (
    Household,
    LegalBasis,
    Membership,
    Need,
    Person,
    Vulnerability,
)
from vorort.web.intake.reading import GROWN, born_field
from vorort.web.middleware import lang_of

YOUNGEST_PARENT = 12  # from this age the form for a birth is offered
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


def _facts(user: Any, key: UUID, household: Household, person: Person, v: dict[str, Any]) -> Done:
    born = v["born"]
    values = {
        "born": None if born is None else KINDS["born"].write(born), "sex": v["sex"],
        "needs_access": v["needs_access"], "language": v["language"] or "",
        "age_disputed": bool(v["age_disputed"]),
    }  # fmt: skip
    name = (v["family"] or "", v["given"] or "") if rights.may(user, rights.NAMES) else None
    if name == ("", ""):
        name = None
    return facts.change_person(user, key, household, person, values, name, v["relation"] or "")


def _legal(user: Any, key: UUID, household: Household, person: Person, v: dict[str, Any]) -> Done:
    people = actions.members_on(household, clock.today()) if v["all"] else [person]
    return facts.add_legal(user, key, people, v["name"], v["start"], v["end"], bool(v["claim"]))


def _facts_fields() -> tuple[Field, ...]:
    return (
        Field("given", Text("Vorname", "Given name")),
        Field("family", Text("Familienname", "Family name")),
        born_field(),
        Field("age_disputed", Text("Alter strittig", "Age in dispute"), "yes_no",
              nothing=Text("nein", "no"),
              hint=Text("gilt bis zur Klärung als minderjährig",
                        "counts as a minor until it is settled")),
        Field("sex", Text("Geschlecht", "Sex"), "choice", choices=SEXES),
        Field("relation", Text("Rolle", "Relation"), "choice", choices=RELATIONS,
              nothing=Text("–", "–")),
        Field("needs_access", Text("braucht stufenlos", "Needs step-free"), "yes_no"),
        language(),
    )  # fmt: skip


JOINS = Field("household", Text("Haushalt", "Household"), needed=True)
ON = Field("on", Text("am", "on"), "day", True)
FORMS: dict[str, Form] = {
    "facts": Form(
        Text("Angaben", "Facts"), Text("Speichern", "Save"), rights.HOUSEHOLD_EDIT,
        _facts_fields, _facts,
    ),
    "guardian": Form(
        Text("Vormundschaft", "Guardian"), Text("Eintragen", "Enter"), rights.HOUSEHOLD_EDIT,
        lambda: (Field("guardian", Text("wer", "who"),
                       hint=Text("leer: beendet", "empty: ended")),
                 Field("since", Text("seit", "since"), "day")),
        lambda user, key, _, person, v: facts.appoint(
            user, key, person, v["guardian"] or "", v["since"]),
    ),
    "name": Form(
        Text("weitere Schreibweise", "another spelling"), Text("Hinzufügen", "Add"), rights.NAMES,
        lambda: (Field("given", Text("Vorname", "Given name"), needed=True),
                 Field("family", Text("Familienname", "Family name"))),
        lambda user, key, _, person, v: facts.add_name(
            user, key, person, v["family"] or "", v["given"]),
    ),
    "legal": Form(
        Text("Aufenthalt", "Legal basis"), Text("Hinzufügen", "Add"), rights.LEGAL_EDIT,
        lambda: (Field("name", Text("Art", "Kind"), "choice", True, LEGAL),
                 Field("start", Text("ab", "from"), "day"),
                 Field("end", Text("bis", "until"), "day"),
                 Field("claim", Text("maßgeblich für Leistungen", "Opens the claim"), "yes_no",
                       nothing=Text("nein", "no")),
                 Field("all", Text("gilt für", "Holds for"), "choice",
                       choices=(("1", Text("den ganzen Haushalt", "the whole household")),),
                       nothing=Text("nur diese Person", "this person only"))),
        _legal,
    ),
    "need": Form(
        Text("Bedarf", "Need"), Text("Hinzufügen", "Add"), rights.NEEDS_EDIT,
        lambda: (Field("code", Text("Was", "What"), "choice", True, NEEDS),
                 Field("expires", Text("prüfen bis", "review by"), "day", True)),
        lambda user, key, _, person, v: facts.add_need(
            user, key, person, v["code"], v["expires"]),
    ),
    "vulnerability": Form(
        Text("Schutzbedarf", "Vulnerability"), Text("Hinzufügen", "Add"), rights.VULNERABLE_EDIT,
        lambda: (Field("code", Text("Was", "What"), "choice", True, VULNERABILITIES),
                 Field("expires", Text("prüfen bis", "review by"), "day", True)),
        lambda user, key, _, person, v: facts.add_vulnerability(
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
        Text("Eintragen", "Enter"), rights.HOUSEHOLD_EDIT, lambda: (JOINS, ON),
        lambda user, key, home, person, v: events.join(
            user, key, person, sight.other(user, v["household"], home.key), v["on"]),
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
        lambda user, key, _, person, v: facts.end_need(user, key, v["number"], person),
    ),
    "vulnerability_end": Form(
        Text("Schutzbedarf beenden", "End a vulnerability"), Text("Beenden", "End"),
        rights.VULNERABLE_EDIT,
        lambda: (Field("number", Text("Nummer", "Number"), "number", True, high=10**12),),
        lambda user, key, _, person, v: facts.end_vulnerability(
            user, key, v["number"], person),
    ),
    "name_end": Form(
        Text("Schreibweise streichen", "Strike a spelling"), Text("Streichen", "Strike"),
        rights.NAMES,
        lambda: (Field("number", Text("Nummer", "Number"), "number", True, high=10**12),),
        lambda user, key, _, person, v: facts.end_name(user, key, person, v["number"]),
    ),
    "legal_end": Form(
        Text("Aufenthalt beenden", "End a legal basis"), Text("Beenden", "End"), rights.LEGAL_EDIT,
        lambda: (Field("number", Text("Nummer", "Number"), "number", True, high=10**12), ON),
        lambda user, key, _, person, v: facts.end_legal(
            user, key, v["number"], person, v["on"]),
    ),
}  # fmt: skip
LISTED = (
    "facts", "legal", "need", "vulnerability", "guardian", "name", "birth", "join", "departure",
    "return",
)  # fmt: skip


def may_here(user: Any, right: str, household: Household) -> bool:
    """Has a user this right for this household? For the own office only: for its own cases, not
    for everybody who sleeps in one of its places."""
    if not rights.may(user, right):
        return False
    return not rights.own_only(user, right) or household.responsible == user.office.key


def _fits(name: str, person: Person, age: int | None) -> bool:
    """Is a form of use for somebody? Who has left comes back first; a guardian is for minors."""
    if name == "return":
        return person.left_on is not None
    if name == "birth" and age is not None and age < YOUNGEST_PARENT:
        return False
    if name == "guardian":
        is_young = age is None or age < GROWN or person.age_disputed
        return is_young or bool(person.guardian)
    return person.left_on is None or name in ("facts", "name", "legal")


def _known(row: Person, household: Household, sees: dict[str, bool]) -> dict[str, Any]:
    """What stands in the fields at first."""
    today = clock.today()
    name = row.names.order_by("id").first() if sees[rights.NAMES] else None
    member = Membership.objects.filter(person=row, household=household).order_by("-id").first()
    return {
        "born": row.born, "sex": row.sex, "needs_access": row.needs_access, "on": today,
        "language": row.language, "guardian": row.guardian,
        "since": row.guardian_since or today, "start": today,
        "age_disputed": row.age_disputed or None, "relation": member.relation if member else "",
        "family": name.family if name else None, "given": name.given if name else None,
        "expires": today + timedelta(days=NEED_DAYS),
    }  # fmt: skip


def _dates(user: Any, household: Household, row: Person) -> list[Any]:
    """Next legal dates of a person with their rules, with the right to see them."""
    from vorort.deadlines import read_rules
    from vorort.web.deadlines.queries import dates_of

    if not rights.may(user, rights.DATES):
        return []
    rules = read_rules()
    found = dates_of(user, clock.today(), household.key)
    return [(x, rules[x.deadline.rule]) for x in found if x.deadline.subject == row.key]


def person_page(
    request: HttpRequest,
    household: Household,
    row: Person,
    what: str = "",
    refused: tuple[Problem, ...] = (),
) -> HttpResponse:
    """The page; after a refusal with what was typed in the form it came from."""
    from vorort.web.intake.person_views import log_read

    user, today = asked.user_of(request), clock.today()
    what = what or request.GET.get("was", "")
    sees = {
        r: may_here(user, r, household) for r in (rights.LEGAL, rights.NEEDS, rights.VULNERABLE)
    }
    sees[rights.NAMES] = rights.may(user, rights.NAMES)  # whoever runs the house knows who is in it
    age = age_on(KINDS["born"].read(row.born) if row.born else None, today)
    blocks = []
    for name in LISTED:
        form = FORMS[name]
        mine_to_do = (form.right, rights.HOUSEHOLD_EDIT)
        if all(may_here(user, right, household) for right in mine_to_do) and _fits(name, row, age):
            fields = form.fields()
            if name == "join":
                fields = (other_field(user, household), *fields[1:])
            if name == "facts" and not sees[rights.NAMES]:
                fields = tuple(f for f in fields if f.name not in ("given", "family"))
            sent = request.POST if name == what and request.POST else None
            blocks.append((name, form, forms.bound(fields, _known(row, household, sees), sent,
                                                   refused), uuid.uuid4()))  # fmt: skip
    special = Need.objects.filter(person=row).order_by("expires") if sees[rights.NEEDS] else []
    care = (
        Vulnerability.objects.filter(person=row).order_by("expires")
        if sees[rights.VULNERABLE] else []
    )  # fmt: skip
    if special:
        log_read(request, row, "needs")
    if care:
        log_read(request, row, "vulnerability")
    return render(request, "web/person.html", {
        "household": household, "person": row, "today": today, "blocks": blocks, "what": what,
        "age": age, "member": Membership.objects.filter(person=row, household=household)
        .order_by("-id").first(),
        "names": list(row.names.all()) if sees[rights.NAMES] else [],
        "legal": LegalBasis.objects.filter(person=row).order_by("id") if sees[rights.LEGAL] else [],
        "needs": [(n, dict(NEEDS).get(n.code), n.expires <= today) for n in special],
        "care": [(v, dict(VULNERABILITIES).get(v.code), v.expires <= today) for v in care],
        "sees_care": sees[rights.VULNERABLE], "sees_needs": sees[rights.NEEDS],
        "sees_legal": sees[rights.LEGAL],
        "dates": _dates(user, household, row), "act_key": uuid.uuid4(),
        "legal_words": dict(LEGAL),
        "refused": asked.told(refused, lang_of(request)),
    }, status=409 if refused else 200)  # fmt: skip
