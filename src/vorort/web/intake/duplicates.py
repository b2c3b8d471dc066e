"""Recorded twice? Candidates, and pairs that people have told apart. German: Dubletten"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import chain, combinations, product
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from vorort.files.cells import KINDS
from vorort.ledger.names import Match, alike, sounds
from vorort.vocabulary import PartialDate
from vorort.web import sight
from vorort.web.accounts import trail
from vorort.web.accounts.models import Act, User
from vorort.web.intake.models import (
    Membership,
    Name,
    NotSame,
    Person,
)


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
    apart = {frozenset(pair) for pair in NotSame.objects.values_list("one_id", "other_id")}
    chosen = rows.filter(sound__in=sounds_[:MOST_SOUNDS]).distinct()
    found = [
        pair for group in _groups(chosen).values() for pair in _within(group)
        if frozenset((pair[0].person, pair[1].person)) not in apart
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
