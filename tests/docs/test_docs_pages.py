"""The pages agree with the program: commands, generated pages, links, examples of settings."""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
from pathlib import Path
from types import ModuleType

import pytest
import yaml
from docs_reading import PAGES, ROOT, anchors, links, steps
from typer.main import get_command

from vorort.arrivals.scenarios import NAMES
from vorort.cli import app
from vorort.parameters import load
from vorort.stress.catalogue import folders
from vorort.stress.setup import open_scenario

COMMANDS = set(get_command(app).commands)  # type: ignore[attr-defined]
BY_PATH = {path.relative_to(ROOT).as_posix(): path for path in PAGES}
README = ROOT / "README.md"
LARGEST = 300_000  # bytes a picture may have


def tool(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, ROOT / "tools" / f"{name}.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


GENERATED = tool("docs_reference").GENERATED


@pytest.mark.parametrize("name", GENERATED)
def test_the_generated_page_is_up_to_date(name: str) -> None:
    text = (ROOT / "docs/reference" / name).read_text("utf-8")
    assert text == GENERATED[name](), "run python tools/docs_reference.py"


def test_every_command_and_every_option_is_documented() -> None:
    page = (ROOT / "docs/reference/commands.md").read_text("utf-8")
    for name, command in get_command(app).commands.items():  # type: ignore[attr-defined]
        part = page.partition(f"## vorort {name}\n")[2].partition("\n## ")[0]
        assert part, name
        for option in (o for p in command.params for o in p.opts if o.startswith("--")):
            assert option in part, (name, option)


@pytest.mark.parametrize("page", BY_PATH)
def test_every_link_inside_the_repository_leads_somewhere(page: str) -> None:
    path = BY_PATH[page]
    for target, anchor in links(path):
        there = (path.parent / target).resolve() if target else path
        assert there.exists(), target
        if anchor and there.suffix == ".md":
            assert anchor in anchors(there), f"{target}#{anchor}"


@pytest.mark.parametrize("page", BY_PATH)
def test_every_command_named_on_a_page_exists(page: str) -> None:
    text = BY_PATH[page].read_text("utf-8")
    named = set(re.findall(r"(?:^|`|\./)vorort ([a-z][a-z-]+)\b(?! =)", text, re.M))
    assert named <= COMMANDS | {"setup"}, named - COMMANDS


@pytest.mark.parametrize("page", [p for p in BY_PATH if not p.endswith("json.md")])
def test_every_parameter_named_on_a_page_is_declared(page: str) -> None:
    declared = set(load(folders()).parameters)
    declared |= set(load([ROOT / "src/vorort/stress/backtest"]).parameters)
    first = {name.partition(".")[0] for name in declared} - {"backtest"}
    text = re.sub(r"parameters_simulation [\w.]+", "", BY_PATH[page].read_text("utf-8"))
    named = set(re.findall(rf"`({'|'.join(sorted(first))})\.([a-z0-9_]+)`", text))
    missing = {".".join(pair) for pair in named} - declared
    assert not {m for m in missing if not m.endswith((".md", ".py", "_"))}, missing


def test_every_tracked_page_can_be_reached_from_the_readme() -> None:
    seen, todo = set(), [README]
    while todo:
        page = todo.pop()
        if page in seen or page.suffix != ".md":
            continue
        seen.add(page)
        todo += [(page.parent / target).resolve() for target, _ in links(page) if target]
    pages = {p for p in (ROOT / "docs").rglob("*.md") if p.parent.name != "decisions"}
    lost = {p.relative_to(ROOT).as_posix() for p in pages - seen}
    assert not lost, "link it in docs/README.md"


def test_the_readme_is_one_screen_with_a_picture_and_the_two_commands() -> None:
    text = README.read_text("utf-8")
    assert len(text.splitlines()) <= 60
    assert [" ".join(s.words) for s in steps(README)] == ["./vorort demo", "./vorort test"]
    assert "docs/pictures/outlook.png" in text


@pytest.mark.parametrize(
    "path", sorted((ROOT / "docs/pictures").glob("*.png")), ids=lambda p: p.name
)
def test_a_picture_is_taken_by_the_tool_is_shown_and_is_small(path: Path) -> None:
    assert path.stem in tool("docs_pictures").PARTS
    assert path.stat().st_size < LARGEST
    assert any(f"pictures/{path.name}" in p.read_text("utf-8") for p in PAGES)


@pytest.mark.skipif(not os.environ.get("VORORT_FULL"), reason="a full run; with --full")
def test_the_pictures_show_the_outlook_as_it_is() -> None:
    made = tool("docs_pictures")
    assert made.SENTENCE.read_text("utf-8").strip() == made.musterstadt()["sentence"]["de"], (
        "run python tools/docs_pictures.py"
    )


@pytest.mark.parametrize("page", ["own-values", "add-a-land-value"])
def test_the_values_shown_on_a_how_to_page_are_accepted(page: str, tmp_path: Path) -> None:
    text = (ROOT / f"docs/how-to/{page}.md").read_text("utf-8")
    (block,) = re.findall(r"^```yaml\n(.*?)^```", text, re.M | re.S)
    town = shutil.copytree(ROOT / "examples/musterstadt", tmp_path / "town")
    (town / "values.yaml").write_text(block, "utf-8")
    _, resolved = open_scenario(town)
    for name, values in yaml.safe_load(block)["values"].items():
        assert resolved.amount(name) == values[0]["value"]


def test_the_scenarios_are_described_by_name() -> None:
    text = (ROOT / "docs/method/arrivals.md").read_text("utf-8")
    for name in NAMES:
        assert f"`{name}`" in text, name
