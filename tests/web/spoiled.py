"""Lists as they come in, spoiled in every way somebody or something may spoil them."""

# ruff: noqa: E501 long lists
from __future__ import annotations

import io
import zipfile

WORDS = (
    "", " ", "0", "-1", "1e999", "9" * 400, "9" * 5000, "99999999999", "2147483648", "３４", "²", "½",
    "NaN", "inf", "31.02.2015", "00.00.0000", "1.1.0001", "31.12.9999", "2026-13-45", "1.1.50000",
    "45000", "45000.5", "-693593", "1e308", "true", "=1+1", "=HYPERLINK(\"http://x\")", "@SUM(A1)",
    "+49", "\x00", "a\x00b", "\ud7ff", "\ufeff", "\u202e", "\u200b", "\U0001f468\u200d\U0001f469",
    "x" * 300, "x" * 40_000, "<script>alert(1)</script>", "&lt;", "'; DROP TABLE x; --", "\\", "\"",
    "'", "\r", "\n", "\t", ";", ";;;;", "a;b", "Ä" * 90, "ß", "İ", "ǅ", "é", "e\u0301", "محمد",
    "GU-ZIE-001", "Ziegelhof", "GU-ZIE", "KI-05-U3", "H-0828", "P-00002", "Asyl", "w", "w m", "1 2 x",
    "34 31 6 2", "-5 200", "34,31", "Familie", "23.11.2026", "20.11.26", "heute", "{{7*7}}", "%s%n",
    "../../etc/passwd", "null", "None", "undefined", "TRUE", "#NAME?", "#REF!", "1.234,56", "1,234.56",
)  # fmt: skip
NAMES = ("liste-erfunden", "erfunden" + "x" * 300, "erfunden\u202excod", "erfunden/../..", "erfunden ;",
         "ERFUNDEN", "erfunden\x07", "erfunden.tar", "erfunden'\"<b>")  # fmt: skip
ENDS = (".csv", ".xlsx", ".ods", ".txt", ".CSV", ".xls", "", ".zip", ".xlsm")
ENCODINGS = ("utf-8", "utf-8-sig", "cp1252", "utf-16", "utf-16-le", "utf-32", "cp437", "shift_jis",
             "utf-7", "iso8859-9")  # fmt: skip


def word(luck):
    """Mostly a short one: a cell that is far too long refuses the whole list."""
    found = luck.choice(WORDS)
    return found if len(found) < 200 or luck.random() < 0.05 else luck.choice(WORDS[:7])


def cells(luck, header, rows):
    """Some cells, rows and columns are not what they were."""
    header, rows = list(header), [[str(c) for c in row] for row in rows]
    for _ in range(luck.randrange(1, 12)):
        row = luck.choice([header, *rows * 6])
        if row:
            row[luck.randrange(len(row))] = word(luck)
    for _ in range(luck.choice((0, 0, 1, 2))):
        how = luck.randrange(6)
        if how == 0:
            rows += [list(luck.choice(rows)) for _ in range(luck.choice((1, 40)))]
        elif how == 1:
            luck.choice(rows).extend(word(luck) for _ in range(luck.choice((1, 1, 5, 300))))
        elif how == 2:
            del luck.choice(rows)[luck.randrange(1, 4) :]
        elif how == 3:
            header.insert(luck.randrange(len(header) + 1), luck.choice([*header, *WORDS[:6]]))
        elif how == 4:
            luck.shuffle(header)
        else:
            rows.insert(0, [word(luck)])
    return header, rows


def as_text(luck, header, rows):
    delimiter = luck.choice((";", ",", "\t", "|"))
    end = luck.choice(("\r\n", "\n", "\r", "\x85"))
    quote = luck.random() < 0.3
    lines = [
        delimiter.join(f'"{c}"' if quote and luck.random() < 0.9 else str(c) for c in row)
        for row in [header, *rows]
    ]  # fmt: skip
    return end.join(lines)


def as_csv(luck, header, rows):
    text = as_text(luck, header, rows)
    usual = luck.random() < 0.6
    return text.encode(luck.choice(ENCODINGS[:3] if usual else ENCODINGS), errors="replace")


