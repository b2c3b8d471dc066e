"""Days until a task are the Kommune's; night and Today go by the same."""

import re
import uuid
from datetime import date, timedelta

import pytest
from web_database import forget

TODAY = date(2026, 11, 23)
DEFAULT = {
    "did_not_come": 2, "lease_end": 182, "turns_18": 182, "ahead": 7, "missed": 14,
    "waits_long": 28, "date_soon": 30,
}  # fmt: skip


def save(client, **values):
    return client.post("/aufgaben/tage/setzen/", {"key": str(uuid.uuid4()), **values})


def tasks(kind):
    from vorort.web.tasks.models import Task

    return Task.objects.filter(kind=kind)


def nobody_came():
    """Announced, and nobody is registered from it."""
    from vorort.web.intake.models import Household
    from vorort.web.town.models import Announcement

    come = Household.objects.filter(announced_id__isnull=False).values("announced_id")
    return Announcement.objects.exclude(key__in=come).order_by("key")


@pytest.mark.parametrize("days", [1, 5, 30])
def test_who_did_not_come_is_asked_about_after_these_days(browse, days):
    from vorort.web.placing.models import Stay
    from vorort.web.tasks.arising import arise

    stays = Stay.objects.filter(domain="accommodation", status="confirmed", from_on=TODAY)
    late, early = stays[0], stays.exclude(unit=stays[0].unit)[0]
    Stay.objects.filter(pk=late.pk).update(from_on=TODAY - timedelta(days=days))
    Stay.objects.filter(pk=early.pk).update(from_on=TODAY - timedelta(days=days - 1))
    assert save(browse("verwaltung"), did_not_come=days).status_code == 302
    forget()
    arise(TODAY)
    found = set(tasks("did_not_come").values_list("unit__key", flat=True))
    assert late.unit.key in found and early.unit.key not in found


@pytest.mark.parametrize("days", [30, 182, 400])
def test_a_lease_comes_near_at_night_and_on_today_alike(browse, days):
    from vorort.web.tasks.arising import arise
    from vorort.web.town.models import Site

    Site.objects.update(lease_until=None)
    near, far = Site.objects.filter(unit__domain="accommodation").distinct().order_by("key")[:2]
    for site, end in ((near, days - 1), (far, days)):
        Site.objects.filter(pk=site.pk).update(lease_until=TODAY + timedelta(days=end))
    save(browse("verwaltung"), lease_end=days)
    forget()
    arise(TODAY)
    assert set(tasks("lease_end").values_list("site__key", flat=True)) == {near.key}
    page = browse("belegung").get("/heute/").content.decode()
    assert f"Vertrag endet in den nächsten {days} Tagen" in page
    shown = page.split(f"in den nächsten {days} Tagen")[1].split("</details>")[0]
    assert f"/standorte/{near.key}/" in shown and f"/standorte/{far.key}/" not in shown


@pytest.mark.parametrize("days", [30, 182, 400])
def test_a_child_alone_is_settled_so_many_days_before_18(browse, days):
    from vorort.ledger import unaccompanied_minors
    from vorort.web import bridge
    from vorort.web.intake.models import Person
    from vorort.web.tasks.arising import arise

    alone = [m.id for m in unaccompanied_minors(bridge.whole_ledger(), TODAY)][:2]
    for key, left in zip(alone, (days - 1, days), strict=True):
        born = TODAY + timedelta(days=left)
        Person.objects.filter(membership__household__key=key).update(
            born=f"{born.year - 18}-{born:%m-%d}"
        )
    save(browse("verwaltung"), turns_18=days)
    forget()
    arise(TODAY)
    found = set(tasks("turns_18").values_list("household__key", flat=True))
    assert alone[0] in found and alone[1] not in found


@pytest.mark.parametrize("days", [1, 7, 20])
def test_arrivals_and_holds_are_shown_so_many_days_ahead(browse, days):
    """The first page after the change shows it, also where sites are kept as they were."""
    from vorort.web.placing.due import due_in
    from vorort.web.placing.models import Stay
    from vorort.web.totals.now import sites_now
    from vorort.web.town.models import Announcement, Site

    def due(kind):
        sites = sites_now(Site.objects.values_list("pk", flat=True), TODAY)
        return {d.row.id for d in due_in(sites, TODAY) if d.kind == kind}

    stays = Stay.objects.filter(domain="accommodation", status="confirmed", from_on=TODAY)[:2]
    for stay, left in zip(stays, (days - 1, days), strict=True):
        Stay.objects.filter(pk=stay.pk).update(from_on=TODAY + timedelta(days=left))
    Announcement.objects.update(expected_on=TODAY + timedelta(days=days))
    near = nobody_came()[0]
    Announcement.objects.filter(pk=near.pk).update(expected_on=TODAY + timedelta(days=days - 1))
    forget()
    clerk = browse("belegung")
    clerk.get("/heute/")
    before = due("coming")
    save(browse("verwaltung"), ahead=days)
    assert stays[0].key in due("coming") and stays[1].key not in due("coming")
    assert days == 7 or due("coming") != before
    page = clerk.get("/heute/").content.decode()
    assert f">{near.key}<" in page
    far = Announcement.objects.exclude(pk=near.pk).values_list("key", flat=True)
    assert not any(f">{key}<" in page for key in far)


