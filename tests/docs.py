"""Fills the generated parts of the READMEs, and the schemas: run it, or test that it has been run.

    python tests/docs.py

A comment `<!-- run: COMMAND -->` is followed by what the command prints, `<!-- spoil: FILE |
OLD | NEW -->` by what `ccgkg check` says of a corpus in which OLD was made NEW, and
`<!-- commands -->` by a table of the commands. The reference of the vocabularies has a module of
its own, `reference.py`.
"""

from __future__ import annotations

import re
import shlex
import shutil
import sys
import tempfile
from pathlib import Path

import readings
import reference
from click.testing import CliRunner

from ccgkg.cli import COMMANDS, cli

ROOT = Path(__file__).resolve().parent.parent
README = ROOT / "README.md"
SCHEMAS = ROOT / "ontology" / "schemas"
SCHEMA_NAMES = (
    *("actors", "claims", "corpus", "glossary", "issues", "map", "source", "story", "times"),
    *("topics", "works"),
)

_RUN = re.compile(r"<!-- run: (.+?) -->\n```console\n.*?```\n", re.DOTALL)
_SPOIL = re.compile(r"<!-- spoil: (.+?) \| (.+?) \| (.+?) -->\n```console\n.*?```\n", re.DOTALL)
_COMMAND_TABLE = re.compile(r"<!-- commands -->.*?<!-- end of commands -->", re.DOTALL)


def printed(command: str) -> str:
    """What a `ccgkg` command prints on standard output."""
    words = shlex.split(command)
    assert words[0] == "ccgkg", command
    result = CliRunner().invoke(cli, words[1:])
    if result.exit_code:
        sys.exit(f"{command}: {result.output}")
    return result.stdout.rstrip("\n")


def checked_with(file: str, old: str, new: str) -> str:
    """What `ccgkg check` finds in a copy of the corpus in which some words were changed."""
    with tempfile.TemporaryDirectory() as folder:
        for name in ("seeds", "ontology", "queries"):
            shutil.copytree(ROOT / name, Path(folder) / name)
        path = Path(folder) / file
        text = path.read_text(encoding="utf-8")
        assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {file}"
        path.write_text(text.replace(old, new), encoding="utf-8")
        result = CliRunner().invoke(cli, ["--corpus", folder, "check"])
        assert result.exit_code == 3
    return "\n".join(line for line in result.stdout.splitlines() if ": error: " in line)


def readme(text: str) -> str:
    """The README with its generated parts made anew."""
    text = _RUN.sub(
        lambda m: (
            f"<!-- run: {m.group(1)} -->\n```console\n$ {m.group(1)}\n{printed(m.group(1))}\n```\n"
        ),
        text,
    )
    text = _SPOIL.sub(
        lambda m: (
            f"<!-- spoil: {m.group(1)} | {m.group(2)} | {m.group(3)} -->\n"
            f"```console\n$ ccgkg check\n{checked_with(*m.groups())}\n```\n"
        ),
        text,
    )
    rows = "\n".join(f"| `ccgkg {name}` | {what} |" for name, what in sorted(COMMANDS.items()))
    head = "<!-- commands -->\n\n| command | what it does |\n|---|---|"
    table = f"{head}\n{rows}\n\n<!-- end of commands -->"
    return _COMMAND_TABLE.sub(lambda _: table, text)


def schemas() -> dict[Path, str]:
    """The published JSON Schemas, made anew."""
    return {
        SCHEMAS / f"{name}.json": printed(f"ccgkg terms --json-schema {name}") + "\n"
        for name in SCHEMA_NAMES
    }


if __name__ == "__main__":
    for path, content in schemas().items():
        path.write_text(content, encoding="utf-8")
    pages = ((README, readme), (reference.PAGE, reference.page), (readings.PAGE, readings.page))
    for path, made in pages:
        path.write_text(made(path.read_text(encoding="utf-8")), encoding="utf-8")
