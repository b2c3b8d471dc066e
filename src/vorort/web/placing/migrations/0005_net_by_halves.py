"""The same net on PostgreSQL, a sixth of its price: a person's id as two whole numbers.

A range of ids has no distance, so the tree could not sort them and each stay took half a
millisecond; 20,000 of a list held their sites for nine seconds. Two halves of 64 bits are the id,
all of it, and ranges of whole numbers the database sorts well. Still without an extension.
"""

from importlib import import_module

from django.db import migrations

before = import_module("vorort.web.placing.migrations.0002_net_below_the_locks")
HALF = "('x' || substr(replace(person_id::text, '-', ''), {0}, 16))::bit(64)::bigint"
ONE, OTHER = HALF.format(1), HALF.format(17)
NET = (
    "ALTER TABLE placing_stay ADD CONSTRAINT stay_sleeps_once EXCLUDE USING gist ("
    f"int8range({ONE}, {ONE}, '[]') WITH &&, int8range({OTHER}, {OTHER}, '[]') WITH &&, "
    f"daterange(from_on, {before.UNTIL}) WITH &&) WHERE ({before.SLEEPS.format('')})"
)


def lay(apps, editor):
    if editor.connection.vendor == "postgresql":
        for command in (*before.POSTGRES_OFF, NET):
            editor.execute(command)


def take_up(apps, editor):
    if editor.connection.vendor == "postgresql":
        for command in (before.POSTGRES_OFF[0], *before.POSTGRES):
            editor.execute(command)


class Migration(migrations.Migration):
    dependencies = [("placing", "0004_numbers")]

    operations = [migrations.RunPython(lay, take_up)]
