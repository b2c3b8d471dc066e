"""After how many days a task arises, or something is told: set by the Kommune, else by an estimate
that says why.

German: Tage. The night, the Today page and the lists go by the same days.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from vorort.problems import Problem, Refused
from vorort.vocabulary import Text
from vorort.web import answer
from vorort.web.accounts import trail
from vorort.web.accounts.models import Act, User
from vorort.web.tasks.models import Days


@dataclass(frozen=True, slots=True)
class Setting:
    """A number of days with what it means, its default, range and reason. All defaults are
    ``estimate``: no source gives any of them."""

    key: str
    text: Text
    default: int
    low: int
    high: int
    reason: Text


SETTINGS = (
    Setting(
        "did_not_come",
        Text("Nicht erschienen: Tage nach dem bestätigten Einzug",
             "Did not come: days after the confirmed move-in"),
        2, 1, 30,
        Text("Angenommen ist, dass viele Verspätete am nächsten Tag da sind und ein freies Bett "
             "keine Woche auf eine Entscheidung warten darf.",
             "It is assumed that many who are late are there on the next day, and that an empty "
             "bed must not wait a week for a decision."),
    ),
    Setting(
        "lease_end",
        Text("Vertrag endet: Tage vorher", "Lease ends: days before"),
        182, 30, 1095,
        Text("Angenommen ist ein halbes Jahr: so lange braucht es, für ein Haus voller Menschen "
             "andere Plätze zu finden. Wo Verträge länger vorher zu kündigen sind, mehr setzen.",
             "Half a year is assumed: so long it takes to find other places for a house full of "
             "people. Where notice is due longer before, set more."),
    ),
    Setting(
        "turns_18",
        Text("Unbegleitet und bald 18: Tage vor dem Geburtstag",
             "Alone and soon 18: days before the birthday"),
        182, 30, 730,
        Text("Der Anschluss soll Monate vorher geklärt werden; wie viele, ist angenommen.",
             "What follows shall be settled months before; how many is assumed."),
    ),
    Setting(
        "ahead",
        Text("Ankünfte und ablaufende Vormerkungen auf Heute: Tage voraus",
             "Arrivals and expiring holds on Today: days ahead"),
        7, 1, 28,
        Text("Angenommen ist, dass eine Woche im Voraus geplant wird; Vormerkungen laufen selten "
             "länger.",
             "It is assumed that work is planned a week ahead; holds seldom run longer."),
    ),
    Setting(
        "missed",
        Text("Angekündigt und nicht erfasst: Tage danach gefragt",
             "Announced and not registered: asked for days afterwards"),
        14, 1, 90,
        Text("Angenommen ist, dass nach zwei Wochen niemand mehr kommt, der angekündigt war.",
             "It is assumed that after two weeks nobody comes any more who was announced."),
    ),
    Setting(
        "waits_long",
        Text("Wartet lange auf einen Platz: ab Tagen", "Waits long for a place: from days on"),
        28, 7, 365,
        Text("Angenommen sind vier Wochen; eine Frist des Rechts ist das nicht.",
             "Four weeks are assumed; that is no term of law."),
    ),
    Setting(
        "date_soon",
        Text("Frist ist bald fällig: Tage vorher", "A date is soon due: days before"),
        30, 7, 182,
        Text("Angenommen ist ein Monat: so lange dauert es, einen Termin zu bekommen.",
             "A month is assumed: so long it takes to get an appointment."),
    ),
)  # fmt: skip
BY_KEY = {s.key: s for s in SETTINGS}


def known() -> dict[str, int]:
    """What holds: as set, else the default."""
    own = answer.once("days", lambda: dict(Days.objects.values_list("key", "days")))
    return {s.key: own.get(s.key, s.default) for s in SETTINGS}


def span(key: str) -> timedelta:
    """So long."""
    return timedelta(days=known()[key])


def save(actor: User, key: UUID, wanted: Mapping[str, int | None]) -> trail.Done:
    """Every setting anew; None is the default. German: Tage setzen"""

    def do(act: Act) -> None:
        list(Days.objects.select_for_update())
        _refuse(wanted)
        before = known()
        Days.objects.exclude(key__in=[k for k, days in wanted.items() if days is not None]).delete()
        for name, days in wanted.items():
            if days is not None:
                Days.objects.update_or_create(key=name, defaults={"days": days})
        trail.changed(act, "days", "", trail.between(before, known()))

    return trail.once(actor, key, "days_change", do)


def _refuse(wanted: Mapping[str, int | None]) -> None:
    wrong = [
        BY_KEY[k] for k, days in wanted.items()
        if days is not None and not BY_KEY[k].low <= days <= BY_KEY[k].high
    ]  # fmt: skip
    if wrong:
        raise Refused([
            Problem(
                "", f"{s.text.de}: nur {s.low} bis {s.high} Tage.",
                f"{s.text.en}: {s.low} to {s.high} days only.",
                "Eine Zahl in diesem Bereich eintragen.", "Enter a number within.", column=s.key,
            )
            for s in wrong
        ])  # fmt: skip
