"""Today: everything that waits for a decision, and each line leads to where it is settled."""

import html
import re
import uuid
from datetime import date, timedelta

import pytest
from web_database import forget

TODAY = date(2026, 11, 23)
ROLES = ("belegung", "schutz", "bereitschaft", "standort", "jugendamt")


def page_of(name):
    from vorort.web.accounts.models import User
    from vorort.web.placing.today import today_page

    return today_page(User.objects.select_related("office", "role").get(username=name), TODAY)


def matter(page, key):
    return next((m for m in page.matters if m.key == key), None)


@pytest.mark.parametrize("role", ROLES)
def test_every_line_leads_to_a_page_this_role_opens(browse, role):
    client = browse(role)
    text = client.get("/heute/").content.decode()
    main = text.split('<main id="main"')[1].split("</main>")[0]
    found = {html.unescape(a).split("#")[0] for a in re.findall(r'href="(/[^"]*)"', main)}
    assert len(found) > 3
    for address in sorted(found):
        assert client.get(address).status_code == 200, address


def test_what_is_counted_is_what_the_ledger_says(town):
    from vorort.ledger import occupancy
    from vorort.web import bridge

    ledger = bridge.whole_ledger()
    states = occupancy(ledger, TODAY, today=TODAY).units
    over = {u for u, s in states.items() if s.over and ledger.unit[u].domain == "accommodation"}
    page = page_of("schutz")
    assert {x.name for x in matter(page, "over").lines} == over
    waits = [r for r in ledger.current if r.status == "requested" and r.unit is None]
    assert sum(w.people for w in page.waiting) == len(waits)
    long = TODAY - timedelta(days=28)
    assert sum(w.long for w in page.waiting) == sum(
        r.requested_on is not None and r.requested_on <= long for r in waits
    )
    for domain in {r.domain for r in waits}:
        mine = next(w for w in page.waiting if w.domain == domain)
        assert mine.since == min(r.requested_on for r in waits if r.domain == domain)
        assert sum(n for _, n in mine.ages) == mine.people


def test_contracts_reports_and_differences_are_asked_about(town):
    from vorort.web.town.models import Site, Unit

    before = {x.name for x in matter(page_of("belegung"), "stale").lines}
    site = Site.objects.get(key="GU-BAH")
    site.lease_until = TODAY + timedelta(days=30)
    site.save()
    unit = Unit.objects.filter(domain="childcare", other_places__isnull=True).exclude(
        key__in=before).first()  # fmt: skip
    unit.reported_on, unit.reported_by = TODAY - timedelta(days=200), "kreuz"
    unit.other_places, unit.other_by, unit.other_on = unit.places + 3, "jugendamt", TODAY
    unit.save()
    forget()
    page = page_of("belegung")
    contract = matter(page, "contracts")
    assert "Bahnhofstraße 3" in {x.name for x in contract.lines}
    assert all(x.day and x.day < TODAY + timedelta(days=182) for x in contract.lines)
    assert {x.name for x in matter(page, "stale").lines} == before | {unit.key}
    two = {x.name: x.note.de for x in matter(page, "two").lines}
    assert f"jugendamt {unit.places + 3}" in two[unit.key]


def test_who_did_not_come_and_whose_kept_place_is_over_stay_until_somebody_decides(browse):
    from vorort.web.placing.models import Stay

    coming = Stay.objects.filter(status="confirmed", domain="accommodation", from_on=TODAY).first()
    away = Stay.objects.filter(status="absent", domain="accommodation").first()
    Stay.objects.filter(pk=coming.pk).update(from_on=TODAY - timedelta(days=2))
    Stay.objects.filter(pk=away.pk).update(kept_until=TODAY - timedelta(days=1))
    forget()
    page = page_of("schutz")
    assert coming.unit.key in [x.note.de.split(", ")[1] for x in matter(page, "absent").lines]
    kept = matter(page, "kept")
    assert kept.is_bad and kept.first == TODAY - timedelta(days=1)
    assert away.unit.key in kept.lines[0].note.de
    home = coming.person.membership_set.get().household.key
    sent = {"key": str(uuid.uuid4()), "stay": coming.key, "on": "2026-11-23"}
    browse("schutz").post(f"/haushalte/{home}/belegung/no_show/", sent)
    left = matter(page_of("schutz"), "absent")
    assert left is None or home not in {x.name for x in left.lines}


def test_an_announcement_is_registered_with_what_is_known_and_leaves_the_list(browse):
    from test_web_intake import MOTHER

    from vorort.web.intake.models import Household
    from vorort.web.town.models import Announcement

    client = browse("belegung")
    assert matter(page_of("belegung"), "missed") is None, "A-000 has come and is registered"
    Announcement.objects.filter(key="A-002").update(expected_on=TODAY - timedelta(days=3))
    assert [x.name for x in matter(page_of("belegung"), "missed").lines] == ["A-002"]
    assert "A-001" in [a.name for a in page_of("belegung").arrivals]
    form = client.get("/haushalte/neu/?ankuendigung=A-001").content.decode()
    assert 'name="born-0" value="33"' in form and 'name="born-2" value="4"' in form
    sent = {**MOTHER, "key": str(uuid.uuid4()), "ankuendigung": "A-001"}
    assert client.post("/haushalte/neu/", sent).status_code == 302
    assert Household.objects.filter(announced_id="A-001").count() == 1
    assert "A-001" not in [a.name for a in page_of("belegung").arrivals]
    again = client.get("/haushalte/neu/?ankuendigung=A-001").content.decode()
    assert 'name="ankuendigung"' not in again, "nobody is announced twice"


def test_needs_add_up_by_area_and_age_and_a_protected_area_stays_unknown(browse):
    from vorort.web.accounts.models import User
    from vorort.web.intake.models import Household
    from vorort.web.placing import waiting

    for name, hides in (("belegung", True), ("schutz", False)):
        user = User.objects.select_related("office", "role").get(username=name)
        needs = waiting.needs_for(user, TODAY)
        ages, areas = waiting.by_area(needs)
        assert sum(total for _, _, total in areas) == len(needs)
        assert all(sum(counts) == total for _, counts, total in areas)
        assert areas[-1][0] == "" or all(n.area for n in needs)
        secret = set(Household.objects.filter(protected=True).values_list("key", flat=True))
        theirs = [n.area for n in needs if n.household in secret]
        assert theirs and (not any(theirs)) == hides
        assert len(ages) > 2
    page = browse("belegung").get("/bedarf/?feld=childcare&alter=0-2").content.decode()
    assert "10 bis 15 Jahre</td>" not in page and "Sprachkurs</td>" not in page


def test_due_tasks_stand_on_the_page_with_their_day(browse):
    from vorort.web.accounts.models import Act
    from vorort.web.intake.models import Household
    from vorort.web.tasks.models import Task
    from vorort.web.town.models import Office

    act = Act.objects.first()
    home = Household.objects.get(key="H-0002")
    office = Office.objects.get(key="sozialamt")
    Task.objects.create(kind="incomplete", office=office, due=TODAY, household=home, made_by=act)
    Task.objects.create(kind="other", office=office, due=TODAY + timedelta(3), made_by=act)
    found = matter(page_of("belegung"), "tasks")
    assert [(x.name, x.day) for x in found.lines] == [("H-0002", TODAY)]
    assert "1 weitere offen" in found.text.de
    assert matter(page_of("jugendamt"), "tasks") is None
