"""Rows of placement to nouns and back. No arithmetic: what is open, `placement` says.

What several tables hold stands in one file of the folder: needs of a person with the person
(`intake.Need`, `Person.language`), those of a household here; wishes likewise.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

import yaml
from django.db.models import F, OuterRef, Subquery
from django.db.models.functions import Coalesce

from vorort.ledger import BEDS
from vorort.placement.override import Decline, locks_of
from vorort.vocabulary import (
    LIVING,
    Exclusion,
    Lock,
    OpenNeed,
    PlacementFiles,
    Reach,
    Requirement,
    Wish,
)
from vorort.web import clock
from vorort.web.intake import models as intake
from vorort.web.placing.models import Stay
from vorort.web.proposals import models as mine
from vorort.web.proposals.requested import open_requests, requests
from vorort.web.town import models as town


def _arrived(announced: str) -> Subquery:
    """The number of a household that was announced and has arrived."""
    rows = intake.Household.objects.exclude(id__in=intake.emptied()).order_by("id")
    return Subquery(rows.filter(announced_id=OuterRef(announced)).values("key")[:1])


INTERPRETER = "interpreter"
DATED = ("rules", "weights", "settings", "floors")  # parts of rules.yaml with a name for each line


def files() -> PlacementFiles:
    """All but the open needs, which are asked of the ledger first: see `open_rows`."""
    requirements, wishes = about()
    return replace(laid_down(), requirements=requirements, wishes=wishes, requests=requests())


def about(
    of: tuple[str, ...] | None = None,
) -> tuple[tuple[Requirement, ...], tuple[Wish, ...]]:
    """What is required and wished for; ``of``: for these households only."""
    return tuple(_requirements(of)), tuple(_wishes(of))


def laid_down() -> PlacementFiles:
    """Exclusions, ways, decisions by hand, requests: what counts for everybody's places."""
    return PlacementFiles(
        None, (), (), tuple(_exclusions()),
        tuple(
            Reach(*row)
            for row in mine.Reach.objects.order_by("id").values_list(
                "district__key", "other__key", "minutes")
        ),
        _locks(), open_requests(),
    )  # fmt: skip


def _locks() -> tuple[Lock, ...]:
    """What people have laid down; and what was declined, as long as it counts."""
    laid = _here(mine.Lock).values_list("whom", "unit__key", "kind", "reason")
    found = {(row[0], row[1]): Lock(*row) for row in laid}
    for lock in _declined():
        found.setdefault((lock.household, lock.unit), lock)
    return tuple(found.values())


def _declined() -> tuple[Lock, ...]:
    """A place that was declined is not offered again for a while."""
    today = clock.today()
    rows = _here(mine.Decline).values_list("whom", "unit__key", "on", "reason")
    found = [Decline(whom, (unit,), on, reason) for whom, unit, on, reason in rows]
    return locks_of(found, today)


def forget_rules() -> None:
    """What was set goes before another folder comes in; the rest hangs on its households."""
    mine.RuleEntry.objects.all().delete()


def _here(table: Any) -> Any:
    """Rows about households that are on record once, with ``whom``; who was only announced goes by
    the number of the household that came.
    """
    whom = Coalesce(F("household__key"), _arrived("announced__key"), F("announced__key"))
    return table.objects.annotate(whom=whom).exclude(household__in=intake.emptied()).order_by("id")


def open_rows() -> dict[tuple[str, str | None, str], tuple[OpenNeed, bool]]:
    """Needs with a date of their own, and those left out of the next run.

    A need for a home rests while the household is where a run proposed for it; should it lose that
    place, the need is there again with its dates.
    """
    rows = _with_their_home(_here(mine.OpenNeed).values_list(
        "whom", "domain", "person__key", "due", "since", "is_left_out", "act__at"
    ))  # fmt: skip
    found = {(r[0], r[2], r[1]): (OpenNeed(*r[:5]), r[5]) for r in rows}
    homes = {r[0]: r[6] for r in rows if r[1] == BEDS and not r[5]}
    for name in _answered(homes):
        found.pop((name, None, BEDS), None)
    return found


def _with_their_home(rows: Iterable[tuple[Any, ...]], person: int = 2) -> list[tuple[Any, ...]]:
    """Rows about a person go by the household they belong to now: another one, where two records
    were made one person, or somebody has gone to live apart."""
    found = list(rows)
    belong = intake.Membership.objects.filter(
        person__key__in={row[person] for row in found if row[person]}, member_until=None
    ).order_by("id")
    home = dict(belong.values_list("person__key", "household__key"))
    return [(home.get(row[person], row[0]), *row[1:]) for row in found]


