"""What `ccgkg/ENGINES.md` prints for the engines that were tried, run as it stands there.

Only addresses, and the administrator's password, are those of the servers of the tests.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

import ccgkg
from engines.running import PASSWORD, Engine, Oxigraph, Virtuoso, oxigraph, program, virtuoso

pytestmark = pytest.mark.slow

TRIED = ["oxigraph-server", "oxigraph", "oxigraph-bulk", "oxigraph-check", "virtuoso-user",
         "virtuoso", "virtuoso-bulk"]  # fmt: skip


def printed(root: Path) -> dict[str, str]:
    text = (root / "ccgkg" / "ENGINES.md").read_text(encoding="utf-8")
    return dict(re.findall(r"<!-- (\S+) -->\n```sh\n(.*?)```", text, re.DOTALL))


def run(script: str, folder: Path, addresses: dict[str, str]) -> str:
    """What some commands print; `ccgkg` is the one of these tests."""
    programs = folder / "bin"
    programs.mkdir(exist_ok=True)
    (programs / "ccgkg").write_text(f'#!/bin/sh\nexec "{sys.executable}" -m ccgkg "$@"\n')
    (programs / "ccgkg").chmod(0o755)
    for old, new in addresses.items():
        script = script.replace(old, new)
    path = os.pathsep.join((str(programs), str(Path(sys.executable).parent), os.environ["PATH"]))
    done = subprocess.run(
        ["bash", "-ec", script],
        cwd=folder,
        env=os.environ | {"PATH": path},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def whole(engine: Engine) -> bool:
    return engine.quads() == set(ccgkg.open().store.quads())


def test_the_page_has_the_blocks_that_are_run(root: Path):
    assert sorted(printed(root)) == sorted(TRIED)


def test_the_commands_for_oxigraph(root: Path, tmp_path: Path):
    blocks = printed(root)
    with oxigraph(tmp_path) as engine:
        told = run(blocks["oxigraph"], tmp_path, {"127.0.0.1:7878": f"127.0.0.1:{engine.port}"})
        assert "holder-2014/stick-contracts" in told
        assert whole(engine)


def test_the_bulk_loader_of_oxigraph(root: Path, tmp_path: Path):
    blocks = printed(root)
    run(blocks["oxigraph-bulk"], tmp_path, {})
    engine = Oxigraph(tmp_path)
    serving = blocks["oxigraph-server"].replace("127.0.0.1:7878", f"127.0.0.1:{engine.port}")
    assert serving.split()[1:] == engine.command[1:]
    engine.start()
    try:
        told = run(
            blocks["oxigraph-check"], tmp_path, {"127.0.0.1:7878": f"127.0.0.1:{engine.port}"}
        )
        assert told == f"{ccgkg.open().store.manifest.quads:,} quads are at {engine.query}\n"
        assert whole(engine)
    finally:
        engine.kill()


def addresses(engine: Virtuoso) -> dict[str, str]:
    return {
        "isql-vt 1111 dba dba": f"isql-vt 127.0.0.1:{engine.sql} dba {PASSWORD}",
        "127.0.0.1:8890": re.sub(r"^http://|/sparql$", "", engine.query),
    }


def test_the_commands_for_virtuoso(root: Path, tmp_path: Path):
    program("isql-vt")
    blocks = printed(root)
    with virtuoso(tmp_path) as engine:
        run(blocks["virtuoso-user"], tmp_path, addresses(engine))
        told = run(blocks["virtuoso"], tmp_path, addresses(engine))
        assert "holder-2014/stick-contracts" in told
        assert whole(engine)


def test_the_bulk_loader_of_virtuoso(root: Path, tmp_path: Path):
    with virtuoso(tmp_path) as engine:
        told = run(printed(root)["virtuoso-bulk"], tmp_path, addresses(engine))
        assert told.endswith(f"{ccgkg.open().store.manifest.quads:,} quads are at {engine.query}\n")
        assert whole(engine)
