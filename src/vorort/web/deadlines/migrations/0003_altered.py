"""Which households the last acts have changed; and notes also of whom a household loses, of its
district, and of every stay without a unit.

A migration that makes one of these tables anew on SQLite has to call `lay` again.
"""

from importlib import import_module

from django.db import migrations, models

notice = import_module("vorort.web.totals.migrations.0002_notice")
first = import_module("vorort.web.deadlines.migrations.0001_kept_dates")

ONLY = first.ONLY


def _loses(row):
    return {"household": f"{row}.household_id" + ONLY}


def _loses_itself():
    return {"household": "OLD.id" + ONLY}


def _asked_of(row):
    return f"{first._asked_of(row)} OR {row}.unit_id IS NULL"


OF_STAYS = [note for note in first.NOTES if note[0] == "placing_stay"]
OF_PEOPLE = [note for note in first.NOTES if note not in OF_STAYS]
NOTES = (
    *OF_PEOPLE,
    ("intake_household", "UPDATE", {"household": "NEW.id" + ONLY}, ("district",)),
    ("intake_household", "DELETE", _loses_itself(), ""),
    ("intake_membership", "UPDATE", _loses("OLD"), ("household_id",)),
    ("intake_membership", "DELETE", _loses("OLD"), ""),
    ("placing_stay", "INSERT", first._person("NEW.person_id"), _asked_of("NEW")),
    ("placing_stay", "UPDATE", first._person("NEW.person_id"),
     f"{_asked_of('NEW')} OR {_asked_of('OLD')}"),
    ("placing_stay", "UPDATE", first._person("OLD.person_id"), ("person_id",)),
    ("placing_stay", "DELETE", first._person("OLD.person_id"), _asked_of("OLD")),
)  # fmt: skip


def lay(apps, editor):
    notice.take_up_notes(editor, first.NOTES, "deadlines_notice")
    notice.lay_notes(editor, NOTES, "deadlines_notice", "deadlines_stirred")


def take_up(apps, editor):
    notice.take_up_notes(editor, NOTES, "deadlines_notice")
    first.lay(apps, editor)


class Migration(migrations.Migration):
    dependencies = [("deadlines", "0002_moved_by_rules")]

    operations = [
        migrations.CreateModel(
            name="Altered",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False,
                                           verbose_name="ID")),
                ("mark", models.BigIntegerField(db_index=True)),
                ("household", models.BigIntegerField(null=True)),
            ],
        ),
        migrations.RunPython(lay, take_up),
    ]  # fmt: skip
