"""What a changed rule has moved, for the people one sees, until the own office has taken note."""

from __future__ import annotations

import json
from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet

from vorort.vocabulary import Text
from vorort.web import sight
from vorort.web.accounts import rights, trail
from vorort.web.accounts.models import Act, User
from vorort.web.deadlines.models import ChangeSeen, Moved, RulesChange
from vorort.web.tables import Column

COLUMNS = (
    Column("person", Text("Person", "Person"), "person__key"),
    Column("haushalt", Text("Haushalt", "Household"), "household__key"),
    Column("frist", Text("Frist", "Date"), "rule"),
    Column("vorher", Text("vorher", "before"), "before"),
    Column("nachher", Text("nachher", "now"), "after"),
)


@dataclass(frozen=True)
class RuleChanged:
    """A rule of a change. ``kind``: changed, new or gone; ``people``: of the whole register, and
    None for who sees the own office's people only."""

    key: str
    name: Text
    kind: str
    people: int | None


@dataclass(frozen=True)
class Told:
    """A change of rules as a page tells it to a user."""

    row: RulesChange
    rules: list[RuleChanged]
    people: int  # whom this user sees


def moved_for(user: User, change: RulesChange) -> QuerySet[Moved]:
    """Moved dates of everybody this user may see."""
    found = Moved.objects.filter(change=change)
    if rights.own_only(user, rights.DATES):
        found = found.filter(household__in=sight.households_for(user, rights.DATES).values("pk"))
    return found.order_by("rule", "person__key", "pk")


def told(user: User, change: RulesChange) -> Told:
    """A change in words and numbers."""
    sees_all = not rights.own_only(user, rights.DATES)
    rules = [
        RuleChanged(r["key"], Text(r["de"], r["en"]), r["kind"], r["people"] if sees_all else None)
        for r in json.loads(change.rules)
    ]
    people = moved_for(user, change).order_by().values("person").distinct().count()
    return Told(change, rules, people)


def unseen(user: User) -> list[Told]:
    """Changes of which the user's office has not taken note, newest first."""
    seen = ChangeSeen.objects.filter(office=user.office).values("change")
    return [told(user, c) for c in RulesChange.objects.exclude(pk__in=seen).order_by("-pk")]


def is_seen(user: User, change: RulesChange) -> bool:
    """Has the user's office taken note?"""
    return ChangeSeen.objects.filter(change=change, office=user.office).exists()


def take_note(actor: User, key: UUID, change: RulesChange) -> trail.Done:
    """The office of the actor has seen it. German: zur Kenntnis nehmen"""

    def do(act: Act) -> None:
        _, is_new = ChangeSeen.objects.get_or_create(change=change, office=actor.office)
        if is_new:
            facts = {"seen": (None, actor.office.key)}
            trail.changed(act, "rules_change", change.pk, facts)

    return trail.once(actor, key, "rules_seen", do)
