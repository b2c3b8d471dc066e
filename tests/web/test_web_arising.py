"""Tasks that arise at night: once for each occasion, and nothing is decided."""

import uuid
from datetime import date, timedelta

from web_database import forget

TODAY = date(2026, 11, 23)


def test_days_that_have_passed_make_one_task_each_and_change_nothing_else(browse):
    from vorort.web.placing.models import Stay
    from vorort.web.tasks.arising import arise
    from vorort.web.tasks.models import Task

    beds = Stay.objects.filter(domain="accommodation")
    coming = beds.filter(status="confirmed", from_on=TODAY).first()
    away = beds.filter(status="absent").first()
    beds.filter(pk=coming.pk).update(from_on=TODAY - timedelta(days=2))
    beds.filter(pk=away.pk).update(kept_until=TODAY)
    forget()
    rows = list(Stay.objects.order_by("pk").values())
    made = arise(TODAY)
    found = {(t.kind, t.unit.key) for t in Task.objects.filter(unit__isnull=False)}
    assert found >= {("did_not_come", coming.unit.key), ("kept_overdue", away.unit.key)}
    assert made == Task.objects.count()
    assert list(Stay.objects.order_by("pk").values()) == rows, "nothing is freed by itself"
    assert arise(TODAY) == 0
    Task.objects.update(done_reason="done")
    assert arise(TODAY) == 0, "an occasion somebody has dealt with does not come back"


def test_leases_and_birthdays_come_near_for_the_office_that_owns_them(browse):
    from vorort.ledger import unaccompanied_minors
    from vorort.web import bridge
    from vorort.web.accounts import trail
    from vorort.web.intake.models import Person
    from vorort.web.tasks.arising import arise
    from vorort.web.tasks.models import Task
    from vorort.web.town.models import Site

    Site.objects.filter(key="GU-BAH").update(lease_until=TODAY + timedelta(days=170))
    alone = unaccompanied_minors(bridge.whole_ledger(), TODAY)[0].id
    soon = Person.objects.filter(membership__household__key=alone)
    trail.once(None, uuid.uuid4(), "person", lambda act: soon.update(born="2009-03-01"))
    forget()
    arise(TODAY)
    lease = Task.objects.get(kind="lease_end", site__key="GU-BAH")
    assert lease.office.key == "sozialamt" and lease.due < TODAY + timedelta(days=170)
    grown = Task.objects.get(kind="turns_18", household__key=alone)
    assert (grown.office.key, grown.due) == ("jugendamt", date(2027, 3, 1))
    Site.objects.filter(key="GU-BAH").update(lease_until=TODAY + timedelta(days=300))
    forget()
    assert arise(TODAY) == 0
