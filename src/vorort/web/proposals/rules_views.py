"""Rules, goals, settings: seen by who decides with them, changed by the lead. German: Regeln"""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from vorort.problems import Problem, Refused
from vorort.vocabulary import Text
from vorort.web import asked, clock, forms
from vorort.web.accounts import rights
from vorort.web.accounts.models import Act
from vorort.web.accounts.rights import needs
from vorort.web.accounts.trail import Done
from vorort.web.forms import Field
from vorort.web.intake.fields import districts
from vorort.web.middleware import lang_of
from vorort.web.proposals import rules
from vorort.web.proposals.models import Reach


def _way() -> tuple[Field, ...]:
    known = districts()
    return (
        Field("one", Text("Stadtteil", "District"), "choice", True, known),
        Field("other", Text("anderer Stadtteil", "Other district"), "choice", True, known),
        Field("minutes", Text("Minuten mit Bus und Bahn", "Minutes by public transport"),
              "number", True, high=600),
    )  # fmt: skip


@require_GET
@needs(rights.RULES)
def placement_rules(request: HttpRequest) -> HttpResponse:
    """What holds, since when, and what will hold."""
    return _page(request)


def _page(
    request: HttpRequest, refused: tuple[Problem, ...] = (), status: int = 200
) -> HttpResponse:
    today = clock.today()
    found = rules.lines(today)
    acts = Act.objects.filter(kind__in=("rule_change", "reach_change"))
    return render(request, "web/placement_rules.html", {
        "lines": found, "today": today, "off": sum(not x.value for x in found["rules"]),
        "set_floors": [x for x in found["floors"] if x.value or x.later],
        "order": [(n, x) for n, x in enumerate(found["weights"], 1)],
        "ways": Reach.objects.select_related("district", "other").order_by(
            "district__name", "other__name"),
        "bound": forms.bound(_way(), {}, None, refused),
        "acts": acts.select_related("actor").prefetch_related("changed").order_by("-id")[:15],
        "refused": asked.told(refused, lang_of(request)),
    }, status=status)  # fmt: skip


@require_POST
@needs(rights.RULES_EDIT)
def placement_rule(request: HttpRequest) -> HttpResponse:
    """One rule, weight, setting, or the order of goals, from a day on."""
    user, sent = asked.user_of(request), request.POST

    def act(key: UUID) -> Done:
        part, name, value, day = _change(request, sent)
        return rules.change(user, key, part, name, value, day)

    return _answer(request, act)


@require_POST
@needs(rights.RULES_EDIT)
def placement_way(request: HttpRequest) -> HttpResponse:
    """The way between two districts."""
    values, problems = forms.read(_way(), request.POST)

    def act(key: UUID) -> Done:
        if problems:
            raise Refused(problems)
        return rules.reach(
            asked.user_of(request), key, values["one"], values["other"], values["minutes"]
        )

    return _answer(request, act)


def _answer(request: HttpRequest, act: Any) -> HttpResponse:
    return asked.answer(
        request, act, reverse("placement_rules"), lambda refused: _page(request, refused, 409)
    )


def _change(request: HttpRequest, sent: Any) -> tuple[str, str, Any, date]:
    day = asked.needed_day(request, "from")
    part, name, text = (sent.get(n, "").strip() for n in ("part", "name", "value"))
    if part == "order":
        listed = [(sent.get(f"place-{x.name}", ""), x.name)
                  for x in rules.lines(clock.today())["weights"]]  # fmt: skip
        if sorted(place for place, _ in listed) != sorted(str(n + 1) for n in range(len(listed))):
            raise Refused([Problem(
                "", f"Jede Stelle von 1 bis {len(listed)} kommt genau einmal vor.",
                f"Each place from 1 to {len(listed)} occurs exactly once.",
                "Zahlen prüfen.", "Check the numbers.", column="value",
            )])  # fmt: skip
        return part, "", [name for _, name in sorted(listed, key=lambda x: int(x[0]))], day
    if part == "rules" and text in ("on", "off"):
        return part, name, text == "on", day
    if part == "floors":
        if (percent := asked.whole(text)) is None or not 0 <= percent <= 100:
            raise Refused([Problem(
                "", f"„{text[:20]}“ ist keine ganze Zahl von 0 bis 100.",
                f"“{text[:20]}” is no whole number from 0 to 100.",
                "Anteil in Prozent eintragen; 0 hebt die Untergrenze auf.",
                "Enter the share in percent; 0 lifts the floor.", column="value",
            )])  # fmt: skip
        return part, name, 10 * percent, day
    if part in ("weights", "settings") and (number := asked.whole(text)) is not None:
        return part, name, number, day
    raise Refused([Problem(
        "", f"„{text[:20]}“ ist keine ganze Zahl.", f"“{text[:20]}” is no whole number.",
        "Nur Ziffern eintragen.", "Digits only.", column="value",
    )])  # fmt: skip
