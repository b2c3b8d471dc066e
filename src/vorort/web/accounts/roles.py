"""Roles are added, renamed, changed and taken away. A new one may do nothing, or what another may.

German: Rollen
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from uuid import UUID

from vorort.problems import Problem, Refused
from vorort.web.accounts import rights, trail
from vorort.web.accounts.actions import somebody_administers
from vorort.web.accounts.models import Act, Grant, Role, User

UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})
LONGEST = 60  # letters of a name: it heads a column


def add(actor: User, key: UUID, name_de: str, name_en: str | None, like: str | None) -> trail.Done:
    """A role that may do nothing yet, or as much as another. German: Rolle anlegen"""

    def do(act: Act) -> None:
        there, names = _all_locked(), _names(name_de, name_en)
        _refuse([*_wrong_names(names, there), *_unknown(like, there)])
        row = Role.objects.create(key=_key(names[0], there), name_de=names[0], name_en=names[1])
        granted = Grant.objects.filter(role__key=like).order_by("pk") if like else []
        Grant.objects.bulk_create(
            Grant(role=row, right=g.right, own_office_only=g.own_office_only) for g in granted
        )
        facts = {"name_de": row.name_de, "name_en": row.name_en, "like": like, **said(row)}
        trail.changed(act, "role", row.pk, trail.between({}, facts))

    return trail.once(actor, key, "role_new", do)


def rename(
    actor: User, key: UUID, role: Role, name_de: str, name_en: str | None
) -> trail.Done:  # fmt: skip
    """Another name for a role; its key, its rights and who has it stay. German: Rolle umbenennen"""

    def do(act: Act) -> None:
        there, names = _all_locked(), _names(name_de, name_en)
        row = _locked(role)
        _refuse(_wrong_names(names, [r for r in there if r.pk != row.pk]))
        before = {"name_de": row.name_de, "name_en": row.name_en}
        row.name_de, row.name_en = names
        row.save(update_fields=["name_de", "name_en"])
        after = {"name_de": row.name_de, "name_en": row.name_en}
        trail.changed(act, "role", row.pk, trail.between(before, after))

    return trail.once(actor, key, "role_rename", do)


def change(actor: User, key: UUID, role: Role, wanted: Mapping[str, str]) -> trail.Done:
    """What a role may do: for each right nothing, `own` or `all`. German: Rolle ändern"""

    def do(act: Act) -> None:
        if role.pk == actor.role_id:
            _refuse([Problem(
                "", "Die eigene Rolle ändert jemand mit einer anderen.",
                "Your own role is changed by somebody with another.",
                "Eine Kollegin bitten.", "Ask a colleague.",
            )])  # fmt: skip
        before = said(_locked(role))
        after = {r: v for r, v in wanted.items() if r in rights.RIGHTS and v in ("own", "all")}
        Grant.objects.filter(role=role).delete()
        Grant.objects.bulk_create(
            Grant(role=role, right=r, own_office_only=v == "own") for r, v in after.items()
        )
        somebody_administers()
        trail.changed(act, "role", role.pk, trail.between(before, after))

    return trail.once(actor, key, "role_change", do)


def remove(actor: User, key: UUID, role: Role) -> trail.Done:
    """A role nobody has, nor had until their login ended. German: Rolle entfernen"""

    def do(act: Act) -> None:
        row = _locked(role)
        _refuse(_in_use(row))
        facts = {"name_de": row.name_de, "name_en": row.name_en, **said(row)}
        trail.changed(act, "role", row.pk, trail.between(facts, {}))
        row.delete()  # its grants with it

    return trail.once(actor, key, "role_remove", do)


def said(role: Role) -> dict[str, str]:
    """What a role may do, as the trail says it: right, and `own` or `all`."""
    rows = Grant.objects.filter(role=role).values_list("right", "own_office_only")
    return {right: "own" if own else "all" for right, own in rows}


def _all_locked() -> list[Role]:
    """Every role, read when who was before us has finished: also one that was added meanwhile."""
    list(Role.objects.select_for_update().order_by("pk").values_list("pk"))
    return list(Role.objects.order_by("pk"))


def _names(name_de: str, name_en: str | None) -> tuple[str, str]:
    return " ".join(name_de.split()), " ".join((name_en or name_de).split())


def _locked(role: Role) -> Role:
    row = Role.objects.select_for_update().filter(pk=role.pk).first()
    if row is None:
        raise Refused([Problem(
            "", "Diese Rolle gibt es nicht mehr.", "This role is gone.",
            "Seite neu laden.", "Reload the page.",
        )])  # fmt: skip
    return row


def _refuse(problems: list[Problem]) -> None:
    if problems:
        raise Refused(problems)


def _wrong_names(names: tuple[str, str], there: list[Role]) -> list[Problem]:
    taken = {n.casefold() for r in there for n in (r.name_de, r.name_en)}
    found = []
    for column, name in zip(("name_de", "name_en"), names, strict=True):
        if name.casefold() in taken:
            found.append(Problem(
                "", f"Eine Rolle „{name[:LONGEST]}“ gibt es schon.",
                f"There is a role “{name[:LONGEST]}” already.",
                "Anders benennen.", "Name it otherwise.", column=column,
            ))  # fmt: skip
        elif len(name) > LONGEST or not re.search(r"\w", name):
            found.append(Problem(
                "", f"Der Name hat höchstens {LONGEST} Zeichen, darunter einen Buchstaben.",
                f"A name has at most {LONGEST} characters, a letter among them.",
                "Kürzer oder deutlicher benennen.", "Name it shorter or clearer.", column=column,
            ))  # fmt: skip
    return found[:1] if names[0] == names[1] else found


def _unknown(like: str | None, there: list[Role]) -> list[Problem]:
    if not like or like in {r.key for r in there}:
        return []
    return [Problem(
        "", "Die Rolle, die Vorbild sein soll, gibt es nicht mehr.",
        "The role to copy is gone.", "Eine andere wählen.", "Choose another.", column="like",
    )]  # fmt: skip


def _in_use(role: Role) -> list[Problem]:
    active = User.objects.filter(role=role, is_active=True).count()
    ended = User.objects.filter(role=role, is_active=False).count()
    if not active + ended:
        return []
    return [Problem(
        "", f"Diese Rolle haben {active} Zugänge und {ended} beendete; sie bleibt.",
        f"{active} logins and {ended} ended ones have this role; it stays.",
        "Den Zugängen eine andere Rolle geben, oder ihr alle Rechte nehmen.",
        "Give the logins another role, or take all its rights.",
    )]  # fmt: skip


def _key(name: str, there: list[Role]) -> str:
    """A key out of a name. None is used twice, also not one the trail knows or this software
    brings: an upgrade that speaks of its own roles must not mean somebody else's."""
    plain = re.sub(r"[^a-z0-9]+", "-", name.casefold().translate(UMLAUTS)).strip("-")[:30]
    start, number = plain or "rolle", 1
    taken = {r.key for r in there} | set(rights.FIRST_ROLES)
    found = start
    while found in taken or Act.objects.filter(role=found).exists():
        number += 1
        found = f"{start}-{number}"
    return found