@pytest.mark.parametrize("days", [1, 14, 60])
def test_who_was_announced_and_did_not_come_is_asked_about_for_so_many_days(browse, days):
    from vorort.web.town.models import Announcement

    asked, past = nobody_came()[:2]
    Announcement.objects.update(expected_on=TODAY + timedelta(days=60))
    for row, since in ((asked, days), (past, days + 1)):
        Announcement.objects.filter(pk=row.pk).update(expected_on=TODAY - timedelta(days=since))
    save(browse("verwaltung"), missed=days)
    page = browse("belegung").get("/heute/").content.decode()
    part = page.split("Angekündigt, Tag vorbei, niemand erfasst")[1].split("</details>")[0]
    assert f">{asked.key}<" in part and f">{past.key}<" not in part


def test_who_waits_long_is_counted_by_the_days_that_hold(browse):
    from vorort.web.accounts.models import User
    from vorort.web.placing import waiting

    boss, user = browse("verwaltung"), User.objects.get(username="belegung")
    needs = waiting.needs_for(user, TODAY)
    found = {}
    for days in (7, 28, 200):
        save(boss, waits_long=days)
        wanted = sum(bool(n.since) and n.since <= TODAY - timedelta(days=days) for n in needs)
        found[days] = sum(w.long for w in waiting.waiting_for(user, TODAY))
        assert found[days] == wanted
        assert f"ab {days} Tagen" in browse("belegung").get("/heute/").content.decode()
    assert found[7] > found[28] > found[200]


def test_a_date_is_soon_due_by_the_days_that_hold_in_list_count_and_export(browse):
    boss, clerk = browse("verwaltung"), browse("belegung")
    counts = {}
    for days in (7, 30, 182):
        save(boss, date_soon=days)
        page = clerk.get("/fristen/").content.decode()
        counts[days] = int(re.search(rf"(\d+) in den nächsten {days} Tagen", page)[1])
        out = clerk.post("/listen/ausgeben/dates/?stand=soon", {"purpose": "check", "als": "csv"})
        lines = out.content.decode("utf-8-sig").splitlines()[1:]
        assert len(lines) == counts[days]
        assert all(line.split(";")[1] == "bald fällig" for line in lines)
    assert counts[7] < counts[30] < counts[182]


def test_what_is_empty_is_the_default_with_its_grade_range_and_reason(browse):
    from vorort.web.accounts.models import ActValue
    from vorort.web.tasks import days

    boss = browse("verwaltung")
    assert days.known() == DEFAULT
    save(boss, did_not_come=7, turns_18="")
    assert days.known() == {**DEFAULT, "did_not_come": 7}
    save(boss, lease_end=90)
    assert days.known() == {**DEFAULT, "lease_end": 90}
    told = [(v.field, v.old, v.new) for v in ActValue.objects.filter(act__kind="days_change")]
    assert sorted(told) == sorted([
        ("did_not_come", "2", "7"), ("did_not_come", "7", "2"), ("lease_end", "182", "90"),
    ])  # fmt: skip
    page = boss.get("/aufgaben/tage/").content.decode()
    assert (
        page.count("Schätzung (estimate)") == len(DEFAULT)
        and "30–1095" in page
        and "eigener Wert" in page
    )
    for setting in days.SETTINGS:
        assert setting.low <= setting.default <= setting.high
        assert setting.reason.de in page and setting.reason.en != setting.reason.de


def test_what_is_out_of_range_is_told_at_once_and_nothing_is_kept(browse):
    from vorort.web.tasks import days

    boss = browse("verwaltung")
    answer = save(boss, did_not_come=31, lease_end="viele", turns_18=100)
    page = answer.content.decode()
    alert = page.split('role="alert"')[1].split("</ul>")[0]
    assert answer.status_code == 409 and alert.count("<li>") == 2
    assert page.count('aria-invalid="true"') == 2 and 'value="viele"' in page
    assert days.known() == DEFAULT


def test_the_action_refuses_what_a_form_would(browse):
    from vorort.problems import Refused
    from vorort.web.accounts.models import User
    from vorort.web.tasks import days

    boss = User.objects.select_related("role", "office").get(username="verwaltung")
    with pytest.raises(Refused) as refused:
        days.save(boss, uuid.uuid4(), {"did_not_come": 0, "lease_end": 29, "turns_18": 731})
    assert len(refused.value.problems) == 3 and days.known() == DEFAULT


def test_only_who_may_change_rules_sees_the_form(browse):
    seen = browse("revision").get("/aufgaben/tage/").content.decode()
    assert "/aufgaben/tage/setzen/" not in seen and "182" in seen
    desk = browse("verwaltung").get("/verwaltung/").content.decode()
    assert 'href="/aufgaben/tage/"' in desk
