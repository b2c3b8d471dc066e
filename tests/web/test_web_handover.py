"""A colleague leaves: what was begun is on one page, for the own office, as far as one may see."""

import re
import uuid

import pytest
from test_web_intake import register

WHO = "bereitschaft"  # of the same office as the reader


def begin(browse):
    """A household registered, and a place held, by the colleague who leaves."""
    client = browse(WHO)
    key = register(client)
    page = client.get(f"/haushalte/{key}/plaetze/").content.decode()
    unit = re.search(r'name="units" value="([^"]+)"', page)[1]
    sent = {"key": str(uuid.uuid4()), "units": unit, "from": "2026-11-23",
            "expires": "2026-11-25", "until": "2026-12-20"}  # fmt: skip
    assert client.post(f"/haushalte/{key}/vormerken/", sent).status_code == 302
    return key, unit


def address_of(name):
    from vorort.web.accounts.models import User

    return f"/aufgaben/uebergabe/{User.objects.get(username=name).pk}/"


def test_cases_holds_and_tasks_of_a_leaver_are_on_one_page(browse):
    from vorort.web.accounts.models import User
    from vorort.web.intake.models import Household
    from vorort.web.tasks.handover import counts_of

    key, unit = begin(browse)
    page = browse("belegung").get(address_of(WHO))
    text = page.content.decode()
    held = text.split("Vorgemerkt und bestätigt")[1].split("</section>")[0]
    cases = text.split("Fälle, an denen")[1].split("</section>")[0]
    assert key in held and unit.split()[0] in held and key in cases
    assert key not in browse("belegung").get(address_of("standort")).content.decode()
    counts = counts_of(User.objects.get(username=WHO))
    assert counts["cases"] == 1 and counts["holds"] > 0
    Household.objects.filter(key=key).update(protected=True)
    assert key not in browse("belegung").get(address_of(WHO)).content.decode()
    assert key in browse("schutz").get(address_of(WHO)).content.decode()


def test_another_office_sees_nothing_of_it(browse):
    begin(browse)
    for name in ("jugendamt", "kita"):
        assert browse(name).get(address_of(WHO)).status_code == 404


def test_ending_a_login_leaves_the_successor_a_task_with_the_list(browse):
    from vorort.web.accounts import actions
    from vorort.web.accounts.models import User

    key, _ = begin(browse)
    users = {u.username: u for u in User.objects.select_related("office", "role")}
    User.objects.filter(username=WHO).update(is_demo=False)
    actions.hand_over(users["verwaltung"], uuid.uuid4(), users[WHO], users["belegung"])
    page = browse("belegung").get("/aufgaben/?art=handover").content.decode()
    assert address_of(WHO) in page
    assert key in browse("belegung").get(address_of(WHO)).content.decode()


def begun_plainly(leaver, reader):
    """Households of the reader's view, and what the leaver did about their people, row by row."""
    from vorort.web import sight
    from vorort.web.accounts.models import ActValue
    from vorort.web.intake.models import Membership
    from vorort.web.placing.models import Stay

    seen = {h.pk: h for h in sight.households_for(reader)}
    hidden = sight.hidden_households(reader)
    about = {v.subject_id for v in ActValue.objects.all() if v.act.actor_id == leaver.pk}
    home, cases = {}, set()
    for row in Membership.objects.select_related("person"):
        household = seen.get(row.household_id)
        if row.member_until is not None or household is None or household.key in hidden:
            continue
        home[row.person_id] = household.key
        is_theirs = household.responsible == leaver.office.key and row.person.left_on is None
        if is_theirs and row.person_id in about:
            cases.add(household.key)
    stays = [s for s in Stay.objects.filter(status__in=("held", "confirmed"))
             if s.act and s.act.actor_id == leaver.pk and s.domain == "accommodation"]  # fmt: skip
    return cases, sorted(s.pk for s in stays if s.person_id in home)


@pytest.mark.parametrize("few", [0, 10**6])
def test_whoever_did_much_or_little_leaves_what_a_look_at_every_row_finds(browse, monkeypatch, few):
    from vorort.web.accounts.models import User
    from vorort.web.intake.models import Household
    from vorort.web.tasks import handover

    monkeypatch.setattr(handover, "FEW", few)
    key, _ = begin(browse)
    begin_more(browse)
    shielded = register(browse(WHO), {"given-0": "Nastya", "sure": "1"})
    Household.objects.filter(key=shielded).update(protected=True)
    users = {u.username: u for u in User.objects.select_related("office", "role")}
    for reader in ("belegung", "schutz", "standort", "jugendamt"):
        found = handover.begun_by(users[WHO], users[reader])
        told = {h.key for h in found.cases}, sorted(s.pk for s in found.holds)
        assert told == begun_plainly(users[WHO], users[reader]), reader
    everything, holds = begun_plainly(users[WHO], users["schutz"])
    assert {key, shielded} <= everything and holds
    counts = handover.counts_of(users[WHO])
    assert (counts["cases"], counts["holds"]) == (len(everything), len(holds))


def begin_more(browse):
    """Three households, and something about one that was there."""
    for name in ("Taras", "Oksana", "Ihor"):
        register(browse(WHO), {"given-0": name, "sure": "1"})
    sent = {"key": str(uuid.uuid4()), "group": "reunification", "kind": "family",
            "arrived_on": "2026-11-01", "protected": "0"}  # fmt: skip
    assert browse(WHO).post("/haushalte/H-0012/eintragen/change/", sent).status_code == 302


def test_a_long_handing_over_is_paged_and_every_line_is_on_one_page(browse, monkeypatch):
    from vorort.web.accounts.models import Act, User
    from vorort.web.tasks import views
    from vorort.web.tasks.models import Task

    begin(browse)
    begin_more(browse)
    leaver = User.objects.get(username=WHO)
    act = Act.objects.filter(actor=leaver).latest("pk")
    for _ in range(3):
        Task.objects.create(kind="other", office=leaver.office, made_by=act)
    client, address = browse("schutz"), address_of(WHO)

    def lines(part, page=1):
        text = client.get(f"{address}?{part}={page}").content.decode()
        section = text.split(f'<section id="{part}">')[1].split("</section>")[0]
        count = int(re.search(r'class="count">(\d+)<', section)[1])
        return count, re.findall(r"<li>(.*?)</li>", section), section

    for part in ("gehalten", "aufgaben", "faelle"):
        monkeypatch.setattr(views, "ON_A_PAGE", 10**6)
        count, whole, section = lines(part)
        assert count == len(whole) > 2 and "Seiten" not in section
        monkeypatch.setattr(views, "ON_A_PAGE", 2)
        found = []
        for page in range(1, count // 2 + count % 2 + 1):
            again, some, section = lines(part, page)
            assert again == count and len(some) <= 2
            found += some
        assert found == whole
        assert f"{part}=1#{part}" in section or f"{part}={page - 1}#{part}" in section
