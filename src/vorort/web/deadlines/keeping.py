"""Keeping everybody's dates: after each act those it touched, once a day all of them.

Some clocks run only for a while, so what is kept holds for one day; the state of a date, overdue or
soon, is told when it is read.
"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Collection, Iterator
from datetime import date
from functools import cache
from hashlib import sha256
from secrets import randbits
from typing import Any

from django.db import transaction
from django.db.models import Q

from vorort.deadlines import Subject, deadlines, read_rules
from vorort.files.cells import KINDS
from vorort.vocabulary import LegalBasis
from vorort.web import answer, bulk, clock
from vorort.web.accounts.gate import gate
from vorort.web.accounts.models import Act
from vorort.web.deadlines import moved
from vorort.web.deadlines.models import Altered, Due, Reckoned, Stirred
from vorort.web.intake import models as intake
from vorort.web.placing.models import Stay

HAS = ("childcare", "school", "language", "health")
ONCE = ("language", "health")  # a course taken or an examination done counts afterwards as well
PLACED = ("confirmed", "moved_in", "absent")
TOLD = 5000  # households altered that are remembered: whoever was away longer reads all again
MANY = 2000  # notes of one act: then all are reckoned again by whoever asks first
WAIT, WAITS = 0.2, 300  # seconds, times: whoever was at it is gone then
NOT_DONE, BEING_DONE = date.min, date(1, 1, 2)  # instead of the day for which all were reckoned


def settle(act: Act) -> None:
    """Reckon again whomever an act has touched, in its transaction."""
    notes = list(Stirred.objects.values_list("pk", "person", "household"))
    if not notes:
        return
    kept = Reckoned.objects.select_for_update().first()  # one after the other, also with all
    if kept is not None and kept.on == BEING_DONE:
        return  # whoever is at it takes the notes in at the end
    Stirred.objects.filter(pk__lte=max(n[0] for n in notes)).delete()
    if kept is None or (kept.on, kept.by) != (clock.today(), _rules()):
        return  # nothing is shown before all are reckoned again
    kept.mark = randbits(62)
    if len(notes) > MANY:
        kept.on = NOT_DONE
    kept.save()
    if len(notes) <= MANY:
        people = _touched(notes)
        _again(people)
        _tell(kept.mark, {n[2] for n in notes if n[2] is not None} | _homes_of(people))


def _tell(mark: int, homes: Collection[int | None]) -> None:
    """Whoever keeps something of households reads it again for these."""
    Altered.objects.bulk_create(Altered(mark=mark, household=h) for h in homes or {None})
    newest = Altered.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    Altered.objects.filter(pk__lte=newest - TOLD).delete()


def _homes_of(people: Collection[Any]) -> set[int]:
    """Households they belong to or have belonged to."""
    rows = intake.Membership.objects.filter(person__in=people)
    return set(rows.values_list("household_id", flat=True))


def _again(people: Collection[Any]) -> None:
    Due.objects.filter(person__in=people).delete()
    bulk.write(Due, _rows(people, clock.today()))


def _touched(notes: list[tuple[int, Any, int | None]]) -> set[Any]:
    """People noted, and whoever belongs to households noted."""
    homes = {n[2] for n in notes if n[2] is not None}
    belong = intake.Membership.objects.filter(household__in=homes)
    return {n[1] for n in notes if n[1] is not None} | set(
        belong.values_list("person_id", flat=True)
    )


def up_to_date(today: date) -> int:
    """Before anything is read: everybody, unless that has been done today by these rules. Returns
    the mark: what is read after it is at least as new."""
    return answer.once(("up to date", today), lambda: _up_to_date(today))


def _up_to_date(today: date) -> int:
    wanted = (today, _rules())
    for _ in range(WAITS):
        found = Reckoned.objects.values_list("on", "by", "mark").first()
        if found is not None and found[:2] == wanted:
            return int(found[2])
        if found is None or found[0] != BEING_DONE:
            break
        time.sleep(WAIT)  # somebody is at it
    reckon_all(today)
    return Reckoned.objects.values_list("mark", flat=True).get()


def reckon_all(today: date) -> None:
    """Everybody's dates, from the rows. Reckoning takes seconds in a city and keeps nobody waiting:
    only what was found is written in one transaction, with whoever has changed meanwhile."""
    mine = randbits(62)
    with gate(), transaction.atomic():
        kept = Reckoned.objects.select_for_update().first() or Reckoned()
        kept.on, kept.by, kept.mark = BEING_DONE, _rules(), mine
        kept.save()  # from now on changes are noted
    rows = list(_rows(None, today))
    with gate(), transaction.atomic():
        kept = Reckoned.objects.select_for_update().get()
        if (kept.on, kept.mark) != (BEING_DONE, mine):
            return  # somebody began after us, and is right
        changed = _touched(list(Stirred.objects.values_list("pk", "person", "household")))
        Stirred.objects.all().delete()
        moved.note(rows, changed, today)
        Due.objects.all().delete()
        bulk.write(Due, (row for row in rows if row["person_id"] not in changed))
        _again(changed)
        kept.on, kept.mark = today, randbits(62)
        kept.save()
        Altered.objects.all().delete()
        _tell(kept.mark, set())


def nightly(today: date) -> int:
    """Everybody again; how many dates had been kept wrong."""
    was = Reckoned.objects.values_list("on", "by").first()
    before = _dates()
    reckon_all(today)
    return len(before ^ _dates()) if was == (today, _rules()) else 0


def _dates() -> set[tuple[Any, ...]]:
    return set(Due.objects.values_list("person_id", "household_id", "rule", "day"))


def _rows(people: Collection[Any] | None, today: date) -> Iterator[bulk.Row]:
    land, rules = _land(), read_rules()
    for person, home, subject in subjects(people):
        for found in deadlines(subject, rules, land, today):
            if found.state != "met":
                yield {"person_id": person, "household_id": home, "rule": found.rule,
                       "day": found.day}  # fmt: skip


def _land() -> str:
    here = clock.kommune()
    return here.land if here else ""


def _rules() -> str:
    """Which rules hold here."""
    return sha256(f"{_land()} {_told()}".encode()).hexdigest()


@cache
def _told() -> str:
    return repr(read_rules())


def subjects(people: Collection[Any] | None) -> Iterator[tuple[Any, int, Subject]]:
    """What the clocks need of everybody here, or of some; each with person and household."""
    members = intake.Membership.objects.exclude(household__in=intake.emptied()).filter(
        member_until__isnull=True, person__same_as__isnull=True, person__left_on__isnull=True
    )  # fmt: skip
    bases = intake.LegalBasis.objects.order_by("id")
    stays = Stay.objects.filter(
        Q(status__in=PLACED) | Q(status="ended", domain__in=ONCE), domain__in=HAS
    )
    if people is not None:
        members, bases, stays = (
            rows.filter(person__in=people)
            for rows in (members, bases, stays)  # type: ignore[attr-defined]
        )
    legal: defaultdict[Any, list[LegalBasis]] = defaultdict(list)
    for pk, *values in bases.values_list(
        "person_id", "name", "valid_from", "valid_until", "opens_claim"
    ):
        legal[pk].append(LegalBasis(*values))
    has: defaultdict[Any, set[str]] = defaultdict(set)
    for pk, domain in stays.order_by().values_list("person_id", "domain").distinct():
        has[pk].add(domain)
    for pk, key, born, recognised, home, arrived, group, kind in members.order_by("id").values_list(
        "person_id", "person__key", "person__born", "person__recognised_on", "household_id",
        "household__arrived_on", "household__group", "household__kind",
    ):  # fmt: skip
        yield pk, home, Subject(
            key, KINDS["born"].read(born) if born else None, arrived, group, tuple(legal[pk]),
            recognised, kind == "uam", frozenset(has[pk]),
        )  # fmt: skip
