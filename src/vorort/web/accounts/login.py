"""Local login by user name. Demo logins work in a demo database and nowhere else."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.hashers import check_password, make_password
from django.http import HttpRequest

from vorort.problems import Problem, Refused
from vorort.web.accounts.models import User
from vorort.web.town.models import Kommune


def is_demo() -> bool:
    """Was this database made for the demo? The flag is written at creation only."""
    return Kommune.objects.filter(is_demo=True).exists()


class LocalLogin:
    """User name and password.

    A real login needs a second factor. As long as that is not built no real login opens
    anything: a register with people in it would otherwise hang on a password.
    """

    def authenticate(
        self, request: HttpRequest | None, username: str = "", password: str = "", **_: Any
    ) -> User | None:
        """The user, or None; takes equally long where there is no such user."""
        user = User.objects.filter(username=username, is_active=True).first()
        if user is None:
            make_password(password)
            return None
        allowed = user.is_demo and is_demo()
        return user if check_password(password, user.password) and allowed else None

    def get_user(self, user_id: int) -> User | None:
        """The user of a session; a demo login outside a demo database is nobody."""
        user = User.objects.select_related("office", "role").filter(pk=user_id).first()
        if user is None or not user.is_active or not (user.is_demo and is_demo()):
            return None
        return user


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
