"""The retention clock: what is past the period of its purpose is forgotten. German: Löschfrist

People are deleted by people only, one by one, with a certificate. Facts whose purpose has ended
are forgotten at night, never those of somebody on legal hold. Without a period nothing is.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import QuerySet

from vorort.vocabulary import Text
from vorort.web import clock
from vorort.web.accounts import trail
from vorort.web.accounts.models import Act, ActValue, ReadLog
from vorort.web.intake.models import Need, Vulnerability
from vorort.web.lists.checked import CLEARED
from vorort.web.lists.models import Batch, Line
from vorort.web.lists.models import Run as ListRun
from vorort.web.retention.models import LegalHold, Period

EMPTY = "[]"  # cells of a row of a list that hold nothing any more


@dataclass(frozen=True, slots=True)
class Purpose:
    """What is kept for how long after which day. German: Zweck"""

    key: str
    text: Text
    hint: Text


PURPOSES = (
    Purpose("register", Text("Personen, Tage nach dem Fortgang", "People, days after they left"),
            Text("leer: niemand wird fällig", "empty: nobody falls due")),
    Purpose("needs", Text("Besonderer Bedarf, Tage nach seinem Ende",
                          "Special needs, days after their end"),
            Text("leer: bleibt mit der Person", "empty: stays with the person")),
    Purpose("care", Text("Schutzbedarf, Tage nach seinem Ende",
                         "Vulnerabilities, days after their end"),
            Text("leer: bleibt mit der Person", "empty: stays with the person")),
    Purpose("audit", Text("Werte im Protokoll, Tage", "Values in the audit, days"),
            Text("wer, wann, was für ein Vorgang bleibt", "who, when and what kind of act stays")),
    Purpose("reads", Text("Einsichten, Tage", "Looks, days"), Text("leer: bleiben", "empty: stay")),
    Purpose("imports", Text("Zeilen eingelesener Listen, Tage", "Rows of lists read in, days"),
            Text("fehlerhafte und nie übernommene", "faulty ones and those never applied")),
)  # fmt: skip
BY_NIGHT = ("needs", "care", "audit", "reads", "imports")


def known() -> dict[str, int]:
    """The periods that are set, in days."""
    return dict(Period.objects.values_list("purpose", "days"))


def over(purpose: str, today: date) -> QuerySet[Any] | None:
    """Rows past the period of a purpose; None where none is set."""
    days = known().get(purpose)
    if days is None:
        return None
    last = today - timedelta(days=days)
    end = clock.end_of(last)
    held = LegalHold.objects.filter(until__gt=today).values("person")
    if purpose == "needs":
        return Need.objects.filter(expires__lte=last).exclude(person__in=held)
    if purpose == "care":
        return Vulnerability.objects.filter(expires__lte=last).exclude(person__in=held)
    if purpose == "audit":
        rows = ActValue.objects.filter(subject__isnull=False, act__at__lte=end)
        return rows.exclude(subject__in=held)
    if purpose == "reads":
        return ReadLog.objects.filter(at__lte=end).exclude(subject__in=held)
    rows_in = Line.objects.filter(batch__at__lte=end).exclude(cells=EMPTY)
    return rows_in.exclude(person__in=held)


def dry_run(today: date) -> Iterator[tuple[Purpose, int | None, int]]:
    """Each purpose with its period and how many rows would go tonight."""
    periods = known()
    for purpose in PURPOSES:
        rows = over(purpose.key, today) if purpose.key in BY_NIGHT else None
        yield purpose, periods.get(purpose.key), 0 if rows is None else rows.count()


def forget(today: date) -> int:
    """Forget what is past its period; how many rows. One entry says how many of what."""
    counts = {p: rows.count() for p in BY_NIGHT if (rows := over(p, today)) is not None}
    counts = {p: n for p, n in counts.items() if n}
    if not counts:
        return 0

    def do(act: Act) -> None:
        for purpose in counts:
            rows = over(purpose, today)
            if rows is not None:
                _forget(purpose, rows)
        trail.changed(act, "forgotten", "", {p: (n, None) for p, n in counts.items()})

    trail.once(None, uuid.uuid4(), "forget", do)
    return sum(counts.values())


def _forget(purpose: str, rows: QuerySet[Any]) -> None:
    if purpose in ("needs", "care"):
        table = "need" if purpose == "needs" else "vulnerability"
        numbers = [str(pk) for pk in rows.values_list("pk", flat=True)]
        ActValue.objects.filter(table=table, row__in=numbers).delete()
        rows.delete()
    elif purpose == "imports":
        batches = list(rows.values_list("batch", flat=True).distinct())
        rows.update(cells=EMPTY, **CLEARED)
        ListRun.objects.filter(batch__in=batches).exclude(told="").update(told="")
        Batch.objects.filter(pk__in=batches, state="staged").update(state="dropped")
    else:
        rows.delete()
