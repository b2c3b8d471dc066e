"""Two records of one person made one, and two again. German: Zusammenführung

What hangs on the record that goes hangs on the one that counts from then on (`ties`), and so does
what hangs on its household, where nobody else is left in it. Each row that moved is noted with
whom it hung on, so that taking it back is exact.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any
from uuid import UUID

from django.db.models import Q

from vorort.ledger import BEDS
from vorort.ledger.acts.checks import SLEEPS
from vorort.ledger.book import overlap
from vorort.problems import Problem, Refused
from vorort.vocabulary import LIVING
from vorort.web import bridge
from vorort.web.accounts import trail
from vorort.web.accounts.models import Act, ActValue, User
from vorort.web.intake.actions import rekind
from vorort.web.intake.models import Household, Membership, Merge, NotSame, Person
from vorort.web.intake.ties import NEAR, OF_HOUSEHOLD, OF_PERSON, TIES, WITH_THEIR_HOME
from vorort.web.placing import locks
from vorort.web.placing.models import Stay
from vorort.web.proposals.models import Exclusion

# What is unknown of the record that counts is taken from the other.
FACTS = (
    "born", "sex", "recognised_on", "needs_access", "language", "guardian", "guardian_since",
    "age_disputed",
)  # fmt: skip
HOME_FACTS = (
    "arrived_on", "district", "hosted", "responsible", "responsible_from", "may_move_from",
    "size_stated", "announced_id",
)  # fmt: skip
Moves = list[tuple[str, Any, Any]]  # tie, row, whom it hung on; or table, row, facts before


def merge(actor: User, key: UUID, kept: Person, gone: Person) -> trail.Done:
    """``gone`` was ``kept`` all along: what hangs on it goes over, and it is listed no more; where
    it belonged stays with it, so that taking it back is exact.

    Refused while both have a bed: people say first which is right.
    """

    def do(act: Act) -> None:
        locks.lock([kept.pk, gone.pk], [])
        mine, other = Person.objects.get(pk=kept.pk), Person.objects.get(pk=gone.pk)
        _refuse(mine, other)
        home = _home(mine)
        homes = list(Household.objects.filter(membership__person=other).distinct())
        now = [h for h in homes if _is_member(h, other)]
        moved = [] if home is None else list(_with_them(other, homes, home))
        moved += _persons(mine, other)
        Person.objects.filter(pk=other.pk).update(same_as=mine)
        trail.changed(act, "person", other.key, {"same_as": (None, mine.key)}, subject=mine.pk)
        moved += _facts_of(act, mine, other)
        if home is not None:
            empty = [h for h in homes if h != home and _is_empty(h)]
            for left in empty:
                moved += _households(left, home)
                facts = {"same_as": (None, home.key)}
                trail.changed(act, "household", left.pk, facts, subject=mine.pk)
            moved += _facts_at(act, home, [h for h in now if h in empty], now)
        Merge.objects.create(kept=mine, gone=other, moved=json.dumps(moved, default=str), act=act)

    return trail.once(actor, key, "merge", do)


def _home(person: Person) -> Household | None:
    """The household somebody belongs to, else the last one."""
    rows = Membership.objects.filter(person=person).select_related("household").order_by("id")
    found = sorted(rows, key=lambda m: m.member_until is None)
    return found[-1].household if found else None


def _is_member(home: Household, person: Person) -> bool:
    rows = Membership.objects.filter(household=home, person=person, member_until__isnull=True)
    return bool(rows.exists())


def _is_empty(home: Household) -> bool:
    """Is everybody who ever belonged to it on record elsewhere?"""
    rows = Membership.objects.filter(household=home, person__same_as__isnull=True)
    return not rows.exists()


def _persons(kept: Person, gone: Person) -> Moves:
    moved: Moves = []
    for name, (table, column) in OF_PERSON.items():
        rows = table.objects.filter(**{column: gone.pk})
        if table is NotSame:
            rows = rows.exclude(pk__in=_told_already(kept, gone))
        moved += _hand_over(name, rows, kept.pk)
    return moved


def _told_already(kept: Person, gone: Person) -> list[int]:
    """Pairs told apart that say of both records the same, or one of the other: they stay."""
    of_kept = {_other(row, kept) for row in _apart(kept)} | {kept.pk}
    return [row.pk for row in _apart(gone) if _other(row, gone) in of_kept]


def _apart(person: Person) -> Iterable[NotSame]:
    return NotSame.objects.filter(Q(one=person) | Q(other=person))


def _other(row: NotSame, person: Person) -> UUID:
    return row.other_id if row.one_id == person.pk else row.one_id


def _with_them(gone: Person, homes: Iterable[Household], home: Household) -> Iterator[Any]:
    """What is about the person within a household is about them in the one they belong to."""
    for left in homes:
        for name, (table, column) in WITH_THEIR_HOME.items():
            if left != home:
                rows = table.objects.filter(person=gone, **{column: left.pk})
                yield from _hand_over(name, rows, home.pk)


def _households(left: Household, home: Household) -> Moves:
    """All that is said of a household nobody is left in."""
    moved: Moves = []
    pair = [left.pk, home.pk]  # what says something of one and the other says nothing any more
    ours = Exclusion.objects.filter(household__in=pair, other__in=pair).values("pk")
    for name, (table, column) in OF_HOUSEHOLD.items():
        rows = table.objects.filter(**{column: left.pk})
        for _, named in (n for n in NEAR.values() if n[0] is table):
            rows = rows.exclude(kind="near", **{named: home.key})
        moved += _hand_over(
            name, rows.exclude(pk__in=ours) if table is Exclusion else rows, home.pk
        )
    for name, (table, column) in NEAR.items():
        rows = table.objects.filter(kind="near", **{column: left.key}).exclude(household=home)
        moved += _hand_over(name, rows, home.key)
    return moved


def _hand_over(name: str, rows: Any, to: Any) -> Moves:
    """Rows name another one from now on."""
    _, column = TIES[name]
    found = [(name, pk, old) for pk, old in rows.values_list("pk", column)]
    table = rows.model
    for part in bridge.parts([pk for _, pk, _ in found]):
        table.objects.filter(pk__in=part).update(**{column: to})
    return found


def _facts_of(act: Act, kept: Person, gone: Person) -> Moves:
    """What is unknown of the one and known of the other; a doubt about the age stays one."""
    before = {n: getattr(kept, n) for n in FACTS if not _known(kept, n) and _known(gone, n)}
    if not before:
        return []
    for name in before:
        setattr(kept, name, getattr(gone, name))
    kept.save(update_fields=list(before))
    told = {n: (old, getattr(kept, n)) for n, old in before.items()}
    trail.changed(act, "person", kept.key, told, subject=kept.pk)
    return [("person", kept.pk, before), *_looked_at_again(act, kept)]


def _looked_at_again(act: Act, kept: Person) -> Moves:
    """What kind of household is it with an age that was not known? Children alone stop."""
    rows = Membership.objects.filter(person=kept, member_until__isnull=True)
    before = {
        home.pk: trail.fields_of(home)
        for home in Household.objects.filter(pk__in=rows.values("household"))
    }
    moved: Moves = []
    for pk, facts in before.items():
        rekind(act, Household.objects.select_for_update().get(pk=pk))
        now = trail.fields_of(Household.objects.get(pk=pk))
        changed = {name: old for name, old in facts.items() if old != now[name]}
        moved += [("household", pk, changed)] if changed else []
    return moved


def _facts_at(
    act: Act, home: Household, empty: Iterable[Household], left: Iterable[Household]
) -> Moves:
    """What is known of a household nobody is left in; who was protected stays so in the other."""
    row = Household.objects.select_for_update().get(pk=home.pk)
    before: dict[str, Any] = {}
    for other in empty:
        for name in HOME_FACTS:
            if not _known(row, name) and _known(other, name):
                before.setdefault(name, getattr(row, name))
                setattr(row, name, getattr(other, name))
    if any(h.protected for h in left) and not row.protected:
        before["protected"], row.protected = False, True
    if not before:
        return []
    row.save(update_fields=list(before))
    told = {n: (old, getattr(row, n)) for n, old in before.items()}
    _tell(act, row, told)
    return [("household", row.pk, before)]


def _known(row: Any, name: str) -> bool:
    value = getattr(row, name)
    return value not in (None, "") and (value is not False or name in ("needs_access", "hosted"))


def _tell(act: Act, home: Household, facts: dict[str, tuple[Any, Any]]) -> None:
    for person in Person.objects.filter(
        membership__household=home, same_as__isnull=True
    ).distinct():
        trail.changed(act, "household", home.pk, facts, subject=person.pk)


def _refuse(kept: Person, gone: Person) -> None:
    problems = []
    if kept.pk == gone.pk or kept.same_as_id or gone.same_as_id:
        problems.append(Problem(
            "", "Diese beiden sind schon ein Datensatz.", "These two are one record already.",
            "Seite neu laden.", "Reload the page.",
        ))  # fmt: skip
    beds = [
        {s.unit.key for s in Stay.objects.filter(
            person=p, domain=BEDS, status__in=LIVING, unit__isnull=False).select_related("unit")}
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
        facts: Moves = []
        back: defaultdict[tuple[str, Any], list[Any]] = defaultdict(list)
        for name, pk, old in _moves(row):
            if name in TIES:
                back[name, old].append(pk)
            else:
                facts.append((name, pk, old))
        for (name, old), ids in back.items():
            table, column = TIES[name]
            for part in bridge.parts(ids):
                table.objects.filter(pk__in=part).update(**{column: old})
        _facts_back(act, row, facts)
        Person.objects.filter(pk=row.gone_id).update(same_as=None)
        row.undone_by = act
        row.save()
        told = {"same_as": (row.kept.key, None)}
        trail.changed(act, "person", row.gone.key, told, subject=row.gone_id)

    return trail.once(actor, key, "merge_undo", do)


def _moves(row: Merge) -> Moves:
    """What a merge has moved; before what hung on households went along, names and rows alone."""
    if row.moved.startswith("["):
        return [(name, pk, old) for name, pk, old in json.loads(row.moved)]
    pairs = (word.partition(":") for word in row.moved.split())
    return [(name, pk, str(row.gone_id)) for name, _, pk in pairs]


def _facts_back(act: Act, row: Merge, facts: Moves) -> None:
    for name, pk, before in reversed(facts):
        of = Person.objects.get(pk=pk) if name == "person" else Household.objects.get(pk=pk)
        told = {n: (getattr(of, n), old) for n, old in before.items()}
        for field, old in before.items():
            setattr(of, field, old)
        of.save(update_fields=list(before))
        if isinstance(of, Household):
            _tell(act, of, told)
        else:
            trail.changed(act, "person", of.key, told, subject=of.pk)


def later_acts(row: Merge) -> bool:
    """Was anything entered about the person since? What was made one and two again was not."""
    undone = Merge.objects.filter(undone_by__isnull=False)
    later = ActValue.objects.filter(subject_id=row.kept_id, act_id__gt=row.act_id)
    later = later.exclude(act__in=undone.values("act")).exclude(act__in=undone.values("undone_by"))
    return bool(later.exists())


def open_merge(person: Person) -> Merge | None:
    """The last merge into a person that can still be undone."""
    row = Merge.objects.filter(kept=person, undone_by__isnull=True).order_by("-id").first()
    return None if row is None or later_acts(row) else row
