"""What was searched for, and what of it a role sees. German: Suche

Names are compared by how they sound, as in the list of households. A protected household is found
by nobody but the named role: no number, no count, no order tells that it is there.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from django.db.models import Q, QuerySet

from vorort.ledger.names import plain, sounds
from vorort.vocabulary import PartialDate
from vorort.web import clock, sight
from vorort.web.accounts import rights
from vorort.web.accounts.models import User
from vorort.web.intake.models import Household, Membership, Name, Person
from vorort.web.intake.reading import born_of
from vorort.web.town.models import Site, Unit
from vorort.web.town.queries import sites_of

LONGEST = 80  # letters
MOST = 30  # of each kind; who finds more asks more closely
FIRST, THEN = 200, 2000  # people looked at in a first step, and in each further one
SHORTEST = 2  # letters by which a place is found
NUMBER = re.compile(r"([hp])?-?0*([1-9][0-9]{0,8})", re.IGNORECASE)


@dataclass(frozen=True)
class Asked:
    """What somebody typed: words of a name, a day or year of birth, a number."""

    text: str
    words: tuple[str, ...]
    born: PartialDate | None
    number: tuple[str, int] | None  # h, p or "", and the number


@dataclass(frozen=True)
class Home:
    """A household that was found, with those of its people by whom it was."""

    row: Household
    people: tuple[tuple[str, str | None], ...] = ()  # name, as far as it is seen; born


@dataclass(frozen=True)
class Found:
    """What a role sees of it."""

    homes: list[Home] = field(default_factory=list)
    sites: list[Site] = field(default_factory=list)
    units: list[Unit] = field(default_factory=list)
    person: tuple[str, str] | None = None  # household and person of this very number

    @property
    def count(self) -> int:
        """Everything that was found."""
        return len(self.homes) + len(self.sites) + len(self.units)


def read(text: str) -> Asked:
    """Take apart what was typed."""
    text = " ".join(text.split())[:LONGEST]
    born, words = None, []
    for part in text.split():
        day = born_of(part, clock.today()) if re.fullmatch(r"[0-9.\-]{4,10}", part) else None
        if day is not None and born is None:
            born = day
        else:
            words.append(part)
    number = NUMBER.fullmatch(text)
    return Asked(
        text, tuple(words), born,
        ((number[1] or "").lower(), int(number[2])) if number else None,
    )  # fmt: skip


def search(user: User, asked: Asked) -> Found:
    """Everything of that number, name or day of birth that this user sees."""
    if not asked.text:
        return Found()
    homes: list[Home] = []
    person = None
    if rights.may(user, rights.HOUSEHOLD):
        if asked.number:
            homes, person = _by_number(user, *asked.number)
        homes = homes or _by_people(user, asked)
    places = rights.may(user, rights.BOARD) and len(asked.text) >= SHORTEST
    sites = _sites(user, asked.text) if places else []
    units = _units(user, asked.text) if places else []
    return Found(homes, sites, units, person)


def _seen(user: User) -> QuerySet[Household]:
    """Households that are found at all."""
    found = sight.households_for(user)
    return found if rights.may(user, rights.PROTECTED) else found.filter(protected=False)


def _by_number(user: User, kind: str, number: int) -> tuple[list[Home], tuple[str, str] | None]:
    """The household or person of a number, with or without its letter."""
    seen, person = _seen(user), None
    homes: list[Home] = []
    if kind != "p":
        homes = [Home(h) for h in seen.filter(key=f"H-{number:04}")]
    if kind != "h" and (row := Person.objects.filter(key=f"P-{number:05}").first()) is not None:
        at = list(seen.filter(membership__person=row).distinct().order_by("-id")[:MOST])
        known = {h.row.pk for h in homes}
        homes += [Home(h, _told(user, [row])) for h in at if h.pk not in known]
        if kind == "p" and len(at) == 1:
            person = at[0].key, row.key
    return homes, person


def _by_people(user: User, asked: Asked) -> list[Home]:
    """Households with somebody who is called so, was born so, or both; who is called just so
    first. Looked at in parts: most who search find one of the first."""
    found: dict[int, Home] = {}
    for people in _called(user, asked):
        for home in _homes_of(user, people):
            found.setdefault(home.row.pk, home)
        if len(found) > MOST:
            break
    wanted = plain(" ".join(asked.words)).split()
    return sorted(found.values(), key=lambda home: not _as_written(home, wanted))[: MOST + 1]


def _called(user: User, asked: Asked) -> Iterator[list[Any]]:
    """People by name, those with just these parts of a name first; else by their full birthday."""
    heard = sounds(*asked.words) if asked.words and rights.may(user, rights.NAMES) else ()
    if not heard:
        if asked.born is not None and asked.born.day is not None and not asked.words:
            days = Person.objects.filter(_born(asked.born)).order_by("-number")
            yield list(days.values_list("pk", flat=True))
        return
    names = Name.objects.all()
    if asked.born is not None:
        names = names.filter(_born(asked.born, "person__born"))
    for sound in heard:
        names = names.filter(sound__contains=sound)
    wanted = set(heard)
    rows = names.values_list("pk", "sound")  # no more of them: thousands may sound alike in part
    order = sorted((len(wanted.difference(sound.split())), -pk) for pk, sound in rows)
    start, many = 0, FIRST
    while start < len(order):
        part = [-pk for _, pk in order[start : start + many]]
        people = dict(Name.objects.filter(pk__in=part).values_list("pk", "person_id"))
        yield list(dict.fromkeys(people[pk] for pk in part if pk in people))
        start, many = start + many, THEN


def _homes_of(user: User, people: list[Any]) -> list[Home]:
    belongs = Membership.objects.filter(person__in=people)
    members: defaultdict[int, list[Any]] = defaultdict(list)
    for home, person in belongs.order_by("id").values_list("household_id", "person_id"):
        members[home].append(person)
    rows = list(_seen(user).filter(pk__in=list(members)))
    known = Person.objects.in_bulk([p for row in rows for p in members[row.pk]])
    told = _all_told(user, list(known.values()))
    rank = {person: n for n, person in enumerate(people)}
    rows.sort(key=lambda row: min(rank[p] for p in members[row.pk]))
    return [Home(row, tuple(dict.fromkeys(told[p] for p in members[row.pk]))) for row in rows]


def _born(born: PartialDate, column: str = "born") -> Q:
    """The same day, or a year or month that fits."""
    year = f"{born.year:04}"
    if born.month is None:
        return Q(**{f"{column}__startswith": year})
    month = f"{year}-{born.month:02}"
    if born.day is None:
        return Q(**{f"{column}__startswith": month}) | Q(**{column: year})
    return Q(**{column: f"{month}-{born.day:02}"})


def _told(user: User, people: Iterable[Person]) -> tuple[tuple[str, str | None], ...]:
    return tuple(_all_told(user, list(people)).values())


def _all_told(user: User, people: list[Person]) -> dict[Any, tuple[str, str | None]]:
    """Name and birth of each; without the right to names, the number."""
    names: dict[Any, str] = {}
    if rights.may(user, rights.NAMES):
        for name in Name.objects.filter(person__in=[p.pk for p in people]).order_by("-id"):
            names[name.person_id] = str(name)
    return {p.pk: (names.get(p.pk) or p.key, p.born) for p in people}


def _as_written(home: Home, wanted: list[str]) -> bool:
    written = " ".join(plain(name) for name, _ in home.people).split()
    return bool(wanted) and all(any(w.startswith(x) for w in written) for x in wanted)


def _sites(user: User, text: str) -> list[Site]:
    """By name or number, whose beginning fits first."""
    wanted = plain(text)
    if not wanted:
        return []
    found = []
    rows = sites_of(user)
    for pk, *said in rows.values_list("pk", "name", "key"):
        name, key = map(_plain, said)
        if wanted in name or wanted in key:
            found.append((not (name.startswith(wanted) or key.startswith(wanted)), pk))
    found.sort(key=lambda x: x[0])
    chosen = [pk for _, pk in found[: MOST + 1]]
    by_pk = rows.in_bulk(chosen)
    return [by_pk[pk] for pk in chosen]


@lru_cache(maxsize=4096)
def _plain(name: str) -> str:
    """Of names of places only: nothing of people is kept."""
    return plain(name)


def _units(user: User, text: str) -> list[Unit]:
    rows = Unit.objects.filter(facility__in=sites_of(user).order_by())
    rows = rows.filter(Q(key__icontains=text) | Q(title__icontains=text))
    return list(rows.select_related("facility").order_by("key")[: MOST + 1])
