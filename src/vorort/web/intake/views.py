"""Pages of households: the list, registering, what is incomplete. German: Haushalte"""

from __future__ import annotations

import uuid
from datetime import date
from typing import Any

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from vorort.ledger.names import sounds
from vorort.problems import Problem
from vorort.vocabulary import Text
from vorort.web import asked, clock, forms, sight, tables
from vorort.web.accounts import rights
from vorort.web.accounts.rights import needs
from vorort.web.intake import actions, announced, duplicates
from vorort.web.intake.actions import Newcomer, NewHousehold
from vorort.web.intake.fields import RELATIONS, SEXES, household_fields
from vorort.web.intake.models import Household, Name
from vorort.web.intake.reading import born_of
from vorort.web.middleware import lang_of
from vorort.web.tables import Column

ROWS, MOST = 4, 20  # lines for people the form begins with, and ends with


# ---- the list -----------------------------------------------------------------------------------


@require_GET
@needs(rights.HOUSEHOLD)
def households(request: HttpRequest) -> HttpResponse:
    """All households this user may open, by number."""
    wanted = request.GET.get("q", "").strip()[:40]
    found = sight.households_for(asked.user_of(request)).order_by("-id")
    if wanted:
        found = found.filter(key__icontains=wanted)
    return _list(request, found, q=wanted)


@require_POST
@needs(rights.NAMES)
def by_name(request: HttpRequest) -> HttpResponse:
    """Households with somebody of that name, in any spelling; the name is in no address."""
    user, name = asked.user_of(request), request.POST.get("name", "").strip()[:80]
    heard = sounds(name)
    found = sight.households_for(user).order_by("-id")
    if not heard:
        return _list(request, found, name=name)
    rows = Name.objects.all()
    for part in heard:
        rows = rows.filter(sound__contains=part)
    if not rights.may(user, rights.PROTECTED):
        found = found.filter(protected=False)
    return _list(request, found.filter(membership__person__names__in=rows).distinct(), name=name)


def _columns(user: Any) -> tuple[Column, ...]:
    """Of the list; not sorted by name: the order would say where a hidden one stands."""
    names = (Column("name", Text("Name", "Name")),) if rights.may(user, rights.NAMES) else ()
    return (
        Column("haushalt", Text("Haushalt", "Household"), "id"), *names,
        Column("art", Text("Art", "Kind"), "kind"), Column("gruppe", Text("Gruppe", "Group"),
                                                           "group"),
        Column("ankunft", Text("Ankunft", "Arrival"), "arrived_on"),
    )  # fmt: skip


def _list(request: HttpRequest, found: QuerySet[Household], **more: Any) -> HttpResponse:
    user = asked.user_of(request)
    columns = _columns(user)
    found = tables.ordered_rows(request.GET, found, columns)
    page = Paginator(found, 50).get_page(request.GET.get("seite", "1"))
    names = names_of(user, [h.key for h in page])
    return render(request, "web/households.html", {
        "page": page, "rows": [(h, names.get(h.key, "")) for h in page],
        "heads": tables.heads(request, columns), **more,
    })  # fmt: skip


def names_of(user: Any, keys: list[str]) -> dict[str, str]:
    """Family names of households, as far as this user may see names."""
    if not rights.may(user, rights.NAMES):
        return {}
    hidden = sight.hidden_households(user)
    rows = Name.objects.filter(
        person__membership__household__key__in=[k for k in keys if k not in hidden],
        person__membership__member_until__isnull=True,
    )
    found: dict[str, list[str]] = {}
    for key, family in rows.values_list("person__membership__household__key", "family"):
        if family and family not in found.setdefault(key, []):
            found[key].append(family)
    return {key: ", ".join(families) for key, families in found.items()}


