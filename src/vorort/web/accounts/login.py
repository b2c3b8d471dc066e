"""Local login by user name. Demo logins work in a demo database and nowhere else.

A real login is password and second factor, always: until both are there the session belongs to
nobody, and no page but the next step opens.
"""

from __future__ import annotations

from typing import Any

from django.contrib.auth.hashers import check_password, make_password

from vorort.problems import Problem, Refused
from vorort.web import clock
from vorort.web.accounts import factor
from vorort.web.accounts.models import User


def is_demo() -> bool:
    """Was this database made for the demo? The flag is written at creation only."""
    here = clock.kommune()
    return here is not None and here.is_demo


def by_password(name: str, password: str) -> tuple[User | None, bool]:
    """The user, and whether by a start code; None where it is wrong. As slow for no user."""
    user = User.objects.filter(username=name, is_active=True).first()
    if user is None:
        make_password(password)
        return None, False
    if user.is_demo != is_demo():
        make_password(password)
        return None, False
    if check_password(password, user.password):
        return user, False
    return (user, True) if factor.takes_start(user, password) else (None, False)


def is_whole(user: User) -> bool:
    """May a session belong to this user? A real one needs the second factor in force."""
    if not user.is_active or user.is_demo != is_demo():
        return False
    return user.is_demo or factor.has_factor(user)


class LocalLogin:
    """Finds the user of a session; who logs in is decided in `views`, step by step."""

    def authenticate(self, request: Any, **_: Any) -> User | None:
        """Nobody: a password alone opens nothing."""
        return None

    def get_user(self, user_id: int) -> User | None:
        """The user of a session; a demo login outside a demo database is nobody."""
        user = User.objects.select_related("office", "role").filter(pk=user_id).first()
        return user if user is not None and is_whole(user) else None


def refuse_demo_logins() -> None:
    """A real database does not open while it holds a demo login; raises `Refused`."""
    if not is_demo() and User.objects.filter(is_demo=True).exists():
        raise Refused([
            Problem(
                "VORORT_DATABASE", "Diese echte Datenbank enthält Zugänge der Vorführung.",
                "This real database holds demo logins.",
                "Zugänge löschen, dann starten.", "Delete them, then start.",
            )
        ])  # fmt: skip
