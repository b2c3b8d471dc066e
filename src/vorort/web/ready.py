"""What every page of a day goes by, read before anybody asks: a city's takes ten seconds.

Done once before the server's processes part: they share what was read until an act changes it.
And in each of them when a day begins, before the first clerk comes.
"""

from __future__ import annotations

import logging
import threading
from datetime import date

from django.db import connections

EVERY = 60.0  # seconds between two looks at the calendar


def read_ahead() -> date | None:
    """Every site as it is, whose dates are due, who waits, what is missing, what is free. The day
    it is for; None in an empty register."""
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
        return None
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
    return today


def before_parting() -> date | None:
    """`read_ahead` for a process that is going to be divided."""
    from vorort.web.totals.now import settled

    day = read_ahead()
    connections.close_all()  # each process opens its own; one carried over a fork is broken
    settled()  # else the first collection in each process would make a copy of everything
    return day


def every_morning(last: date | None, stop: threading.Event) -> None:
    """Read ahead whenever the day is another than the last; until it is stopped. A failure is
    logged and tried again: pages read by themselves what is not there."""
    from vorort.web import clock

    while not stop.wait(EVERY):
        try:
            if clock.today() != last:
                last = read_ahead()
        except Exception:
            logging.getLogger(__name__).exception("nothing could be read ahead")
        finally:
            connections.close_all()


def keep_up(last: date | None) -> threading.Event:
    """`every_morning` in a thread of its own. Only in a process that divides no more."""
    stop = threading.Event()
    threading.Thread(target=every_morning, args=(last, stop), daemon=True).start()
    return stop
