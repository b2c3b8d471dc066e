"""A site goes to another office: open requests for its places go along. German: Stellenwechsel

Only the owner confirms: from that act on the new office answers, and the old one does no longer. A
counter-offer of a place that is no longer its maker's is no offer any more: the request is open
again. Who asked reads it with the request.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q

from vorort.web import clock
from vorort.web.accounts import trail, transfers
from vorort.web.accounts.models import Act, ActValue
from vorort.web.intake.models import Household
from vorort.web.requests.models import OPEN, Request
from vorort.web.town.models import Office, Site, Unit

TO_ANSWER = timedelta(days=7)  # what an office has at least, when an offer falls


def follow(act: Act, site: Site, before: Office) -> None:
    """Within the act that gave ``site`` to another office: its requests go to that one."""
    units = Unit.objects.filter(facility=site)
    rows = Request.objects.filter(owner=before, status__in=OPEN).filter(
        Q(unit__in=units) | Q(offer_unit__in=units)
        | Q(unit__isnull=True, domain__in=_left(site, before))
    )  # fmt: skip
    mine = set(units.values_list("pk", flat=True))
    for row in rows.select_related("asker", "person").select_for_update(of=("self",)):
        after = _after(row, site.owner, mine)
        told = {n: (getattr(row, n), value) for n, value in after.items()}
        for name, value in after.items():
            setattr(row, name, value)
        row.save()
        named = {n: tuple(getattr(x, "key", x) for x in pair) for n, pair in told.items()}
        trail.changed(act, "request", row.pk, named, subject=row.person_id)
        if "owner" in after and row.asker_id != site.owner_id:
            hides = Household.objects.filter(
                membership__person=row.person, membership__member_until=None, protected=True
            )
            fields = transfers.allowed(transfers.ASKED, hides.exists())
            transfers.note(act, site.owner, "request", fields, [row.person])


def _left(site: Site, before: Office) -> set[str]:
    """Fields in which an office has had places at this site only: whoever was asked there for any
    of its places was asked for one of these."""
    here = set(Unit.objects.filter(facility=site).values_list("domain", flat=True))
    rest = Unit.objects.filter(facility__owner=before).exclude(facility=site)
    return here - set(rest.values_list("domain", flat=True))


def _after(row: Request, now: Office, mine: set[int]) -> dict[str, Any]:
    """The columns of a request that change."""
    offers_other = row.offer_unit_id is not None and row.offer_unit_id not in mine
    if row.status == "countered" and offers_other:
        return {}  # the old office offers a place that is still its own
    found: dict[str, Any] = {}
    if row.unit_id in mine or row.unit_id is None:
        found["owner"] = now
    if row.status == "countered":
        found |= {
            "status": "open", "offer_unit": None, "offer_from": None, "answered_by": None,
            "due": max(row.due, clock.today() + TO_ANSWER),
        }  # fmt: skip
    return found


@dataclass(frozen=True, slots=True)
class Went:
    """That a request went from one office to another. German: abgegeben"""

    at: datetime
    was: str
    now: str
    has_lost_offer: bool


def went(rows: Iterable[Request]) -> dict[int, tuple[Went, ...]]:
    """Of requests those that went over, by their number."""
    people = {str(row.pk): row.person_id for row in rows}
    if not people:
        return {}
    names = dict(Office.objects.values_list("key", "name"))
    told = ActValue.objects.filter(  # by whom they are about there is an index
        subject__in=set(people.values()), table="request", row__in=list(people),
        field__in=("owner", "offer_unit"), act__kind="site_change",
    ).order_by("id")  # fmt: skip
    by_act: defaultdict[tuple[str, int], dict[str, ActValue]] = defaultdict(dict)
    for value in told.select_related("act"):
        by_act[value.row, value.act_id][value.field] = value
    found: defaultdict[int, list[Went]] = defaultdict(list)
    for (row, _), values in by_act.items():
        owner, offer = values.get("owner"), values.get("offer_unit")
        at = (owner or offer).act.at  # type: ignore[union-attr]
        was, now = (owner.old, owner.new) if owner else (None, None)
        found[int(row)].append(
            Went(at, names.get(was or "", ""), names.get(now or "", ""), offer is not None)
        )
    return {row: tuple(over) for row, over in found.items()}
