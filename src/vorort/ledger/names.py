"""Is this the same person? Names as they sound, birth dates as they are written. German: Dubletten

A name crosses borders in many spellings (Mohammed, Muhammad, Mochammad; Олена, Olena). What is
compared is what is left when vowels and the ways of writing a sound are taken away. Never a
decision: a list for people to look at.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Literal

from vorort.vocabulary import PartialDate, Text

CYRILLIC = {
    **dict(zip("абвгґдеєзиіїйклмнопрст", "abvggdeeziiiiklmnoprst", strict=True)),
    **dict(zip("уфэюыўқғҳёәңөүұһӣӯ", "ufeuiukgheanouuhiu", strict=True)),
    "ж": "zh", "х": "kh", "ц": "ts", "ч": "tsch", "ш": "sh", "щ": "sh", "я": "a", "ь": "", "ъ": "",
    "ҷ": "dzh", "җ": "dzh", "џ": "dzh", "ј": "j", "љ": "lj", "њ": "nj", "ђ": "dj", "ћ": "tsch",
}  # fmt: skip
# At the start of a name these are heard with a j; within one the vowel is all that is left of them.
FIRST = {"й": "y", "ю": "yu", "я": "ya", "є": "ye", "ї": "yi", "ё": "yo"}
# Letters of their own that no rule takes apart, and the marks written between letters: Мар'яна.
OTHERS = {"ß": "ss", "ø": "o", "đ": "d", "ł": "l", "ı": "i", "ə": "a", "æ": "ae", "œ": "oe"}
APOSTROPHES = dict.fromkeys("'’‘ʼʻʹ`´", "")
LETTERS = str.maketrans({**CYRILLIC, **OTHERS, **APOSTROPHES})
# Ways to write one sound, longest first; the sound is a capital. A project estimate: no standard
# covers all languages, and too many candidates are better than a person recorded twice. So g is
# heard as h, for Сергій is Sergej to one office and Serhii to the other, and c before e and i as
# the dsch it is in Turkish and Kurdish (Cemil, Джеміль). One spelling has one sound: a Turkish c
# before other letters (Cuma), a French ch (Chérif) and a Persian gh written q are not found.
SOUNDS = (
    ("schtsch", "S"), ("shtsch", "S"), ("shch", "S"),
    ("dsch", "J"), ("dzh", "J"), ("dsh", "J"), ("tsch", "H"), ("tch", "H"), ("sch", "S"),
    ("ch", "H"), ("kh", "H"), ("xh", "J"), ("sh", "S"), ("zh", "S"), ("ts", "S"), ("tz", "S"),
    ("ph", "F"), ("th", "T"), ("dh", "D"), ("gh", "H"), ("dj", "J"), ("dz", "J"), ("ds", "J"),
    ("ck", "K"), ("ce", "J"), ("ci", "J"), ("x", "KS"), ("q", "K"), ("c", "K"), ("w", "V"),
    ("s", "S"), ("z", "S"), ("h", "H"), ("g", "H"), ("j", "J"),
)  # fmt: skip
VOWELS = re.compile(r"[aeiouy]")
WORDS = re.compile(r"\b([йюяєїё])")
SLAVIC_END = re.compile(r"(?<=[a-z]{4})[eiy]j$")  # Sergej, Dmitrij; but Arij ends in dsch


def plain(name: str) -> str:
    """Latin letters without marks, small, single blanks between parts."""
    found = unicodedata.normalize("NFC", name.casefold())
    found = WORDS.sub(lambda m: FIRST[m[1]], found)
    found = found.translate(LETTERS)
    letters = (c for c in unicodedata.normalize("NFKD", found) if not unicodedata.combining(c))
    return " ".join(re.sub(r"[^a-z0-9]+", " ", "".join(letters)).split())


def sound(part: str) -> str:
    """The consonants of one part of a name as they sound; of a name of vowels, the vowels."""
    found = re.sub(r"(.)\1+", r"\1", SLAVIC_END.sub("i", part))
    if re.match("y|i[aeou]", found):
        found = "j" + found[1:]
    for written, heard in SOUNDS:
        found = found.replace(written, heard)
    bones = VOWELS.sub("", found).upper()
    return bones if len(bones) > 1 else found.upper().replace("Y", "I")


def sounds(*names: str) -> tuple[str, ...]:
    """The parts of a name as they sound, in no order: families write them in either."""
    parts = plain(" ".join(names)).split()
    return tuple(sorted({sound(p) for p in parts if p not in ("al", "el", "bin", "abu")}))


Likeness = Literal["likely", "possible"]


@dataclass(frozen=True, slots=True)
class Match:
    """Two records that may be one person, and why."""

    likeness: Likeness
    why: tuple[Text, ...]


def alike(
    names: tuple[str, ...],
    born: PartialDate | None,
    others: tuple[str, ...],
    other_born: PartialDate | None,
) -> Match | None:
    """Compare `sounds` and dates of birth; None where nothing speaks for one person."""
    name = _names(names, others)
    date, why = _dates(born, other_born)
    if name == 0 or date == 0:
        return None
    said = _SAME_NAME if name == 2 else _SIMILAR_NAME
    if name == 2 and date == 2:
        return Match("likely", (said, why))
    return Match("possible", (said, why)) if name + date > 2 or name == 2 else None


_SAME_NAME = Text("Name klingt gleich", "the name sounds the same")
_SIMILAR_NAME = Text("ein Teil des Namens klingt gleich", "a part of the name sounds the same")


def _names(one: tuple[str, ...], other: tuple[str, ...]) -> int:
    """2: the same parts; 1: all of the shorter within the longer, or all but one of each."""
    if not one or not other:
        return 0
    if one == other:
        return 2
    shared = len(set(one) & set(other))
    shorter, longer = sorted((len(one), len(other)))
    if shared == shorter and shorter > 1:
        return 2
    return int(shared == shorter or (shared >= 1 and shared >= longer - 1))


def _dates(one: PartialDate | None, other: PartialDate | None) -> tuple[int, Text]:
    """2: the same full day; 1: fits as far as known, day and month swapped, or the 1 January that
    stands for an unknown day; 0: another."""
    if one is None or other is None:
        return 1, Text("ein Geburtsdatum ist unbekannt", "one date of birth is unknown")
    if one.year != other.year:
        return 0, Text("anderes Jahr", "another year")
    if None in (one.month, one.day, other.month, other.day):
        return 1, Text("gleiches Geburtsjahr", "same year of birth")
    days = {(one.month, one.day), (other.month, other.day)}
    if len(days) == 1 and (1, 1) not in days:
        return 2, Text("gleicher Geburtstag", "same date of birth")
    if (1, 1) in days:
        text = Text("1. Januar steht oft für unbekannt", "1 January often stands for unknown")
        return 1, text
    if (one.month, one.day) == (other.day, other.month):
        return 1, Text("Tag und Monat vertauscht", "day and month swapped")
    return 0, Text("anderer Tag", "another day")
