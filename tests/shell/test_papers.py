"""The files a repository shows first: licences, publiccode.yml, notes, decisions, addresses."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import addresses
import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
NOTES = sorted((ROOT / "changes").glob("*.yaml"))
DECISIONS = sorted((ROOT / "docs/decisions").glob("[0-9]*.md"))


def test_no_tracked_file_names_a_registry_or_a_path_of_one_machine() -> None:
    assert addresses.findings(ROOT) == []


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("https://py", "pi.org/simple"),
        ("see /wor", "k/shared"),
        ("'/roo", "t/x'"),
        ("/hom", "e/anna/x"),
    ],
)
def test_the_search_for_addresses_finds_them(before: str, after: str) -> None:
    assert [line for line, _ in addresses.places(f"first\n{before}{after}\n")] == [2]


@pytest.mark.parametrize(
    "text", ["docs/work/x", "a network/root", "/workers", "the root / of", "~/.cache"]
)
def test_the_search_for_addresses_leaves_other_words_alone(text: str) -> None:
    assert list(addresses.places(text)) == []


def test_every_licence_named_is_there_in_full() -> None:
    text = (ROOT / "REUSE.toml").read_text()
    named = {a["SPDX-License-Identifier"] for a in tomllib.loads(text)["annotations"]}
    there = {path.stem: path.read_text() for path in (ROOT / "LICENSES").iterdir()}
    assert named == set(there) == {"EUPL-1.2", "CC-BY-4.0", "CC0-1.0"}
    for name, last in {
        "EUPL-1.2": "require the production of a new EUPL version.",
        "CC-BY-4.0": "Creative Commons may be contacted at creativecommons.org.",
        "CC0-1.0": "this CC0 or use of the Work.",
    }.items():
        assert there[name].rstrip().endswith(last)


MANDATORY = (
    "publiccodeYmlVersion", "name", "url", "platforms", "categories", "developmentStatus",
    "softwareType", "description", "legal.license", "maintenance.type",
    "localisation.localisationReady", "localisation.availableLanguages",
)  # fmt: skip


def test_publiccode_has_every_mandatory_key() -> None:
    told = yaml.safe_load((ROOT / "publiccode.yml").read_text())
    for key in MANDATORY:
        place = told
        for part in key.split("."):
            assert part in place, key
            place = place[part]
        assert place not in (None, "", [], {}), key
    assert told["publiccodeYmlVersion"] == "0.4"
    assert told["developmentStatus"] in {"concept", "development", "beta", "stable", "obsolete"}
    assert told["maintenance"]["type"] in {"internal", "contract", "community", "none"}
    if told["maintenance"]["type"] in {"internal", "community"}:
        assert told["maintenance"]["contacts"]


def test_publiccode_describes_vorort_in_both_languages() -> None:
    told = yaml.safe_load((ROOT / "publiccode.yml").read_text())
    assert (
        set(told["description"]) == set(told["localisation"]["availableLanguages"]) == {"de", "en"}
    )
    for words in told["description"].values():
        assert len(words["shortDescription"]) <= 150
        assert 150 <= len(words["longDescription"]) <= 10_000
        assert len(words["features"]) >= 5


def test_publiccode_and_the_package_agree() -> None:
    told = yaml.safe_load((ROOT / "publiccode.yml").read_text())
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert told["softwareVersion"] == project["version"]
    assert told["legal"]["license"] == project["license"]
    assert f">={told['dependsOn']['open'][0]['versionMin']}" == project["requires-python"]


def test_there_are_notes_and_decisions() -> None:
    assert NOTES and DECISIONS


@pytest.mark.parametrize("path", NOTES, ids=lambda path: path.name)
def test_a_note_is_complete(path: Path) -> None:
    note = yaml.safe_load(path.read_text())
    assert re.fullmatch(r"\d{4}-[a-z0-9-]+\.yaml", path.name)
    assert note["results"] in {"same", "moved"}
    texts = [note["de"], note["en"]]
    if note["results"] == "moved":
        texts += [note["why"]["de"], note["why"]["en"]]
    assert set(note) == {"de", "en", "results"} | ({"why"} if note["results"] == "moved" else set())
    assert all(isinstance(text, str) and text.strip() for text in texts)


@pytest.mark.parametrize("path", DECISIONS, ids=lambda path: path.name)
def test_a_decision_has_its_form(path: Path) -> None:
    text = path.read_text()
    number = int(path.name[:4])
    assert re.match(rf"# {number} \S", text)
    assert re.search(r"^(Accepted|Superseded by \d+), \d{4}-\d\d-\d\d\.", text, re.M)
    assert re.findall(r"^## (.+)$", text, re.M) == ["Context", "Decision", "Consequences"]


def test_numbers_of_notes_and_decisions_are_used_once() -> None:
    for paths in (NOTES, DECISIONS):
        numbers = [path.name[:4] for path in paths]
        assert len(set(numbers)) == len(numbers)
