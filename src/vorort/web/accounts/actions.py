"""Colleagues, roles, handing over. One intent, one transaction, one entry. German: Verwaltung"""

from __future__ import annotations

from typing import NoReturn
from uuid import UUID

from vorort.problems import Problem, Refused
from vorort.web.accounts import factor, rights, trail
from vorort.web.accounts.models import Act, Grant, Role, User
from vorort.web.town.models import Office


def _refuse(de: str, en: str, remedy_de: str, remedy_en: str, column: str = "") -> NoReturn:
    raise Refused([Problem("", de, en, remedy_de, remedy_en, column=column)])


def add_user(
    actor: User | None, key: UUID, name: str, role: str, office: str
) -> tuple[trail.Done, str]:
    """A colleague with a start code, which is shown once. German: Zugang anlegen"""
    codes: list[str] = []

    def do(act: Act) -> None:
        if User.objects.filter(username=name).exists():
            _refuse("Diesen Namen gibt es schon.", "This name exists already.",
                    "Einen anderen wählen.", "Choose another.", "username")  # fmt: skip
        if not name or not all(c.isalnum() or c in "._-" for c in name):
            _refuse("Der Name besteht aus Buchstaben, Ziffern, Punkt und Strich.",
                    "A name is letters, digits, dot and hyphen.",
                    "Zum Beispiel m.muster.", "For example m.muster.", "username")  # fmt: skip
        user = User(username=name, role=_role(role), office=Office.objects.get(key=office))
        user.set_unusable_password()
        user.save()
        codes.append(factor.new_start_code(user))
        facts = {"username": (None, name), "role": (None, role), "office": (None, office)}
        trail.changed(act, "user", user.pk, facts)

    done = trail.once(actor, key, "user_new", do)
    return done, codes[0] if codes else ""


def reset_user(actor: User, key: UUID, user: User) -> tuple[trail.Done, str]:
    """Password and second factor anew, by a start code given in person. German: zurücksetzen"""
    codes: list[str] = []

    def do(act: Act) -> None:
        row = _changeable(actor, user)
        codes.append(factor.new_start_code(row))
        trail.changed(act, "user", row.pk, {"reset": (None, row.username)})

    done = trail.once(actor, key, "user_reset", do)
    return done, codes[0] if codes else ""


def change_user(actor: User, key: UUID, user: User, role: str, office: str) -> trail.Done:
    """Another role or office, from now on."""

    def do(act: Act) -> None:
        row = _changeable(actor, user)
        before = {"role": row.role.key, "office": row.office.key}
        row.role, row.office = _role(role), Office.objects.get(key=office)
        row.save()
        somebody_administers()
        after = {"role": role, "office": office}
        trail.changed(act, "user", row.pk, trail.between(before, after))

    return trail.once(actor, key, "user_change", do)


def hand_over(actor: User, key: UUID, user: User, to: User | None) -> trail.Done:
    """Somebody leaves: the login ends, open tasks stay with the office, and what the leaver had
    begun is listed for the successor. German: Übergabe"""

    def do(act: Act) -> None:
        from vorort.web.tasks.actions import add

        row = _changeable(actor, user)
        row.is_active = False
        row.start_code, row.start_until = "", None
        row.set_unusable_password()
        factor.end_sessions(row)
        somebody_administers()
        if to is not None:
            add(act, "handover", to.office, None, note=f"{row.username} → {to.username}")
        facts = {"is_active": (True, False), "to": (None, to.username if to else None)}
        trail.changed(act, "user", row.pk, facts)

    return trail.once(actor, key, "handover", do)


def _changeable(actor: User, user: User) -> User:
    row = User.objects.select_for_update().select_related("role", "office").get(pk=user.pk)
    if row.pk == actor.pk:
        _refuse("Den eigenen Zugang ändert jemand anderes aus der Verwaltung.",
                "Your own login is changed by somebody else of the administration.",
                "Eine Kollegin bitten.", "Ask a colleague.")  # fmt: skip
    if row.is_demo:
        _refuse("Die Zugänge der Vorführung bleiben, wie sie sind.",
                "The demo's logins stay as they are.",
                "Eine echte Datenbank anlegen.", "Make a real database.")  # fmt: skip
    if not row.is_active:
        _refuse("Dieser Zugang ist schon beendet.", "This login has ended already.",
                "Einen neuen anlegen.", "Make a new one.")  # fmt: skip
    return row


def _role(key: str) -> Role:
    """A role, kept from being taken away until this act is written."""
    row = Role.objects.select_for_update().filter(key=key).first()
    if row is None:
        _refuse("Diese Rolle gibt es nicht mehr.", "This role is gone.",
                "Eine andere wählen.", "Choose another.", "role")  # fmt: skip
    return row


def somebody_administers() -> None:
    """At least one active colleague can still change logins and roles."""
    roles = Grant.objects.filter(right=rights.USERS).values("role")
    if not User.objects.filter(role__in=roles, is_active=True).exists():
        _refuse("Danach könnte niemand mehr Zugänge und Rollen ändern.",
                "Nobody could change logins and roles after that.",
                "Zuerst jemand anderem die Verwaltung geben.",
                "First give the administration to somebody else.")  # fmt: skip
