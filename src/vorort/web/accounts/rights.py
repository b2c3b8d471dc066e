"""Who may do what: looked up in a table, denied by default. German: Rechte"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse

from vorort.web.accounts.models import Grant, Role, User

BOARD, HOUSEHOLD, TODAY = "board.view", "household.view", "today.view"
HOLD, CONFIRM, MOVE_IN, MOVE_OUT = "stay.hold", "stay.confirm", "stay.move_in", "stay.move_out"
PROTECTED = "protected.view"  # where a protected household lives
RIGHTS = (BOARD, HOUSEHOLD, TODAY, HOLD, CONFIRM, MOVE_IN, MOVE_OUT, PROTECTED)

ALL, OWN = False, True
# What a new register starts with; afterwards the table counts.
FIRST_ROLES: dict[str, tuple[str, str, dict[str, bool]]] = {
    "belegung": ("Belegung", "placing", {
        BOARD: ALL, HOUSEHOLD: ALL, TODAY: ALL, HOLD: ALL, CONFIRM: OWN, MOVE_IN: OWN,
        MOVE_OUT: OWN,
    }),
    "schutz": ("Belegung, Schutzfälle", "placing, protected cases", {
        BOARD: ALL, HOUSEHOLD: ALL, TODAY: ALL, HOLD: ALL, CONFIRM: OWN, MOVE_IN: OWN,
        MOVE_OUT: OWN, PROTECTED: ALL,
    }),
    "bereitschaft": ("Bereitschaft", "on call", {
        BOARD: ALL, HOUSEHOLD: ALL, TODAY: ALL, HOLD: ALL, CONFIRM: ALL, MOVE_IN: ALL,
    }),
    "standort": ("Vor Ort", "site staff", {
        BOARD: OWN, HOUSEHOLD: OWN, TODAY: OWN, MOVE_IN: OWN, MOVE_OUT: OWN,
    }),
    "fall": ("Fallbearbeitung", "case work", {HOUSEHOLD: OWN, TODAY: OWN, HOLD: OWN}),
    "extern": ("Andere Stelle", "other office", {BOARD: OWN}),
    "planung": ("Planung", "planning", {BOARD: ALL}),
    "revision": ("Revision", "audit", {BOARD: ALL}),
    "verwaltung": ("Verwaltung", "administration", {}),
}  # fmt: skip


def write_first_roles() -> None:
    """The roles a new register starts with."""
    for key, (de, en, grants) in FIRST_ROLES.items():
        role = Role.objects.create(key=key, name_de=de, name_en=en)
        Grant.objects.bulk_create(
            Grant(role=role, right=right, own_office_only=own) for right, own in grants.items()
        )


def of(user: Any) -> dict[str, bool]:
    """Rights of a user; the value says whether for the own office only."""
    found: dict[str, bool] | None = getattr(user, "granted", None)
    if found is None:
        rows = Grant.objects.filter(role=user.role_id).values_list("right", "own_office_only")
        found = {right.replace(".", "_"): own for right, own in rows}
        user.granted = found
    return found


def may(user: Any, right: str) -> bool:
    """Has a user a right at all?"""
    return right.replace(".", "_") in of(user)


def own_only(user: User, right: str) -> bool:
    """Does the right end at the own office? True also where there is none."""
    return of(user).get(right.replace(".", "_"), True)


View = Callable[..., HttpResponse]


def needs(right: str) -> Callable[[View], View]:
    """A page that asks for a right; without it the answer is 403."""

    def wrap(view: View) -> View:
        @wraps(view)
        def asked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not may(request.user, right):
                raise PermissionDenied(right)
            return view(request, *args, **kwargs)

        asked.right = right  # type: ignore[attr-defined]
        return asked

    return wrap
