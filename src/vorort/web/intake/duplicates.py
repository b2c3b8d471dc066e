"""Recorded twice? Candidates, and two records made one, which can be undone. German: Dubletten"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import chain, combinations, product
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from vorort.files.cells import KINDS
from vorort.ledger import BEDS
from vorort.ledger.acts.checks import SLEEPS
from vorort.ledger.book import overlap
from vorort.ledger.names import Match, alike, sounds
from vorort.problems import Problem, Refused
from vorort.vocabulary import PartialDate
from vorort.web import bridge, sight
from vorort.web.accounts import trail
from vorort.web.accounts.models import Act, ActValue, ReadLog, User
from vorort.web.intake.models import (
    LegalBasis,
    Membership,
    Merge,
    Name,
    Need,
    NotSame,
    Person,
    Vulnerability,
)
from vorort.web.placing import locks
from vorort.web.placing.models import Stay, StayOld
from vorort.web.proposals.models import OpenNeed, Requirement
from vorort.web.requests.models import Request
from vorort.web.tasks.models import Task

# Everything that hangs on a person and goes over to the record that counts.
TABLES: dict[str, tuple[Any, str]] = {
    "stay": (Stay, "person_id"), "stay_old": (StayOld, "person_id"),
    "legal_basis": (LegalBasis, "person_id"), "name": (Name, "person_id"),
    "need": (Need, "person_id"), "vulnerability": (Vulnerability, "person_id"),
    "task": (Task, "person_id"), "act_value": (ActValue, "subject_id"),
    "read_log": (ReadLog, "subject_id"), "request": (Request, "person_id"),
    "requirement": (Requirement, "person_id"), "open_need": (OpenNeed, "person_id"),
}  # fmt: skip
ACTIVE = ("held", "confirmed", "moved_in", "absent")


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody on record who may be the same person."""

    person: Person
    household: str
    name: str
    match: Match


@dataclass(frozen=True, slots=True)
class Heard:
    """A name on record as it is compared."""

    name: int
    person: UUID
    number: int  # of the person
    sounds: tuple[str, ...]
    born: PartialDate | None


def candidates(
    user: User, family: str, given: str, born: PartialDate | None, besides: Iterable[UUID] = ()
) -> list[Candidate]:
    """People on record whose name sounds alike and whose date of birth does not speak against it.

    Nobody of a household this user may not see, nor a protected one: a hint would say they exist.
    """
    heard = sounds(family, given)
    if not heard:
        return []
    households = sight.households_for(user).exclude(key__in=sight.hidden_households(user))
    any_part = Q()
    for part in heard:
        any_part |= Q(sound__contains=part)
    rows = Name.objects.filter(any_part, person__same_as__isnull=True).exclude(
        person__in=list(besides)
    )
    rows = rows.filter(person__membership__household__in=households)
    if born is not None:  # another year is another person: most need not be read
        same = Q(person__born__startswith=f"{born.year:04}")
        rows = rows.filter(same | Q(person__born__isnull=True))
    best: dict[UUID, tuple[Heard, Match]] = {}
    for one in _heard(rows.distinct()):
        match = alike(heard, born, one.sounds, one.born)
        old = best.get(one.person)
        if match and (old is None or old[1].likeness == "possible"):
            best[one.person] = one, match
    found = _candidates(best.values())
    return sorted(found, key=lambda c: (c.match.likeness != "likely", c.person.number))


def _heard(names: QuerySet[Name]) -> Iterator[Heard]:
    """In the order of record; of 60,000 names most are compared and never shown."""
    columns = ("pk", "person", "person__number", "sound", "person__born")
    read = cache(KINDS["born"].read)
    for pk, person, number, sound, born in sorted(names.values_list(*columns)):
        yield Heard(pk, person, number, tuple(sound.split()), read(born) if born else None)


def _candidates(found: Iterable[tuple[Heard, Match]]) -> list[Candidate]:
    """With names and the household each belongs to last."""
    chosen = list(found)
    names = Name.objects.select_related("person").in_bulk({one.name for one, _ in chosen})
    belongs = Membership.objects.filter(person__in={one.person for one, _ in chosen})
    home = dict(belongs.order_by("id").values_list("person", "household__key"))
    return [
        Candidate(names[one.name].person, home.get(one.person, ""), str(names[one.name]), match)
        for one, match in chosen
    ]


