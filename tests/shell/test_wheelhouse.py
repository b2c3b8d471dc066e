"""Setting up without a network: every package comes from a folder, with its hash, or not at all."""

from __future__ import annotations

import hashlib
import subprocess
import sys
import zipfile
from importlib.machinery import SourceFileLoader
from importlib.util import module_from_spec, spec_from_loader
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[2]


def bootstrap() -> ModuleType:
    loader = SourceFileLoader("bootstrap", str(ROOT / "vorort"))
    spec = spec_from_loader("bootstrap", loader)
    assert spec is not None
    module = module_from_spec(spec)
    loader.exec_module(module)
    return module


def wheel(folder: Path) -> str:
    """A wheel with nothing in it; returns its line in a lock file."""
    folder.mkdir()
    path = folder / "vorort_nothing-1.0-py3-none-any.whl"
    info = "vorort_nothing-1.0.dist-info/"
    with zipfile.ZipFile(path, "w") as file:
        file.writestr("vorort_nothing.py", "")
        file.writestr(
            info + "METADATA", "Metadata-Version: 2.1\nName: vorort-nothing\nVersion: 1.0\n"
        )
        file.writestr(
            info + "WHEEL",
            "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        )
        file.writestr(info + "RECORD", "")
    return f"vorort-nothing==1.0 --hash=sha256:{hashlib.sha256(path.read_bytes()).hexdigest()}\n"


def install(options: list[str], lock: str, tmp_path: Path) -> bool:
    """Whether pip, asked as set-up asks it, installs what a lock file names."""
    file = tmp_path / "some.lock"
    file.write_text(lock)
    command = [
        sys.executable, "-m", "pip", "--isolated", "install", "--no-input", *options,
        "--require-hashes", "--only-binary", ":all:", "-r", str(file),
        "--target", str(tmp_path / "there"),
    ]  # fmt: skip
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


def test_packages_come_from_the_folder_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lock = wheel(tmp_path / "wheels")
    monkeypatch.setenv("VORORT_WHEELHOUSE", str(tmp_path / "wheels"))
    options = bootstrap().wheelhouse()
    assert install(options, lock, tmp_path)
    assert (tmp_path / "there/vorort_nothing.py").exists()
    assert not install(
        options, lock[: lock.index("sha256:") + 7] + "0" * 64 + "\n", tmp_path / "wheels"
    )


def test_both_installers_are_told_the_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    module = bootstrap()
    asked: list[list[str]] = []
    monkeypatch.setattr(module.Steps, "do", lambda _, what, *commands: asked.extend(commands))
    steps = module.Steps(0, False)
    steps.packages()
    assert len(asked) == 3
    assert not any("--no-index" in c for c in asked)
    asked.clear()
    monkeypatch.setenv("VORORT_WHEELHOUSE", str(tmp_path))
    steps.packages()
    assert len(asked) == 3
    assert all(c[c.index("--find-links") + 1] == str(tmp_path) for c in asked)
    assert all("--no-index" in c and "--require-hashes" in c for c in asked)


def test_a_missing_folder_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    module = bootstrap()
    monkeypatch.setenv("VORORT_WHEELHOUSE", str(tmp_path / "nowhere"))
    with pytest.raises(module.Stop) as stop:
        module.wheelhouse()
    assert "nowhere" in stop.value.text()
