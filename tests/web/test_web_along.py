"""People change their household: what protects them goes with them, and what was theirs alone."""

import random
import uuid
from datetime import date

import pytest

pytest.importorskip("django")

from test_web_intake import enter, people, register
from test_web_merged import family

TODAY, PAST = date(2026, 11, 23), date(2026, 11, 1)
ALONE = {f"{n}-{i}": "" for n in ("given", "born", "sex") for i in (1, 2, 3)}


def clerk():
    from vorort.web.accounts.models import User

    return User.objects.get(username="belegung")


def said(home):
    """All that holds for a household, in words."""
    from vorort.web.intake.models import Wish
    from vorort.web.proposals import models as placement

    found = set()
    for row in placement.Exclusion.objects.filter(household=home):
        found.add(("not with", row.other.key if row.other else row.facility.key, row.note))
    for row in placement.Exclusion.objects.filter(other=home):
        found.add(("not with", row.household.key, "said by the other"))
    found |= {("wish", w.kind, w.what) for w in Wish.objects.filter(household=home)}
    for row in placement.Requirement.objects.filter(household=home):
        found.add(("needs", row.code, row.person.key if row.person else "all"))
    found |= {(r.kind, r.unit.key) for r in placement.Lock.objects.filter(household=home)}
    for row in placement.OpenNeed.objects.filter(household=home):
        found.add(("open", row.domain, str(row.due)))
    return found


def household_full_of_words(luck, who, home):
    """Everything that can be said of a household, and what it is called."""
    from vorort.web.intake.models import Wish
    from vorort.web.proposals import models as placement
    from vorort.web.town.models import Site, Unit

    third, _ = family(luck, 1)
    fourth, _ = family(luck, 1)
    site, units = Site.objects.first(), Unit.objects.order_by("id")
    add = placement.Exclusion.objects.create
    add(household=home, other=third, note="Anlass")
    add(household=fourth, other=home)
    add(household=home, facility=site)
    add(household=home, facility=Site.objects.last(), until=PAST, note="vorbei")
    placement.Requirement.objects.create(household=home, code="quiet")
    placement.Requirement.objects.create(household=home, code="kitchen", until=PAST)
    placement.Requirement.objects.create(household=home, person=who, code="access")
    placement.Lock.objects.create(household=home, unit=units[0], kind="lock")
    placement.Lock.objects.create(household=home, unit=units[1], kind="forbid")
    placement.OpenNeed.objects.create(household=home, domain="accommodation", due=TODAY)
    Wish.objects.create(household=home, kind="district", what="Nord")
    return third.key, fourth.key, site.key, units[1].key


def test_where_everybody_goes_all_that_holds_for_them_goes_along(town):
    from vorort.web.accounts.models import Act, ActValue
    from vorort.web.intake import events
    from vorort.web.intake.models import Wish

    luck = random.Random(1)
    left, (one, two, gone) = family(luck, 3)
    gone.left_on = PAST  # no move takes along who is not here any more
    gone.save()
    home, _ = family(luck, 1)
    third, fourth, site, forbidden = household_full_of_words(luck, one, left)
    friends, (friend,) = family(luck, 1)
    near = Wish.objects.create(household=friends, kind="near", what=left.key)
    Wish.objects.create(household=left, kind="near", what=home.key)
    Wish.objects.create(household=home, kind="district", what="Nord")
    before = said(left)
    events.together(clerk(), uuid.uuid4(), left, home, TODAY)
    assert said(home) == {
        ("not with", third, ""), ("not with", fourth, ""), ("not with", site, ""),
        ("needs", "quiet", "all"), ("needs", "access", one.key), ("forbid", forbidden),
        ("open", "accommodation", "2026-11-23"), ("wish", "district", "Nord"),
    }  # fmt: skip
    assert Wish.objects.filter(household=home).count() == 1, "nothing is said twice"
    assert said(left) == before - {("needs", "access", one.key)}
    told = ActValue.objects.filter(
        act=Act.objects.latest("id"), subject=two, table="placing_exclusion"
    )
    assert len(set(told.values_list("row"))) == 3, "the history of those who came says it"
    near.refresh_from_db()
    assert near.what == home.key, "who wished to be near them wishes it still"
    changed = ActValue.objects.get(act=Act.objects.latest("id"), subject=friend)
    assert (changed.old, changed.new) == (left.key, home.key)


def test_where_some_go_they_stay_protected_and_the_others_too(town):
    from vorort.web.intake import events

    luck = random.Random(2)
    home, (one, two, three) = family(luck, 3)
    third, fourth, site, _ = household_full_of_words(luck, one, home)
    before = said(home)
    events.separate(clerk(), uuid.uuid4(), home, [one, two], TODAY, "separation")
    apart = one.membership_set.latest("id").household
    assert apart != home
    shared = {("not with", third, ""), ("not with", fourth, ""), ("not with", site, "")}
    assert said(apart) == shared | {("needs", "access", one.key)}
    assert said(home) == before - {("needs", "access", one.key)}, "one is left, with all the rest"
    other, _ = family(luck, 1)
    events.join(clerk(), uuid.uuid4(), two, other, TODAY)
    assert said(other) == shared, "once, and nothing of the one who stays in between"
    assert three.membership_set.get().household == home


def test_two_households_kept_apart_do_not_become_one_by_mistake(browse):
    from vorort.web.intake.models import Household
    from vorort.web.proposals.models import Exclusion

    client = browse("belegung")
    mother = register(client)
    father = register(client, {**ALONE, "given-0": "Rami", "born-0": "1988", "sex-0": "m"},
                      sure="1")  # fmt: skip
    rows = {h.key: h for h in Household.objects.filter(key__in=[mother, father])}
    row = Exclusion.objects.create(household=rows[father], other=rows[mother])
    answer = enter(client, father, "together", household=mother, on="2026-11-23")
    assert answer.status_code == 409
    text = answer.content.decode()
    assert "Ausschluss" in text and "zuerst aufheben lassen" in text
    assert len(people(mother)) == 4, "nothing was written"
    row.until = PAST
    row.save()
    enter(client, father, "together", household=mother, on="2026-11-23")
    assert len(people(mother)) == 5, "it is over"