MOST_SOUNDS = 2000  # groups looked at in one go; the page says when there are more
Pair = tuple[Heard, Heard, Match]


def pairs(user: User) -> tuple[list[Pair], bool]:
    """Everybody whose full name sounds like somebody else's and whose birth fits, the likely
    first; and whether there was more to look at. Pairs people have told apart are left out."""
    households = sight.households_for(user).exclude(key__in=sight.hidden_households(user))
    rows = Name.objects.filter(
        person__same_as__isnull=True, person__membership__household__in=households
    ).exclude(sound="")
    often = (
        rows.values("sound").annotate(n=Count("person", distinct=True)).filter(n__gt=1)
        .order_by("sound").values_list("sound", flat=True)
    )  # fmt: skip
    sounds_ = list(often[: MOST_SOUNDS + 1])
    apart = set(NotSame.objects.values_list("one_id", "other_id"))
    chosen = rows.filter(sound__in=sounds_[:MOST_SOUNDS]).distinct()
    found = [
        pair for group in _groups(chosen).values() for pair in _within(group)
        if (pair[0].person, pair[1].person) not in apart
    ]  # fmt: skip
    found.sort(key=lambda p: (p[2].likeness != "likely", p[0].number, p[1].number))
    return found, len(sounds_) > MOST_SOUNDS


def _groups(names: QuerySet[Name]) -> dict[tuple[str, ...], list[Heard]]:
    """By full sound, each person by the first name on record that sounds so."""
    first: dict[tuple[tuple[str, ...], UUID], Heard] = {}
    for one in _heard(names):
        first.setdefault((one.sounds, one.person), one)
    groups: defaultdict[tuple[str, ...], list[Heard]] = defaultdict(list)
    for one in first.values():
        groups[one.sounds].append(one)
    return groups


def _within(group: list[Heard]) -> Iterator[Pair]:
    """Those of one sound whose birth fits. Another year never does, so no such two are compared."""
    group.sort(key=lambda one: one.number)
    years: defaultdict[int | None, list[Heard]] = defaultdict(list)
    for one in group:
        years[one.born.year if one.born else None].append(one)
    for year, mine in years.items():
        others = () if year is None else years.get(None, ())
        for one, other in chain(combinations(mine, 2), product(mine, others)):
            match = alike(one.sounds, one.born, other.sounds, other.born)
            if match:
                first, second = sorted((one, other), key=lambda x: x.number)
                yield first, second, match


def shown(found: Iterable[Pair]) -> list[tuple[Candidate, Candidate]]:
    """Pairs with names and households, for a page."""
    both = _candidates((one, pair[2]) for pair in found for one in pair[:2])
    return list(zip(both[::2], both[1::2], strict=True))


def tell_apart(actor: User, key: UUID, one: Person, other: Person) -> trail.Done:
    """Somebody looked: two people. They are not asked about again. German: verschieden"""

    def do(act: Act) -> None:
        first, second = sorted((one, other), key=lambda p: p.number)
        NotSame.objects.get_or_create(one=first, other=second, defaults={"act": act})
        for person, with_ in ((first, second), (second, first)):
            trail.changed(act, "person", person.key, {"not_same": (None, with_.key)},
                          subject=person.pk)  # fmt: skip

    return trail.once(actor, key, "not_same", do)


def merge(actor: User, key: UUID, kept: Person, gone: Person) -> trail.Done:
    """``gone`` was ``kept`` all along: what hangs on it goes over, and it is listed no more; where
    it belonged stays with it, so that taking it back is exact.

    Refused while both have a bed: people say first which is right.
    """

    def do(act: Act) -> None:
        locks.lock([kept.pk, gone.pk], [])
        _refuse(kept, gone)
        moved = []
        for name, (table, column) in TABLES.items():
            rows = table.objects.filter(**{column: gone.pk})
            moved += [f"{name}:{row}" for row in rows.values_list("pk", flat=True)]
            rows.update(**{column: kept.pk})
        Person.objects.filter(pk=gone.pk).update(same_as=kept)
        Merge.objects.create(kept=kept, gone=gone, moved=" ".join(moved), act=act)
        facts = {"same_as": (None, kept.key)}
        trail.changed(act, "person", gone.key, facts, subject=kept.pk)

    return trail.once(actor, key, "merge", do)


