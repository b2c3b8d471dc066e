"""How a name sounds is kept beside it: after the rule has changed, it is asked anew."""

from typing import Any

from django.db import migrations

from vorort.ledger.names import sounds

MANY = 5000


def renew(apps: Any, editor: Any) -> None:
    """Every name by the rule of this version; only those that sound otherwise are written."""
    names = apps.get_model("intake", "Name")._meta.db_table
    table = editor.quote_name(names)
    with editor.connection.cursor() as cursor:
        cursor.execute(f"SELECT id, family, given, sound FROM {table}")  # noqa: S608 no value
        kept = cursor.fetchall()
        asked = ((" ".join(sounds(family, given)), pk, sound) for pk, family, given, sound in kept)
        other = [(now, pk) for now, pk, before in asked if now != before]
        for start in range(0, len(other), MANY):
            cursor.executemany(
                f"UPDATE {table} SET sound = %s WHERE id = %s",  # noqa: S608
                other[start : start + MANY],
            )


class Migration(migrations.Migration):
    dependencies = [("intake", "0005_announced")]

    operations = [migrations.RunPython(renew, migrations.RunPython.noop)]
