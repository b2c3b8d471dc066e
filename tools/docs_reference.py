"""Writes the generated pages of docs/reference: commands, glossary, domains.

    python tools/docs_reference.py            writes them
    python tools/docs_reference.py --check    says which are out of date

The command line, the nouns and the domains say it themselves; tests/docs compares.
"""

from __future__ import annotations

import ast
import inspect
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Literal, get_args, get_origin

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "src"))

PAGES = ROOT / "docs" / "reference"
WIDTH = 96
GRADES = ("law", "statistics", "study", "local", "estimate")


def note(what: str) -> str:
    """The line that keeps people from editing a generated page."""
    return f"<!-- Made by tools/docs_reference.py from {what}; change that. -->"


# ---- commands ------------------------------------------------------------------------------------


def commands() -> str:
    """Every command with its own help."""
    from typer.main import get_command

    from vorort.cli import app

    root: Any = get_command(app)
    lines = [
        note("the command line"), "", "# Commands", "",
        "`./vorort COMMAND` from the root of the checkout (Windows: `py vorort COMMAND`). Exit",
        "code 0: done. 2: refused, every complaint is listed, nothing is written. Besides these,",
        "`./vorort setup [--dev]` only sets up. What JSON files hold: [json.md](json.md).", "",
    ]  # fmt: skip
    above = _plain(root, None, "vorort")
    for name in root.list_commands(above):
        command = root.get_command(above, name)
        text = command.get_help(_plain(command, above, name)).rstrip()
        lines += [f"## vorort {name}", "", "```text", text, "```", ""]
    return "\n".join(lines)


def _plain(command: Any, parent: Any, name: str) -> Any:
    """A context in which help is plain text of one width, whatever the terminal."""
    command.rich_markup_mode = None
    return command.context_class(
        command, parent=parent, info_name=name, terminal_width=WIDTH, max_content_width=WIDTH
    )


# ---- glossary ------------------------------------------------------------------------------------


def glossary() -> str:
    """The nouns of the core with German terms and columns."""
    from vorort import vocabulary

    lines = [
        note("src/vorort/vocabulary.py"), "", "# The nouns", "",
        "One word, one meaning. `None` always means *unknown*: never zero, never guessed,",
        "always counted. The same columns in files: [scenario-folder.md](scenario-folder.md).", "",
        "| noun | German | is |", "|---|---|---|",
    ]  # fmt: skip
    nouns = list(_nouns(vocabulary))
    for name, german, said, _ in nouns:
        first = said.split("\n\n")[0]
        lines.append(f"| [{name}](#{name.lower()}) | {german or '–'} | {_cell(first)} |")
    for name, german, said, columns in nouns:
        term = f" German: {german}." if german else ""
        lines += ["", f"## {name}", "", " ".join(said.split()) + term, ""]
        lines += ["| column | type | note |", "|---|---|---|"]
        lines += [f"| `{c}` | `{_cell(kind)}` | {_cell(remark)} |" for c, kind, remark in columns]
    lines += ["", "## Words of fixed choice", "", "| type | may be |", "|---|---|"]
    for name, words in _choices(vocabulary):
        lines.append(f"| `{name}` | {', '.join(f'`{w}`' for w in words)} |")
    return "\n".join(lines) + "\n"


def _choices(module: Any) -> Iterator[tuple[str, tuple[str, ...]]]:
    for name, kind in vars(module).items():
        if get_origin(kind) is Literal:
            yield name, get_args(kind)


def _nouns(module: Any) -> Iterator[tuple[str, str, str, list[tuple[str, str, str]]]]:
    text = inspect.getsource(module)
    rows = text.splitlines()
    for node in ast.parse(text).body:
        if not isinstance(node, ast.ClassDef):
            continue
        said = ast.get_docstring(node) or ""
        found = re.search(r"\bGerman: (.+)", said)
        german = found.group(1).strip() if found else ""
        said = said.replace(found.group(0), "").strip() if found else said
        columns = [
            (part.target.id, ast.unparse(part.annotation), _remark(rows[part.lineno - 1]))
            for part in node.body
            if isinstance(part, ast.AnnAssign) and isinstance(part.target, ast.Name)
        ]
        yield node.name, german, said, columns


