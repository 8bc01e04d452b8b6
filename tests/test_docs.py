"""The documents cannot drift: what they show is what the commands print, and is made by them."""

from __future__ import annotations

import re
from pathlib import Path

import docs
import pytest

from ccgkg import errors
from ccgkg.cli import COMMANDS


def test_the_readme_shows_what_the_commands_print(root: Path):
    text = (root / "README.md").read_text(encoding="utf-8")
    assert docs.readme(text) == text, "run: python tests/docs.py"


def test_the_published_schemas_are_those_of_the_reader():
    written = {path: path.read_text(encoding="utf-8") for path in docs.SCHEMAS.glob("*.json")}
    assert written == docs.schemas(), "run: python tests/docs.py"


def test_every_curation_file_names_its_schema(root: Path):
    for path in [*root.glob("seeds/*.yaml"), *root.glob("seeds/*/*.yaml")]:
        if path.name == "sentences.yaml":
            continue  # written by the tool, not by hand
        first = path.read_text(encoding="utf-8").splitlines()[0]
        named = re.fullmatch(r"# yaml-language-server: \$schema=(\S+)", first)
        assert named, path
        assert (path.parent / named.group(1)).resolve() == docs.SCHEMAS / f"{path.stem}.json"


def test_the_exit_codes_of_the_readme_are_those_of_the_errors(root: Path):
    text = (root / "README.md").read_text(encoding="utf-8")
    listed = set(map(int, re.findall(r"^\| (\d) \|", text, re.MULTILINE)))
    used = {
        error.exit_code
        for error in vars(errors).values()
        if isinstance(error, type) and issubclass(error, errors.CcgkgError)
    }
    assert listed == used | {0}


def test_the_dependencies_of_the_readme_are_those_of_the_project(root: Path):
    import tomllib

    text = (root / "README.md").read_text(encoding="utf-8")
    table = text.partition("| dependency | why |")[2].partition("\n\n")[0]
    listed = re.findall(r"^\| ([a-z0-9]+) \|", table, re.MULTILINE)
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert listed and set(listed) == {
        re.split("[><=]", name)[0] for name in project["dependencies"]
    }


def test_the_lock_names_every_dependency(root: Path):
    import tomllib

    locked = {
        line.partition("==")[0].lower().replace("_", "-")
        for line in (root / "requirements.lock").read_text(encoding="utf-8").splitlines()
    }
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = [*project["dependencies"], *project["optional-dependencies"]["test"]]
    assert {re.split("[><=]", name)[0].lower() for name in wanted} <= locked


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_the_help_of_each_command_shows_an_example_that_names_it(name: str, run):
    shown = run(name, "--help").out
    assert "Example:" in shown
    assert f"ccgkg {name}" in shown or f" {name}" in shown.partition("Example:")[2]


def test_ci_runs_the_commands_of_the_readme(root: Path):
    script = (root / ".ci" / "run").read_text(encoding="utf-8")
    readme = (root / "README.md").read_text(encoding="utf-8")
    for mark in ("main-command", "test-command"):
        assert f"printed {mark}" in script
        assert f"<!-- {mark} -->\n```sh\npython3 -m venv" in readme
    tests = script.index("printed test-command")
    for mark in ("browser-command", "editor-command", "engine-command"):
        assert f"<!-- {mark} -->\n```sh\napt-get update" in readme
        assert script.index(f"printed {mark}") < tests
    for needed in ("CCGKG_REQUIRE_BROWSER=1", "CCGKG_REQUIRE_EDITOR=1", "CCGKG_REQUIRE_ENGINES=1"):
        assert script.index(needed) < tests
