"""Reading lists: every dialect, every disguise of a header, and nothing hostile gets through."""

import io
import os
import random
import zipfile
from datetime import date

import pytest
import xlsxwriter

from vorort.files.lists import KINDS, guess, plain, read_rows
from vorort.files.sheets import read_table
from vorort.problems import Refused
from vorort.vocabulary import PartialDate

TODAY = date(2026, 11, 23)
MUTANTS = 2000 if os.environ.get("VORORT_FULL") else 200
TEXT = "Name;Vorname;Geb.-Datum\nMüller;Zoë;01.02.1990\nOstrenko;Taras;\n"


def xlsx(rows):
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True}) as book:
        day = book.add_format({"num_format": "dd.mm.yyyy"})
        sheet = book.add_worksheet()
        for r, row in enumerate(rows):
            for c, value in enumerate(row):
                if isinstance(value, date):
                    sheet.write_datetime(r, c, value, day)
                else:
                    sheet.write(r, c, value)
    return target.getvalue()


@pytest.mark.parametrize(
    "content",
    [
        TEXT.encode(), TEXT.encode("utf-8-sig"), TEXT.encode("cp1252"), TEXT.encode("utf-16"),
        TEXT.replace(";", ",").encode(), TEXT.replace(";", "\t").encode(),
        TEXT.replace("\n", "\r\n").encode(),
        ("Liste vom 1.1.\n\n" + TEXT).encode(),
        xlsx([["Liste"], [], ["Name", "Vorname", "Geb.-Datum"],
              ["Müller", "Zoë", date(1990, 2, 1)], ["Ostrenko", "Taras", None]]),
    ],
    ids=["utf-8", "bom", "cp1252", "utf-16", "comma", "tab", "crlf", "title", "xlsx"],
)  # fmt: skip
def test_every_dialect_reads_alike(content):
    table = read_table("x", content)
    assert table.header == ("Name", "Vorname", "Geb.-Datum")
    assert [cells for _, cells in table.rows] == [
        ("Müller", "Zoë", "01.02.1990"), ("Ostrenko", "Taras", ""),
    ]  # fmt: skip
    rows = read_rows(table, "residents", guess(table, "residents"), TODAY)
    assert rows[0].values["born"] == PartialDate(1990, 2, 1)
    assert rows[1].values["born"] is None and not rows[1].problems


def test_headings_are_found_however_they_are_written():
    heads = [
        "Lfd. Nr.",
        "NACHNAME",
        "Vorname(n)",
        "geb. am",
        "m/w/d",
        "Zimmer-Nr.",
        "eingezogen am",
    ]
    table = read_table("x", (";".join(heads) + "\n" + ";".join("abcdefg") + "\n").encode())
    found = guess(table, "residents")
    assert found == {
        "own_id": 0,
        "family": 1,
        "given": 2,
        "born": 3,
        "sex": 4,
        "unit": 5,
        "from_on": 6,
    }


@pytest.mark.parametrize(
    ("text", "day"),
    [("1.12.26", date(2026, 12, 1)), ("01.12.2026", date(2026, 12, 1)),
     ("2026-12-01", date(2026, 12, 1)), ("46357", date(2026, 12, 1)),
     ("01/12/2026", date(2026, 12, 1)), ("31.02.2026", None), ("morgen", None), ("0", None)],
)  # fmt: skip
def test_days_are_read_as_offices_write_them(text, day):
    table = read_table("x", f"Datum;Anzahl\n{text};2\n".encode())
    row = read_rows(table, "announcements", {"expected_on": 0, "persons": 1}, TODAY)[0]
    assert row.values["expected_on"] == day
    assert bool(row.problems) == (day is None)


def test_unknown_is_not_a_fault_unless_it_is_needed():
    table = read_table("x", b"Name;Vorname;Geschlecht\nA;unbekannt;?\nk.A.;B;w\n")
    rows = read_rows(table, "residents", guess(table, "residents"), TODAY)
    assert rows[0].values["given"] is None and not rows[0].problems
    assert [p.column for p in rows[1].problems] == ["family"]


def test_words_of_one_kind_never_name_two_fields():
    for _, targets in KINDS.values():
        words = [plain(w) for t in targets for w in (t.label.de, t.name, *t.words)]
        assert len({w for w in words}) >= len(words) - len(targets), words


def test_a_bomb_and_a_giant_are_refused():
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/workbook.xml", b"0" * 250_000_000)
    for content in (target.getvalue(), b"a;b\n" * 6_000_000, b"", b"\0" * 100, b"%PDF-1.4\0\0"):
        with pytest.raises(Refused):
            read_table("x", content)


def mutated(content, luck):
    text = bytearray(content)
    for _ in range(luck.randrange(1, 12)):
        at = luck.randrange(len(text)) if text else 0
        match luck.randrange(5):
            case 0:
                text[at : at + 1] = bytes([luck.randrange(256)])
            case 1:
                del text[at : at + luck.randrange(1, 60)]
            case 2:
                text[at:at] = luck.randbytes(luck.randrange(1, 30))
            case 3:
                text[at:at] = luck.choice(
                    [b";" * 400, b'"', b"\r\n\r\n", b"\0", "€ß„".encode(), b"=cmd()"]
                )
            case _:
                text[at:at] = text[: luck.randrange(1, 400)]
    return bytes(text)


def test_a_cell_in_the_last_corner_ends_neither_us_nor_the_machine():
    """Three kilobytes that ask for 17 thousand million cells: the compiled reader dies of it, and
    with it the process it runs in."""
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        sheet.write(0, 0, "Name")
        sheet.write(1_048_575, 16_383, "hier")
    assert len(target.getvalue()) < 10_000
    with pytest.raises(Refused) as refused:
        read_table("liste.xlsx", target.getvalue())
    assert "außerhalb" in refused.value.problems[0].reason_de


def test_mutated_files_are_read_or_refused_and_nothing_else():
    seeds = [TEXT.encode() * 3, TEXT.encode("utf-16"), xlsx([["Name", "Vorname"], ["A", "B"]] * 3)]
    luck = random.Random(7)
    read = 0
    for n in range(MUTANTS):
        content = mutated(seeds[n % len(seeds)], luck)
        try:
            table = read_table("x", content)
        except Refused as refused:
            assert all(p.reason_de and p.reason_en and p.remedy_de for p in refused.problems)
            continue
        read += 1
        rows = read_rows(table, "residents", guess(table, "residents"), TODAY)
        assert len(rows) == len(table.rows)
        assert all(len(cells) == len(table.header) for _, cells in table.rows)
    assert read > MUTANTS // 5
