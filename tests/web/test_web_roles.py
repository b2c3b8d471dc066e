"""Roles are added with no right or as another has them, and go when nobody has them."""

import importlib
import re
import uuid

import pytest


def post(client, address, **fields):
    return client.post(address, {"key": str(uuid.uuid4()), **fields})


def add(client, name, **fields):
    return post(client, "/verwaltung/rollen/", name_de=name, **fields)


def role(name):
    from vorort.web.accounts.models import Role

    return Role.objects.get(name_de=name)


def granted(key):
    from vorort.web.accounts.models import Grant

    return set(Grant.objects.filter(role__key=key).values_list("right", "own_office_only"))


@pytest.fixture
def boss(browse):
    return browse("verwaltung")


def test_a_new_role_may_do_nothing(boss, browse):
    from vorort.web.accounts.models import User

    answer = add(boss, "Nachtdienst Süd", name_en="night shift south")
    assert answer.status_code == 302 and answer.url.endswith("?rolle=nachtdienst-sued")
    made = role("Nachtdienst Süd")
    assert (made.name_en, made.grants.count()) == ("night shift south", 0)
    User.objects.filter(username="belegung").update(role=made)
    clerk = browse("belegung")
    for page in ("/plaetze/", "/haushalte/", "/heute/", "/verwaltung/", "/protokoll/"):
        assert clerk.get(page).status_code == 403
    page = boss.get(answer.url).content.decode()
    assert "Nachtdienst Süd" in page and page.count(" selected") == 1, "no right is chosen"


def test_a_copy_may_do_what_the_other_may_and_no_more(boss):
    from vorort.web.accounts.models import ActValue

    for like in ("fall", "verwaltung", "schutz"):
        add(boss, f"Wie {like}", like=like)
        made = role(f"Wie {like}")
        assert granted(made.key) == granted(like) != set()
        told = ActValue.objects.filter(act__kind="role_new", row=str(made.pk), table="role")
        said = dict(told.values_list("field", "new"))
        rights = {r: "own" if own else "all" for r, own in granted(like)}
        assert said == {**rights, "name_de": made.name_de, "name_en": made.name_de, "like": like}
    post(boss, f"/verwaltung/rollen/{made.key}/", **{"board.view": "own"})
    assert granted(made.key) == {("board.view", True)}
    assert len(granted("schutz")) > 20, "the original stays as it is"


@pytest.mark.parametrize(
    "name", ["Planung", "planung", " PLANUNG ", "planning", "", "   ", "…", "x" * 61]
)
def test_a_name_is_one_of_its_own(boss, name):
    from vorort.web.accounts.models import Act, Role

    count = Role.objects.count()
    answer = add(boss, name)
    assert answer.status_code == 409 and Role.objects.count() == count
    assert not Act.objects.filter(kind="role_new").exists()
    page = answer.content.decode()
    assert re.search(r"<details[^>]* open", page) and 'aria-invalid="true"' in page


def test_all_that_is_wrong_is_said_at_once(boss):
    answer = add(boss, "Planung", name_en="audit", like="keine")
    assert answer.content.decode().split('role="alert"')[1].split("</ul>")[0].count("<li>") == 1
    answer = add(boss, "Planung", name_en="audit")
    assert answer.content.decode().split('role="alert"')[1].split("</ul>")[0].count("<li>") == 2


def test_sent_twice_it_is_one_role(boss):
    from vorort.web.accounts.models import Role

    fields = {"key": str(uuid.uuid4()), "name_de": "Hausleitung"}
    first, second = (boss.post("/verwaltung/rollen/", fields) for _ in range(2))
    assert first.url == second.url
    assert Role.objects.filter(name_de="Hausleitung").count() == 1


