"""Nobody sleeps in two places at once: the database itself refuses it, whoever writes.

The lock and the ledger's rules come first; this is the net below them, the same predicate as theirs
on both databases. PostgreSQL: an exclusion over ranges (a range type of its own for ids, so that
no extension is needed). SQLite: triggers. Capacity is no constraint: over-occupancy is a state.
A migration that makes the table of stays anew on SQLite loses its triggers and has to call `lay`
again; the tests notice.
"""

from django.db import migrations

SLEEPS = (
    "{0}domain = 'accommodation' AND {0}unit_id IS NOT NULL AND {0}from_on IS NOT NULL "
    "AND NOT {0}second_place AND ({0}status IN ('confirmed', 'moved_in') "
    "OR ({0}status = 'ended' AND {0}until IS NOT NULL))"
)
# who ends before he begins shares no night; a range would refuse to be made
UNTIL = "CASE WHEN until < from_on THEN from_on ELSE until END"
POSTGRES = (
    "CREATE TYPE vorort_ids AS RANGE (subtype = uuid)",
    "ALTER TABLE placing_stay ADD CONSTRAINT stay_sleeps_once EXCLUDE USING gist ("
    "vorort_ids(person_id, person_id, '[]') WITH &&, "
    f"daterange(from_on, {UNTIL}) WITH &&) WHERE ({SLEEPS.format('')})",
)
POSTGRES_OFF = (
    "ALTER TABLE placing_stay DROP CONSTRAINT IF EXISTS stay_sleeps_once",
    "DROP TYPE IF EXISTS vorort_ids",
)
SQLITE = (
    "CREATE TRIGGER stay_sleeps_once_{0} BEFORE {0} ON placing_stay WHEN "  # noqa: S608 no input
    + SLEEPS.format("NEW.")
    + " AND EXISTS (SELECT 1 FROM placing_stay AS s WHERE s.person_id = NEW.person_id"
    " AND s.id IS NOT NEW.id AND (NEW.until IS NULL OR s.from_on < NEW.until)"
    " AND (s.until IS NULL OR NEW.from_on < s.until)"
    " AND (NEW.until IS NULL OR NEW.from_on < NEW.until)"
    " AND (s.until IS NULL OR s.from_on < s.until) AND "
    + SLEEPS.format("s.")
    + ") BEGIN SELECT RAISE(ABORT, 'stay_sleeps_once'); END"
)


def lay(apps, editor):
    if editor.connection.vendor == "postgresql":
        for command in POSTGRES:
            editor.execute(command)
    else:
        for act in ("INSERT", "UPDATE"):
            editor.execute(SQLITE.format(act))


def take_up(apps, editor):
    if editor.connection.vendor == "postgresql":
        for command in POSTGRES_OFF:
            editor.execute(command)
    else:
        for act in ("INSERT", "UPDATE"):
            editor.execute(f"DROP TRIGGER IF EXISTS stay_sleeps_once_{act}")


class Migration(migrations.Migration):
    dependencies = [("placing", "0001_initial")]

    operations = [migrations.RunPython(lay, take_up)]
