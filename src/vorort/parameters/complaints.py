"""The complaints about a file of parameters, collected one by one, in German and English."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from vorort.parameters.plain import Content, dotted
from vorort.problems import Problem, near_miss
from vorort.vocabulary import Text

Path_ = tuple[str | int, ...]


class Complaints:
    """Collects what is wrong in one file; nothing is raised before everything was read."""

    def __init__(self, content: Content) -> None:
        self.content = content
        self.problems: list[Problem] = list(content.problems)

    def add(self, path: Sequence[str | int], reason: Text, remedy: Text) -> None:
        """One complaint at a key path."""
        self.problems.append(
            Problem(
                self.content.file,
                reason.de,
                reason.en,
                remedy.de,
                remedy.en,
                self.content.line(path),
                dotted(path),
            )
        )

    def mapping(self, found: Any, path: Path_, keys: Collection[str]) -> Mapping[str, Any]:
        """The mapping found there, its unknown keys complained about; empty if it is none."""
        if not isinstance(found, dict):
            self.add(
                path,
                _NOT_A_MAPPING,
                Text("Hier steht „schlüssel: wert“.", "Write “key: value” here."),
            )
            return {}
        for key in found:
            if key not in keys:
                self.unknown_key((*path, key), key, keys)
        return found

    def unknown_key(self, path: Path_, key: str, known: Iterable[str]) -> None:
        """A key nobody knows, with the one that was probably meant."""
        words = sorted(known)
        near = near_miss(key, words)
        listed = ", ".join(words[:12]) + (" …" if len(words) > 12 else "")
        remedy = (
            Text(f"Gemeint ist wohl „{near}“.", f"Probably “{near}” is meant.")
            if near
            else Text(f"Bekannt sind: {listed}.", f"Known are: {listed}.")
        )
        self.add(path, Text(f"„{key}“ ist unbekannt.", f"“{key}” is unknown."), remedy)

    def text(self, found: Any, path: Path_) -> Text:
        """Words in both languages."""
        if isinstance(found, dict) and any(v is None and " " in k for k, v in found.items()):
            self.add(path, _CUT_AT_COMMA, _QUOTE_IT)
            return Text("", "")
        both = self.mapping(found, path, ("de", "en")) if found is not None else {}
        words = []
        for lang, de, en in (("de", "deutsche", "German"), ("en", "englische", "English")):
            word = both.get(lang)
            if not isinstance(word, str) or not word.strip():
                self.add(
                    (*path, lang),
                    Text(f"Der {de} Text fehlt.", f"The {en} words are missing."),
                    Text(f"„{lang}:“ mit Worten ergänzen.", f"Add “{lang}:” with words."),
                )
                word = ""
            words.append(word)
        return Text(words[0], words[1])

    def number(self, found: Any, path: Path_, or_unknown: bool = False) -> float | None:
        """A finite decimal number; a truth value or a text is none."""
        is_number = isinstance(found, (int, float)) and not isinstance(found, bool)
        if is_number and abs(found) != float("inf"):
            return float(found)
        also_de, also_en = (" oder unknown", " or unknown") if or_unknown else ("", "")
        self.add(
            path,
            Text(f"„{found}“ ist keine Zahl.", f"“{found}” is not a number."),
            Text(
                f"Eine Dezimalzahl mit Punkt{also_de} schreiben, ohne Anführungszeichen.",
                f"Write a decimal number with a point{also_en}, without quotation marks.",
            ),
        )
        return None

    def pair(self, found: Any, path: Path_) -> tuple[float, float] | None:
        """``[low, high]``, in this order."""
        if not isinstance(found, list) or len(found) != 2:
            self.add(
                path,
                Text("Eine Spanne hat zwei Zahlen.", "A range has two numbers."),
                Text("[unterer, oberer] schreiben.", "Write [low, high]."),
            )
            return None
        low, high = (self.number(x, (*path, at)) for at, x in enumerate(found))
        if low is None or high is None:
            return None
        if low > high:
            self.add(
                path,
                Text(
                    f"Die Spanne {low:g} bis {high:g} ist verkehrt herum.",
                    f"The range {low:g} to {high:g} is reversed.",
                ),
                Text(f"[{high:g}, {low:g}] schreiben.", f"Write [{high:g}, {low:g}]."),
            )
            return None
        return low, high

    def missing(self, path: Path_, key: str, remedy: Text) -> None:
        """A required key that is not there."""
        self.add(path, Text(f"„{key}“ fehlt.", f"“{key}” is missing."), remedy)


_CUT_AT_COMMA = Text("Ein Komma schneidet den Text ab.", "A comma cuts the words off.")
_QUOTE_IT = Text(
    "Text mit Komma in Anführungszeichen setzen.", "Put words with a comma in quotation marks."
)
_NOT_A_MAPPING = Text("Hier werden Schlüssel erwartet.", "Keys are expected here.")
