"""What every page of a day goes by, read before anybody asks: a city's takes ten seconds.

Done once before the server's processes part: they share what was read until an act changes it.
"""

from __future__ import annotations

import gc

from django.db import connections


def read_ahead() -> None:
    """Every site as it is, whose dates are due, who waits, what is missing, what is free."""
    from vorort.web import clock
    from vorort.web.intake.gaps import gaps_of_all
    from vorort.web.placing.due import due_in
    from vorort.web.placing.finding import where_they_sleep
    from vorort.web.placing.today import minors_alone
    from vorort.web.placing.waiting import needs_of_all
    from vorort.web.proposals.present import present
    from vorort.web.totals.now import sites_now
    from vorort.web.town.models import Kommune, Site

    if not Kommune.objects.exists():
        return
    today = clock.today()
    sites = sites_now(Site.objects.values_list("pk", flat=True), today)
    for site in sites:
        site.beds(today)
    due_in(sites, today)
    where_they_sleep(today)
    gaps_of_all(today)
    needs_of_all(today)
    minors_alone(today)
    present()
    connections.close_all()  # each process opens its own; one carried over a fork is broken
    gc.collect()
    gc.freeze()  # else the first collection in each process would make a copy of everything
