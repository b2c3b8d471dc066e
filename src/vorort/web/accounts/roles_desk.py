"""Pages of the roles: who may do what, as one table. German: Rollen"""

from __future__ import annotations

import uuid
from typing import Any

from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from vorort.problems import Problem, Refused
from vorort.vocabulary import Text
from vorort.web import asked, forms
from vorort.web.accounts import rights
from vorort.web.accounts import roles as actions
from vorort.web.accounts.models import Grant, Role
from vorort.web.accounts.rights import needs
from vorort.web.forms import Field
from vorort.web.middleware import lang_of


def _fields() -> tuple[Field, ...]:
    there = tuple((r.key, Text(r.name_de, r.name_en)) for r in Role.objects.order_by("id"))
    return (
        Field("name_de", Text("Name", "German name"), needed=True),
        Field("name_en", Text("Name auf Englisch", "English name"),
              hint=Text("leer: wie auf Deutsch", "empty: as in German")),
        Field("like", Text("Rechte", "Rights"), "choice", choices=there,
              nothing=Text("keine, sie kommen danach", "none, they come afterwards"),
              hint=Text("oder die einer anderen Rolle", "or those of another role")),
    )  # fmt: skip


NAMES = ("name_de", "name_en")


@require_http_methods(["GET", "POST"])
@needs(rights.USERS)
def roles(request: HttpRequest) -> HttpResponse:
    """The table, and a new role."""
    if request.method == "GET":
        return _roles(request)
    values, problems = forms.read(_fields(), request.POST)

    def act(key: uuid.UUID) -> Any:
        if problems:
            raise Refused(problems)
        return actions.add(asked.user_of(request), key, **values)

    def made(done: Any) -> str:
        row = Role.objects.filter(pk=done.act.changed.filter(table="role")[0].row).first()
        return reverse("roles") + (f"?rolle={row.key}" if row else "")

    return asked.answer(request, act, made, lambda refused: _roles(request, refused, is_new=True))


def _roles(
    request: HttpRequest,
    refused: tuple[Problem, ...] = (),
    *,
    is_new: bool = False,
    is_named: bool = False,
    asked_for: str = "",
) -> HttpResponse:
    found = list(Role.objects.annotate(users=Count("user")).order_by("id"))
    grants = {
        (g.role_id, g.right): "own" if g.own_office_only else "all" for g in Grant.objects.all()
    }
    lines = [(r, [grants.get((role.pk, r), "") for role in found]) for r in rights.RIGHTS]
    wanted = asked_for or request.GET.get("rolle", "")
    chosen = next((r for r in found if r.key == wanted), None)
    mine = [(r, grants.get((chosen.pk, r), "")) for r in rights.RIGHTS] if chosen else []
    return render(request, "web/roles.html", {
        "roles": found, "lines": lines, "chosen": chosen, "mine": mine, "act_key": uuid.uuid4(),
        "other_key": uuid.uuid4(), "new_key": uuid.uuid4(), "is_new": is_new,
        "bound": forms.bound(_fields(), {}, request.POST if is_new else None, refused),
        "named": _named(request, chosen, refused, is_sent=is_named), "is_named": is_named,
        "name_key": uuid.uuid4(),
        "refused": asked.told(refused, lang_of(request)),
    }, status=409 if refused else 200)  # fmt: skip


def _named(
    request: HttpRequest, role: Role | None, refused: tuple[Problem, ...], *, is_sent: bool
) -> list[forms.Bound]:
    """The names of a role, to change them."""
    if role is None:
        return []
    fields = [f for f in _fields() if f.name in NAMES]
    now = {name: getattr(role, name) for name in NAMES}
    return forms.bound(fields, now, request.POST if is_sent else None, refused if is_sent else ())


@require_POST
@needs(rights.USERS)
def role(request: HttpRequest, key: str) -> HttpResponse:
    """Change what a role may do, or take the role away."""
    row, user = Role.objects.filter(key=key).first(), asked.user_of(request)
    if row is None:
        raise Http404
    wanted = {r: request.POST.get(r, "") for r in rights.RIGHTS}
    what = request.POST.get("what")
    names, problems = forms.read([f for f in _fields() if f.name in NAMES], request.POST)

    def act(k: uuid.UUID) -> Any:
        if what == "rename":
            if problems:
                raise Refused(problems)
            return actions.rename(user, k, row, **names)
        if what == "remove":
            return actions.remove(user, k, row)
        return actions.change(user, k, row, wanted)

    return asked.answer(
        request, act, reverse("roles") + (f"?rolle={key}" if what == "rename" else ""),
        lambda refused: _roles(request, refused, asked_for=key, is_named=what == "rename"),
    )  # fmt: skip
