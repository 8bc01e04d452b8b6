"""The law: every page stands by itself, runs only its own scripts, and leads somewhere."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import shutil
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import parse_qsl, unquote

import pytest

from ccgkg.dataset.opening import open_store
from ccgkg.site.pages import Site, pages, site_of
from ccgkg.site.rendering import sealed

MAP = "map.html"
"""What stands after its `#` is a state of the map, and no place in the page."""

VOID = {"area", "br", "col", "hr", "input", "link", "meta", "source", "wbr"}
"""Elements that have no end."""

LOADING = {"src", "srcset", "data", "poster", "action", "background", "formaction"}


class Page(HTMLParser):
    """What a page holds that could load, run or lead somewhere."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.names: list[str] = []
        self.faults: list[str] = []
        self.counts: dict[str, int] = {}
        self.policy = self.language = self.foot = ""
        self.open: list[str] = []
        self.feed(text)
        self.close()
        self.faults += [f"<{tag}> has no end" for tag in self.open]

    def handle_starttag(self, tag, attrs):
        told = dict(attrs)
        if tag not in VOID:
            self.open.append(tag)
        if len(told) != len(attrs):
            self.faults.append(f"<{tag}> has an attribute twice")
        self.counts[tag] = self.counts.get(tag, 0) + 1
        self.names += [told["id"]] if "id" in told else []
        self.links += [told["href"]] if tag == "a" and "href" in told else []
        self.language = told.get("lang", "") if tag == "html" else self.language
        if told.get("http-equiv") == "Content-Security-Policy":
            self.policy = told["content"]
        for name in told:
            if name in LOADING or name == "style" or name.startswith("on"):
                self.faults.append(f"<{tag} {name}>")
        if tag in ("link", "iframe", "object", "embed", "base", "img"):
            self.faults.append(f"<{tag}>")

    def handle_startendtag(self, tag, attrs):
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag):
        if tag in VOID:
            return
        if not self.open or self.open[-1] != tag:
            self.faults.append(f"</{tag}> ends {self.open[-1:]}")
        else:
            self.open.pop()

    def handle_data(self, data):
        if "footer" in self.open:
            self.foot += data


@pytest.fixture(scope="module")
def parsed(told: dict[str, str]) -> dict[str, Page]:
    return {path: Page(text) for path, text in told.items()}


@pytest.fixture(scope="module")
def hostile_told(hostile, cache: Path) -> dict[str, str]:
    """Every page of the hostile corpus, by its path."""
    return dict(pages(site_of(open_store(hostile.root, cache))))


@pytest.fixture(scope="module", params=["shipped", "hostile"])
def corpus_pages(request) -> dict[str, tuple[str, Page]]:
    """Every page of a corpus, by its path: as text and as what it holds."""
    if request.param == "shipped":
        texts, held = request.getfixturevalue("told"), request.getfixturevalue("parsed")
    else:
        texts = request.getfixturevalue("hostile_told")
        held = {path: Page(text) for path, text in texts.items()}
    return {path: (text, held[path]) for path, text in texts.items()}


def test_there_is_a_page_for_everything(site: Site, told):
    evidence = site.evidence
    expected = {
        "index.html", "map.html", "story.html", "claims.html", "glossary.html", "ontology.html",
        "questions.html", "sources.html", "register.html",
        *(claim.page for claim in evidence.claims.values()),
        *(source.page for source in evidence.sources.values()),
        *(entry.thing.page for entry in site.entries),
        *(question.page for question in site.questions),
        *(lens.page for lens in site.lenses),
    }  # fmt: skip
    assert set(told) == expected
    assert {"lens/disagreements.html", "actor/ccgs.html", "topic/engagement.html"} <= set(told)


def test_every_page_is_well_made(corpus_pages):
    for path, (_, page) in corpus_pages.items():
        assert page.faults == [], path
        assert (page.counts["h1"], page.counts["main"], page.language) == (1, 1, "en-GB"), path
        assert len(page.names) == len(set(page.names)), path


def test_every_link_leads_somewhere(corpus_pages):
    for path, (_, page) in corpus_pages.items():
        home = Path(path).parent
        for link in page.links:
            if link.startswith(("https://", "http://")):
                continue
            target, _, name = unquote(link).partition("#")
            there = Path(*_resolved(home / target)).as_posix() if target else path
            assert there in corpus_pages, f"{path} leads to {link}"
            if name and there != MAP:
                assert name in corpus_pages[there][1].names, f"{path} leads to {link}"


def test_every_way_to_the_map_leads_to_a_state_that_it_has(site: Site, told, parsed):
    there = {
        "claim": {claim.short for claim in (c.card for c in site.evidence.standing)},
        "focus": {entry.thing.key for entry in site.entries if entry.thing.kind == "actor"},
        "lens": {lens.name for lens in site.lenses},
        "story": {scene["id"] for scene in site.views["story"]},
    }
    model = json.loads(
        re.search('<script type="application/json" id="model">(.*?)</script>', told[MAP])[1]
    )
    edges = (">".join(e[k] for k in ("from", "to", "kind", "standing")) for e in model["edges"])
    there["edge"] = set(edges)
    led = {kind: set() for kind in there}
    for path, page in parsed.items():
        for link in page.links:
            target, _, state = link.partition("#")
            if target.endswith(MAP) and state:
                for kind, name in parse_qsl(state, strict_parsing=True):
                    assert name in there[kind], f"{path} leads to {link}"
                    led[kind].add(name)
    assert led["lens"] == there["lens"] and led["story"] == there["story"]
    assert led["claim"] == there["claim"] and led["edge"]