def _remark(line: str) -> str:
    """The comment at the end of a line, unless it speaks to a tool."""
    words = line.partition("# ")[2]
    return "" if words.startswith(("fmt:", "type:")) else words


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


# ---- domains -------------------------------------------------------------------------------------


def domains() -> str:
    """Every domain: what it counts, what it reads, what its values rest on."""
    from vorort.domains import all_domains, folders
    from vorort.parameters import load

    folder = {f.name: f for f in folders()}
    lines = [
        note("the folders of src/vorort/domains"), "", "# The domains", "",
        "In the order in which they are reckoned: each reads outcomes of earlier ones only. Values",
        "are those of the Bund; Länder and Kommunen override them (`vorort parameters --land XX`).",
        "How each rule goes, in words: [method/domains.md](../method/domains.md).", "",
        "| domain | German | counted in | pools | reads | tolerance "
        f"| values: {', '.join(GRADES)} |",
        "|---|---|---|---|---|---|---|",
    ]  # fmt: skip
    tables: list[str] = []
    for domain in all_domains():
        declared = load([folder[domain.name]]).parameters
        grades = Counter(v.source.grade for p in declared.values() for v in p.values)
        counts = ", ".join(str(grades[g]) for g in GRADES)
        days, many = (declared[f"{domain.name}.tolerated_{x}"] for x in ("days", "amount"))
        tolerance = f"{_number(_newest(days).amount)} / {_number(_newest(many).amount)}"
        unit = f"{domain.unit.en} ({domain.unit.de})" + (
            "" if domain.has_capacity else ", no capacity"
        )
        lines.append(
            f"| [{domain.name}](#{domain.name}) | {domain.label.de} | {unit} "
            f"| {', '.join(domain.pools)} | {', '.join(domain.reads) or '–'} "
            f"| {tolerance} | {counts} |"
        )
        tables += _values(domain.name, declared)
    lines += [
        "",
        "Tolerance: days / number. Overloaded = more than that number have waited longer than",
    ]
    lines += ["those days; households for `flat`, people elsewhere."]
    return "\n".join([*lines, *tables]) + "\n"


def _values(name: str, declared: Any) -> list[str]:
    lines = ["", f"## {name}", "", "| parameter | meaning | value | range | unit | from | grade |",
             "|---|---|---:|---|---|---|---|"]  # fmt: skip
    for full in sorted(declared):
        for value in declared[full].values:
            spread = (
                "–" if value.low is None else f"{_number(value.low)} … {_number(value.high or 0)}"
            )
            lines.append(
                f"| `{full}` | {_cell(declared[full].label.en)} "
                f"| {_number(value.amount)} | {spread} "
                f"| {_cell(declared[full].unit.en)} | {value.valid_from} | {value.source.grade} |"
            )
    return lines


def _newest(parameter: Any) -> Any:
    return max(parameter.values, key=lambda v: v.valid_from)


def _number(amount: float | None) -> str:
    return "unknown" if amount is None else f"{amount:g}"


GENERATED: dict[str, Callable[[], str]] = {
    "commands.md": commands, "glossary.md": glossary, "domains.md": domains,
}  # fmt: skip


def main() -> int:
    """Write the pages, or name those that are out of date."""
    stale = []
    for name, make in GENERATED.items():
        path, text = PAGES / name, make()
        if "--check" in sys.argv:
            if not path.exists() or path.read_text("utf-8") != text:
                stale.append(name)
        else:
            path.write_text(text, "utf-8")
    for name in stale:
        print(f"{name} is out of date: run python tools/docs_reference.py")
    return 1 if stale else 0


if __name__ == "__main__":
    raise SystemExit(main())
