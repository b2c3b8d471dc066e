"""The register as a scenario folder, packed, and such a folder into an empty register.

German: Planfall-Ordner. It holds where everybody lives, protected people too, by running numbers:
only for a role that may see all of that. Pooling protected people would not do: who is missing from
their household's place is told by the rest. It is no backup.
"""

from __future__ import annotations

import io
import tempfile
import zipfile
from pathlib import Path
from typing import Any
from uuid import UUID

from vorort.files import write_scenario
from vorort.problems import Problem, Refused
from vorort.stress.setup import open_scenario
from vorort.web import scenarios
from vorort.web.accounts import rights, trail
from vorort.web.accounts.models import Act, User
from vorort.web.intake.models import Household
from vorort.web.placing.models import Stay
from vorort.web.town import models as town

MOST_FILES, MOST_UNPACKED = 60, 200_000_000


def may(user: User) -> bool:
    """Does the right to the folder, and every other it touches, reach over the whole register?"""
    wide = (rights.FOLDER, rights.BOARD, rights.HOUSEHOLD, rights.PROTECTED)
    return not any(rights.own_only(user, right) for right in wide)


def packed() -> bytes:
    """Every file of the folder in a ZIP; the same register gives the same bytes."""
    target = io.BytesIO()
    with tempfile.TemporaryDirectory() as place:
        scenario = scenarios.scenario()
        folder = Path(place) / (_plain(scenario.folder) or "planfall")
        write_scenario(scenario, folder)
        with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as file:
            for path in sorted(p for p in folder.rglob("*") if p.is_file()):
                entry = zipfile.ZipInfo(path.relative_to(place).as_posix(), (2000, 1, 1, 0, 0, 0))
                entry.compress_type = zipfile.ZIP_DEFLATED
                file.writestr(entry, path.read_bytes())
    return target.getvalue()


def is_empty() -> bool:
    """Nobody and nothing on record yet but the Kommune, its offices and logins."""
    tables: tuple[Any, ...] = (Household, Stay, town.Site, town.Unit, town.Announcement)
    return not any(t.objects.exists() for t in tables)


def unpack_into(actor: User, key: UUID, content: bytes) -> trail.Done:
    """A packed folder into a register that is empty, all or nothing. Raises `Refused`."""
    with tempfile.TemporaryDirectory() as place:
        found, _ = open_scenario(_unpacked(content, Path(place)))

        def do(act: Act) -> None:
            if not is_empty():
                raise Refused([_not_empty()])
            scenarios.refill(found, act)

        return trail.once(actor, key, "load", do)


def _not_empty() -> Problem:
    return Problem(
        "", "Das Register ist nicht leer.", "The register is not empty.",
        "Ein Ordner kommt nur in ein leeres Register; für Teile davon Listen einlesen.",
        "A folder goes into an empty register only; for parts of it import lists.",
    )  # fmt: skip


def _unpacked(content: bytes, place: Path) -> Path:
    """The files of a ZIP, flat or in one folder; nothing outside ``place`` is written."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as file:
            entries = [e for e in file.infolist() if not e.is_dir()]
            if len(entries) > MOST_FILES or sum(e.file_size for e in entries) > MOST_UNPACKED:
                raise Refused([_odd()])
            top = {Path(e.filename).parent.name for e in entries}
            place /= (_plain(top.pop()) if len(top) == 1 else "") or "planfall"
            place.mkdir()
            for entry in entries:
                name = Path(entry.filename).name  # never a path of the sender's
                if name.startswith(".") or Path(entry.filename).suffix not in (".csv", ".yaml"):
                    continue
                (place / name).write_bytes(file.read(entry))
    except (zipfile.BadZipFile, NotImplementedError, OSError, RuntimeError) as error:
        raise Refused([_odd()]) from error
    if not (place / "town.yaml").exists():
        raise Refused([_odd()])
    return place


def _plain(name: str) -> str:
    """A folder's name without anything that could lead elsewhere."""
    return "".join(c for c in Path(name).name if c.isalnum() or c in "-_")


def _odd() -> Problem:
    return Problem(
        "", "Das ist kein gepackter Planfall-Ordner.", "That is no packed scenario folder.",
        "Den Ordner mit town.yaml und seinen Tabellen als ZIP packen.",
        "Pack the folder with town.yaml and its tables as a ZIP.",
    )  # fmt: skip
