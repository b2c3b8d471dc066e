"""Pages of the administration and of the audit. German: Verwaltung, Protokoll"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Q, QuerySet, Value
from django.db.models.functions import NullIf
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_http_methods

from vorort.problems import Problem, Refused
from vorort.vocabulary import Text
from vorort.web import asked, clock, forms, sight, tables
from vorort.web.accounts import actions, rights, transfers
from vorort.web.accounts.called import said_of
from vorort.web.accounts.models import Act, ReadLog, Role, Transfer, User
from vorort.web.accounts.rights import needs
from vorort.web.forms import Field
from vorort.web.intake.models import Person
from vorort.web.middleware import lang_of
from vorort.web.tables import Column
from vorort.web.town.models import Office


def _fields(is_new: bool) -> tuple[Field, ...]:
    roles = tuple((r.key, Text(r.name_de, r.name_en)) for r in Role.objects.order_by("id"))
    offices = tuple((o.key, Text(o.name, o.name)) for o in Office.objects.order_by("name"))
    name = Field("username", Text("Benutzername", "User name"), needed=True)
    rest = (
        Field("role", Text("Rolle", "Role"), "choice", True, roles),
        Field("office", Text("Stelle", "Office"), "choice", True, offices),
    )
    return (name, *rest) if is_new else rest


@require_http_methods(["GET", "POST"])
@needs(rights.USERS)
def users(request: HttpRequest) -> HttpResponse:
    """Everybody with a login, and a new one."""
    if request.method == "GET":
        return _users(request)
    values, problems = forms.read(_fields(True), request.POST)
    if problems:
        return _users(request, problems)
    try:
        key = uuid.UUID(request.POST.get("key", ""))
        _, code = actions.add_user(
            asked.user_of(request), key, values["username"], values["role"], values["office"]
        )
    except ValueError as error:
        found = error.problems if isinstance(error, Refused) else (asked.nothing_chosen(),)
        return _users(request, found)
    return _users(request, shown=(values["username"], code))


def _user_columns(lang: str) -> tuple[Column, ...]:
    return (
        Column("name", Text("Name", "Name"), lambda u: u.username.casefold()),
        Column("rolle", Text("Rolle", "Role"),
               lambda u: (u.role.name_en if lang == "en" else u.role.name_de).casefold()),
        Column("stelle", Text("Stelle", "Office"), lambda u: u.office.name.casefold()),
        Column("zustand", Text("Zustand", "State"), lambda u: u.state.in_(lang)),
    )  # fmt: skip


def _users(
    request: HttpRequest,
    refused: tuple[Problem, ...] = (),
    shown: tuple[str, str] | None = None,
) -> HttpResponse:
    rows = User.objects.select_related("role", "office").order_by("-is_active", "username")
    sent, columns = request.POST if refused else None, _user_columns(lang_of(request))
    return render(request, "web/users.html", {
        "rows": tables.ordered(request.GET, rows, columns), "shown": shown,
        "heads": tables.heads(request, columns), "act_key": uuid.uuid4(),
        "bound": forms.bound(_fields(True), {}, sent, refused),
        "refused": asked.told(refused, lang_of(request)),
    }, status=409 if refused else 200)  # fmt: skip


def _user(number: int) -> User:
    row = User.objects.select_related("role", "office").filter(pk=number).first()
    if row is None:
        raise Http404
    return row


@require_http_methods(["GET", "POST"])
@needs(rights.USERS)
def user(request: HttpRequest, number: int) -> HttpResponse:
    """One colleague: role, office, reset, handing over."""
    row, actor = _user(number), asked.user_of(request)
    if request.method == "GET":
        return _user_page(request, row)
    what = request.POST.get("what", "")
    values, problems = forms.read(_fields(False), request.POST) if what == "change" else ({}, ())
    if problems:
        return _user_page(request, row, problems)
    try:
        key = uuid.UUID(request.POST.get("key", ""))
        code = ""
        if what == "change":
            actions.change_user(actor, key, row, values["role"], values["office"])
        elif what == "reset":
            _, code = actions.reset_user(actor, key, row)
        elif what == "leave":
            to = User.objects.filter(
                username=request.POST.get("to", ""), is_active=True, office=row.office
            ).exclude(pk=row.pk).first()  # fmt: skip
            actions.hand_over(actor, key, row, to)
        else:
            raise Refused([asked.nothing_chosen()])
    except ValueError as error:
        found = error.problems if isinstance(error, Refused) else (asked.nothing_chosen(),)
        return _user_page(request, row, found)
    return _user_page(request, _user(number), code=code, saved=True)


def _user_page(
    request: HttpRequest, row: User, refused: tuple[Problem, ...] = (), **more: Any
) -> HttpResponse:
    from vorort.web.tasks.handover import counts_of

    acts = Act.objects.filter(actor=row)
    return render(request, "web/user.html", {
        "row": row, "act_key": uuid.uuid4(), "keys": [uuid.uuid4() for _ in range(3)],
        "bound": forms.bound(_fields(False), {"role": row.role.key, "office": row.office.key}),
        "refused": asked.told(refused, lang_of(request)), "acts": acts.order_by("-pk")[:30],
        "acts_total": acts.count(), "left": counts_of(row),
        "others": User.objects.filter(
            is_active=True, office=row.office).exclude(pk=row.pk).order_by("username"),
        **more,
    }, status=409 if refused else 200)  # fmt: skip


# ---- audit --------------------------------------------------------------------------------------

MASKED = {"name": rights.NAMES, "legal_basis": rights.LEGAL, "need": rights.NEEDS,
          "vulnerability": rights.VULNERABLE}  # fmt: skip


ACT_COLUMNS = (
    Column("zeit", Text("Zeit", "Time"), "id"),  # acts are numbered as they come
    Column("vorgang", Text("Vorgang", "Act"), "kind_said"),
    Column("rolle", Text("Rolle", "Role"), "role_said"),
    Column("stelle", Text("Stelle", "Office"), "office_or_none"),
    Column("was", Text("Was sich änderte", "What changed")),
)


def sorted_acts(found: QuerySet[Act], asked: Mapping[str, str], lang: str) -> QuerySet[Act]:
    """Acts in the order an address asks for; the page and the file that goes out ask alike."""
    kinds, roles = (
        found.order_by().values_list(column, flat=True).distinct() for column in ("kind", "role")
    )
    found = found.annotate(
        kind_said=tables.in_words("kind", kinds, lang),
        role_said=tables.as_read(said_of(roles, lang)),
        office_or_none=NullIf("office", Value("")),
    )  # fmt: skip
    return tables.ordered_rows(asked, found, ACT_COLUMNS)


@require_GET
@needs(rights.AUDIT)
def audit(request: HttpRequest) -> HttpResponse:
    """Acts, newest first: when, which role of which office, what kind. No totals per colleague."""
    day, _ = asked.day(request.GET.get("tag", ""), clock.calendar_day())
    kind, office = request.GET.get("art", ""), request.GET.get("stelle", "")
    found = Act.objects.filter(at__gt=clock.end_of(day - timedelta(days=1)),
                               at__lte=clock.end_of(day))  # fmt: skip
    kinds = sorted(set(found.values_list("kind", flat=True)))
    if kind:
        found = found.filter(kind=kind)
    if office:
        found = found.filter(office=office)
    lang = lang_of(request)
    shown = sorted_acts(found.order_by("-pk"), request.GET, lang)
    page = Paginator(shown, 50).get_page(request.GET.get("seite", "1"))
    user = asked.user_of(request)
    protected = _protected_people(user)
    rows = [(act, _changes(user, act, protected)) for act in page]
    return render(request, "web/audit.html", {
        "page": page, "rows": rows, "day": day, "kinds": kinds, "asked": request.GET,
        "heads": tables.heads(request, ACT_COLUMNS),
        "offices": Office.objects.order_by("name"),
    })  # fmt: skip


def _protected_people(user: Any) -> frozenset[Any]:
    """Who belongs or belonged to a household whose place this user does not see."""
    hidden = sight.hidden_households(user)
    people = Person.objects.filter(membership__household__key__in=hidden)
    return frozenset(people.values_list("pk", flat=True))


def _changes(
    user: Any, act: Act, protected: frozenset[Any]
) -> list[tuple[str, str, str, str | None, str | None]]:
    """Subject's number, table, field, old, new: values only with the right to the field, and never
    the place of a protected household."""
    sees_people = rights.may(user, rights.HOUSEHOLD)
    found = []
    for value in act.changed.select_related("subject").order_by("id")[:60]:
        who = value.subject.key if value.subject_id else ""
        needed = MASKED.get(value.table)
        may = value.subject_id is None or (
            sees_people and value.subject_id not in protected
            and (needed is None or rights.may(user, needed))
            and (value.field != "name" or rights.may(user, rights.NAMES))
        )  # fmt: skip
        shown = (value.old, value.new) if may else (None, None)
        found.append((who, value.table, value.field, *shown))
    return found


@require_GET
@needs(rights.AUDIT)
def reads(request: HttpRequest) -> HttpResponse:
    """Who saw restricted facts about people, for which purpose, and to whom facts went."""
    key = request.GET.get("haushalt", "").strip()[:40]
    meant = (Q(membership__household__key=key), Q(key=key), Q(same_as__key=key))
    # one after the other, each by its index: joined the database would walk all people
    people = [Person.objects.filter(m).values_list("pk", flat=True) for m in meant if key]
    known = {pk for some in people for pk in some}
    rows = ReadLog.objects.filter(subject__in=known).select_related(
        "actor__office", "actor__role", "subject"
    ).order_by("-pk")  # fmt: skip
    told = Transfer.objects.filter(subject__in=known).select_related(
        "act", "to_office", "subject"
    ).order_by("-pk")  # fmt: skip
    page = Paginator(rows, 50).get_page(request.GET.get("seite", "1"))
    return render(request, "web/reads.html", {
        "page": page, "key": key, "found": bool(known),
        "told": [transfers.Told.of(t) for t in told[:200]],
    })  # fmt: skip
