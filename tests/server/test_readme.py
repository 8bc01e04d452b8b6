"""What the README prints of the server, as it stands there."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from server.serving import Server


@pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not on PATH")
def test_the_commands_for_curl_work(server: Server, root: Path, tmp_path: Path):
    text = (root / "README.md").read_text(encoding="utf-8")
    printed = re.search(r"<!-- curl -->\n```sh\n(.*?)```", text, re.DOTALL)
    assert printed is not None
    script = printed[1].replace("http://127.0.0.1:8000", server.url)
    said = subprocess.run(
        ["bash", "-ec", re.sub(r"^curl ", "curl -sSf ", script, flags=re.MULTILINE)],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert said.returncode == 0, said.stderr
    assert "ccg:saidLever" in (tmp_path / "sticks.rq").read_text(encoding="utf-8")
    assert said.stdout.count("https://w3id.org/ccgkg/claim/") > 5
    for told in ("(exact, characters", "@prefix ccg:", "claim,from,lever"):
        assert told in said.stdout, told
