"""A colleague leaves: what was begun is on one page, for the own office, as far as one may see."""

import uuid

from test_web_intake import register

WHO = "bereitschaft"  # of the same office as the reader


def begin(browse):
    """A household registered, and a place held, by the colleague who leaves."""
    import re

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