def _refuse(kept: Person, gone: Person) -> None:
    problems = []
    if kept.pk == gone.pk or kept.same_as_id or gone.same_as_id:
        problems.append(Problem(
            "", "Diese beiden sind schon ein Datensatz.", "These two are one record already.",
            "Seite neu laden.", "Reload the page.",
        ))  # fmt: skip
    beds = [
        {s.unit.key for s in Stay.objects.filter(
            person=p, domain=BEDS, status__in=ACTIVE, unit__isnull=False).select_related("unit")}
        for p in (kept, gone)
    ]  # fmt: skip
    if all(beds):
        mine, other = (", ".join(sorted(b)) for b in beds)
        problems.append(Problem(
            "", f"Beide haben einen Platz: {mine} und {other}.",
            f"Both have a place: {mine} and {other}.",
            "Den falschen zuerst absagen oder beenden.", "Cancel or end the wrong one first.",
        ))  # fmt: skip
    else:
        problems += _same_nights(kept, gone)
    if problems:
        raise Refused(problems)


def _same_nights(kept: Person, gone: Person) -> list[Problem]:
    """Past nights that both records have slept somewhere: one of them must be wrong."""
    mine, other = (
        [r for r in bridge.placements(Stay.objects.filter(person=p, domain=BEDS))
         if r.unit and r.status in SLEEPS and not r.second_place
         and (r.status != "ended" or r.until)]
        for p in (kept, gone)
    )  # fmt: skip
    return [
        Problem(
            "", f"Beide haben vom {max(a.from_, b.from_)} an dieselben Nächte: {a.unit}, {b.unit}.",
            f"Both have the same nights from {max(a.from_, b.from_)}: {a.unit}, {b.unit}.",
            "Den falschen Eintrag zuerst berichtigen.", "Correct the wrong entry first.",
        )
        for a in mine for b in other if a.from_ and b.from_ and overlap(a, b)
    ]  # fmt: skip


def undo(actor: User, key: UUID, merged: Merge) -> trail.Done:
    """Two people after all. Offered while nothing later was entered about them."""

    def do(act: Act) -> None:
        row = Merge.objects.select_for_update().get(pk=merged.pk)
        locks.lock([row.kept_id, row.gone_id], [])
        if row.undone_by_id is not None or later_acts(row):
            raise Refused([
                Problem(
                    "", "Seit der Zusammenführung wurde etwas eingetragen.",
                    "Something has been entered since they were made one.",
                    "Die späteren Einträge zuerst zurücknehmen.",
                    "Take the later entries back first.",
                )
            ])  # fmt: skip
        by_table: dict[str, list[str]] = {}
        for name in row.moved.split():
            table_name, _, pk = name.partition(":")
            by_table.setdefault(table_name, []).append(pk)
        for name, ids in by_table.items():
            table, column = TABLES[name]
            table.objects.filter(pk__in=ids).update(**{column: row.gone_id})
        Person.objects.filter(pk=row.gone_id).update(same_as=None)
        row.undone_by = act
        row.save()
        facts = {"same_as": (row.kept.key, None)}
        trail.changed(act, "person", row.gone.key, facts, subject=row.gone_id)

    return trail.once(actor, key, "merge_undo", do)


def later_acts(row: Merge) -> bool:
    """Was anything entered about the person since?"""
    later = ActValue.objects.filter(subject_id=row.kept_id, act_id__gt=row.act_id)
    return bool(later.exists())


def open_merge(person: Person) -> Merge | None:
    """The last merge into a person that can still be undone."""
    row = Merge.objects.filter(kept=person, undone_by__isnull=True).order_by("-id").first()
    return None if row is None or later_acts(row) else row
