"""Sites, units, dated changes of places, turnaround, reports: written or refused."""

import re
import uuid
from datetime import date, timedelta

import pytest

TODAY = date(2026, 11, 23)
SITE = {
    "name": "Wiesenweg 5", "kind": "container", "district": "mitte", "owner": "sozialamt",
    "opens_on": "2026-12-01", "cost_month_eur": "12.500", "protection_concept": "1",
}  # fmt: skip
UNIT = {
    "number": "CO-WIE-001", "kind": "family", "domain": "accommodation", "pool": "general",
    "places": "4", "per": "place", "for_whom": "newcomers", "access": "1", "floor": "0",
    "feature": ["kitchen", "quiet"],
}  # fmt: skip


def post(client, address, fields=None, **more):
    return client.post(address, {"key": str(uuid.uuid4()), **(fields or {}), **more})


def seen(answer):
    return re.search(r'name="seen" value="(\w+)"', answer.content.decode())[1]


def wrong_fields(answer):
    return re.findall(r'name="(\w+)"[^>]*aria-invalid="true"', answer.content.decode())


def states(on=TODAY):
    from vorort.ledger import occupancy
    from vorort.web import bridge

    return occupancy(bridge.whole_ledger(), on, today=TODAY).units


def test_a_new_site_with_a_unit_is_free_from_its_opening(browse):
    from vorort.web.town.models import Site

    client = browse("belegung")
    answer = post(client, "/standorte/neu/", SITE)
    site = Site.objects.get(name="Wiesenweg 5")
    assert answer.url == f"/standorte/{site.key}/"
    assert site.cost_month_eur == 12500 and site.protection_concept is True
    assert post(client, f"/standorte/{site.key}/einheiten/neu/", UNIT).status_code == 302
    assert states()["CO-WIE-001"].nominal == 0
    assert states(date(2026, 12, 1))["CO-WIE-001"].free == 4
    page = client.get(f"/standorte/{site.key}/").content.decode()
    assert "CO-WIE-001" in page and "Standort angelegt" in page


def test_every_complaint_is_told_at_once_and_what_was_typed_stays(browse):
    wrong = {**SITE, "name": "", "opens_on": "31.02.2026", "cost_month_eur": "viel", "kind": "zelt"}
    answer = post(browse("belegung"), "/standorte/neu/", wrong)
    page = answer.content.decode()
    assert (
        answer.status_code == 409 and page.split("Nicht gespeichert")[1].count("<li>", 0, 900) == 4
    )
    assert 'value="viel"' in page and 'value="31.02.2026"' in page
    assert page.count('aria-invalid="true"') == 4


def test_a_change_somebody_else_made_meanwhile_is_compared_not_lost(browse):
    client = browse("belegung")
    address = "/standorte/GU-ZIE/aendern/"
    mark = seen(client.get(address))
    fields = {**SITE, "name": "Ziegelhof", "kind": "shared", "opens_on": "", "phone": "0123"}
    assert post(browse("schutz"), address, fields, seen=mark).status_code == 302
    mine = {**fields, "phone": "0999"}
    answer = post(client, address, mine, seen=mark)
    assert answer.status_code == 409
    assert "0123" in answer.content.decode() and 'value="0999"' in answer.content.decode()
    assert post(client, address, mine, seen=seen(answer)).status_code == 302
    from vorort.web.accounts.models import ActValue

    phones = ActValue.objects.filter(table="site", field="phone").order_by("id")
    assert [(v.old, v.new) for v in phones] == [("", "0123"), ("0123", "0999")]
    assert all(v.subject_id is None for v in phones)


def test_an_office_changes_its_own_sites_only(browse):
    fields = {**SITE, "name": "Fremd", "owner": "vhs"}
    assert post(browse("belegung"), "/standorte/neu/", fields).status_code == 409
    address = "/standorte/KI-05/aendern/"
    assert browse("belegung").get(address).status_code == 404
    assert browse("kita").get(address).status_code == 200


def test_a_block_with_people_inside_is_shown_first_and_then_entered(browse):
    client = browse("belegung")
    address = "/standorte/GU-ZIE/ereignis/"
    before = states()
    full = next(u for u, s in before.items() if u.startswith("GU-ZIE") and s.used >= 2)
    fields = {
        "kind": "block", "target": full, "date": "2026-11-23", "reason_kind": "repair",
        "reason": "Wasserschaden", "status": "decided",
    }  # fmt: skip
    shown = post(client, address, fields)
    assert shown.status_code == 200
    assert f"<strong>{before[full].used} wären zu viel" in shown.content.decode()
    assert states() == before, "nothing was written yet"
    assert post(client, address, fields, sure="1").status_code == 302
    state = states()[full]
    assert (state.open, state.over) == (0, state.used)
    assert f"{state.over} zu viel" in client.get("/standorte/GU-ZIE/").content.decode()
    lift = {**fields, "kind": "unblock", "date": "2026-11-25", "sure": "1"}
    assert post(client, address, lift).status_code == 302
    assert states(date(2026, 11, 25))[full] == before[full]


def test_site_staff_may_block_but_not_plan(browse):
    client = browse("standort")
    address = "/standorte/GU-ZIE/ereignis/"
    plan = {"kind": "step", "target": "GU-ZIE", "date": "2026-12-01", "places": "5",
            "status": "decided"}  # fmt: skip
    assert post(client, address, plan).status_code == 409
    empty = next(u for u, s in states().items() if u.startswith("GU-") and s.free == s.nominal > 0)
    block = {"kind": "block", "target": empty, "date": "2026-11-23", "reason_kind": "repair",
             "status": "decided"}  # fmt: skip
    site = empty.rsplit("-", 1)[0]
    assert post(client, f"/standorte/{site}/ereignis/", block).status_code == 302
    assert states()[empty].blocked == {"repair": states()[empty].nominal}