def as_ods(luck, header, rows):
    """A plain ODS, with the oddities a spreadsheet may have."""

    def cell(value):
        repeat = luck.choice(('', '', '', ' table:number-columns-repeated="3"',
                              ' table:number-columns-repeated="16384"',
                              ' table:number-columns-repeated="1000000000"',
                              ' table:number-columns-repeated="-1"',
                              ' table:number-columns-repeated="x"'))  # fmt: skip
        kind = luck.choice(("string", "string", "string", "float", "date", "boolean", "percentage"))
        plain = _xml(value)
        return (f'<table:table-cell office:value-type="{kind}" office:value="{plain}" '
                f'office:date-value="{plain}"{repeat if luck.random() < 0.05 else ""}>'
                f"<text:p>{plain}</text:p></table:table-cell>")  # fmt: skip

    body = "".join(
        f"<table:table-row{_row_repeat(luck)}>{''.join(map(cell, row))}</table:table-row>"
        for row in [header, *rows]
    )
    content = (
        '<?xml version="1.0" encoding="UTF-8"?>' + _doctype(luck)
        + '<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"'
        ' xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"'
        ' xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body>'
        f'<office:spreadsheet><table:table table:name="L">{body}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )  # fmt: skip
    return _packed({
        "mimetype": b"application/vnd.oasis.opendocument.spreadsheet",
        "content.xml": content.encode(),
        "META-INF/manifest.xml": b"<manifest/>",
    })  # fmt: skip


def _row_repeat(luck):
    return ' table:number-rows-repeated="1048576"' if luck.random() < 0.03 else ""


def _xml(value):
    keep = "".join(c for c in str(value) if c in "\t\n\r" or ord(c) >= 32)
    return keep.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;")


def _doctype(luck):
    if luck.random() > 0.15:
        return ""
    return luck.choice((
        '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>',
        "<!DOCTYPE x [" + '<!ENTITY a "ha">' + "".join(
            f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(9)) + "]>",
        '<!DOCTYPE x SYSTEM "http://127.0.0.1:9/x.dtd">',
    ))  # fmt: skip


def as_xlsx(luck, header, rows):
    """A proper workbook; then its parts are changed by hand."""
    from vorort.web.lists.sheets import as_xlsx as proper

    def whole(row):
        return [c[:32_000] for c in row]

    return rezipped(luck, proper(whole(header), [whole(r) for r in rows]))


SHEET = (
    ("<v>", "<v>9999999"), ("<v>", "<v>1e308"), ("<v>", "<v>x"), ('t="s"', 't="d"'), ('t="s"', 't="b"'),
    ('t="s"', 't="e"'), ('t="s"', ""), ('r="A1"', 'r="XFD1048576"'), ('r="A1"', 'r="A99999999999"'),
    ('r="B2"', 'r="??"'), ("<row ", '<row r="0" '), ("</row>", ""), ("<sheetData>", "<sheetData>" * 50),
    ("<t>", "<t>&x;"), ("<t>", "<t>" + "y" * 200_000), ("count=", "count=\"-1\" c="),
)  # fmt: skip


def rezipped(luck, content):
    """Parts of a zip are changed, left out or blown up; mostly it still opens."""
    parts = {}
    with zipfile.ZipFile(io.BytesIO(content)) as old:
        for name in old.namelist():
            parts[name] = old.read(name)
    for _ in range(luck.choice((0, 0, 1, 2))):
        name = luck.choice(sorted(parts))
        text = parts[name].decode("utf-8", "replace")
        how = luck.randrange(7)
        if how == 0:
            old, new = luck.choice(SHEET)
            text = text.replace(old, new, luck.choice((1, 3)))
        elif how == 1:
            text = text.replace("?>", "?>" + _doctype(luck), 1)
        elif how == 2:
            text = text[: luck.randrange(len(text) + 1)]
        elif how == 3:
            parts.pop(name)
            continue
        elif how == 4:
            text = text.replace("UTF-8", luck.choice(("UTF-16", "EBCDIC", "x")))
        elif how == 5:
            parts["xl/" + "a" * luck.choice((3, 300)) + ".xml"] = b"<x/>"
        else:
            at = luck.randrange(len(text) + 1)
            text = text[:at] + luck.choice(WORDS) + text[at:]
        parts[name] = text.encode("utf-8", "replace")
    return _packed(parts)


def _packed(parts):
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for name, part in parts.items():
            new.writestr(name, part)
    return target.getvalue()


def bomb(name="xl/worksheets/sheet1.xml", size=300_000_000):
    """A small file that unpacks to something huge."""
    target = io.BytesIO()
    with (
        zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as new,
        new.open(name, "w", force_zip64=True) as part,
    ):
        piece = b"0" * 1_000_000
        for _ in range(size // len(piece)):
            part.write(piece)
    return target.getvalue()


def bytes_(luck, content):
    """The file itself is damaged."""
    found = bytearray(content)
    how = luck.randrange(6)
    if how == 0:
        for _ in range(luck.randrange(1, 40)):
            found[luck.randrange(len(found))] = luck.randrange(256)
    elif how == 1:
        del found[luck.randrange(len(found)) :]
    elif how == 2:
        at = luck.randrange(len(found))
        found[at:at] = bytes(luck.randrange(256) for _ in range(luck.choice((1, 64))))
    elif how == 3:
        found.reverse()
    elif how == 4:
        found = bytearray(
            luck.choice((b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"%PDF-1.7", b"\xff\xfe"))
        )
        found += content[4:]
    else:
        found[0:0] = b"\n" * luck.choice((1, 80))
    return bytes(found)
