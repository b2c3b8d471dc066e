"""YAML as plain content: strict, bounded, and with the line of every key for complaints.

Numbers are decimal numbers and nothing else (YAML would also read ``1:30`` and ``0x1F`` as such),
dates are ISO dates. Duplicate keys, anchors and aliases, deep nesting and files above 20 MB are
refused; aliases are never followed, so a small file cannot grow in memory.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from vorort.problems import Problem

MOST_BYTES = 20 * 1024 * 1024
MOST_DEPTH = 20
_NUMBER = re.compile(r"[-+]?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]{1,3})?")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_TRUE, _FALSE = {"true", "True", "TRUE"}, {"false", "False", "FALSE"}
_EMPTY = {"", "~", "null", "Null", "NULL"}

Path_ = tuple[str | int, ...]


@dataclass(frozen=True)
class Content:
    """What stands in a file: mappings, lists, texts, numbers, dates; ``None`` where unreadable."""

    file: str
    tree: Any
    root: yaml.Node | None
    problems: tuple[Problem, ...]

    def line(self, path: Sequence[str | int]) -> int | None:
        """The line of a key path, or of the nearest key above it that exists."""
        node, line = self.root, None if self.root is None else self.root.start_mark.line + 1
        for step in path:
            node, found = _step(node, step)
            if found is None:
                break
            line = found
        return line


def read_plain(path: Path, name: str = "") -> Content:
    """Read a YAML file; ``name`` is what complaints call it (the file's own name if empty)."""
    file = name or path.name
    try:
        if path.stat().st_size > MOST_BYTES:
            return _nothing(file, _too_large(file))
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError:
        return _nothing(file, _not_utf8(file))
    except OSError:
        return _nothing(file, _unreadable(file))
    return plain(text, file)


def plain(text: str, file: str) -> Content:
    """The content of a YAML text."""
    if len(text) > MOST_BYTES:
        return _nothing(file, _too_large(file))
    try:
        root = yaml.compose(text, Loader=yaml.CSafeLoader)
    except (yaml.YAMLError, RecursionError) as error:
        return _nothing(file, _not_yaml(file, error))
    reader = _Reader(file)
    tree = None if root is None else reader.tree(root, ())
    return Content(file, tree, root, tuple(reader.problems))


class _Reader:
    def __init__(self, file: str) -> None:
        self.file = file
        self.problems: list[Problem] = []
        self._seen: set[int] = set()

    def tree(self, node: yaml.Node, path: Path_) -> Any:
        if isinstance(node, yaml.ScalarNode):
            return _scalar(node)
        if id(node) in self._seen:
            self._complain(
                node, path, "Ein Alias (*) ist nicht erlaubt.", "An alias (*) is not allowed."
            )
            return None
        self._seen.add(id(node))
        if len(path) > MOST_DEPTH:
            self._complain(node, path, "Zu tief verschachtelt.", "Nested too deeply.")
            return None
        if isinstance(node, yaml.SequenceNode):
            return [self.tree(child, (*path, at)) for at, child in enumerate(node.value)]
        return self._mapping(node, path)

    def _mapping(self, node: yaml.Node, path: Path_) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for key, child in node.value:
            if not isinstance(key, yaml.ScalarNode):
                self._complain(key, path, "Ein Schlüssel ist kein Wort.", "A key is not a word.")
                continue
            word = key.value
            if word in found:
                self._complain(
                    key, (*path, word),
                    f"„{word}“ steht zweimal an derselben Stelle.",
                    f"“{word}” stands twice in the same place.",
                    "Einen der beiden Einträge löschen.", "Delete one of the two entries.",
                )  # fmt: skip
                continue
            found[word] = self.tree(child, (*path, word))
        return found

    def _complain(
        self, node: yaml.Node, path: Path_, de: str, en: str,
        remedy_de: str = "Den Inhalt ausschreiben.", remedy_en: str = "Write the content out.",
    ) -> None:  # fmt: skip
        self.problems.append(
            Problem(self.file, de, en, remedy_de, remedy_en, node.start_mark.line + 1, dotted(path))
        )


def dotted(path: Sequence[str | int]) -> str:
    """A key path in words: ``parameters.childcare.uptake_u3.values[0].source``."""
    words = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in path)
    return words.removeprefix(".")


def _scalar(node: yaml.ScalarNode) -> Any:
    text: str = node.value
    if node.style in ("'", '"', "|", ">"):
        return text
    if _NUMBER.fullmatch(text):
        number = float(text)
        return int(number) if number.is_integer() and abs(number) < 1e15 else number
    if _DAY.fullmatch(text):
        try:
            return date.fromisoformat(text)
        except ValueError:
            return text
    if text in _EMPTY:
        return None
    return True if text in _TRUE else False if text in _FALSE else text


def _step(node: yaml.Node | None, step: str | int) -> tuple[yaml.Node | None, int | None]:
    if isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
        return node.value[step], node.value[step].start_mark.line + 1
    if isinstance(node, yaml.MappingNode):
        for key, child in node.value:
            if key.value == step:
                return child, key.start_mark.line + 1
    return None, None


def _nothing(file: str, problem: Problem) -> Content:
    return Content(file, None, None, (problem,))


def _too_large(file: str) -> Problem:
    return Problem(
        file, "Die Datei ist größer als 20 MB.", "The file is larger than 20 MB.",
        "Eine Datei mit Kennwerten hat wenige Kilobyte: prüfen, ob es die richtige ist.",
        "A file of parameters has a few kilobytes: check whether it is the right one.",
    )  # fmt: skip


def _not_utf8(file: str) -> Problem:
    return Problem(
        file, "Die Datei ist nicht in UTF-8 gespeichert.", "The file is not saved as UTF-8.",
        "Im Editor „Speichern unter“ mit der Kodierung UTF-8 wählen.",
        "Choose “save as” with the encoding UTF-8 in the editor.",
    )  # fmt: skip


def _unreadable(file: str) -> Problem:
    return Problem(
        file, "Die Datei lässt sich nicht lesen.", "The file cannot be read.",
        "Prüfen, ob sie da ist und ob Leserechte bestehen.",
        "Check that it is there and that it may be read.",
    )  # fmt: skip


def _not_yaml(file: str, error: Exception) -> Problem:
    mark = getattr(error, "problem_mark", None)
    what = getattr(error, "problem", None) or type(error).__name__
    return Problem(
        file, f"Kein gültiges YAML ({what}).", f"Not valid YAML ({what}).",
        "Einrückung, Doppelpunkte und Anführungszeichen in dieser Zeile prüfen.",
        "Check indentation, colons and quotation marks in this line.",
        None if mark is None else mark.line + 1,
    )  # fmt: skip
