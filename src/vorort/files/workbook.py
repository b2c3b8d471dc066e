"""Reads one workbook in a process of its own, run as `python workbook.py`: a file from outside may
ask for more memory than there is, and the compiled reader then ends the whole process it runs in.

In: the bytes of the file. Out: one JSON list of rows of text. Imports nothing of Vorort, so that it
starts in a tenth of a second. Arguments: most rows, most columns, most megabytes, most seconds.
"""

from __future__ import annotations

import io
import json
import sys
from datetime import date, datetime, time, timedelta
from typing import Any


def limit(megabytes: int, seconds: int) -> None:
    """So much memory and time, where the system keeps to limits (not on Windows)."""
    try:
        import resource
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_AS, (megabytes << 20, megabytes << 20))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # no personal data in a core file


def rows_of(content: bytes, most_rows: int, most_columns: int) -> list[list[str]]:
    """The first sheet in which something stands, as text."""
    from python_calamine import CalamineWorkbook

    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    for sheet in book.sheet_names:
        rows = book.get_sheet_by_name(sheet).to_python(skip_empty_area=False)
        found = [[text(value) for value in row[:most_columns]] for row in rows[:most_rows]]
        if any(any(row) for row in found):
            return found
    return []


def text(value: Any) -> str:
    """A value as people write it: 3.0 is 3, a date TT.MM.JJJJ."""
    if isinstance(value, datetime):
        value = value.date()
    if isinstance(value, date):
        return f"{value:%d.%m.%Y}"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, bool):
        return "ja" if value else "nein"
    if isinstance(value, time | timedelta):
        return str(value)
    return str(value)


if __name__ == "__main__":
    most_rows, most_columns, megabytes, seconds = map(int, sys.argv[1:])
    limit(megabytes, seconds)
    found = rows_of(sys.stdin.buffer.read(), most_rows, most_columns)
    sys.stdout.buffer.write(json.dumps(found).encode())
