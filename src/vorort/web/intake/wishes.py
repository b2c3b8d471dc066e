"""What a household would like; no claim. German: Wünsche"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from vorort.problems import Problem, Refused
from vorort.web.accounts import trail
from vorort.web.accounts.models import Act, User
from vorort.web.intake.models import (
    Household,
    Person,
    Wish,
)


def add_wishes(
    actor: User, key: UUID, household: Household, wishes: Mapping[str, str | None]
) -> trail.Done:
    """What the household would like; no claim. German: Wünsche"""

    def do(act: Act) -> None:
        said = {kind: what for kind, what in wishes.items() if what}
        if not said:
            raise Refused([
                Problem(
                    "", "Kein Wunsch ist eingetragen.", "No wish was entered.",
                    "Eines der Felder ausfüllen.", "Fill in one of the fields.", column="district",
                )
            ])  # fmt: skip
        for kind, what in said.items():
            Wish.objects.get_or_create(household=household, kind=kind, what=what)
        _note_wishes(act, household, {f"wish_{k}": (None, w) for k, w in said.items()})

    return trail.once(actor, key, "wish_add", do)


def end_wish(actor: User, key: UUID, household: Household, wish: int) -> trail.Done:
    """The wish is struck."""

    def do(act: Act) -> None:
        row = Wish.objects.filter(pk=wish, household=household).first()
        if row is not None:
            _note_wishes(act, household, {f"wish_{row.kind}": (row.what, None)})
            row.delete()

    return trail.once(actor, key, "wish_end", do)


def _note_wishes(act: Act, household: Household, facts: dict[str, tuple[Any, Any]]) -> None:
    for person in Person.objects.filter(membership__household=household).distinct():
        trail.changed(act, "household", household.pk, facts, subject=person.pk)
