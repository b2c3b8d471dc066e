"""Who may do what: looked up in a table, denied by default. German: Rechte"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse

from vorort.web.accounts.models import Grant, Role, User

# Seeing
BOARD, HOUSEHOLD, TODAY = "board.view", "household.view", "today.view"
PROTECTED = "protected.view"  # where a protected household lives
NAMES, LEGAL, NEEDS = "names.view", "legal.view", "needs.view"  # groups of fields about a person
# why somebody needs care: apart from what a place must offer
VULNERABLE, VULNERABLE_EDIT = "vulnerable.view", "vulnerable.edit"
TASKS, DATES, OUTLOOK, AUDIT = "tasks.view", "dates.view", "outlook.view", "audit.view"
HEALTH = "health.view"
# Stays
HOLD, CONFIRM, MOVE_IN, MOVE_OUT = "stay.hold", "stay.confirm", "stay.move_in", "stay.move_out"
TRANSFER, KEEP, CANCEL = "stay.transfer", "stay.keep", "stay.cancel"
OVER_OCCUPY, CORRECT, EMERGENCY = "stay.over_occupy", "stay.correct", "stay.emergency"
# Places and people
PLACES_EDIT, BLOCK = "places.edit", "places.block"
HOUSEHOLD_EDIT, MERGE = "household.edit", "household.merge"
LEGAL_EDIT, NEEDS_EDIT, DISCLOSE = "legal.edit", "needs.edit", "person.disclose"
REQUESTS, REQUEST, ANSWER = "requests.view", "request.make", "request.answer"
# Work and administration
TASKS_END, IMPORT, EXPORT, OUTLOOK_RUN = "tasks.end", "lists.import", "lists.export", "outlook.run"
FOLDER = "lists.folder"  # the whole register, with every place
USERS, RETENTION, LEGAL_HOLD = "users.manage", "retention.manage", "retention.hold"
DELETE = "person.delete"
# Proposals. Deciding still asks for the right to the act itself (stay.hold, stay.confirm ...)
PLACEMENT, PLACEMENT_RUN, DECIDE = "placement.view", "placement.run", "placement.decide"
RULES, RULES_EDIT = "rules.view", "rules.edit"
RIGHTS = (
    BOARD, HOUSEHOLD, TODAY, PROTECTED, NAMES, LEGAL, NEEDS, TASKS, DATES, OUTLOOK, AUDIT, HEALTH,
    HOLD, CONFIRM, MOVE_IN, MOVE_OUT, TRANSFER, KEEP, CANCEL, OVER_OCCUPY, CORRECT, EMERGENCY,
    PLACES_EDIT, BLOCK, HOUSEHOLD_EDIT, MERGE, LEGAL_EDIT, NEEDS_EDIT, VULNERABLE,
    VULNERABLE_EDIT, DISCLOSE, REQUESTS, REQUEST, ANSWER, TASKS_END, IMPORT, EXPORT, FOLDER,
    OUTLOOK_RUN, USERS, RETENTION, LEGAL_HOLD, DELETE,
    PLACEMENT, PLACEMENT_RUN, DECIDE, RULES, RULES_EDIT,
)  # fmt: skip

ALL, OWN = False, True
_PLACING = {
    BOARD: ALL, HOUSEHOLD: ALL, TODAY: ALL, NAMES: ALL, LEGAL: ALL, TASKS: OWN, DATES: ALL,
    OUTLOOK: ALL, HOLD: ALL, CONFIRM: OWN, MOVE_IN: OWN, MOVE_OUT: OWN, TRANSFER: OWN, KEEP: OWN,
    CANCEL: OWN, OVER_OCCUPY: OWN, CORRECT: OWN, EMERGENCY: OWN, PLACES_EDIT: OWN, BLOCK: OWN,
    HOUSEHOLD_EDIT: ALL, MERGE: ALL, LEGAL_EDIT: ALL, TASKS_END: OWN, IMPORT: OWN, EXPORT: OWN,
    REQUESTS: OWN, REQUEST: OWN, ANSWER: OWN, DISCLOSE: OWN,
    PLACEMENT: ALL, PLACEMENT_RUN: ALL, DECIDE: ALL, RULES: ALL,
}  # fmt: skip
# What a new register starts with; afterwards the table counts.
FIRST_ROLES: dict[str, tuple[str, str, dict[str, bool]]] = {
    "belegung": ("Belegung", "placing", _PLACING),
    "schutz": ("Belegung, Schutzfälle", "placing, protected cases", {
        **_PLACING, PROTECTED: ALL, FOLDER: ALL, NEEDS: ALL, NEEDS_EDIT: ALL, VULNERABLE: ALL,
        VULNERABLE_EDIT: ALL,
    }),
    "bereitschaft": ("Bereitschaft", "on call", {
        BOARD: ALL, HOUSEHOLD: ALL, TODAY: ALL, NAMES: ALL, TASKS: OWN, HOLD: ALL, CONFIRM: ALL,
        MOVE_IN: ALL, OVER_OCCUPY: ALL, EMERGENCY: ALL, BLOCK: ALL, HOUSEHOLD_EDIT: ALL,
    }),
    "standort": ("Vor Ort", "site staff", {
        BOARD: OWN, HOUSEHOLD: OWN, TODAY: OWN, NAMES: OWN, TASKS: OWN, TASKS_END: OWN,
        MOVE_IN: OWN, MOVE_OUT: OWN, KEEP: OWN, BLOCK: OWN,
    }),
    "fall": ("Fallbearbeitung", "case work", {
        HOUSEHOLD: OWN, TODAY: OWN, NAMES: OWN, LEGAL: OWN, NEEDS: OWN, DATES: OWN, TASKS: OWN,
        TASKS_END: OWN, HOLD: OWN, HOUSEHOLD_EDIT: OWN, LEGAL_EDIT: OWN, NEEDS_EDIT: OWN,
        VULNERABLE: OWN, VULNERABLE_EDIT: OWN, DISCLOSE: OWN, EXPORT: OWN, REQUESTS: OWN,
        REQUEST: OWN, ANSWER: OWN,
    }),
    "extern": ("Andere Stelle", "other office", {
        REQUESTS: OWN, ANSWER: OWN, BOARD: OWN, PLACES_EDIT: OWN, BLOCK: OWN, TASKS: OWN,
        TASKS_END: OWN,
    }),
    "planung": ("Planung", "planning", {BOARD: ALL, OUTLOOK: ALL, OUTLOOK_RUN: ALL, RULES: ALL}),
    "revision": ("Revision", "audit", {BOARD: ALL, AUDIT: ALL, EXPORT: ALL, RULES: ALL}),
    "verwaltung": ("Verwaltung", "administration", {
        USERS: ALL, RETENTION: ALL, LEGAL_HOLD: ALL, DELETE: ALL, HEALTH: ALL,
        RULES: ALL, RULES_EDIT: ALL,
    }),
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


def needs_one(*several: str) -> Callable[[View], View]:
    """A page that asks for any of some rights; without one of them the answer is 403."""

    def wrap(view: View) -> View:
        @wraps(view)
        def asked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not any(may(request.user, right) for right in several):
                raise PermissionDenied(" ".join(several))
            return view(request, *args, **kwargs)

        asked.right = several  # type: ignore[attr-defined]
        return asked

    return wrap


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
