"""What the pages go by is read before anybody asks, and anew when a day begins."""

import threading
from datetime import date, timedelta

TODAY = date(2026, 11, 23)


def kept():
    from vorort.web.totals import now

    return {key for sites in now._KEPT.values() for key in sites}


def test_after_reading_ahead_no_page_reads_a_site_again(town, monkeypatch):
    from test_web_today import page_of

    from vorort.web import ready
    from vorort.web.totals import now
    from vorort.web.town.models import Site

    assert ready.read_ahead() == TODAY
    assert kept() == set(Site.objects.values_list("pk", flat=True))

    def again(sites, *_):
        raise AssertionError(f"read again: {sites}")

    monkeypatch.setattr(now, "_read", again)
    page_of("belegung")


def test_an_empty_register_has_nothing_to_read(bare, monkeypatch):
    from django.db import connection

    from vorort.web import ready
    from vorort.web.town.models import Kommune

    monkeypatch.setattr(Kommune.objects, "exists", lambda: False)
    assert ready.read_ahead() is None
    connection.close()


def test_a_new_day_is_read_ahead_once_and_a_failure_is_tried_again(town, monkeypatch):
    from vorort.web import clock, ready

    day, asked, stop = [TODAY], [], threading.Event()

    def reads():
        asked.append(day[0])
        if len(asked) == 1:
            raise OSError("away for a moment")
        return day[0]

    def look():  # the calendar, looked at eight times
        looks.append(day[0])
        if len(looks) == 3:
            day[0] = TODAY + timedelta(days=1)
        if len(looks) == 8:
            stop.set()
        return day[0]

    looks = []
    monkeypatch.setattr(ready, "read_ahead", reads)
    monkeypatch.setattr(ready, "EVERY", 0.001)
    monkeypatch.setattr(clock, "today", look)
    ready.every_morning(TODAY, stop)
    assert asked == [TODAY + timedelta(days=1)] * 2
