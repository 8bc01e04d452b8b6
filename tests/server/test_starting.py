"""What keeps `ccgkg serve` from starting is told in one line with the exit code of its kind."""

from __future__ import annotations

import gzip
import os
import signal
import socket
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from server.serving import Server, refused, serving


def first_of(names: Iterable[str]) -> list[Any]:
    """The names, all but the first of them slow: each starts a process."""
    first, *others = names
    return [first, *(pytest.param(name, marks=pytest.mark.slow) for name in others)]


USAGE = {
    "no workers": ("--workers", 0),
    "workers below nothing": ("--workers", -1),
    "port too large": ("--port", 99999),
    "port below nothing": ("--port", -1),
    "port of letters": ("--port", "http"),
    "no time": ("--timeout", 0),
    "time below nothing": ("--timeout", -1),
    "time that is no number": ("--timeout", "nan"),
    "endless time": ("--timeout", "inf"),
    "no memory": ("--memory", 0),
    "memory below nothing": ("--memory", -5),
    "no bytes": ("--max-bytes", 0),
    "unknown option": ("--nonsense",),
    "an argument": ("nonsense",),
}


@pytest.mark.parametrize("name", USAGE)
def test_a_wrong_option_is_usage(name: str, run):
    port = () if "--port" in USAGE[name] else ("--port", 0)
    result = run("serve", *USAGE[name], *port)
    assert result.code == 2, result.err
    assert str(USAGE[name][0]).lstrip("-") in result.err


@pytest.mark.slow
def test_a_port_in_use():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        code, told = refused("--port", taken.getsockname()[1])
    assert code not in {0, -9}
    assert "Traceback" not in told
    assert "use" in told and str(taken) not in told


@pytest.mark.slow
@pytest.mark.parametrize("host", ["no-such-host.invalid", "192.0.2.1", "", "not a host"])
def test_a_host_that_is_not_here(host: str):
    code, told = refused("--port", 0, "--host", host)
    assert code not in {0, -9}
    assert "Traceback" not in told
    assert told.strip()


BROKEN = {
    "broken.nq": (b"<http://a> <http://b> <http://c> .\n<http://a> <http://b> .\n", "2"),
    "broken.trig": (b"<http://a> <http://b> <http://c> .\n\n<http://a> <http://b> .\n", "3"),
    "relative.nq": (b"<a> <b> <c> .\n", "1"),
    "latin.nq": (b'<http://a> <http://b> "\xff" .\n', ""),
    "broken.nq.gz": (gzip.compress(b"<http://a> <http://b> .\n"), "1"),
    "cut.nq.gz": (gzip.compress(b"<http://a> <http://b> <http://c> .\n" * 100)[:-20], ""),
    "not.nq.gz": (b"<http://a> <http://b> <http://c> .\n", ""),
    "unknown.xyz": (b"<http://a> <http://b> <http://c> .\n", "nq"),
}


@pytest.mark.parametrize("name", first_of(BROKEN))
def test_a_broken_file_is_told_with_its_line(name: str, tmp_path: Path):
    content, said = BROKEN[name]
    (tmp_path / name).write_bytes(content)
    code, told = refused("--port", 0, "--dataset", tmp_path / name)
    assert code in {2, 3, 4}, told
    assert "Traceback" not in told
    assert name in told and said in told.replace(str(tmp_path), "")


@pytest.mark.parametrize("name", first_of(["missing.nq", "", "folder.nq"]))
def test_a_file_that_is_not_there(name: str, tmp_path: Path):
    (tmp_path / "folder.nq").mkdir()
    code, told = refused("--port", 0, "--dataset", tmp_path / name)
    assert code in {2, 3, 4}, told
    assert "Traceback" not in told


LINE = b'<http://a> <http://b> "\xc3\xa9" <http://g> .\n'
TAKEN = {
    "plain.nq": LINE,
    "packed.nq.gz": gzip.compress(LINE),
    "some.trig": b'@prefix : <http://> . :g { :a :b "\xc3\xa9" }\n',
    "packed.trig.gz": gzip.compress(b'<http://g> { <http://a> <http://b> "\xc3\xa9" }'),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", TAKEN)
def test_each_form_of_a_dataset(name: str, tmp_path: Path):
    (tmp_path / name).write_bytes(TAKEN[name])
    with serving("--dataset", tmp_path / name) as server:
        answer = server.ask("SELECT ?o { GRAPH ?g { ?s ?p ?o } }", "text/csv")
        assert answer.text.split() == ["o", "é"]
        assert server.get("/health").json()["quads"] == 1


@pytest.mark.slow
def test_an_empty_dataset(tmp_path: Path):
    (tmp_path / "empty.nq").touch()
    with serving("--dataset", tmp_path / "empty.nq") as server:
        assert server.ask("ASK { ?s ?p ?o }").json()["boolean"] is False
        for path in ("/", "/sparql", "/health", "/.well-known/void", "/terms.json"):
            assert server.get(path).status == 200, path
        assert server.get("/a/b").status == 404


@pytest.mark.slow
def test_a_dataset_that_changes_meanwhile_is_the_one_that_was_opened(tmp_path: Path):
    """Else workers that are replaced would answer otherwise than their neighbours."""
    path = tmp_path / "d.nq"
    path.write_bytes(LINE)
    with serving("--dataset", path, "--workers", 2) as server:
        digest = server.get("/health").json()["dataset"]
        path.write_bytes(LINE + b"<http://z> <http://b> <http://c> <http://g> .\n")
        for pid in server.workers():
            os.kill(pid, signal.SIGKILL)
        told = [
            server.ask(f"SELECT (COUNT(*) AS ?n) {{ GRAPH ?g {{ ?s ?p ?o }} }} #{n}", "text/csv")
            for n in range(6)
        ]
        assert {one.status for one in told} <= {200, 503}
        assert {one.text.split()[1] for one in told if one.status == 200} <= {"1"}
        assert server.get("/health").json()["dataset"] == digest


@pytest.mark.slow
def test_no_listening_beyond_loopback_without_a_warning(cache):
    with serving("--host", "0.0.0.0") as server:
        talk = "\n".join(server.talk).lower()
        assert "warn" in talk or "anybody" in talk or "anyone" in talk, talk
    with serving("--host", "127.0.0.1") as quiet:
        assert len(quiet.talk) <= 2, quiet.talk


@pytest.mark.slow
def test_other_names_of_loopback_warn_of_nothing(cache):
    for host in ("localhost", "::1", "127.0.0.2"):
        with serving("--host", host) as server:
            assert "warn" not in "\n".join(server.talk).lower()
            assert server.ask("ASK {}").status == 200


def test_the_talk_is_short(server: Server):
    assert len(server.talk) <= 4, server.talk
    assert server.url in "\n".join(server.talk)
