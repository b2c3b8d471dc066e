"""Which households somebody may open: asked either way, the same as looking at each row."""

import pytest

ROLES = ("belegung", "schutz", "bereitschaft", "standort", "jugendamt", "kita")


def opened_plainly(user):
    """By the rule as it is written: the own case, or somebody in an own place and not protected."""
    from vorort.web.intake.models import Household, Membership, emptied
    from vorort.web.placing.models import Stay

    stays = Stay.objects.select_related("unit__facility")
    near = {
        s.person_id for s in stays
        if s.unit and s.unit.facility.owner_id == user.office_id
        and s.status in ("held", "confirmed", "moved_in", "absent")
    }  # fmt: skip
    homes = {m.household_id for m in Membership.objects.all() if m.person_id in near}
    return sorted(
        h.pk for h in Household.objects.all()
        if h.pk not in emptied()
        and (h.responsible == user.office.key or (h.pk in homes and not h.protected))
    )  # fmt: skip


@pytest.mark.parametrize("few", [0, 10**6])
def test_each_office_opens_its_cases_and_whom_it_houses_and_nobody_twice(browse, monkeypatch, few):
    from vorort.web import sight
    from vorort.web.accounts import rights
    from vorort.web.accounts.models import Grant, User
    from vorort.web.intake.models import Household, Membership
    from vorort.web.placing.models import Stay

    monkeypatch.setattr(sight, "FEW", few)
    housed = Stay.objects.filter(status="moved_in", unit__domain="accommodation").first()
    home = Membership.objects.filter(person=housed.person_id).first().household
    Household.objects.filter(pk=home.pk).update(responsible="jugendamt", protected=True)
    Household.objects.exclude(pk=home.pk).filter(pk__lt=home.pk + 40).update(responsible="kreuz")
    Grant.objects.filter(right=rights.HOUSEHOLD).update(own_office_only=True)
    seen = {}
    for name in ROLES:
        user = User.objects.select_related("office", "role").get(username=name)
        found = list(sight.households_for(user).values_list("pk", flat=True))
        assert sorted(found) == opened_plainly(user), name
        seen[name] = set(found)
    assert home.pk in seen["jugendamt"] and home.pk not in seen["standort"]
    assert seen["kita"] and seen["standort"] and seen["kita"] != seen["standort"]
