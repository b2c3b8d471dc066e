"""Everybody's dates, kept; and notes of whom a change may concern.

A migration that makes one of these tables anew on SQLite has to call `lay` again.
"""

from importlib import import_module

import django.db.models.deletion
from django.db import migrations, models

notice = import_module("vorort.web.totals.migrations.0002_notice")

# Nothing is noted while nothing is kept: a folder of 60,000 people comes in without it.
ONLY = " WHERE EXISTS (SELECT 1 FROM deadlines_reckoned)"


def _person(value):
    return {"person": value + ONLY}


def _asked_of(row):
    """A place that a clock goes by, or one somebody waits for."""
    seats = "('childcare', 'school', 'language', 'health')"
    return f"{row}.domain IN {seats} OR {row}.status = 'requested'"


NOTES = (
    ("intake_person", "UPDATE", _person("NEW.id"),
     ("key", "born", "sex", "age_disputed", "recognised_on", "left_on", "same_as_id")),
    ("intake_household", "UPDATE", {"household": "NEW.id" + ONLY},
     ("key", "arrived_on", '"group"', "kind", "size_stated")),
    ("intake_household", "INSERT", {"household": "NEW.id" + ONLY}, ""),
    ("intake_membership", "INSERT", _person("NEW.person_id"), ""),
    ("intake_membership", "UPDATE", _person("NEW.person_id"), ""),
    ("intake_membership", "UPDATE", _person("OLD.person_id"), ("person_id",)),
    ("intake_membership", "DELETE", _person("OLD.person_id"), ""),
    ("intake_legalbasis", "INSERT", _person("NEW.person_id"), ""),
    ("intake_legalbasis", "UPDATE", _person("NEW.person_id"), ""),
    ("intake_legalbasis", "UPDATE", _person("OLD.person_id"), ("person_id",)),
    ("intake_legalbasis", "DELETE", _person("OLD.person_id"), ""),
    ("placing_stay", "INSERT", _person("NEW.person_id"), _asked_of("NEW")),
    ("placing_stay", "UPDATE", _person("NEW.person_id"), f"{_asked_of('NEW')} OR {_asked_of('OLD')}"),
    ("placing_stay", "UPDATE", _person("OLD.person_id"), ("person_id",)),
    ("placing_stay", "DELETE", _person("OLD.person_id"), _asked_of("OLD")),
)  # fmt: skip


def lay(apps, editor):
    notice.lay_notes(editor, NOTES, "deadlines_notice", "deadlines_stirred")


def take_up(apps, editor):
    notice.take_up_notes(editor, NOTES, "deadlines_notice")


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("intake", "0003_care_and_names"),
        ("placing", "0004_numbers"),
        ("totals", "0003_marks"),
    ]

    operations = [
        migrations.CreateModel(
            name="Due",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False,
                                           verbose_name="ID")),
                ("rule", models.CharField(max_length=40)),
                ("day", models.DateField(null=True)),
                ("household", models.ForeignKey(
                    on_delete=django.db.models.deletion.CASCADE, to="intake.household")),
                ("person", models.ForeignKey(
                    on_delete=django.db.models.deletion.CASCADE, to="intake.person")),
            ],
            options={"indexes": [
                models.Index(fields=["rule", "day"], name="deadlines_due_rule_day"),
                models.Index(fields=["day", "rule"], name="deadlines_due_day_rule")]},
        ),
        migrations.CreateModel(
            name="Reckoned",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False,
                                           verbose_name="ID")),
                ("on", models.DateField()),
                ("by", models.CharField(max_length=64)),
                ("mark", models.BigIntegerField(default=0)),
            ],
        ),
        migrations.CreateModel(
            name="Stirred",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False,
                                           verbose_name="ID")),
                ("person", models.UUIDField(null=True)),
                ("household", models.BigIntegerField(null=True)),
            ],
        ),
        migrations.RunPython(lay, take_up),
    ]  # fmt: skip
