"""An encrypted file that is whole or refused: numbered chunks sealed with AES-GCM.

Layout: mark, salt (16), then for each chunk its length (4) and the sealed bytes. The number of the
chunk and whether it is the last are part of what is sealed, so that a file that was cut, joined or
altered does not open. The key comes from the passphrase by scrypt.
"""

from __future__ import annotations

import os
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from vorort.problems import Problem, Refused

MARK = b"VORORT-BACKUP-1\n"
CHUNK = 1 << 20
MOST = CHUNK + 64


def _cipher(passphrase: str, salt: bytes) -> AESGCM:
    return AESGCM(Scrypt(salt=salt, length=32, n=2**15, r=8, p=1).derive(passphrase.encode()))


def _extra(number: int, is_last: bool) -> tuple[bytes, bytes]:
    return struct.pack(">4xQ", number), MARK + struct.pack(">Q?", number, is_last)


class SealedWriter:
    """Writes into a new file; it appears under its name when `finish` was called, or not at all."""

    def __init__(self, path: Path, passphrase: str) -> None:
        self.path = path
        self._new = path.with_name(path.name + ".new")
        salt = os.urandom(16)
        handle = os.open(self._new, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600)
        self._file = os.fdopen(handle, "wb")
        self._file.write(MARK + salt)
        self._cipher = _cipher(passphrase, salt)
        self._waiting, self._number = bytearray(), 0

    def write(self, data: bytes) -> int:
        """Add plain bytes."""
        self._waiting += data
        while len(self._waiting) > CHUNK:
            self._seal(bytes(self._waiting[:CHUNK]), False)
            del self._waiting[:CHUNK]
        return len(data)

    def _seal(self, plain: bytes, is_last: bool) -> None:
        nonce, extra = _extra(self._number, is_last)
        sealed = self._cipher.encrypt(nonce, plain, extra)
        self._file.write(struct.pack(">I", len(sealed)) + sealed)
        self._number += 1

    def finish(self) -> None:
        """Seal the last chunk, bring it onto the disk, and give the file its name."""
        self._seal(bytes(self._waiting), True)
        self._file.flush()
        os.fsync(self._file.fileno())
        self._file.close()
        self._new.replace(self.path)

    def drop(self) -> None:
        """Leave nothing behind."""
        self._file.close()
        self._new.unlink(missing_ok=True)


def unsealed(path: Path, passphrase: str) -> Iterator[bytes]:
    """Plain chunks of a file; raises `Refused` where it does not open or is not whole."""
    try:
        with path.open("rb") as file:
            yield from _chunks(file, path, passphrase)
    except OSError as error:
        raise Refused([
            Problem(
                str(path), f"Die Datei ist nicht lesbar ({error.strerror}).",
                f"The file cannot be read ({error.strerror}).", "Pfad prüfen.", "Check the path.",
            )
        ]) from error  # fmt: skip


def _chunks(file: BinaryIO, path: Path, passphrase: str) -> Iterator[bytes]:
    if file.read(len(MARK)) != MARK:
        raise _refused(path, "Das ist keine Sicherung von Vorort.", "This is no backup of Vorort.")
    cipher, number = _cipher(passphrase, file.read(16)), 0
    head = file.read(4)
    while True:
        length = struct.unpack(">I", head)[0] if len(head) == 4 else 0
        sealed = file.read(length) if 0 < length <= MOST else b""
        head = file.read(4)
        nonce, extra = _extra(number, not head)
        try:
            yield cipher.decrypt(nonce, sealed, extra)
        except InvalidTag:
            if number:
                raise _refused(
                    path, "Die Datei ist abgeschnitten oder verändert.",
                    "The file was cut off or altered.",
                ) from None  # fmt: skip
            raise _refused(
                path, "Die Passphrase passt nicht, oder die Datei ist beschädigt.",
                "The passphrase does not fit, or the file is damaged.",
            ) from None  # fmt: skip
        if not head:
            return
        number += 1


def _refused(path: Path, de: str, en: str) -> Refused:
    return Refused([
        Problem(
            str(path), de, en, "Eine andere Sicherung oder Passphrase nehmen.",
            "Take another backup or passphrase.",
        )
    ])  # fmt: skip
