"""The first look round the demo: each role has one, and all that it names opens for that role."""

import pytest
from django.urls import reverse


@pytest.mark.parametrize(
    "name",
    ["belegung", "schutz", "bereitschaft", "standort", "jugendamt", "planung", "verwaltung", "kita",
     "revision"],
)  # fmt: skip
def test_what_a_role_is_told_to_try_opens_for_it(browse, name):
    from vorort.web.accounts.first_look import looks_for
    from vorort.web.accounts.models import User

    looks = looks_for(User.objects.select_related("role").get(username=name))
    client = browse(name)
    assert len(looks) == 3
    for look in looks:
        assert client.get(reverse(look.address)).status_code == 200, look.address
    first = client.get("/", follow=True)
    page = first.content.decode()
    assert "Drei Dinge zum Ausprobieren" in page and first.status_code == 200
    assert all(
        look.what.de in page and look.why.de.replace('"', "&quot;") in page for look in looks
    )


def test_nobody_else_is_told_anything(browse):
    from vorort.web.accounts.first_look import looks_for
    from vorort.web.accounts.models import User

    user = User.objects.select_related("role").get(username="belegung")
    user.is_demo = False
    assert looks_for(user) == ()