def test_a_role_goes_when_nobody_has_it_and_its_key_never_comes_back(boss):
    from vorort.web.accounts.models import Act, ActValue, Role

    add(boss, "Hausleitung", like="standort")
    before = granted("hausleitung")
    number = role("Hausleitung").pk
    page = boss.get("/verwaltung/rollen/?rolle=hausleitung").content.decode()
    assert "Rolle entfernen" in page
    assert post(boss, "/verwaltung/rollen/hausleitung/", what="remove").status_code == 302
    assert not Role.objects.filter(key="hausleitung").exists() and not granted("hausleitung")
    told = ActValue.objects.filter(act__kind="role_remove", row=str(number))
    was = dict(told.values_list("field", "old"))
    assert {r for r, _ in before} | {"name_de", "name_en"} == set(was)
    assert not any(told.values_list("new", flat=True))
    assert post(boss, "/verwaltung/rollen/hausleitung/", what="remove").status_code == 404
    Act.objects.filter(kind="role_remove").update(role="hausleitung")  # somebody acted in it
    add(boss, "Hausleitung")
    assert role("Hausleitung").key == "hausleitung-2"


def test_no_added_role_takes_the_key_of_one_that_the_software_brings(boss):
    from vorort.web.accounts.models import Role, User

    assert not User.objects.filter(role__key="extern").exclude(is_demo=True).exists()
    User.objects.filter(role__key="extern").update(role=role("Planung"))
    assert post(boss, "/verwaltung/rollen/extern/", what="remove").status_code == 302
    add(boss, "Extern")
    assert [r.key for r in Role.objects.filter(name_de="Extern")] == ["extern-2"]


def test_a_role_somebody_has_or_had_stays(boss):
    from vorort.web.accounts.models import Role, User

    for key in ("planung", "verwaltung"):
        answer = post(boss, f"/verwaltung/rollen/{key}/", what="remove")
        assert answer.status_code == 409 and "1 Zugänge" in answer.content.decode()
    User.objects.filter(role__key="planung").update(is_active=False)
    answer = post(boss, "/verwaltung/rollen/planung/", what="remove")
    assert answer.status_code == 409 and "0 Zugänge und 1 beendete" in answer.content.decode()
    assert "Rolle entfernen" not in boss.get("/verwaltung/rollen/?rolle=planung").content.decode()
    assert Role.objects.filter(key__in=("planung", "verwaltung")).count() == 2


def test_only_who_manages_logins_makes_or_removes_roles(browse):
    from vorort.web.accounts.models import Role

    count = Role.objects.count()
    for name in ("belegung", "schutz", "planung", "revision", "kita"):
        assert add(browse(name), "Neu").status_code == 403
        assert post(browse(name), "/verwaltung/rollen/extern/", what="remove").status_code == 403
    assert Role.objects.count() == count


def rename(client, key, name, english=""):
    return post(client, f"/verwaltung/rollen/{key}/", what="rename", name_de=name, name_en=english)


def test_a_renamed_role_keeps_its_rights_and_who_has_it(boss, browse):
    from vorort.web.accounts.models import ActValue, User

    before, had = granted("belegung"), role("Belegung")
    answer = rename(boss, "belegung", "  Wohnraum  ", "housing")
    assert answer.status_code == 302 and answer.url.endswith("?rolle=belegung")
    row = role("Wohnraum")
    assert (row.pk, row.key, row.name_en) == (had.pk, "belegung", "housing")
    assert granted("belegung") == before != set()
    assert User.objects.get(username="belegung").role_id == row.pk
    assert browse("belegung").get("/plaetze/").status_code == 200
    page = boss.get(answer.url).content.decode()
    assert "Wohnraum" in page and "Belegung</th>" not in page
    told = ActValue.objects.filter(act__kind="role_rename").values_list("field", "old", "new")
    assert set(told) == {("name_de", had.name_de, "Wohnraum"), ("name_en", had.name_en, "housing")}


