"""``vorort parameters`` for the terminal: a table of all, or the story of one."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Group
from rich.table import Table
from rich.text import Text as Line

from vorort.parameters.listing import Row, Story

WORDS = {
    "de": ("Name", "Wert", "Spanne", "Einheit", "Güte", "unbekannt"),
    "en": ("name", "value", "range", "unit", "grade", "unknown"),
}
GRADES = {
    "law": "Gesetz",
    "statistics": "Statistik",
    "study": "Studie",
    "local": "örtlich",
    "estimate": "Schätzung",
}


def parameter_table(rows: Sequence[Row], lang: str) -> Group:
    """One row a parameter; what a Land or Kommune set is marked, the source is in each story."""
    words = WORDS[lang]
    table = Table(*words[:5], box=None, pad_edge=False)
    table.columns[1].justify = table.columns[2].justify = "right"
    for at in (0, 1, 2, 4):
        table.columns[at].no_wrap = True
    for row in rows:
        mark = "" if row.scope.en in ("", "Federal") else " *"
        unit = Line(row.unit.in_(lang), overflow="ellipsis", no_wrap=True)
        table.add_row(
            Line(row.name + mark),
            _number(row.value, words[5]),
            _range(row),
            unit,
            grade(row.grade, lang),
        )
    note = {
        "de": "* vom Land gesetzt. Fundstelle und Begründung: vorort parameters NAME",
        "en": "* set by the Land. Source and reason: vorort parameters NAME",
    }[lang]
    return Group(table, Line(note, style="dim"))


def one_parameter(story: Story, lang: str) -> Group:
    """The value in force first, then whom it overrode, then what comes later."""
    words = WORDS[lang]
    head = story.rows[0]
    parts = [Line(f"{head.name}: {head.label.in_(lang)} [{head.unit.in_(lang)}]", style="bold")]
    titles = {"de": ("gilt", "verdrängt", "später"), "en": ("in force", "overridden", "later")}[
        lang
    ]
    listed = [(titles[0] if k == 0 else titles[1], row) for k, row in enumerate(story.rows)]
    listed += [(titles[2], row) for row in story.later]
    for what, row in listed:
        parts.append(Line(
            f"{what}: {_number(row.value, words[5])}{_bracketed(row)}, {row.scope.in_(lang)}, "
            f"{'seit' if lang == 'de' else 'since'} {row.since}, {grade(row.grade, lang)}"
        ))  # fmt: skip
        said = [row.source, row.url, row.published or "", row.reason]
        parts.append(Line("  " + " · ".join(s for s in said if s), style="dim"))
    return Group(*parts)


def grade(name: str, lang: str) -> str:
    """Law, statistics, study, local, estimate in words."""
    return GRADES.get(name, name) if lang == "de" else name


def _number(value: float | None, unknown: str) -> str:
    return unknown if value is None else f"{value:g}"


def _range(row: Row) -> str:
    return "" if row.low is None or row.high is None else f"{row.low:g} – {row.high:g}"


def _bracketed(row: Row) -> str:
    return f" ({_range(row)})" if _range(row) else ""
