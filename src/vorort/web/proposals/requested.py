"""What other offices have been asked for already: not proposed again, and off what is left.

A request lives in the register alone; a folder does not hold it. German: laufende Anfragen
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

from django.db.models import F
from django.db.models.functions import Coalesce

from vorort.ledger import BEDS
from vorort.placement import Problem
from vorort.web.requests.models import OPEN, Request


def without_requested(problem: Problem) -> Problem:
    """The problem without needs another office has been asked for or has said yes to.

    An open request keeps its seat from others: the one asked for, or the one offered instead. What
    was said yes to is a place given, and off what is left already.
    """
    rows = Request.objects.exclude(domain=BEDS).filter(status__in=(*OPEN, "confirmed"))
    answered = set(rows.values_list("person__key", "domain"))
    if not answered:
        return problem
    wanted = rows.filter(status__in=OPEN).annotate(
        seat=Coalesce(F("offer_unit__key"), F("unit__key"))
    )
    units = wanted.filter(seat__isnull=False).values_list("seat", flat=True)
    taken = Counter(units)
    parties = (
        replace(p, seats=tuple(s for s in p.seats if (s.person, s.domain) not in answered))
        for p in problem.parties
    )
    shared = Counter(
        (s.domain, s.pool)
        for s in problem.seats
        for _ in range(taken[s.unit])
        if s.is_shared_with_residents
    )
    return problem.changed(
        parties=tuple(p for p in parties if p.asks_home or p.seats),
        seats=tuple(replace(s, left=max(0, s.left - taken[s.unit])) for s in problem.seats),
        seat_limits=tuple(
            replace(x, left=max(0, x.left - shared[x.domain, x.pool])) for x in problem.seat_limits
        ),
    )