def test_the_audit_shows_each_act_with_the_name_of_its_time(boss, browse):
    from test_web_intake import register

    from vorort.web.accounts.models import Act

    def names():
        found = Act.objects.filter(role="belegung", kind="register").order_by("pk")
        return [(a.role_name.de, a.role_name.en) for a in found]

    old = role("Belegung")
    register(browse("belegung"))
    rename(boss, "belegung", "Wohnraum", "housing")
    home = register(browse("belegung"), {"family": "Sarentis"}, sure="1")
    rename(boss, "belegung", "Wohnraum", "homes")  # in English only
    register(browse("belegung"), {"family": "Ostrenkis"}, sure="1")
    rename(boss, "belegung", "Unterbringung")
    assert names() == [
        (old.name_de, old.name_en), ("Wohnraum", "housing"), ("Wohnraum", "homes")
    ]  # fmt: skip
    page = browse("belegung").get(f"/haushalte/{home}/?teil=verlauf").content.decode()
    assert "Unterbringung</span>" not in page.split("</header>")[1]
    audit = browse("revision").get("/protokoll/").content.decode()
    assert f">{old.name_de}</td>" in audit and ">Wohnraum</td>" in audit
    assert ">Unterbringung</td>" not in audit
    register(browse("belegung"), {"family": "Levanis"}, sure="1")
    assert names()[-1] == ("Unterbringung", "Unterbringung")
    for order in ("rolle", "-rolle"):  # by the names of their time, as they are shown
        audit = browse("revision").get(f"/protokoll/?sort={order}&art=register").content.decode()
        shown = re.findall(r"<td[^>]*>(Belegung|Wohnraum|Unterbringung)</td>", audit)
        assert set(shown) == {"Belegung", "Wohnraum", "Unterbringung"}
        assert shown == sorted(shown, reverse=order.startswith("-"))


@pytest.mark.parametrize(
    ("name", "english"),
    [("Planung", ""), ("PLANUNG", "x"), ("planning", ""), ("Neu", "Planung"), ("", ""), ("…", ""),
     ("x" * 61, "")],
)  # fmt: skip
def test_no_two_roles_have_one_name_after_renaming(boss, name, english):
    from vorort.web.accounts.models import Act, Role

    before = set(Role.objects.values_list("key", "name_de", "name_en"))
    answer = rename(boss, "standort", name, english)
    page = answer.content.decode()
    assert answer.status_code == 409 and 'aria-invalid="true"' in page
    assert re.search(r"<details[^>]* open[^>]*><summary>Umbenennen", page)
    assert set(Role.objects.values_list("key", "name_de", "name_en")) == before
    assert not Act.objects.filter(kind="role_rename").exists()


def test_a_role_may_keep_its_name_or_change_how_it_is_written(boss):
    had = role("Planung")
    assert rename(boss, "planung", "PLANUNG", had.name_en).status_code == 302
    assert role("PLANUNG").pk == had.pk
    assert rename(boss, "planung", "PLANUNG", had.name_en).status_code == 302


def test_only_who_manages_logins_renames_roles(browse):
    for name in ("belegung", "schutz", "planung", "revision"):
        assert rename(browse(name), "standort", "Neu").status_code == 403
    assert role("Planung")


# ---- an upgrade of a register that is older than the right -------------------------------------


@pytest.fixture
def older(town):
    """The register as it was when one right covered needs and vulnerabilities."""
    from vorort.web.accounts.models import Grant

    Grant.objects.filter(right__startswith="vulnerable.").delete()


def upgrade():
    from django.apps import apps

    importlib.import_module(
        "vorort.web.accounts.migrations.0006_vulnerability_as_before"
    ).carry_over(apps, None)


def reach(prefix):
    from vorort.web.accounts.models import Grant

    rows = Grant.objects.filter(right__startswith=prefix)
    return {(g.role.key, g.right.split(".")[1], g.own_office_only) for g in rows}


def test_an_upgrade_lets_see_who_saw_before_and_nobody_else(older):
    from vorort.web.accounts.models import ActValue

    before = reach("needs.")
    assert {r for r, _, _ in before} == {"schutz", "fall"}
    upgrade()
    assert reach("vulnerable.") == before == reach("needs.")
    assert ActValue.objects.filter(act__kind="role_change").count() == len(before) == 4


def test_what_somebody_has_decided_is_not_undone_by_an_upgrade(boss):
    after = reach("vulnerable.")
    upgrade()
    assert reach("vulnerable.") == after, "the roles of a new register"
    for key in ("schutz", "fall"):
        rights = {r: "own" if own else "all" for r, own in granted(key)}
        kept = {r: v for r, v in rights.items() if not r.startswith("vulnerable.")}
        post(boss, f"/verwaltung/rollen/{key}/", **kept)
    assert not reach("vulnerable.")
    upgrade()
    assert not reach("vulnerable."), "taken away on purpose"


def test_an_upgrade_without_roles_adds_none(empty):
    from vorort.web.accounts.models import Act, Grant

    empty()
    upgrade()
    assert not Grant.objects.exists() and not Act.objects.exists()