def _answered(needs: Mapping[str, Any]) -> Iterator[str]:
    """Of households with a need for a home those who have a place a run proposed for it.

    ``needs``: when each was entered; only a run after that can have answered it.
    """
    today = clock.today()
    members = intake.Membership.objects.filter(
        household__key__in=needs, member_until__isnull=True, person__same_as__isnull=True
    ).exclude(person__left_on__lte=today)
    units: dict[str, dict[int, str]] = {name: {} for name in needs}
    for name, person in members.values_list("household__key", "person_id"):
        units[name][person] = ""
    home_of = {person: name for name, there in units.items() for person in there}
    stays = (
        Stay.objects.filter(
            person__in=list(home_of), domain=BEDS, unit__isnull=False, status__in=LIVING
        )
        .exclude(until__lte=today)
        .exclude(status="held", kept_until__lte=today)
    )
    for person, unit in stays.values_list("person_id", "unit__key"):
        units[home_of[person]][person] = unit
    proposed = _here(mine.Proposal).filter(run__state="done", whom__in=needs).exclude(units="")
    for name, text, at in proposed.values_list("whom", "units", "run__at"):
        there = set(units[name].values())
        is_later = needs[name] is None or at >= needs[name]
        if is_later and there and there <= set(text.split()):
            yield name


def _requirements(of: tuple[str, ...] | None) -> Iterator[Requirement]:
    belong = intake.Membership.objects.filter(person__same_as__isnull=True, member_until=None)
    spoken = intake.Person.objects.exclude(language="").order_by("number")
    needs = intake.Need.objects.order_by("expires", "id")
    if of is not None:
        belong = belong.filter(household__key__in=of)
        theirs = belong.values("person")
        spoken, needs = spoken.filter(pk__in=theirs), needs.filter(person__in=theirs)
    homes = dict(belong.order_by("id").values_list("person__key", "household__key"))
    found: dict[tuple[str, str, str | None], Requirement] = {}
    for person, language in spoken.values_list("key", "language"):
        if person in homes:
            key = (homes[person], INTERPRETER, person)
            found[key] = Requirement(*key, "must", None, language)
    for person, code, until in needs.values_list("person__key", "code", "expires"):
        if person in homes:
            key = (homes[person], code, person)
            found[key] = Requirement(*key, "must", until)
    own = _of(of, _here(mine.Requirement)).values_list(
        "whom", "code", "person__key", "strength", "until", "language"
    )
    for row in _with_their_home(own):
        found[row[:3]] = Requirement(*row)
    yield from found.values()


def _of(households: tuple[str, ...] | None, rows: Any) -> Any:
    return rows if households is None else rows.filter(whom__in=households)


def _wishes(of: tuple[str, ...] | None) -> Iterator[Wish]:
    known = intake.Wish.objects.exclude(household__in=intake.emptied()).order_by("id")
    if of is not None:
        known = known.filter(household__key__in=of)
    rows = [
        *known.values_list("household__key", "kind", "what"),
        *_of(of, _here(mine.Wish)).values_list("whom", "kind", "target"),
    ]
    yield from dict.fromkeys(Wish(*row) for row in rows)


def _exclusions() -> Iterator[Exclusion]:
    other = Coalesce(F("other__key"), _arrived("other_announced__key"), F("other_announced__key"))
    rows = _here(mine.Exclusion).annotate(whose=other).exclude(other__in=intake.emptied())
    for row in rows.values_list("whom", "whose", "facility__key", "building", "until"):
        yield Exclusion(*row)


def rules() -> dict[str, Any]:
    """What the office has set, as rules.yaml holds it."""
    found: dict[str, Any] = {}
    for row in mine.RuleEntry.objects.order_by("id"):
        entry = (row.from_on, yaml.safe_load(row.value))
        place = found.setdefault(row.part, {}) if row.part in DATED else found
        place.setdefault(row.name if row.part in DATED else row.part, []).append(entry)
    for part in list(found):
        lines = found[part] if part in DATED else {part: found[part]}
        said = {name: _dated(entries) for name, entries in lines.items()}
        found[part] = said if part in DATED else said[part]
    return found


def _dated(entries: list[tuple[Any, Any]]) -> Any:
    """One value that always held, or a list of values each with its first day."""
    if len(entries) == 1 and entries[0][0] is None:
        return entries[0][1]
    return [{"from": day or EVER, "value": value} for day, value in entries]


EVER = yaml.safe_load("1900-01-01")


# ---- from a folder ------------------------------------------------------------------------------


