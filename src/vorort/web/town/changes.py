"""Dated changes of places, one small form each: block, reserve, open, close. German: Ereignisse

Which units is chosen from the site's list; each kind asks only for what it needs.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from vorort.problems import Problem
from vorort.vocabulary import Text
from vorort.web import asked, clock, forms
from vorort.web.accounts import rights
from vorort.web.accounts.rights import needs
from vorort.web.forms import Field
from vorort.web.middleware import lang_of
from vorort.web.town import actions, queries, turnaround
from vorort.web.town.fields import offices
from vorort.web.town.models import CapacityEvent, Office, Site, Unit

FROM = Field("date", Text("ab", "from"), "day", True)
UNTIL = Field("until", Text("bis", "until"), "day",
              hint=Text("leer: bis auf Weiteres", "empty: until further notice"))  # fmt: skip
SOME = Field("places", Text("wie viele Plätze", "How many places"), "number", low=1, high=5000,
             hint=Text("leer: alle", "empty: all"))  # fmt: skip
WHY = Field("reason", Text("Grund", "Reason"), needed=True)
NOTE = Field("reason", Text("Erläuterung", "Explanation"))
STATUS = Field("status", Text("Stand", "Status"), "choice", True, (
    ("decided", Text("gilt (beschlossen)", "counts (decided)")),
    ("planned", Text("geplant", "planned")), ("option", Text("Möglichkeit", "option")),
))  # fmt: skip
DELAY = (
    Field("delay_low_days", Text("Verzug mindestens, Tage", "Delay at least, days"), "number",
          high=2000, hint=Text("leer: nicht geschätzt", "empty: not estimated")),
    Field("delay_high_days", Text("Verzug höchstens, Tage", "Delay at most, days"), "number",
          high=2000),
)  # fmt: skip
REASONS = (
    ("repair", Text("Reparatur", "repair")), ("turnaround", Text("Wechsel", "turnaround")),
    ("closed", Text("geschlossen", "closed")), ("other", Text("anderes", "other")),
)  # fmt: skip
PURPOSES = (
    ("quarantine", Text("Quarantäne", "quarantine")),
    ("night", Text("Nachtankunft", "night arrival")), ("women", Text("Frauen", "women")),
    ("crisis", Text("Notfall", "emergency")), ("other", Text("anderes", "other")),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Change:
    """A kind of change with what it asks for."""

    title: Text
    fields: tuple[Field, ...]
    right: str = rights.PLACES_EDIT
    whole: bool = True  # may it be about a whole site?
    units: bool = True  # may it be about units?


CHANGES: dict[str, Change] = {
    "block": Change(
        Text("Sperren", "Block"),
        (FROM, UNTIL, Field("reason_kind", Text("Grund", "Reason"), "choice", True, REASONS), NOTE,
         SOME, STATUS), rights.BLOCK,
    ),
    "unblock": Change(Text("Sperre beenden", "End a block"), (FROM, NOTE, SOME), rights.BLOCK),
    "turnaround": Change(
        Text("Reinigung, Reparatur, Schlüssel", "Cleaning, repair, keys"), (), rights.BLOCK, False
    ),
    "reserve": Change(
        Text("Als Reserve zurückhalten", "Hold in reserve"),
        (FROM, UNTIL, Field("reason_kind", Text("wofür", "For what"), "choice", True, PURPOSES),
         NOTE, SOME, STATUS),
    ),
    "release": Change(Text("Reserve freigeben", "Release the reserve"), (FROM, WHY, SOME)),
    "step": Change(
        Text("Mehr oder weniger Plätze", "More or fewer places"),
        (FROM, UNTIL, Field("places", Text("Plätze mehr oder weniger", "Places more or fewer"),
                            "number", True, low=-5000, high=5000,
                            hint=Text("weniger mit Minus", "fewer with a minus")), NOTE, STATUS),
    ),
    "open": Change(Text("Öffnen", "Open"), (FROM, UNTIL, NOTE, STATUS, *DELAY)),
    "close": Change(Text("Schließen", "Close"), (FROM, UNTIL, WHY, STATUS)),
    "lease_end": Change(
        Text("Vertragsende", "End of lease"), (FROM, NOTE, STATUS, *DELAY), units=False
    ),
}  # fmt: skip


def offered(user: Any, is_own: bool) -> list[tuple[str, Change]]:
    """The changes somebody may make at a site."""
    return [
        (k, c) for k, c in CHANGES.items()
        if rights.may(user, c.right) and (is_own or not rights.own_only(user, c.right))
    ]  # fmt: skip


def fields_of(kind: str) -> tuple[Field, ...]:
    """The fields of a kind; those of a turnaround name offices of this Kommune."""
    if kind != "turnaround":
        return CHANGES[kind].fields
    return (
        Field("date", Text("leer seit", "empty since"), "day", True),
        Field("due", Text("fertig bis", "done by"), "day",
              hint=Text("leer: Reinigung 2, Schlüssel 1, Reparatur 14 Tage",
                        "empty: cleaning 2, keys 1, repair 14 days")),
        Field("office", Text("macht", "Done by"), "choice", choices=offices(),
              nothing=Text("die zuständige Stelle", "the owning office")),
        Field("reason", Text("Erläuterung", "Explanation"),
              hint=Text("keine Namen", "no names")),
    )  # fmt: skip


def _site(request: HttpRequest, key: str) -> Site:
    found = queries.sites_of(asked.user_of(request), rights.BOARD).filter(key=key).first()
    if found is None:
        raise Http404
    return found


@require_http_methods(["GET", "POST"])
@needs(rights.BLOCK)
def event(request: HttpRequest, key: str) -> HttpResponse:
    """One change: chosen units, only its own fields; shown first where people are hit."""
    row, user = _site(request, key), asked.user_of(request)
    may = dict(offered(user, row.owner_id == user.office.pk))
    if request.method == "GET":
        kind = request.GET.get("was", "")
        if kind and kind not in may:
            raise Http404
        return _page(request, row, kind, may, request.GET.getlist("einheit"))
    kind, targets = request.POST.get("kind", ""), request.POST.getlist("target")
    if kind not in may:
        return _page(request, row, "", may, targets, (asked.nothing_chosen(),))
    values, problems = forms.read(fields_of(kind), request.POST)
    problems = (*problems, *_problems(row, kind, values, targets, request.POST.getlist("then")))
    if problems:
        return _page(request, row, kind, may, targets, problems)
    values["kind"] = kind
    if kind != "turnaround" and not request.POST.get("sure"):
        effect = actions.effect_of(actions.events_of(values, targets))
        if effect.over > effect.over_before:
            return _page(request, row, kind, may, targets, effect=effect)
    return asked.answer(
        request, lambda k: _write(request, k, values, targets), reverse("site", args=[key]),
        lambda refused: _page(request, row, kind, may, targets, refused),
    )  # fmt: skip


def _write(
    request: HttpRequest, key: uuid.UUID, values: dict[str, Any], targets: Sequence[str]
) -> Any:
    user = asked.user_of(request)
    if values["kind"] != "turnaround":
        return actions.write_event(user, key, values, targets, CHANGES[values["kind"]].right)
    office = Office.objects.filter(key=values["office"] or "").first()
    return turnaround.begin(
        user, key, targets, request.POST.getlist("then"), values["date"], values["due"], office,
        values["reason"] or "",
    )  # fmt: skip


def _page(
    request: HttpRequest,
    row: Site,
    kind: str,
    may: dict[str, Change],
    targets: Sequence[str],
    refused: tuple[Problem, ...] = (),
    **more: Any,
) -> HttpResponse:
    today = clock.today()
    fields = fields_of(kind) if kind else ()
    sent = request.POST if request.method == "POST" else None
    start = {"date": _day(request) or today, "status": "decided"}
    buildings = queries.by_building(Unit.objects.filter(facility=row))
    return render(request, "web/change.html", {
        "site": row, "kind": kind, "change": may.get(kind), "may": may, "targets": targets,
        "buildings": buildings, "bound": forms.bound(fields, start, sent, refused),
        "wrong": {p.column for p in refused}, "then": request.POST.getlist("then"),
        "waits": turnaround.KINDS, "act_key": uuid.uuid4(),
        "refused": asked.told(refused, lang_of(request)), **more,
    }, status=409 if refused else 200)  # fmt: skip


def _day(request: HttpRequest) -> date | None:
    found, wrong = asked.day(request.GET.get("ab", ""), date.min)
    return None if wrong or found == date.min else found


def _problems(
    row: Site, kind: str, values: dict[str, Any], targets: Sequence[str], then: Sequence[str]
) -> list[Problem]:
    found = []
    known = set(Unit.objects.filter(facility=row).values_list("key", flat=True))
    if not targets or not set(targets) <= known | {row.key}:
        found.append(_choose("Was betroffen ist, fehlt.", "What is concerned is missing."))
    elif row.key in targets and len(targets) > 1:
        found.append(_choose("Entweder der ganze Standort oder Einheiten.",
                             "Either the whole site or units."))  # fmt: skip
    elif row.key in targets and not CHANGES[kind].whole:
        found.append(_choose("Das geht nur für Einheiten.", "This is for units only."))
    elif row.key not in targets and not CHANGES[kind].units:
        found.append(_choose("Das geht nur für den ganzen Standort.",
                             "This is for the whole site only."))  # fmt: skip
    if kind == "turnaround" and not set(then) & set(turnaround.KINDS):
        found.append(Problem(
            "", "Was zu tun ist, fehlt.", "What is to be done is missing.",
            "Reinigung, Reparatur oder Schlüssel wählen.", "Choose cleaning, repair or keys.",
            column="then",
        ))  # fmt: skip
    return found + _days(values)


def _days(values: dict[str, Any]) -> list[Problem]:
    found = []
    start, until = values.get("date"), values.get("until")
    if start and until and until <= start:
        found.append(Problem(
            "", "Das Ende liegt nicht nach dem Anfang.", "The end is not after the beginning.",
            "Daten prüfen.", "Check the days.", column="until",
        ))  # fmt: skip
    low, high = values.get("delay_low_days"), values.get("delay_high_days")
    if (low is None) != (high is None) or (low or 0) > (high or 0):
        found.append(Problem(
            "", "Der Verzug braucht beide Zahlen, die kleinere zuerst.",
            "A delay needs both numbers, the smaller first.",
            "Beide eintragen oder keine.", "Enter both or none.", column="delay_high_days",
        ))  # fmt: skip
    if values.get("due") and start and values["due"] < start:
        found.append(Problem(
            "", "Fertig vor dem Auszug geht nicht.", "It cannot be done before it begins.",
            "Daten prüfen.", "Check the days.", column="due",
        ))  # fmt: skip
    return found


def _choose(de: str, en: str) -> Problem:
    return Problem("", de, en, "In der Liste wählen.", "Choose in the list.", column="target")


@require_POST
@needs(rights.PLACES_EDIT)
def withdraw(request: HttpRequest, key: str, event: str) -> HttpResponse:
    """Take back what was only planned."""
    from vorort.web.town.views import site_page

    row, user = _site(request, key), asked.user_of(request)
    targets = [row.key, *Unit.objects.filter(facility=row).values_list("key", flat=True)]
    if not CapacityEvent.objects.filter(key=event, target__in=targets).exists():
        raise Http404
    return asked.answer(
        request, lambda k: actions.withdraw(user, k, event), reverse("site", args=[key]),
        lambda refused: site_page(request, row, refused),
    )  # fmt: skip
