"""The Today page: what is to be decided, and where. German: Heute

Every line leads to the page on which it is settled. Nothing is settled by itself.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from django.db.models import Q
from django.urls import reverse

from vorort.ledger import (
    Ledger,
    UnitDay,
    unaccompanied_minors,
)
from vorort.vocabulary import Text
from vorort.web import bridge, sight
from vorort.web.accounts import rights
from vorort.web.accounts.models import User
from vorort.web.deadlines.households import drawn
from vorort.web.deadlines.queries import RuleLine, by_rule
from vorort.web.intake.gaps import counted
from vorort.web.intake.models import Household, Membership, Person, emptied
from vorort.web.placing import matters, waiting
from vorort.web.placing.due import BAD, KINDS, Due, due_in
from vorort.web.placing.matters import MOST, Line, Matter, Seen, matter
from vorort.web.tasks.days import known, span
from vorort.web.totals.now import sites_now
from vorort.web.town.models import Announcement, StoredOutlook


@dataclass(frozen=True, slots=True)
class Arrival:
    """Who comes this week, and whether there is a place. German: Ankunft"""

    day: date
    name: str
    address: str
    people: int | None
    what: str  # kind of household, or state of the stay
    unit: str = ""


@dataclass(frozen=True)
class Today:
    """What an office decides before nine."""

    beds: UnitDay
    outlook: StoredOutlook | None
    matters: list[Matter]
    arrivals: list[Arrival]
    waiting: list[waiting.Waiting]  # by domain
    dates: list[RuleLine]
    days: dict[str, int]  # of the settings: what "soon" and "long" mean here


def today_page(user: User, today: date) -> Today:
    """Every list of the Today page, for what this user may see."""
    sites = list(sight.sites_for(user, rights.TODAY).order_by().values_list("pk", flat=True))
    now = sites_now(sites, today)
    seen = Seen(user, today)
    due = due_in(now, today)
    shown = seen.shown({d.household for d in due})
    due = [d for d in due if d.household in shown]
    found = [
        _minors(seen), matters.over(seen, (site for site in now if site.beds(today).over)),
        *_stays(due), _missed(seen),
        matters.proposals(seen), *matters.requests(seen), *matters.tasks(seen),
        *matters.contracts(seen), *matters.reports(seen), _gaps(seen),
    ]  # fmt: skip
    return Today(
        UnitDay.total(site.beds(today) for site in now),
        StoredOutlook.objects.order_by("-id").first(),
        [m for m in found if m.total],
        _arrivals(seen, due),
        waiting.waiting_for(user, today),
        by_rule(user, today) if rights.may(user, rights.DATES) else [],
        known(),
    )


def household_address(key: str) -> str:
    """Where a household is settled."""
    return reverse("household", args=[key])


# ---- people -------------------------------------------------------------------------------------


def _minors(seen: Seen) -> Matter:
    found = sorted(sight.opened_among(seen.user, minors_alone(seen.today), rights.TODAY))
    return matter(
        "minors", "Unbegleitet minderjährig: Aufgabe des Jugendamts",
        "Unaccompanied minor: a task of the youth office",
        [Line(key, household_address(key)) for key in found], bad=True,
    )  # fmt: skip


def minors_alone(today: date) -> list[str]:
    """Households of minors without an adult; the youth office decides about them."""

    def read(of: Collection[int] | None) -> dict[int, str]:
        with bridge.snapshot():
            found = unaccompanied_minors(_perhaps_minors(today, of), today)
            rows = Household.objects.filter(key__in=[h.id for h in found])
            return dict(rows.values_list("pk", "key"))

    return drawn("minors", today, read, "all", lambda kept: [kept[pk] for pk in sorted(kept)])


def _perhaps_minors(today: date, of: Collection[int] | None) -> Ledger:
    """Households in which somebody may be a minor alone; the ledger says who is."""
    first = f"{today.year - 19}"  # written as dates are: later is greater
    members = Membership.objects.filter(person__same_as__isnull=True)
    asked = members if of is None else members.filter(household__in=of)
    young = asked.filter(Q(person__born__gte=first) | Q(person__age_disputed=True))
    grown = asked.filter(person__born__lt=first, person__age_disputed=False)
    small = Q(size_stated__isnull=True) | Q(size_stated__lte=1)
    alone = Q(pk__in=young.values("household")) & ~Q(pk__in=grown.values("household"))
    homes = Household.objects.exclude(pk__in=emptied()).filter(
        Q(kind="uam") | Q(kind__in=("single", "unknown")) & small & alone
    )
    homes = homes if of is None else homes.filter(pk__in=of)
    there = members.filter(household__in=list(homes.values_list("pk", flat=True)))
    return Ledger(
        households=bridge.households(homes), memberships=bridge.memberships(there),
        persons=bridge.persons(Person.objects.filter(
            pk__in=list(there.values_list("person", flat=True)))),
    )  # fmt: skip


def _stays(due: list[Due]) -> list[Matter]:
    """What is due with places given: holds, arrivals, kept places, ends that have passed."""
    found = []
    for kind, (de, en, day) in KINDS.items():
        groups = _by_household([d for d in due if d.kind == kind], day)
        lines = [
            Line(key, household_address(key), first, people_text(people, unit))
            for first, key, unit, people in groups[:MOST]
        ]
        found.append(Matter(kind, Text(de, en), lines, len(groups), "", kind in BAD))
    return found


def _by_household(due: list[Due], day: str) -> list[tuple[date | None, str, str, int]]:
    """For each household and unit the first day and the number of people, soonest first."""
    found: defaultdict[tuple[str, str], list[date | None]] = defaultdict(list)
    for d in due:
        found[d.household, d.row.unit or ""].append(getattr(d.row, day))
    groups = [
        (min((d for d in days if d), default=None), key, unit, len(days))
        for (key, unit), days in found.items()
    ]
    return sorted(groups, key=lambda g: (g[0] or date.max, g[1]))


def people_text(count: int, unit: str = "") -> Text:
    """3 Personen, GU-ZIE-001"""
    tail = f", {unit}" if unit else ""
    return Text(f"{count} Person{'en' if count != 1 else ''}{tail}",
                f"{count} {'people' if count != 1 else 'person'}{tail}")  # fmt: skip


def _gaps(seen: Seen) -> Matter:
    """Kinds of things not known, each with its list. Only the count is of single gaps."""
    if not seen.may(rights.HOUSEHOLD):
        return matter("gaps", "", "", [])
    whole, found = reverse("incomplete"), counted(seen.user, seen.today)
    lines = [
        Line(str(c.times), f"{whole}?{urlencode({'was': c.what})}", None, c.text) for c in found
    ]
    text = Text("Angabe fehlt", "Not known")
    return Matter("gaps", text, lines, sum(c.times for c in found), whole)


# ---- arrivals -----------------------------------------------------------------------------------


def _open_announcements(start: date, end: date) -> list[Announcement]:
    """Expected on a day from ``start`` to before ``end``, and nobody of them registered."""
    rows = Announcement.objects.filter(expected_on__gte=start, expected_on__lt=end)
    found = list(rows.order_by("expected_on", "id"))
    keys = [a.key for a in found]
    come = set(
        Household.objects.filter(announced_id__in=keys).values_list("announced_id", flat=True)
    )
    return [a for a in found if a.key not in come]


def register_address(seen: Seen, announcement: str) -> str:
    """Where an announced household is registered; nothing without the right."""
    if not seen.may(rights.HOUSEHOLD_EDIT):
        return ""
    return f"{reverse('register')}?{urlencode({'ankuendigung': announcement})}"


def _missed(seen: Seen) -> Matter:
    """Announced for a day that has passed, and nobody has registered them."""
    rows = _open_announcements(seen.today - span("missed"), seen.today)
    return matter(
        "missed", "Angekündigt, Tag vorbei, niemand erfasst",
        "Announced, day passed, nobody registered",
        [Line(a.key, register_address(seen, a.key), a.expected_on,
              people_text(a.persons) if a.persons else Text("Größe unbekannt", "size unknown"))
         for a in rows], bad=True,
    )  # fmt: skip


def _arrivals(seen: Seen, due: list[Due]) -> list[Arrival]:
    """Seven days: who is announced, and who has a place already."""
    end = seen.today + span("ahead")
    found = [
        Arrival(a.expected_on, a.key, register_address(seen, a.key), a.persons, a.kind)
        for a in _open_announcements(seen.today, end)
    ]
    people: Counter[tuple[date, str, str, str]] = Counter()
    for d in due:
        if d.kind == "coming":
            people[d.row.from_ or end, d.household, d.row.status, d.row.unit or ""] += 1
    found += [
        Arrival(day, key, household_address(key), n, status, unit)
        for (day, key, status, unit), n in people.items()
    ]
    return sorted(found, key=lambda a: (a.day, a.name))