def load(
    found: PlacementFiles, set_rules: Mapping[str, Any], open_now: tuple[OpenNeed, ...]
) -> None:
    """Write what a folder holds into an empty register. ``open_now``: what the ledger shows as
    open; what the folder's own list leaves out of it is marked as left out."""
    whom = _Whom()
    people = dict(intake.Person.objects.values_list("key", "id"))
    units = dict(town.Unit.objects.values_list("key", "id"))
    sites = dict(town.Site.objects.values_list("key", "id"))
    districts = dict(town.District.objects.values_list("key", "id"))
    for row in found.requirements:
        _write_requirement(row, whom, people)
    for wish in found.wishes:
        if wish.household in whom.households:
            intake.Wish.objects.create(
                **whom(wish.household, announced=False), kind=wish.kind, what=wish.target
            )
        else:
            mine.Wish.objects.create(**whom(wish.household), kind=wish.kind, target=wish.target)
    for one in found.exclusions:
        mine.Exclusion.objects.create(
            **whom(one.household), **whom.other(one.other), building=one.building, until=one.until,
            facility_id=sites[one.facility] if one.facility else None,
        )  # fmt: skip
    mine.Reach.objects.bulk_create(
        mine.Reach(
            district_id=districts[r.district], other_id=districts[r.other], minutes=r.minutes
        )
        for r in found.reach
    )
    mine.Lock.objects.bulk_create(
        mine.Lock(
            **whom(row.household), unit_id=units[row.unit], kind=row.kind, reason=row.reason or ""
        )
        for row in found.locks
    )
    if found.open_needs is not None:
        _write_open(found.open_needs, open_now, whom, people)
    _write_rules(set_rules)


class _Whom:
    """The columns that say whom a row is about, by the id a file holds."""

    def __init__(self) -> None:
        self.households = dict(intake.Household.objects.values_list("key", "id"))
        self.announced = dict(town.Announcement.objects.values_list("key", "id"))

    def __call__(self, key: str, *, announced: bool = True) -> dict[str, Any]:
        if not announced:
            return {"household_id": self.households[key]}
        return {"household_id": self.households.get(key), "announced_id": self._coming(key)}

    def _coming(self, key: str) -> int | None:
        return None if key in self.households else self.announced[key]

    def other(self, key: str | None) -> dict[str, Any]:
        """The same for the other household of a pair."""
        if key is None:
            return {}
        return {"other_id": self.households.get(key), "other_announced_id": self._coming(key)}


def _write_requirement(row: Requirement, whom: _Whom, people: Mapping[str, Any]) -> None:
    person = people[row.person] if row.person else None
    is_plain = person is not None and row.strength == "must"
    if is_plain and row.code == INTERPRETER and row.language and row.until is None:
        intake.Person.objects.filter(pk=person).update(language=row.language)
    elif is_plain and row.until is not None and row.language is None:
        since = town.Kommune.objects.get().today
        intake.Need.objects.create(person_id=person, code=row.code, since=since, expires=row.until)
    else:
        mine.Requirement.objects.create(
            **whom(row.household), person_id=person, code=row.code, strength=row.strength,
            until=row.until, language=row.language,
        )  # fmt: skip


def _write_open(
    listed: tuple[OpenNeed, ...], open_now: tuple[OpenNeed, ...], whom: _Whom, people: Any
) -> None:
    wanted = {(n.household, n.person, n.domain) for n in listed}
    out = [n for n in open_now if (n.household, n.person, n.domain) not in wanted]
    mine.OpenNeed.objects.bulk_create(
        mine.OpenNeed(
            **whom(n.household), person_id=people[n.person] if n.person else None,
            domain=n.domain, due=n.due, since=n.since, is_left_out=is_out,
        )
        for needs, is_out in ((listed, False), (out, True))
        for n in needs
    )  # fmt: skip


def _write_rules(found: Mapping[str, Any]) -> None:
    rows = []
    for part, content in found.items():
        lines = content.items() if part in DATED and content else [("", content)]
        for name, value in lines if content is not None else ():
            for day, said in _entries(value):
                text = yaml.safe_dump(said, allow_unicode=True)
                rows.append(mine.RuleEntry(part=part, name=name, from_on=day, value=text))
    mine.RuleEntry.objects.bulk_create(rows)


def _entries(value: Any) -> Iterator[tuple[Any, Any]]:
    """Days and values of a line of rules.yaml."""
    if isinstance(value, list) and value and all(isinstance(v, Mapping) for v in value):
        yield from ((v["from"], v["value"]) for v in value)
    else:
        yield None, value
