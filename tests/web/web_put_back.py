"""A copy of a database on PostgreSQL that is put back by what was changed in it.

Copying one takes a third of a second when nothing else runs and more than one beside another test;
most tests change a few rows of a few tables. What they changed is found for certain, not noted by
them: a row that was there from the beginning keeps the transaction that wrote it (`xmin`), and
nothing can write another one under the same number. So a table with no later row and the same
number of rows is the one it was. Whatever else was changed (a column, an index, a trigger, a
function, statistics of values), and after so many uses, the copy is made anew.
"""

from __future__ import annotations

import os
from typing import Any

EVERY = 1 if os.environ.get("VORORT_FULL") == "1" else 8  # so often all rows are compared
USES = 40  # rows that were taken out stay in the files until then
# What a change of the tables themselves is written down in.
CATALOGUES = (
    "pg_class", "pg_attribute", "pg_attrdef", "pg_constraint", "pg_index", "pg_sequence",
    "pg_trigger", "pg_proc", "pg_statistic", "pg_statistic_ext", "pg_rewrite", "pg_type",
    "pg_namespace", "pg_extension", "pg_largeobject_metadata",
)  # fmt: skip
# The transaction that wrote a row, as a distance from the first there was: less is later.
# Ages are what the server reckons with quickly; rows of initdb have none.
AGE = "nullif(age(xmin), 2147483647) - age('3'::xid)"
KEYS = (
    "SELECT quote_ident(t.relname), string_agg(quote_ident(a.attname), ', ') FROM pg_index i "
    "JOIN pg_class t ON t.oid = i.indrelid JOIN pg_attribute a ON a.attrelid = t.oid "
    "AND a.attnum = ANY(i.indkey) WHERE i.indisprimary AND t.relkind = 'r' GROUP BY 1"
)
State = dict[str, Any]
_KEPT: dict[str, tuple[dict[str, bytes], State, State]] = {}  # by the database they are copies of


def forget(of: str) -> None:
    """The database of this name is another one from now on."""
    _KEPT.pop(of, None)


class Copy:
    """The state a database was copied in, and how to get back to it."""

    def __init__(self, address: str, of: str) -> None:
        self.address, self.of, self.uses = address, of, 0
        with self._open() as database:
            tables = _names(database, "r")
            self.listing, self.counting = (
                " UNION ALL ".join(
                    f"SELECT '{name}', count(*), min({AGE}) FROM {name}"  # noqa: S608
                    for name in names
                )
                for names in (CATALOGUES, tables)
            )
            self.reading = " UNION ALL ".join(
                f"SELECT '{name}', last_value, is_called FROM {name}"  # noqa: S608 from the catalogue
                for name in _names(database, "S")
            )
            self.summing = " UNION ALL ".join(
                f"SELECT '{name}', md5(string_agg(t::text, ';' ORDER BY t::text)) "  # noqa: S608
                f"FROM {name} t"
                for name in tables
            )
            self.keys = dict(database.execute(KEYS).fetchall())
            if of not in _KEPT:
                rows = {name: _rows(database, name) for name in tables}
                _KEPT[of] = rows, self._sums(database), self._numbers(database)
            self.rows, self.sums, self.numbers = _KEPT[of]
            self.listed, self.counts = self._listed(database), self._counts(database)

    def put_back(self) -> bool:
        """False where only a new copy helps."""
        self.uses += 1
        if self.uses > USES:
            return False
        with self._open() as database:
            database.execute(
                "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
            if self._listed(database) != self.listed:
                return False
            counts = self._counts(database)
            changed = [name for name, found in counts.items() if found != self.counts[name]]
            # no foreign key and no trigger: what is put in is what was there
            database.execute("SET session_replication_role = replica")
            for name in changed:
                self._put_rows_back(database, name)
            for name, (last, is_called) in self._numbers(database).items():
                if (last, is_called) != self.numbers[name]:
                    database.execute("SELECT setval(%s, %s, %s)", [name, *self.numbers[name]])
            if self.uses % EVERY == 0:
                assert self._numbers(database) == self.numbers, "a number was not put back"
                found = self._sums(database)
                wrong = [name for name in self.sums if found[name] != self.sums[name]]
                assert not wrong, f"a test would see rows of another one in {wrong}"
            if changed:
                self.listed, self.counts = self._listed(database), self._counts(database)
        return True

    def _put_rows_back(self, database: Any, name: str) -> None:
        """Later rows go, and those of the beginning come that are not there."""
        _, youngest = self.counts[name]
        later = "true" if youngest is None else f"{AGE} < {youngest}"
        database.execute(f"DELETE FROM {name} WHERE {later}")  # noqa: S608 from the catalogue
        database.execute(f"CREATE TEMP TABLE first_rows (LIKE {name})")
        with database.cursor().copy("COPY first_rows FROM STDIN (FORMAT binary)") as into:
            into.write(self.rows[name])
        database.execute(
            f"INSERT INTO {name} SELECT * FROM first_rows "  # noqa: S608 names from the catalogue
            f"WHERE ({self.keys[name]}) NOT IN (SELECT {self.keys[name]} FROM {name})"
        )
        database.execute("DROP TABLE first_rows")

    def _open(self) -> Any:
        import psycopg

        return psycopg.connect(self.address)

    def _listed(self, database: Any) -> State:
        return {name: tuple(found) for name, *found in database.execute(self.listing)}

    def _counts(self, database: Any) -> State:
        return {name: tuple(found) for name, *found in database.execute(self.counting)}

    def _numbers(self, database: Any) -> State:
        return {name: tuple(found) for name, *found in database.execute(self.reading)}

    def _sums(self, database: Any) -> State:
        return dict(database.execute(self.summing).fetchall())


def _names(database: Any, kind: str) -> list[str]:
    """Tables or sequences of the register."""
    return [name for (name,) in database.execute(
        "SELECT quote_ident(relname) FROM pg_class WHERE relkind = %s "
        "AND relnamespace = 'public'::regnamespace ORDER BY 1", [kind],
    )]  # fmt: skip


def _rows(database: Any, name: str) -> bytes:
    with database.cursor().copy(f"COPY {name} TO STDOUT (FORMAT binary)") as out:
        return b"".join(bytes(part) for part in out)
