"""A mark for each site, and notes also of what changes no total but what a page may have kept:
whose stay it is, of what sex somebody is and where they belong, what a unit offers.

A migration that makes one of these tables anew on SQLite has to call `lay` again.
"""

from importlib import import_module
from secrets import randbits

import django.db.models.deletion
from django.db import migrations, models

notice = import_module("vorort.web.totals.migrations.0002_notice")


def _units_of(person):
    rows = f"FROM placing_stay WHERE person_id = {person} AND unit_id IS NOT NULL"
    return {"unit": "unit_id", "is_anew": "{false} " + rows}


NOTES = (
    ("placing_stay", "UPDATE", {"unit": "NEW.unit_id", "is_anew": "{false}"}, ("person_id",)),
    ("town_unit", "UPDATE", {"unit": "NEW.id", "is_anew": "{false}"}, ""),
    ("town_site", "UPDATE", {"site": "NEW.id", "is_anew": "{false}"}, ""),
    ("intake_person", "UPDATE", _units_of("NEW.id"), ("sex", "key")),
    ("intake_membership", "INSERT", _units_of("NEW.person_id"), ""),
    ("intake_membership", "UPDATE", _units_of("NEW.person_id"), ""),
    ("intake_membership", "UPDATE", _units_of("OLD.person_id"), ("person_id",)),
    ("intake_membership", "DELETE", _units_of("OLD.person_id"), ""),
)


def draw(apps, editor):
    mark = apps.get_model("totals", "SiteMark")
    sites = apps.get_model("town", "Site").objects.values_list("pk", flat=True)
    mark.objects.bulk_create(mark(site_id=s, value=randbits(62)) for s in sites)


def lay(apps, editor):
    notice.lay_notes(editor, NOTES, "totals_mark")


def take_up(apps, editor):
    notice.take_up_notes(editor, NOTES, "totals_mark")


class Migration(migrations.Migration):
    dependencies = [
        ("totals", "0002_notice"),
        ("intake", "0003_care_and_names"),
    ]

    operations = [
        migrations.CreateModel(
            name="SiteMark",
            fields=[
                ("site", models.OneToOneField(
                    on_delete=django.db.models.deletion.CASCADE, primary_key=True,
                    serialize=False, to="town.site")),
                ("value", models.BigIntegerField()),
            ],
        ),
        migrations.RunPython(draw, migrations.RunPython.noop),
        migrations.RunPython(lay, take_up),
    ]  # fmt: skip
