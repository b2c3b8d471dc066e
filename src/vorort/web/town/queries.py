"""What the pages of sites and units show. Who is there is a number here, not a name."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Q, QuerySet

from vorort.ledger import BEDS, UnitDay, occupancy
from vorort.web import bridge
from vorort.web.accounts import rights
from vorort.web.accounts.models import Act, ActValue, User
from vorort.web.tasks.models import Task
from vorort.web.town.models import CapacityEvent, Kommune, Site, Unit


@dataclass(frozen=True)
class SitePage:
    """A site with its units as they are on the day."""

    site: Site
    units: list[tuple[Unit, UnitDay]]
    total: UnitDay
    events: list[CapacityEvent]
    tasks: list[Task]
    acts: list[Act]
    notice_by: date | None  # the last day to give notice


def sites_of(user: User, right: str = rights.BOARD) -> QuerySet[Site]:
    """Every site a user may see; a shelter's only with the right to see protected places."""
    found = Site.objects.select_related("district", "owner").order_by("name")
    if rights.own_only(user, right):
        found = found.filter(owner=user.office)
    if not rights.may(user, rights.PROTECTED):
        found = found.filter(address_protected=False)
    return found


def site_page(site: Site, today: date) -> SitePage:
    """Everything about a site but the people."""
    ledger = bridge.around([site.pk], ())
    state = occupancy(ledger, today, today=today).units
    units = list(Unit.objects.filter(facility=site).order_by("key"))
    targets = [site.key, *(u.key for u in units)]
    rows = [u.pk for u in units]
    values = ActValue.objects.filter(subject__isnull=True).filter(
        Q(table="site", row=str(site.pk)) | Q(table="unit", row__in=[str(r) for r in rows])
    )
    return SitePage(
        site, [(u, state[u.key]) for u in units], UnitDay.total(state.values()),
        list(CapacityEvent.objects.filter(target__in=targets).order_by("-date", "key")),
        list(Task.objects.filter(done_by__isnull=True).filter(Q(unit__in=rows) | Q(site=site))
             .select_related("unit").order_by("due", "id")),
        list(Act.objects.filter(pk__in=values.values("act")).order_by("-pk")[:20]),
        notice_by(site),
    )  # fmt: skip


def notice_by(site: Site) -> date | None:
    """The last day to give notice before the lease ends; None where either is unknown."""
    if site.lease_until is None or site.notice_months is None:
        return None
    months = site.lease_until.year * 12 + site.lease_until.month - 1 - site.notice_months
    year, month = divmod(months, 12)
    day = site.lease_until.day
    while True:
        try:
            return date(year, month + 1, day) - timedelta(days=1)
        except ValueError:  # a month without this day
            day -= 1


@dataclass(frozen=True)
class SeatLine:
    """A group, class, course or counter with its figures."""

    unit: Unit
    site: Site
    state: UnitDay
    is_own: bool
    is_stale: bool


def seats(user: User, domain: str, today: date) -> list[SeatLine]:
    """Seats of a domain, of the own office or of all, by site."""
    sites = sites_of(user).filter(unit__domain=domain).distinct()
    ledger = bridge.sites_between(
        sites.values_list("pk", flat=True), today, today + timedelta(days=1)
    )
    state = occupancy(ledger, today, today=today).units
    cycle = Kommune.objects.get().reported_cycle_days
    limit = today - timedelta(days=cycle) if cycle else date.min
    units = Unit.objects.filter(facility__in=sites, domain=domain).select_related("facility")
    return [
        SeatLine(
            u, u.facility, state[u.key], u.facility.owner_id == user.office.pk,
            u.reported_on is None or u.reported_on < limit,
        )
        for u in units.order_by("facility__name", "key")
    ]  # fmt: skip


def domains_with_seats(user: User) -> list[str]:
    """Domains other than beds in which this user sees units."""
    found = Unit.objects.filter(facility__in=sites_of(user)).exclude(domain=BEDS)
    return sorted(set(found.values_list("domain", flat=True)))