# ---- registering --------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
@needs(rights.HOUSEHOLD_EDIT)
def register(request: HttpRequest) -> HttpResponse:
    """A household with its people on one page, by keyboard."""
    user = asked.user_of(request)
    fields = household_fields(rights.may(user, rights.PROTECTED))
    known = {"group": "asylum", "arrived_on": clock.today(), "responsible": user.office.key}
    sent = request.POST if request.method == "POST" else request.GET
    coming = announced.open_one(sent.get("ankuendigung", "")[:120])
    if request.method == "GET":
        first = announced.people(coming, MOST) if coming else {}
        known |= announced.household(coming) if coming else {}
        first["relation-0"] = "self"
        lines = _rows_of(first, max(ROWS, len(first) // 2))
        return _register_page(request, forms.bound(fields, known), lines, coming=coming)
    rows = _rows_of(request.POST, min(MOST, asked.whole(request.POST.get("rows", "")) or ROWS))
    if "more" in request.POST:
        more = _rows_of(request.POST, min(MOST, len(rows) + 2))
        bound = forms.bound(fields, known, request.POST)
        return _register_page(request, bound, more, coming=coming)
    values, problems = forms.read(fields, request.POST)
    people, wrong = _people(rows, request.POST.get("family", "").strip(), clock.today())
    problems = (*problems, *wrong)
    if not people and not values.get("size_stated"):
        problems = (*problems, Problem(
            "", "Wenigstens eine Person oder eine angegebene Größe wird gebraucht.",
            "At least one person or a stated size is needed.",
            "Name, Geburtsjahr oder Größe eintragen.", "Enter a name, a year of birth or a size.",
        ))  # fmt: skip
    bound = forms.bound(fields, known, request.POST, problems)
    if problems:
        return _register_page(request, bound, rows, problems, coming=coming)
    twice = [] if request.POST.get("sure") else _twice(user, people)
    if twice:
        return _register_page(request, bound, rows, twice=twice, coming=coming)
    new = NewHousehold(
        people, values["group"], values["arrived_on"], values["responsible"],
        size_stated=values["size_stated"], legal_basis=values["legal_basis"],
        language=values["language"] or "", protected=bool(values.get("protected")),
        wish=values["wish"] or "", announced_id=coming.key if coming else None,
    )  # fmt: skip
    return asked.answer(
        request, lambda key: actions.register(user, key, new), _made,
        lambda refused: _register_page(request, bound, rows, refused, coming=coming),
    )  # fmt: skip


def _made(done: Any) -> str:
    """The page of the household an act has made."""
    row = done.act.changed.filter(table="household", subject__isnull=True).first()
    return reverse("household", args=[Household.objects.get(pk=row.row).key])


def _rows_of(sent: Any, count: int) -> list[dict[str, str]]:
    names = ("given", "own", "born", "sex", "relation", "access")
    return [
        {name: sent.get(f"{name}-{n}", "").strip()[:80] for name in names} for n in range(count)
    ]


def _people(
    rows: list[dict[str, str]], family: str, today: date
) -> tuple[tuple[Newcomer, ...], list[Problem]]:
    people, problems = [], []
    for n, row in enumerate(rows, 1):
        if not any(value for name, value in row.items() if name != "relation"):
            continue  # a relation alone is what the form offers
        born = born_of(row["born"], today) if row["born"] else None
        if row["born"] and born is None:
            problems.append(Problem(
                "", f"{n}. Person: „{row['born'][:20]}“ ist kein Geburtsdatum und kein Alter.",
                f"Person {n}: “{row['born'][:20]}” is no date of birth and no age.",
                "TT.MM.JJJJ, ein Jahr oder ein Alter eintragen.",
                "Enter DD.MM.YYYY, a year or an age.", column=f"born-{n - 1}",
            ))  # fmt: skip
        sex = row["sex"] if row["sex"] in dict(SEXES) else None
        relation = row["relation"] if row["relation"] in dict(RELATIONS) else ""
        access = True if row["access"] == "1" else None  # unticked: not asked, not "no"
        people.append(Newcomer(row["own"] or family, row["given"], born, sex, relation, access))
    return tuple(people), problems


def _twice(user: Any, people: tuple[Newcomer, ...]) -> list[tuple[str, duplicates.Candidate]]:
    """Who may be on record already; shown before anything is saved."""
    if not rights.may(user, rights.NAMES):
        return []
    found = []
    for p in people:
        if p.given and p.family:
            for c in duplicates.candidates(user, p.family, p.given, p.born)[:3]:
                found.append((f"{p.given} {p.family}", c))
    return found


def _register_page(
    request: HttpRequest,
    bound: list[forms.Bound],
    rows: list[dict[str, str]],
    refused: tuple[Problem, ...] = (),
    **more: Any,
) -> HttpResponse:
    wrong = {p.column for p in refused}
    lines = [(n, row, f"born-{n}" in wrong) for n, row in enumerate(rows)]
    return render(request, "web/register.html", {
        "bound": bound, "lines": lines, "act_key": uuid.uuid4(), "sexes": SEXES,
        "relations": RELATIONS, "family": request.POST.get("family", ""),
        "waiting": announced.waiting() if request.method == "GET" else [],
        "can_grow": len(rows) < MOST, "refused": asked.told(refused, lang_of(request)), **more,
    }, status=409 if refused else 200)  # fmt: skip


# ---- incomplete ---------------------------------------------------------------------------------


@require_GET
@needs(rights.HOUSEHOLD)
def incomplete(request: HttpRequest) -> HttpResponse:
    """What is not known yet, household by household."""
    from vorort.web.intake.gaps import gaps_for

    user, kind = asked.user_of(request), request.GET.get("was", "")
    found = gaps_for(user, clock.today())
    kinds: dict[str, tuple[Text, int]] = {}
    for gap, _ in found:
        text, n = kinds.get(gap.what, (gap.text, 0))
        kinds[gap.what] = (text, n + 1)
    rows = [g for g in found if not kind or g[0].what == kind]
    page = Paginator(rows, 100).get_page(request.GET.get("seite", "1"))
    return render(request, "web/incomplete.html", {
        "page": page, "kinds": sorted(kinds.items(), key=lambda k: -k[1][1]), "kind": kind,
        "total": len(found),
    })  # fmt: skip
