"""Decision note and letter: an office's own DOCX with its placeholders filled in.

A template is a DOCX in which placeholders stand in double braces: {{name}}, {{gruende}} ... It is
an upload and therefore hostile: its size, its parts and its placeholders are looked at first.
German: Vermerk und Bescheid
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator, Mapping
from typing import Any

import docx

from vorort.problems import Problem, Refused, near_miss
from vorort.vocabulary import Text

KINDS = (("letter", Text("Bescheid", "letter")), ("note", Text("Vermerk", "decision note")))
PLACEHOLDERS = {
    "aktenzeichen": Text("Nummer des Haushalts", "number of the household"),
    "name": Text("Name der Person, an die es geht", "name of the person it goes to"),
    "personen": Text("Zahl der Personen", "number of people"),
    "stelle": Text("Ihre Stelle", "your office"),
    "bearbeitung": Text("wer entschieden hat", "who decided"),
    "datum": Text("heute", "today"),
    "platz": Text("Standort und Einheit", "site and unit"),
    "anschrift": Text("Anschrift des Standorts", "address of the site"),
    "ab": Text("erster Tag", "first day"),
    "bis": Text("letzter Tag oder offen", "last day or open"),
    "gruende": Text("Gründe der Entscheidung", "grounds of the decision"),
    "anhoerung": Text("Anhörung: wann, was gesagt wurde", "hearing: when, what was said"),
    "rechtsbehelf": Text("Rechtsbehelfsbelehrung", "remedy"),
}
MARK = re.compile(r"\{\{\s*([^{}]{0,60}?)\s*\}\}")
LARGEST, LARGEST_INSIDE, MOST_PARTS = 1_000_000, 20_000_000, 300


def paragraphs(document: Any) -> Iterator[Any]:
    """Every paragraph: body, tables, headers and footers."""
    yield from _within(document)
    for section in document.sections:
        for part in (section.header, section.footer, section.first_page_header,
                     section.first_page_footer):  # fmt: skip
            yield from _within(part)


def _within(part: Any) -> Iterator[Any]:
    yield from part.paragraphs
    for table in part.tables:
        for row in table.rows:
            for cell in row.cells:
                yield from _within(cell)


def opened(content: bytes) -> Any:
    """A DOCX as a document; raises `Refused` with what is wrong with it."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            parts = packed.infolist()
            if len(parts) > MOST_PARTS or sum(p.file_size for p in parts) > LARGEST_INSIDE:
                raise Refused([_wrong("Die Datei ist entpackt zu groß.",
                                      "The file is too large when unpacked.")])  # fmt: skip
            if any("vbaproject" in p.filename.lower() for p in parts):
                raise Refused([_wrong("Die Datei enthält Makros.", "The file contains macros.")])
        return docx.Document(io.BytesIO(content))
    except Refused:
        raise
    except Exception as error:  # whatever a broken file makes the reader say
        raise Refused([_wrong("Das ist keine lesbare DOCX-Datei.",
                              "This is no readable DOCX file.")]) from error  # fmt: skip


def checked(content: bytes) -> None:
    """Raise `Refused` where a template cannot be used; every complaint together."""
    if len(content) > LARGEST:
        raise Refused([_wrong("Die Datei ist größer als 1 MB.", "The file is larger than 1 MB.")])
    found = [m for p in paragraphs(opened(content)) for m in MARK.findall(p.text)]
    problems = []
    for name in dict.fromkeys(found):
        if name not in PLACEHOLDERS:
            near = near_miss(name, PLACEHOLDERS)
            problems.append(Problem(
                "", f"Den Platzhalter {{{{{name}}}}} gibt es nicht.",
                f"There is no placeholder {{{{{name}}}}}.",
                f"Gemeint: {{{{{near}}}}}?" if near else "Die Liste steht auf dieser Seite.",
                f"Did you mean {{{{{near}}}}}?" if near else "The list stands on this page.",
                column="content",
            ))  # fmt: skip
    if not found:
        problems.append(_wrong("In der Vorlage steht kein Platzhalter.",
                               "There is no placeholder in the template."))  # fmt: skip
    if problems:
        raise Refused(problems)


def _wrong(de: str, en: str) -> Problem:
    return Problem("", de, en, "Andere Datei wählen.", "Choose another file.", column="content")


def filled(template: bytes, values: Mapping[str, str]) -> bytes:
    """The template with every placeholder replaced; the paragraph keeps its first format."""
    document = opened(template)
    for paragraph in paragraphs(document):
        if MARK.search(paragraph.text):
            text = MARK.sub(lambda m: values.get(m.group(1), m.group(0)), paragraph.text)
            first, *rest = paragraph.runs
            first.text = text
            for run in rest:
                run.text = ""
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def own(kind: str) -> bytes:
    """The template an office starts with where it has none of its own."""
    document = docx.Document()
    document.add_paragraph("{{stelle}}")
    document.add_paragraph("{{datum}}, {{aktenzeichen}}")
    if kind == "letter":
        document.add_paragraph("{{name}}")
        document.add_heading("Zuweisung einer Unterkunft", 1)
        document.add_paragraph(
            "Ihnen und Ihrem Haushalt ({{personen}}) wird ab {{ab}} bis {{bis}} dieser Platz "
            "zugewiesen: {{platz}}. {{anschrift}}"
        )
    else:
        document.add_heading("Vermerk über die Vergabe eines Platzes", 1)
        document.add_paragraph(
            "Haushalt {{aktenzeichen}} ({{personen}}): {{platz}}, ab {{ab}} bis {{bis}}. "
            "Entschieden von {{bearbeitung}}."
        )
    for title, name in (("Gründe", "gruende"), ("Anhörung", "anhoerung"),
                        ("Rechtsbehelf", "rechtsbehelf")):  # fmt: skip
        document.add_heading(title, 2)
        document.add_paragraph(f"{{{{{name}}}}}")
    document.add_paragraph("{{bearbeitung}}")
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()
