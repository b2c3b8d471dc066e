"""What can be entered about a household as a whole: one small form each. German: Haushalt"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from django.db.models import Q

from vorort.ledger.names import sounds
from vorort.problems import Problem
from vorort.vocabulary import Text
from vorort.web import answer, clock, forms, sight
from vorort.web.accounts import rights
from vorort.web.accounts.trail import Done
from vorort.web.forms import Field
from vorort.web.intake import actions, events, wishes
from vorort.web.intake.actions import Newcomer
from vorort.web.intake.fields import GROUPS, KINDS, LEGAL, RELATIONS, SEXES, districts, language
from vorort.web.intake.models import Household, Membership, Name
from vorort.web.intake.reading import born_field

Act = Callable[[Any, UUID, Household, dict[str, Any]], Done]
MOST_ALIKE = 20  # households offered to join


@dataclass(frozen=True, slots=True)
class Form:
    """One thing that can be entered about a household."""

    title: Text
    button: Text
    fields: Callable[[Any, Household], tuple[Field, ...]]
    act: Act
    right: str = rights.HOUSEHOLD_EDIT


def _facts(user: Any, _: Household) -> tuple[Field, ...]:
    found = (
        Field("group", Text("Gruppe", "Group"), "choice", True, GROUPS),
        Field("kind", Text("Art", "Kind"), "choice", True, KINDS),
        Field("arrived_on", Text("Ankunft", "Arrival"), "day"),
        Field("size_stated", Text("angegebene Größe", "Size stated"), "number", low=1, high=40,
              hint=Text("wenn nicht alle erfasst sind", "where not everybody is recorded")),
        Field("may_move_from", Text("darf in eigene Wohnung ab", "may move to an own flat from"),
              "day"),
        Field("hosted", Text("wohnt privat bei anderen", "stays with others privately"), "yes_no"),
    )  # fmt: skip
    protect = Field("protected", Text("Schutzfall", "Protected"), "yes_no", True)
    return (*found, protect) if rights.may(user, rights.PROTECTED) else found


def _person(user: Any, household: Household) -> tuple[Field, ...]:
    family = _families(household)
    legal = Field("legal_basis", Text("Aufenthalt", "Legal basis"), "choice", choices=LEGAL)
    return (
        Field("given", Text("Vorname", "Given name")),
        Field("family", Text("Familienname", "Family name"), offered=family),
        born_field(),
        Field("sex", Text("Geschlecht", "Sex"), "choice", choices=SEXES),
        Field("relation", Text("Rolle", "Relation"), "choice", choices=RELATIONS,
              nothing=Text("–", "–")),
        Field("since", Text("gehört dazu seit", "Belongs since"), "day", True),
        *((legal,) if rights.may(user, rights.LEGAL_EDIT) else ()),
        language(),
    )  # fmt: skip


def _families(household: Household) -> tuple[str, ...]:
    rows = Name.objects.filter(person__membership__household=household).exclude(family="")
    found = rows.values_list("family", flat=True)
    return answer.once(("families", household.pk), lambda: tuple(sorted(set(found))))


def _add(user: Any, key: UUID, household: Household, v: dict[str, Any]) -> Done:
    new = Newcomer(
        v["family"] or "", v["given"] or "", v["born"], v["sex"], v["relation"] or "",
    )  # fmt: skip
    return actions.add_member(
        user, key, household, new, v["since"], v.get("legal_basis"), v["language"] or ""
    )


def _wishes(_: Any, __: Household) -> tuple[Field, ...]:
    none = Text("keiner", "none")
    return (
        Field("district", Text("Stadtteil", "District"), "choice", choices=districts(),
              nothing=none),
        Field("near", Text("in der Nähe von", "Near"),
              hint=Text("Schule, Arzt, Angehörige", "school, doctor, relatives")),
        Field("other", Text("anderes", "Other")),
    )  # fmt: skip


def alike(user: Any, household: Household) -> tuple[tuple[str, str], ...]:
    """Households of the same family name, in any spelling, whose names this user sees."""
    if not rights.may(user, rights.NAMES):
        return ()
    heard = {s for f in _families(household) for s in sounds(f)}
    if not heard:
        return ()
    named = _named_alike(heard)
    belong = Membership.objects.filter(
        person__in=named, person__same_as__isnull=True,
        member_until__isnull=True,
    ).exclude(household=household)  # fmt: skip
    found: dict[str, str] = {}
    for key, person in sorted(belong.values_list("household__key", "person_id")):
        found.setdefault(key, named[person])
    shown = sight.opened_among(user, found) - sight.hidden_households(user)
    return tuple((key, family) for key, family in found.items() if key in shown)[:MOST_ALIKE]


def _named_alike(heard: set[str]) -> dict[UUID, str]:
    """People by a family name of theirs that sounds like one of those heard."""
    some = Q(pk__in=[])
    for sound in heard:
        some |= Q(sound__contains=sound)
    # names alone: with households joined to it the database begins at the wrong end
    rows = Name.objects.filter(some).values_list("pk", "person_id", "family")
    found = sorted(rows[: 20 * MOST_ALIKE])  # of a common name not everybody is looked at
    alike = {f for f in {f for _, _, f in found} if heard.intersection(sounds(f))}
    return {who: family for _, who, family in found if family in alike}


OTHER = Field(
    "household", Text("Haushalt", "Household"), needed=True, hint=Text("Nummer", "its number"),
    look=Text("Gleiche Familiennamen zeigen", "Show the same family names"),
)  # fmt: skip


def other_field(user: Any, household: Household) -> Field:
    """Another household: by its number; families of the same name are offered."""
    return replace(OTHER, offered=alike(user, household), look=None, hint=Text(
        "Nummer; gleiche Familiennamen stehen zur Wahl",
        "its number; the same family names are offered"))  # fmt: skip


ON = Field("on", Text("am", "on"), "day", True)
FORMS: dict[str, Form] = {
    "change": Form(
        Text("Angaben ändern", "Change the facts"), Text("Speichern", "Save"), _facts,
        lambda user, key, household, v: actions.change_household(user, key, household, v),
    ),
    "add": Form(
        Text("Person hinzufügen", "Add a person"), Text("Hinzufügen", "Add"), _person, _add,
    ),
    "wish": Form(
        Text("Wunsch eintragen", "Enter a wish"), Text("Eintragen", "Enter"), _wishes,
        lambda user, key, household, v: wishes.add_wishes(user, key, household, v),
    ),
    "together": Form(
        Text("Mit anderem Haushalt zusammenführen", "Join with another household"),
        Text("Zusammenführen", "Join"), lambda _, __: (OTHER, ON),
        lambda user, key, household, v: events.together(
            user, key, household, sight.other(user, v["household"], household.key), v["on"]),
    ),
    "unwish": Form(
        Text("Wunsch streichen", "Strike a wish"), Text("Streichen", "Strike"),
        lambda _, __: (Field("number", Text("Nummer", "Number"), "number", True, high=10**12),),
        lambda user, key, household, v: wishes.end_wish(user, key, household, v["number"]),
    ),
    "grown": Form(
        Text("Ist volljährig", "Is of age"), Text("Als volljährig führen", "Record as of age"),
        lambda _, __: (),
        lambda user, key, household, _: events.grown(user, key, household),
    ),
}  # fmt: skip
LISTED = ("change", "add", "wish", "together")


def blocks(
    user: Any, household: Household, what: str, sent: Any, refused: tuple[Problem, ...]
) -> list[tuple[str, Form, list[forms.Bound], UUID]]:
    """The forms this user may use here, the refused one with what was typed."""
    from vorort.web.intake.person import may_here

    if sight.hides(user, household):
        return []
    found, first = [], known(household)
    for name in LISTED:
        form = FORMS[name]
        if not may_here(user, form.right, household):
            continue
        mine = sent if name == what and sent else None
        fields = form.fields(user, household)
        if name == what == "together":
            fields = (other_field(user, household), *fields[1:])
        found.append((name, form, forms.bound(fields, first, mine, refused),
                      uuid.uuid4()))  # fmt: skip
    return found


def known(household: Household) -> dict[str, Any]:
    """What stands in the fields at first."""
    today = clock.today()
    families = _families(household)
    people = Membership.objects.filter(household=household, person__same_as__isnull=True)
    languages = {x for x in people.values_list("person__language", flat=True) if x}
    return {
        **{n: getattr(household, n) for n in (
            "group", "kind", "arrived_on", "size_stated", "may_move_from", "hosted", "protected")},
        "family": families[0] if len(families) == 1 else None, "since": today, "on": today,
        "language": languages.pop() if len(languages) == 1 else None,
    }  # fmt: skip
