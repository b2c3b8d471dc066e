"""The Today page: what is to be decided, and where. German: Heute

Every line leads to the page on which it is settled. Nothing is settled by itself.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from django.db.models import Q, QuerySet
from django.urls import reverse

from vorort.ledger import (
    BEDS,
    Ledger,
    UnitDay,
    expired_holds,
    is_expired,
    overdue,
    unaccompanied_minors,
)
from vorort.vocabulary import Placement, Text
from vorort.web import bridge, sight
from vorort.web.accounts import rights
from vorort.web.accounts.models import User
from vorort.web.deadlines.keeping import while_nobody_changes
from vorort.web.deadlines.queries import RuleLine, by_rule
from vorort.web.intake.gaps import gaps_for
from vorort.web.intake.models import Household, Membership, Person, emptied
from vorort.web.placing import matters, waiting
from vorort.web.placing.matters import Line, Matter, Seen, matter
from vorort.web.placing.models import Stay
from vorort.web.totals.now import sites_now
from vorort.web.totals.reading import site_totals
from vorort.web.town.models import Announcement, StoredOutlook

SOON = timedelta(days=7)
MISSED = timedelta(days=14)  # announced and not registered: asked for two weeks


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


def today_page(user: User, today: date) -> Today:
    """Every list of the Today page, for what this user may see."""
    sites = sight.sites_for(user, rights.TODAY)
    named = list(sites.values_list("pk", "key"))
    states = site_totals([s for s, _ in named], [today], today)[0]
    full = sites.filter(key__in=[key for key, state in states.items() if state.over])
    seen = Seen(user, today)
    due = bridge.of_stays(due_stays(today).filter(unit__facility__in=[s for s, _ in named]))
    found = [
        _minors(seen), matters.over(seen, sites_now(full.values_list("pk", flat=True), today)),
        *_stays(seen, due), _missed(seen),
        matters.proposals(seen), *matters.requests(seen), *matters.tasks(seen),
        *matters.contracts(seen), *matters.reports(seen), _gaps(seen),
    ]  # fmt: skip
    return Today(
        UnitDay.total(states.values()),
        StoredOutlook.objects.order_by("-id").first(),
        [m for m in found if m.total],
        _arrivals(seen, due),
        waiting.waiting_for(user, today),
        by_rule(user, today) if rights.may(user, rights.DATES) else [],
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

    def read() -> list[str]:
        with bridge.snapshot():
            return [h.id for h in unaccompanied_minors(_perhaps_minors(today), today)]

    return while_nobody_changes("minors", today, read)


def _perhaps_minors(today: date) -> Ledger:
    """Households in which somebody may be a minor alone; the ledger says who is."""
    first = f"{today.year - 19}"  # written as dates are: later is greater
    members = Membership.objects.filter(person__same_as__isnull=True)
    young = members.filter(Q(person__born__gte=first) | Q(person__age_disputed=True))
    grown = members.filter(person__born__lt=first, person__age_disputed=False)
    small = Q(size_stated__isnull=True) | Q(size_stated__lte=1)
    alone = Q(pk__in=young.values("household")) & ~Q(pk__in=grown.values("household"))
    homes = Household.objects.exclude(pk__in=emptied()).filter(
        Q(kind="uam") | Q(kind__in=("single", "unknown")) & small & alone
    )
    there = members.filter(household__in=list(homes.values_list("pk", flat=True)))
    return Ledger(
        households=bridge.households(homes), memberships=bridge.memberships(there),
        persons=bridge.persons(Person.objects.filter(
            pk__in=list(there.values_list("person", flat=True)))),
    )  # fmt: skip


def due_stays(today: date) -> QuerySet[Stay]:
    """Beds of which something may be due; the ledger says what."""
    passed = Q(until__lte=today, status__in=("confirmed", "moved_in", "absent"))
    passed |= Q(kept_until__lte=today)
    return Stay.objects.filter(
        Q(status__in=("held", "confirmed")) | passed & Q(ended_reason__isnull=True)
        | Q(over_until__lte=today), domain=BEDS, unit__isnull=False,
    )  # fmt: skip


def _stays(seen: Seen, ledger: Ledger) -> list[Matter]:
    """What is due with places given: holds, arrivals, kept places, ends that have passed."""
    today = seen.today
    rows = ledger.current
    held = [r for r in rows if r.status == "held" and not is_expired(r, today)]
    confirmed = [r for r in rows if r.status == "confirmed" and r.from_]
    late = overdue(ledger, today)
    kept = [r for r in late if _kept(r) and r.kept_until and r.kept_until <= today]
    over = [r for r in late if r.over_until and r.over_until <= today]
    known = {r.id for r in (*kept, *over)}

    def due(key: str, de: str, en: str, found: list[Placement], day: str) -> Matter:
        bad = key in ("absent", "kept", "over_until")
        return matter(key, de, en, _by_household(seen, ledger, found, day), bad=bad)

    return [
        due("expiring", "Vormerkung läuft in 7 Tagen ab", "Hold expires within 7 days",
               [r for r in held if r.kept_until and r.kept_until < today + SOON], "kept_until"),
        due("expired", "Vormerkung abgelaufen, Platz wieder frei",
               "Hold expired, place free again",
               expired_holds(ledger, today), "kept_until"),
        due("arriving", "Einzug heute fällig", "Arrival due today",
               [r for r in confirmed if r.from_ == today], "from_"),
        due("absent", "Nicht erschienen? Der Tag ist vorbei", "Did not come? The day has passed",
               [r for r in confirmed if r.from_ and r.from_ < today], "from_"),
        due("kept", "Platz länger freigehalten als vereinbart", "Place kept longer than agreed",
               kept, "kept_until"),
        due("over_until", "Überbelegung länger als vereinbart",
               "Over-occupancy longer than agreed",
               over, "over_until"),
        due("ended", "Geplanter Auszug, nicht eingetragen",
               "Planned move-out, not entered",
               [r for r in late if r.id not in known], "until"),
    ]  # fmt: skip


def _kept(row: Placement) -> bool:
    return row.status == "absent" or row.second_place


def _by_household(seen: Seen, ledger: Ledger, rows: list[Placement], day: str) -> list[Line]:
    """One line for each household and unit, soonest first; nobody whose place is not shown."""
    found: defaultdict[tuple[str, str], list[date | None]] = defaultdict(list)
    homes = [ledger.household_of(row.person, row.from_ or seen.today) or "" for row in rows]
    shown = seen.shown(homes)
    for row, key in zip(rows, homes, strict=True):
        if key in shown:
            found[key, row.unit or ""].append(getattr(row, day))
    lines = [
        Line(key, household_address(key), min((d for d in days if d), default=None),
             people_text(len(days), unit))
        for (key, unit), days in found.items()
    ]  # fmt: skip
    return sorted(lines, key=lambda x: (x.day or date.max, x.name))


def people_text(count: int, unit: str = "") -> Text:
    """3 Personen, GU-ZIE-001"""
    tail = f", {unit}" if unit else ""
    return Text(f"{count} Person{'en' if count != 1 else ''}{tail}",
                f"{count} {'people' if count != 1 else 'person'}{tail}")  # fmt: skip


def _gaps(seen: Seen) -> Matter:
    """Kinds of things not known, each with its list. Only the count is of single gaps."""
    if not seen.may(rights.HOUSEHOLD):
        return matter("gaps", "", "", [])
    counts: dict[str, list[Text]] = {}
    for gap, _ in gaps_for(seen.user, seen.today):
        counts.setdefault(gap.what, []).append(gap.text)
    whole = reverse("incomplete")
    lines = [
        Line(str(len(texts)), f"{whole}?{urlencode({'was': what})}", None,
             texts[0] if len(set(texts)) == 1 else Text("Angabe fehlt", "not known"))
        for what, texts in sorted(counts.items(), key=lambda x: -len(x[1]))
    ]  # fmt: skip
    text = Text("Angabe fehlt", "Not known")
    return Matter("gaps", text, lines, sum(map(len, counts.values())), whole)


# ---- arrivals -----------------------------------------------------------------------------------


def _open_announcements() -> Any:
    taken = Household.objects.filter(announced_id__isnull=False).values("announced_id")
    return Announcement.objects.exclude(key__in=taken).order_by("expected_on", "id")


def register_address(seen: Seen, announcement: str) -> str:
    """Where an announced household is registered; nothing without the right."""
    if not seen.may(rights.HOUSEHOLD_EDIT):
        return ""
    return f"{reverse('register')}?{urlencode({'ankuendigung': announcement})}"


def _missed(seen: Seen) -> Matter:
    """Announced for a day that has passed, and nobody has registered them."""
    rows = _open_announcements().filter(
        expected_on__lt=seen.today, expected_on__gte=seen.today - MISSED
    )
    return matter(
        "missed", "Angekündigt, Tag vorbei, niemand erfasst",
        "Announced, day passed, nobody registered",
        [Line(a.key, register_address(seen, a.key), a.expected_on,
              people_text(a.persons) if a.persons else Text("Größe unbekannt", "size unknown"))
         for a in rows], bad=True,
    )  # fmt: skip


def _arrivals(seen: Seen, ledger: Ledger) -> list[Arrival]:
    """Seven days: who is announced, and who has a place already."""
    end = seen.today + SOON
    found = [
        Arrival(a.expected_on, a.key, register_address(seen, a.key), a.persons, a.kind)
        for a in _open_announcements().filter(expected_on__gte=seen.today, expected_on__lt=end)
    ]
    people: defaultdict[tuple[date, str, str, str], int] = defaultdict(int)
    coming = [
        (row, day, ledger.household_of(row.person, day) or "") for row in ledger.current
        if row.status == "confirmed" and (day := row.from_) and seen.today <= day < end
    ]  # fmt: skip
    shown = seen.shown(key for _, _, key in coming)
    for row, day, key in coming:
        if key in shown:
            people[day, key, row.status, row.unit or ""] += 1
    found += [
        Arrival(day, key, household_address(key), n, status, unit)
        for (day, key, status, unit), n in people.items()
    ]
    return sorted(found, key=lambda a: (a.day, a.name))