def test_what_was_only_planned_can_be_withdrawn_and_what_is_decided_cannot(browse):
    from vorort.web.town.models import CapacityEvent

    client = browse("belegung")
    address = "/standorte/GU-ZIE/ereignis/"
    plan = {"kind": "step", "target": "GU-ZIE", "date": "2026-12-01", "places": "-2"}
    keys = {}
    for status in ("planned", "decided"):
        known = set(CapacityEvent.objects.values_list("key", flat=True))
        assert post(client, address, plan, status=status, sure="1").status_code == 302
        (keys[status],) = set(CapacityEvent.objects.values_list("key", flat=True)) - known
    assert post(client, f"{address}{keys['planned']}/").status_code == 302
    assert post(client, f"{address}{keys['decided']}/").status_code == 409
    assert CapacityEvent.objects.filter(key=keys["decided"]).exists()


@pytest.mark.parametrize(
    ("changes", "column"),
    [
        ({"until": "2026-11-23"}, "until"),
        ({"reason_kind": ""}, "reason_kind"),
        ({"kind": "step"}, "places"),
        ({"places": "-3"}, "places"),
        ({"target": "KI-05"}, "target"),
    ],
)
def test_an_event_that_makes_no_sense_is_refused(browse, changes, column):
    from vorort.web.town.models import CapacityEvent

    fields = {"kind": "block", "target": "GU-ZIE", "date": "2026-11-23", "reason_kind": "repair",
              "status": "decided", **changes}  # fmt: skip
    before = CapacityEvent.objects.count()
    answer = post(browse("belegung"), "/standorte/GU-ZIE/ereignis/", fields)
    assert answer.status_code == 409
    assert wrong_fields(answer) == [column]
    assert CapacityEvent.objects.count() == before


def test_the_owner_reports_a_figure_and_another_office_only_a_difference(browse):
    from vorort.web.tasks.models import Task
    from vorort.web.town.models import Unit

    unit = Unit.objects.filter(facility__key="KI-05", domain="childcare").first()
    before = states()[unit.key].nominal
    kita = browse("kita")
    address = f"/meldungen/childcare/{unit.key}/"
    assert post(kita, address, places=before + 2, on="2026-11-23").status_code == 302
    unit.refresh_from_db()
    assert (unit.reported_by, unit.reported_on) == ("kreuz", TODAY)
    assert states()[unit.key].nominal == before + 2
    assert states(TODAY - timedelta(days=1))[unit.key].nominal == before, "the past stays"
    assert post(browse("belegung"), address, places=before, on="2026-11-23").status_code == 302
    unit.refresh_from_db()
    assert (unit.other_places, unit.other_by) == (before, "sozialamt")
    assert states()[unit.key].nominal == before + 2, "the owner's figure counts"
    assert Task.objects.filter(kind="two_figures", unit=unit, office__key="kreuz").count() == 1


def test_a_unit_waits_for_cleaning_until_the_last_task_is_done(browse):
    from vorort.web.accounts import trail
    from vorort.web.accounts.models import User
    from vorort.web.tasks.actions import end
    from vorort.web.tasks.models import Task
    from vorort.web.town import turnaround

    user = User.objects.get(username="belegung")
    empty = next(u for u, s in states().items() if u.startswith("GU-") and s.free == s.nominal > 0)
    kinds = ("cleaning", "keys")
    trail.once(user, uuid.uuid4(), "move_out",
               lambda act: turnaround.after_move_out(act, [empty], TODAY, kinds))  # fmt: skip
    assert states()[empty].blocked == {"turnaround": states()[empty].nominal}
    first, last = Task.objects.filter(unit__key=empty).order_by("id")
    end(user, uuid.uuid4(), first.pk)
    assert states()[empty].free == 0
    end(user, uuid.uuid4(), last.pk)
    assert states()[empty].free == states()[empty].nominal


def test_places_add_up_on_every_day_after_any_changes(browse):
    """nominal + over = assigned + kept + blocked + unfit + free, whatever was entered."""
    import random

    luck = random.Random(3)
    client = browse("belegung")
    units = [u for u in states() if u.startswith("GU-ZIE")][:8]
    for _ in range(25):
        kind = luck.choice(("block", "unblock", "reserve", "release", "close", "open", "step"))
        start = TODAY + timedelta(days=luck.randrange(-3, 15))
        fields = {
            "kind": kind, "target": luck.choice([*units, "GU-ZIE"]), "date": start.isoformat(),
            "until": luck.choice(["", (start + timedelta(days=4)).isoformat()]),
            "places": luck.choice(["", "1", "2"]) if kind != "step" else luck.choice(["-2", "2"]),
            "reason_kind": "repair", "status": "decided", "sure": "1",
        }  # fmt: skip
        assert post(client, "/standorte/GU-ZIE/ereignis/", fields).status_code == 302
    for n in range(-5, 25):
        for unit, s in states(TODAY + timedelta(days=n)).items():
            parts = s.assigned + s.kept + s.blocked_places + s.unfit + s.free
            assert s.nominal + s.over == parts, (unit, n)
            assert min(s.free, s.over, s.unfit, s.blocked_places) >= 0
