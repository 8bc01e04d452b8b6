"""The page carries the vis-network of the installed pyvis, and never pyvis's own template."""

from __future__ import annotations

from pathlib import Path

import jinja2
import pytest

from ccgkg.errors import NotBuildable
from ccgkg.network import page
from ccgkg.network.arranging import arrange
from ccgkg.network.drawing import Look
from ccgkg.network.page import EvidenceNetwork, vis_script
from ccgkg.network.statements import Kind
from network.conftest import random_network


@pytest.fixture
def pyvis(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A pyvis whose folders a test fills."""
    (tmp_path / "templates" / "lib").mkdir(parents=True)
    monkeypatch.setattr(page, "files", lambda _: tmp_path)
    return tmp_path / "templates" / "lib"


def test_vis_is_read_from_the_installed_pyvis():
    script = vis_script()
    assert "vis-network" in script[:400] and "version 9.1.2" in script[:400]
    assert "\r" not in script and "</script" not in script.casefold()


def test_the_newest_vis_is_taken_with_one_kind_of_line_end(pyvis: Path):
    for name, text in {"vis-9.0.4": "old", "vis-9.1.2": "a\r\nb", "vis-10.0.0": ""}.items():
        (pyvis / name).mkdir()
        if text:
            (pyvis / name / "vis-network.min.js").write_bytes(text.encode())
    assert vis_script() == "a\nb"


def test_without_vis_the_message_says_what_to_install(pyvis: Path):
    with pytest.raises(NotBuildable, match="brings no vis-network") as error:
        vis_script()
    assert "pip install 'pyvis==0.3.2'" in error.value.hint


def test_no_line_and_no_thing_is_lost_or_there_twice():
    network, things = random_network(60)
    look = Look(things, {name: Kind(name, name) for name in ("k/one", "k/two")})
    plan = arrange(network, things, (), {})
    template = jinja2.Environment(autoescape=True).from_string("{{ vis|length }} {{ title }}")
    made = EvidenceNetwork(template)
    made.take(network, look, plan)
    made.take(network, look, plan, own="a-lens")
    made.add_thing("actor/a1", look, plan)
    edges = network.number_of_edges()
    assert [edge["id"] for edge in made.edges] == list(range(2 * edges))
    assert [edge["own"] for edge in made.edges] == [""] * edges + ["a-lens"] * edges
    claims = sorted(c for edge in made.edges if not edge["own"] for c in edge["claims"])
    assert claims == sorted(c for *_, held in network.edges(data="claims") for c in held)
    nodes = {node["id"]: (node["x"], node["y"]) for node in made.nodes}
    assert nodes == {thing: plan.places[thing] for thing in {*network, "actor/a1"}}
    assert made.generate_html(title="<b>") == f"{len(vis_script())} &lt;b&gt;"
