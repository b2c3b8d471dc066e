"""The board shows the ledger's figures, on any day, and each sum is the sum of its parts."""

import re
from datetime import date, timedelta
from html import unescape

import pytest

from vorort.ledger import occupancy


def test_the_board_counts_what_the_ledger_counts_on_each_of_its_days(town):
    from vorort.web import bridge
    from vorort.web.accounts.models import User
    from vorort.web.placing import queries

    user = User.objects.get(username="belegung")
    ledger, today = bridge.whole_ledger(), date(2026, 11, 23)
    for start, length in ((today, 14), (date(2026, 9, 20), 28), (date(2027, 3, 25), 7),
                          (date(2024, 1, 1), 14)):  # fmt: skip
        found = queries.board(user, start, today, length=length)
        assert len(found.days) == len(found.total.days) == length
        for n, (day, state) in enumerate(found.total.days):
            assert day == start + timedelta(days=n)
            assert state == occupancy(ledger, day, today=today).of("accommodation")
            parts = [line.days[n][1] for _, lines in found.groups for line in lines]
            assert sum(p.free for p in parts) == state.free
            assert state.nominal + state.over == (
                state.assigned + state.kept + state.blocked_places + state.unfit + state.free
            )


def test_any_day_opens_by_its_address_and_nonsense_is_said(browse):
    client = browse("belegung")
    for day in ("2026-11-23", "2020-02-29", "2099-12-31"):
        assert client.get("/plaetze/", {"tag": day}).status_code == 200
    for day in ("gestern", "2026-02-30", "9999-12-31", "0001-01-01"):
        page = client.get("/plaetze/", {"tag": day})
        assert page.status_code == 200
        assert "nicht lesbar" in page.content.decode()


@pytest.mark.parametrize(("asked", "days"), [("7", 7), ("14", 14), ("28", 28), ("", 14),
                                             ("29", 14), ("-7", 14), ("viele", 14)])  # fmt: skip
def test_the_board_shows_as_many_days_as_are_asked_for_and_its_links_keep_them(browse, asked, days):
    address = f"/plaetze/?tag=2026-11-23&standort=GU-GER&art=shared&tage={asked}"
    page = browse("belegung").get(address).content.decode()
    assert len(re.findall(r'<th scope="col" class="d(?: now)?">', page)) == days
    spans = re.findall(r'<tr class="unit">(.*?)</tr>', page, re.S)
    assert spans and all(sum(map(int, re.findall(r'colspan="(\d+)"', s))) == days for s in spans)
    links = [unescape(x) for x in re.findall(r'href="(\?[^"]*)"', page)]
    there = [x for x in links if "tag=" in x]
    assert len(there) > 5 and all(f"tage={asked}" in x and "art=shared" in x for x in there)
    ahead = date(2026, 11, 23) + timedelta(days=days)
    assert f"?tag={ahead}&" in " ".join(there) and f"{days} Tage weiter" in page
    assert f'<option value="{days}" selected>' in page
    assert (" long" in page.split("scroll plan")[1][:6]) == (days > 14)


def test_the_page_says_the_same_number_as_the_ledger(browse):
    from vorort.web import bridge

    text = browse("belegung").get("/plaetze/").content.decode()
    free = occupancy(bridge.whole_ledger(), date(2026, 11, 23)).of("accommodation").free
    assert re.search(rf"<strong>{free} Plätze frei</strong>", text)


def test_pages_come_in_english_as_well_and_without_scripts(browse):
    client = browse("belegung")
    client.cookies["lang"] = "en"
    for address in ("/heute/", "/plaetze/", "/haushalte/", "/haushalte/H-0002/"):
        page = client.get(address)
        text = page.content.decode()
        assert '<html lang="en"' in text
        assert "<script>" not in text
        assert " style=" not in text
        assert "default-src 'none'" in page.headers["Content-Security-Policy"]
        assert page.headers["Cache-Control"] == "no-store"


def test_what_was_known_is_not_what_was_true(browse):
    """An entry of today about last week is in the one view and not in the other."""
    from datetime import datetime

    from test_web_intake import post, register

    from vorort.ledger import occupancy
    from vorort.web import bridge, clock

    client = browse("belegung")
    key = register(client)
    before = bridge.whole_ledger()
    unit = next(
        u.id for u in before.units
        if u.id.startswith("GU-") and u.kind == "family"
        and occupancy(before, date(2026, 11, 16)).units[u.id].free >= 4
    )  # fmt: skip
    post(client, f"/haushalte/{key}/belegung/over_occupy/", units=unit, on="2026-11-16",
         over_until="2026-12-01", reason="stand schon am 16. fest")  # fmt: skip
    whole = bridge.whole_ledger()
    for known in (None, date(2026, 11, 20), date(2026, 11, 16)):
        instant: datetime | None = clock.end_of(known) if known else None
        wanted = occupancy(whole, date(2026, 11, 16), instant, today=date(2026, 11, 23))
        page = client.get(f"/plaetze/?tag=2026-11-16&bekannt={known or ''}").content.decode()
        free = wanted.of("accommodation").free
        assert f"<strong>{free} Plätze frei</strong>" in page, known
        assert ("bekannt war" in page) == (known is not None)


NUMBERS = ("²", "٣", "9" * 5000, "-1", "1e3", "½", "")
NUMBERED = (
    "/plaetze/?seite={}", "/plaetze/frei/?fuer={}", "/haushalte/?seite={}", "/fristen/?seite={}",
    "/vergabe/?lauf={}", "/vergabe/nacht/?frauen={}", "/vergabe/nacht/?warum={}",
    "/vergabe/nacht/?frauen=1&kinder=1&alter={}", "/standorte/?seite={}", "/bedarf/?seite={}",
    "/haushalte/neu/?zeilen={}", "/haushalte/H-0002/plaetze/?seite={}",
)  # fmt: skip


@pytest.mark.reckons
def test_a_number_nobody_can_read_is_no_error_of_the_server(browse):
    client = browse("belegung")
    for address in NUMBERED:
        for number in NUMBERS:
            answer = client.get(address.format(number))
            assert answer.status_code in (200, 404), (address, number[:10])


@pytest.mark.parametrize("ahead", [-60, -9, 0, 4])
def test_a_week_counts_who_comes_and_goes_as_the_whole_ledger_does(browse, ahead):
    from vorort.ledger import BEDS
    from vorort.web import bridge

    start = date(2026, 11, 23) + timedelta(days=ahead)
    end, lives = start + timedelta(days=7), ("held", "confirmed", "moved_in", "ended")
    come = go = 0
    for row in bridge.whole_ledger().current:
        if row.domain == BEDS and row.unit and row.status in lives:
            come += row.from_ is not None and start <= row.from_ < end
            is_absent = row.ended_reason == "absent"
            go += row.until is not None and start <= row.until < end and not is_absent
    page = browse("schutz").get(f"/plaetze/woche/?tag={start}").content.decode()  # sees everybody
    lead = page.split('class="lead"')[1].split("</p>")[0]
    assert [int(n) for n in re.findall(r"<strong>(\d+)", lead)] == [come, go]
    assert come + go or ahead == 4
