"""Deleting a person: everything that hangs on it, everywhere; the counts stay. German: Löschen"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from vorort.ledger import BEDS, is_expired
from vorort.problems import Problem, Refused
from vorort.vocabulary import LIVING
from vorort.web import bridge, clock
from vorort.web.accounts import trail
from vorort.web.accounts.models import Act, ActValue, User
from vorort.web.intake.models import Household, Membership, Person
from vorort.web.placing import locks
from vorort.web.placing.models import Stay, StayOld
from vorort.web.retention import kept, periods, staged, upkeep
from vorort.web.retention.models import Deletion, LegalHold, Period, SiteDelta
from vorort.web.town.models import Site
from vorort.web.words import WORDS


def list_file() -> Path:
    """Where the deletion list lies beside the database: random ids, no values."""
    given = os.environ.get("VORORT_DELETIONS", "")
    if given:
        return Path(given)
    name = str(connection.settings_dict["NAME"])
    if connection.vendor == "sqlite":
        return Path(name).with_suffix(".deletions")
    return Path("var") / f"{name}.deletions"


def delete(actor: User, key: UUID, person: Person, cause: str = "request") -> trail.Done:
    """One person and all that hangs on it. Refused while a place or a legal hold is in force."""
    subject = person.pk
    subjects = [subject, *person.also.values_list("pk", flat=True)]  # merged records as well

    def do(act: Act) -> None:
        sites = locks.lock([person.pk], _units(person))
        refuse_now(person, clock.today())
        rows = remove(person, sites)
        Deletion.objects.create(subject=subject, at=act.at, cause=cause, rows=rows, act=act)
        for merged in subjects[1:]:
            Deletion.objects.create(subject=merged, at=act.at, cause="duplicate", rows=0, act=None)

    done = trail.once(actor, key, "delete", do, cause)
    if not done.repeated:
        note(subjects, done.act.at)
        sweep()
    return done


def _units(person: Person) -> set[int]:
    """Wherever the person, or a record merged into it, was ever placed by any version."""
    keys = [person.pk, *person.also.values_list("pk", flat=True)]
    return {
        unit
        for table in (Stay, StayOld)
        for unit in table.objects.filter(person__in=keys, unit__isnull=False).values_list(
            "unit_id", flat=True
        )
    }


def refuse_now(person: Person, today: date) -> None:
    """Why somebody may not be deleted today; every reason together."""
    problems = []
    keys = [person.pk, *person.also.values_list("pk", flat=True)]
    stays = Stay.objects.filter(person__in=keys, status__in=LIVING, unit__isnull=False)
    for noun in bridge.placements(stays):
        is_over = noun.until is not None and noun.until <= today
        if not is_over and not is_expired(noun, today):
            problems.append(Problem(
                "", f"Es gilt noch ein Platz ({WORDS.get(noun.domain, (noun.domain,))[0]}).",
                f"A place is still in force ({WORDS.get(noun.domain, ('', noun.domain))[1]}).",
                "Zuerst Auszug, Ende oder Absage eintragen.",
                "First enter the move-out, end or cancellation.",
            ))  # fmt: skip
    for hold in LegalHold.objects.filter(person__in=keys, until__gt=today):
        problems.append(Problem(
            "", f"Löschsperre bis {hold.until:%d.%m.%Y}.", f"Legal hold until {hold.until}.",
            "Abwarten, oder die Sperre aufheben.", "Wait, or lift the hold.",
        ))  # fmt: skip
    if problems:
        raise Refused(dict.fromkeys(problems))


def remove(person: Person, sites: Iterable[int]) -> int:
    """Delete the rows, keep what they were to the totals; how many rows went."""
    everybody = [person, *person.also.all()]
    today = clock.today()
    ids = {s.key: s.pk for s in Site.objects.filter(pk__in=list(sites))}
    rows = staged.forget_rows(everybody)
    for who in [*everybody[1:], person]:
        ledger = bridge.sites_known(ids.values())
        for delta in kept.deltas(ledger, who.key, today):
            SiteDelta.objects.create(site_id=ids[delta.pop("site")], **delta)
        homes = list(Membership.objects.filter(person=who).values_list("household_id", flat=True))
        gone, _ = who.delete()
        rows += gone
        for home in homes:
            if not Membership.objects.filter(household_id=home).exists():
                ActValue.objects.filter(table="household", row=str(home)).delete()
                rows += Household.objects.filter(pk=home).delete()[0]
    return rows


def note(subjects: Iterable[UUID], at: datetime) -> None:
    """Append ids to the file beside the database, on the disk before we go on."""
    path = list_file()
    path.parent.mkdir(parents=True, exist_ok=True)
    lines = "".join(json.dumps({"id": str(s), "at": at.isoformat()}) + "\n" for s in subjects)
    handle = os.open(path, os.O_CREAT | os.O_APPEND | os.O_WRONLY, 0o600)
    try:
        os.write(handle, lines.encode())
        os.fsync(handle)
    finally:
        os.close(handle)


def noted() -> set[UUID]:
    """Ids in the file beside the database; a line cut off by a crash is left out."""
    found = set()
    path = list_file()
    if path.exists():
        for line in path.read_text("ascii").splitlines():
            try:
                found.add(UUID(json.loads(line)["id"]))
            except (ValueError, KeyError, TypeError):
                continue
    return found


def refuse_undeleted() -> None:
    """A database that came back in some other way than by `vorort restore` does not open before the
    deletion list was applied to it; raises `Refused`."""
    listed = noted()
    back = Person.objects.filter(pk__in=listed).count() if listed else 0
    if back:
        raise Refused([
            Problem(
                str(list_file()), f"{back} gelöschte Personen sind wieder in der Datenbank.",
                f"{back} deleted people are back in the database.",
                "Mit `vorort web delete-again` erneut löschen, dann starten.",
                "Delete them again by `vorort web delete-again`, then start.",
            )
        ])  # fmt: skip


def sweep() -> None:
    """SQLite: what was overwritten in the log is overwritten in the file as well, now."""
    if connection.vendor == "sqlite" and not connection.in_atomic_block:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def apply_again(subjects: Iterable[UUID]) -> int:
    """After a restore: whoever was deleted before goes again. How many were there."""
    found = 0
    known = set(Deletion.objects.values_list("subject", flat=True))
    for subject in subjects:
        with transaction.atomic():
            person = Person.objects.filter(pk=subject).first()
            if person is not None:
                rows = remove(person, locks.lock([person.pk], _units(person)))
                found += 1
            else:
                rows = 0
            if subject not in known:
                Deletion.objects.create(
                    subject=subject, at=clock.now(), cause="restored", rows=rows, act=None
                )
    sweep()
    return found


# ---- the clock ----------------------------------------------------------------------------------


def due(today: date) -> list[tuple[Person, date, bool]]:
    """Who would go by the period set: person, since when over, and whether a hold stops it."""
    period = Period.objects.filter(purpose="register").first()
    if period is None:
        return []
    limit = today - timedelta(days=period.days)
    held = set(LegalHold.objects.filter(until__gt=today).values_list("person_id", flat=True))
    last: dict[Any, date] = {}
    for person, until in Stay.objects.filter(domain=BEDS, until__isnull=False).values_list(
        "person_id", "until"
    ):
        last[person] = max(until, last.get(person, until))
    active = set(
        Stay.objects.filter(status__in=LIVING).exclude(until__lte=today)
        .values_list("person_id", flat=True)
    )  # fmt: skip
    found = []
    rows = Person.objects.filter(left_on__lte=limit, same_as__isnull=True)
    for person in rows.exclude(pk__in=active).order_by("left_on", "number"):
        over = max(person.left_on, last.get(person.pk, person.left_on))
        if over <= limit:
            found.append((person, over, person.pk in held))
    return found


def set_periods(actor: User, key: UUID, wanted: Mapping[str, int | None]) -> trail.Done:
    """The Kommune sets, changes or takes back periods, all of them in one act."""

    def do(act: Act) -> None:
        before = periods.known()
        for purpose, days in wanted.items():
            if days is None:
                Period.objects.filter(purpose=purpose).delete()
            else:
                Period.objects.update_or_create(purpose=purpose, defaults={"days": days})
        trail.changed(act, "period", "", {p: (before.get(p), d) for p, d in wanted.items()})

    return trail.once(actor, key, "period", do)


def hold(actor: User, key: UUID, person: Person, until: date, reason: str) -> trail.Done:
    """Stop the clock for somebody until a day. German: Löschsperre"""

    def do(act: Act) -> None:
        if until <= clock.today():
            raise Refused([
                Problem(
                    "", "Das Ende liegt nicht in der Zukunft.", "The end is not in the future.",
                    "Einen späteren Tag wählen.", "Choose a later day.", column="until",
                )
            ])  # fmt: skip
        row = LegalHold.objects.create(person=person, until=until, reason=reason)
        trail.changed(act, "legal_hold", row.pk, {"until": (None, until)}, subject=person.pk)

    return trail.once(actor, key, "legal_hold", do)


def lift(actor: User, key: UUID, number: int, reason: str) -> trail.Done:
    """The hold ends today, and why. German: Löschsperre aufheben"""

    def do(act: Act) -> None:
        row = LegalHold.objects.select_for_update().filter(pk=number).first()
        if row is None or not reason:
            raise Refused([
                Problem(
                    "", "Die Sperre gibt es nicht mehr, oder der Grund fehlt.",
                    "The hold is gone, or the reason is missing.",
                    "Grund eintragen.", "Enter the reason.", column="reason",
                )
            ])  # fmt: skip
        values = {"until": (row.until, clock.today()), "reason": (row.reason, reason)}
        trail.changed(act, "legal_hold", row.pk, values, subject=row.person_id)
        row.until = clock.today()
        row.save()

    return trail.once(actor, key, "legal_hold_end", do)


def nightly(today: date) -> int:
    """What is past its period is forgotten; people are deleted by people only. How many rows.

    Whoever stands in the table and not in the file, because a crash came between, is noted now.
    """
    late = set(Deletion.objects.values_list("subject", flat=True)) - noted()
    if late:
        note(sorted(late), clock.now())
    forgotten = periods.forget(today)
    upkeep.rewrite()
    return forgotten