def test_a_withdrawn_claim_leads_to_its_source_and_not_to_the_map(hostile_told: dict[str, str]):
    page = Page(hostile_told["claim/constructor/withdrawn.html"])
    assert "../../source/constructor.html" in page.links
    assert not any(f"{MAP}#" in link for link in page.links)


def _resolved(path: Path) -> list[str]:
    parts: list[str] = []
    for part in path.parts:
        if part == "..":
            parts.pop()
        else:
            parts.append(part)
    return parts


def test_the_policy_allows_what_the_page_holds_and_nothing_else(corpus_pages):
    for path, (text, page) in corpus_pages.items():
        held = {"script": set(), "style": set()}
        for kind, attributes, content in re.findall(
            r"<(script|style)([^>]*)>(.*?)</\1>", text, re.DOTALL
        ):
            if "json" not in attributes:
                digest = hashlib.sha256(content.encode()).digest()
                held[kind].add(f"'sha256-{base64.b64encode(digest).decode()}'")
        allowed = dict(part.strip().split(" ", 1) for part in page.policy.split(";"))
        assert set(allowed.pop("script-src").split()) == held["script"], path
        assert set(allowed.pop("style-src").split()) == held["style"], path
        assert allowed == {
            "default-src": "'none'",
            "img-src": "data: blob:",
            "base-uri": "'none'",
            "form-action": "'none'",
        }


def test_words_that_look_like_the_policy_stay_words():
    page = sealed("policy of this page <p>policy of this page</p>")
    assert page.count("policy of this page") == 1


def test_every_page_bears_the_dataset(site: Site, parsed: dict[str, Page]):
    edition = site.edition
    for path, page in parsed.items():
        foot = " ".join(page.foot.split())
        assert f"Dataset {edition.name} {edition.version}, sha256:{edition.short}" in foot, path


def test_a_denial_is_a_denial_wherever_it_stands(site: Site, told):
    denied = [claim for claim in site.evidence.standing if claim.denied]
    assert denied
    for claim in denied:
        assert '<b class="not">' in told[claim.page]
    table = told["claims.html"]
    assert table.count('<b class="not">a denial</b>') == len(denied)


def test_the_table_holds_every_claim_once(site: Site, told):
    body = told["claims.html"].partition("<tbody>")[2]
    assert body.count("<tr") == len(site.evidence.standing)


def test_figures_are_joined_only_where_they_may_be_compared(told):
    page = told["lens/engagement.html"]
    chart = page.partition('<svg class="chart"')[2].partition("</svg>")[0]
    assert chart.count('<line class="joined') == 1
    assert chart.count("<g class=") == 5
    assert "lens/disagreements.html" in page


def test_a_question_that_needs_something_says_how_to_ask_it(told):
    assert "<code>ccgkg query actor actor=…</code>" in told["query/actor.html"]
    assert "<tbody>" in told["query/figures.html"]


def test_the_command_writes_and_says_where(run, tmp_path: Path):
    done = run("site", "-o", tmp_path / "out")
    assert done.code == 0
    assert Path(done.out.strip()) == tmp_path / "out" / "index.html"
    assert Path(done.out.strip()).is_file()
    assert re.search(r"wrote .* \(\d+ pages, ", done.err)


@pytest.mark.parametrize(
    ("place", "code", "wrong", "then"),
    [
        ("file", 2, "is a file", "Name a folder: ccgkg site -o DIR"),
        ("folder", 2, "holds files that ccgkg did not write", "add --force"),
        (
            "file/below",
            4,
            "cannot be written: Not a directory",
            "Name another place: ccgkg site -o DIR",
        ),
    ],
)
def test_a_refusal_says_what_is_wrong_and_what_to_do(run, tmp_path: Path, place, code, wrong, then):
    (tmp_path / "file").write_text("mine")
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "file").write_text("mine")
    done = run("site", "-o", tmp_path / place)
    assert (done.code, done.out) == (code, "")
    assert wrong in done.err and then in done.err
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["file", "file", "folder"]


def test_a_corpus_without_claims_has_pages_that_say_so(corpus, cache, run, tmp_path: Path):
    for path in (corpus.root / "seeds").glob("*/"):
        shutil.rmtree(path)
    for name in ("actors", "topics", "works", "times", "issues", "story", "glossary", "map"):
        (corpus.root / "seeds" / f"{name}.yaml").unlink(missing_ok=True)
    source = corpus.root / "seeds" / "empty-2020"
    source.mkdir()
    text = "Welcome to our newsletter.\n"
    digest = hashlib.sha256(text.encode()).hexdigest()
    (source / "source.txt").write_text(text, encoding="utf-8", newline="\n")
    (corpus.root / "seeds" / "actors.yaml").write_text(
        "paper: {label: the paper, kind: group, tier: observer, known: {inferred: it speaks}}\n",
        encoding="utf-8",
    )
    (source / "source.yaml").write_text(
        f"key: empty-2020\nfile: {{name: a.txt, sha256: {digest}}}\n"
        "record: {type: webpage, title: A paper}\nknown: {title: {inferred: made up}}\n"
        "agents: {author: paper}\nrights: a test\n",
        encoding="utf-8",
    )
    (source / "claims.yaml").write_text(
        "source: empty-2020\nvoices: {body: [paper]}\nclaims:\n"
        "- {quote: Welcome to our newsletter., no-claim: greeting}\n",
        encoding="utf-8",
    )
    done = run("--corpus", corpus.root, "site", "-o", tmp_path / "out")
    assert done.code == 0
    index = (tmp_path / "out" / "index.html").read_text(encoding="utf-8")
    assert "This corpus has no claims yet." in index
    table = (tmp_path / "out" / "claims.html").read_text(encoding="utf-8")
    assert "This corpus has no claims yet." in table
