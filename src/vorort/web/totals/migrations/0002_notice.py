"""Whatever changes a total leaves a note in `Touched`, whoever writes it and by whatever way.

A version of a stay or a new event is taken in by itself. What has no versions (places of a unit,
a lease, the end of a block), and what is deleted, holds for all that ever was known: the site is
counted again. A migration that makes one of these tables anew on SQLite has to call `lay` again,
and that of `0003_marks`.
"""

from django.db import migrations

STAY = ("unit_id", "status", "from_on", "until", "kept_until", "second_place")
UNIT = ("places", "kind", "domain", "per", "pool", "for_whom", "facility_id", "key")
SITE = ("opens_on", "lease_until", "key")
# table, act, what is written: column -> value; condition
NOTES = (
    ("placing_stay", "INSERT", {"unit": "NEW.unit_id", "is_anew": "(NEW.act_id IS NULL)"},
     "NEW.unit_id IS NOT NULL"),
    ("placing_stay", "UPDATE", {"unit": "NEW.unit_id",
                                "is_anew": "(NEW.act_id IS NULL OR NEW.act_id {same} OLD.act_id)"},
     STAY),
    ("placing_stay", "UPDATE", {"unit": "OLD.unit_id",
                                "is_anew": "(NEW.act_id IS NULL OR NEW.act_id {same} OLD.act_id)"},
     STAY),
    ("placing_stay", "DELETE", {"unit": "OLD.unit_id", "is_anew": "{true}"},
     "OLD.unit_id IS NOT NULL"),
    ("town_unit", "INSERT", {"site": "NEW.facility_id", "is_anew": "{true}"}, ""),
    ("town_unit", "UPDATE", {"site": "NEW.facility_id", "is_anew": "{true}"}, UNIT),
    ("town_unit", "UPDATE", {"site": "OLD.facility_id", "is_anew": "{true}"}, ("facility_id",)),
    ("town_unit", "DELETE", {"site": "OLD.facility_id", "is_anew": "{true}"}, ""),
    ("town_site", "UPDATE", {"site": "NEW.id", "is_anew": "{true}"}, SITE),
    ("town_capacityevent", "INSERT", {"target": "NEW.target", "event": "NEW.key",
                                      "is_anew": "(NEW.recorded_at IS NULL)"}, ""),
    ("town_capacityevent", "UPDATE", {"target": "NEW.target", "is_anew": "{true}"}, ""),
    ("town_capacityevent", "UPDATE", {"target": "OLD.target", "is_anew": "{true}"}, ("target",)),
    ("town_capacityevent", "DELETE", {"target": "OLD.target", "is_anew": "{true}"}, ""),
)  # fmt: skip


def _parts(vendor, notes, called, into):
    """Name, table, act, condition and the command inside, of each trigger."""
    is_postgres = vendor == "postgresql"
    words = {
        "same": "IS NOT DISTINCT FROM" if is_postgres else "IS",
        "true": "TRUE" if is_postgres else "1",
        "false": "FALSE" if is_postgres else "0",
    }
    differs = "IS DISTINCT FROM" if is_postgres else "IS NOT"
    for number, (table, act, written, when) in enumerate(notes):
        if isinstance(when, tuple):
            when = " OR ".join(f"NEW.{c} {differs} OLD.{c}" for c in when)
        names = ", ".join(written)
        values = ", ".join(v.format(**words) for v in written.values())
        rows = f"VALUES ({values})" if " FROM " not in values else f"SELECT {values}"
        command = f"INSERT INTO {into} ({names}) {rows};"
        yield f"{called}_{number}", table, act, when, command


def lay_notes(editor, notes, called, into="totals_touched"):
    """The triggers, each named ``called`` and its number, that write into a table."""
    vendor = editor.connection.vendor
    for name, table, act, when, command in _parts(vendor, notes, called, into):
        condition = f"WHEN ({when})" if when else ""
        if vendor == "postgresql":
            editor.execute(
                f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS "
                f"$$ BEGIN {command} RETURN NULL; END $$"
            )
            editor.execute(
                f"CREATE TRIGGER {name} AFTER {act} ON {table} FOR EACH ROW {condition} "
                f"EXECUTE FUNCTION {name}()"
            )
        else:
            editor.execute(
                f"CREATE TRIGGER {name} AFTER {act} ON {table} FOR EACH ROW {condition} "
                f"BEGIN {command} END"
            )


def lay(apps, editor):
    lay_notes(editor, NOTES, "totals_notice")
    # a register that is full already: everything is to be counted once
    yes = "TRUE" if editor.connection.vendor == "postgresql" else "1"
    editor.execute(
        f"INSERT INTO totals_touched (site, is_anew) SELECT id, {yes} FROM town_site"  # noqa: S608
    )


def take_up_notes(editor, notes, called):
    """Without them again."""
    for name, table, *_ in _parts(editor.connection.vendor, notes, called, ""):
        if editor.connection.vendor == "postgresql":
            editor.execute(f"DROP TRIGGER IF EXISTS {name} ON {table}")
            editor.execute(f"DROP FUNCTION IF EXISTS {name}()")
        else:
            editor.execute(f"DROP TRIGGER IF EXISTS {name}")


def take_up(apps, editor):
    take_up_notes(editor, NOTES, "totals_notice")


class Migration(migrations.Migration):
    dependencies = [
        ("totals", "0001_initial"),
        ("placing", "0003_hour_of_a_hold"),
        ("town", "0003_names_of_units"),
    ]

    operations = [migrations.RunPython(lay, take_up)]
