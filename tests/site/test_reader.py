"""The law: the reader prints a text exactly as received, and every quote in it is whole."""

from __future__ import annotations

from dataclasses import replace
from html.parser import HTMLParser

import pytest

from ccgkg.site.evidence import Evidence
from ccgkg.site.pages import Site, pages
from ccgkg.site.reader import Margin, excerpts, margin, regions
from ccgkg.site.sources import Region, SourceView, Unclaimed

SOURCES = [
    "holder-2014",
    "kingsfund-2014",
    "naylor-2013-bmj",
    "naylor-2013-kingsfund",
    "pulse-2016",
]


class Reader(HTMLParser):
    """What a browser makes of a reader's page: the text, and the text of each claim's marks."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.text, self.quotes = "", {}
        self.open: list[str] = []
        self.inside = self.deepest = 0
        self.names: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        told = dict(attrs)
        if told.get("id"):
            self.names.append(told["id"])
        if told.get("id") == "_text":
            self.inside = 1
        elif self.inside and tag == "div":
            self.inside += 1
        if tag == "mark":
            self.open.append(told["data-c"])
            self.deepest = max(self.deepest, len(self.open))

    def handle_endtag(self, tag):
        if self.inside and tag == "div":
            self.inside -= 1
        if tag == "mark":
            self.open.pop()

    def handle_data(self, data):
        if not self.inside:
            return
        self.text += data
        for names in self.open:
            for name in names.split():
                self.quotes[name] = self.quotes.get(name, "") + data


@pytest.mark.parametrize("key", SOURCES)
def test_the_page_holds_the_text_as_received(evidence: Evidence, told, key):
    page = Reader(told[f"source/{key}.html"])
    # Between two regions stands a line break of the template's.
    assert page.text.split() == evidence.sources[key].text.split()


@pytest.mark.parametrize("key", SOURCES)
def test_segments_joined_are_the_source(evidence: Evidence, key):
    source = evidence.sources[key]
    told = ""
    for region in regions(source, margin(source, evidence.standing)):
        for block in region.blocks:
            told += "".join(segment.text for segment in block.segments) + block.after
    assert told == source.text


@pytest.mark.parametrize("key", SOURCES)
def test_every_quote_comes_back_whole(evidence: Evidence, told, key):
    source = evidence.sources[key]
    page = Reader(told[f"source/{key}.html"])
    beside = margin(source, evidence.standing)
    assert beside
    for each in beside:
        covered = sorted({at for start, end in each.stretches for at in range(start, end)})
        assert page.quotes[each.anchor] == "".join(source.text[at] for at in covered)
    assert page.deepest == 1, "marks are flat"


@pytest.mark.parametrize("key", SOURCES)
def test_passage_and_claim_lead_to_each_other(evidence: Evidence, told, key):
    page = told[f"source/{key}.html"]
    names = Reader(page).names
    assert len(names) == len(set(names))
    for each in margin(evidence.sources[key], evidence.standing):
        assert {each.anchor, f"_{each.anchor}"} <= set(names)
        assert page.count(f'href="#{each.anchor}"') == 1
        assert f'href="#_{each.anchor}"' in page


def test_overlapping_passages_are_cut_not_nested(evidence: Evidence):
    source = made("One two three four five six.", [])
    claim = evidence.standing[0]
    beside = [
        Margin(1, "long", claim, ((0, 18),)),
        Margin(2, "late", claim, ((8, 27),)),
        Margin(3, "same", claim, ((8, 27),)),
    ]
    (block,) = regions(source, beside)[0].blocks
    assert [(s.text, s.claims, s.depth) for s in block.segments] == [
        ("One two ", ("long",), 1),
        ("three four", ("long", "late", "same"), 2),
        (" five six", ("late", "same"), 1),
        (".", (), 0),
    ]
    assert [s.starts for s in block.segments] == [("long",), ("late", "same"), (), ()]
    assert [[end.anchor for end in s.ends] for s in block.segments] == [
        [], ["long"], ["late", "same"], []
    ]  # fmt: skip


def made(text: str, regions: list[Region], unclaimed: tuple[Unclaimed, ...] = ()) -> SourceView:
    return SourceView(
        card=None, label="", text=text, sentences=((0, len(text)),), regions=tuple(regions),
        unclaimed=unclaimed, rights="", fields=(), authors=(), language="en", printings=(),
        year="", page="",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("text", "found", "kinds"),
    [
        ("", [], []),
        ("\n\nA title\n\nBody.\n", [(2, 9, "heading")], ["heading", "body"]),
        ("Body. Comment", [(6, 13, "comments")], ["body", "comments"]),
        ("a\nb\n\nc", [(2, 3, "comments")], ["body", "comments", "body"]),
        ("a\nb", [(0, 1, "comments"), (2, 3, "comments")], ["comments", "comments"]),
        ("a\nb", [(0, 1, "body")], ["body"]),
        ("line\u2028separator \ud7ff end", [], ["body"]),
    ],
)
def test_regions_keep_every_character(text, found, kinds):
    named = [Region(f"r{at}", kind, start, end) for at, (start, end, kind) in enumerate(found)]
    cut = regions(made(text, named), [])
    assert [region.kind for region in cut] == kinds
    assert text == "".join(
        segment.text if segment else block.after
        for region in cut
        for block in region.blocks
        for segment in (*block.segments, None)
    )


def test_a_sentence_without_a_claim_says_why():
    source = made("Hello there. Body.", [], (Unclaimed(0, 12, "greeting"),))
    (block,) = regions(source, [])[0].blocks
    assert [(s.text, s.reason) for s in block.segments] == [
        ("Hello there.", "greeting"),
        (" Body.", ""),
    ]


def test_the_reason_stands_on_the_page(told):
    assert 'data-why="boilerplate">This site is intended' in told["source/pulse-2016.html"]


def test_comments_are_set_apart(told):
    page = told["source/naylor-2013-kingsfund.html"]
    assert "region-comments" in page
    assert "region-comments" not in told["source/naylor-2013-bmj.html"].partition("<body")[2]


def test_a_second_printing_names_the_claims_by_their_source(evidence: Evidence):
    source = evidence.sources["naylor-2013-kingsfund"]
    anchors = {each.anchor for each in margin(source, evidence.standing)}
    assert {"naylor-2013-bmj/stacked", "always-a-beating"} & anchors
    assert any("/" in anchor for anchor in anchors) and not all("/" in a for a in anchors)


@pytest.mark.parametrize("key", SOURCES)
def test_excerpts_are_the_sentences_that_carry_a_claim(evidence: Evidence, key):
    source = evidence.sources[key]
    beside = margin(source, evidence.standing)
    told = [
        "".join(segment.text for segment in block.segments)
        for region in excerpts(source, beside)
        for block in region.blocks
    ]
    silent = {(start, end) for start, end, _ in source.unclaimed}
    assert told == [source.text[a:b] for a, b in source.sentences if (a, b) not in silent]


def test_excerpts_print_no_whole_text(site: Site, told):
    page = dict(pages(replace(site, excerpts=True)))["source/pulse-2016.html"]
    assert "This site is intended for health professionals only" in told["source/pulse-2016.html"]
    assert "This site is intended for health professionals only" not in page
    assert "Only the sentences that carry a claim" in page


def test_zotero_reads_the_record(told):
    page = told["source/holder-2014.html"]
    for tag in (
        '<meta name="citation_author" content="H Holder">',
        '<meta name="citation_publication_date" content="2014/04/01">',
        '"@type":"BlogPosting"',
        '"datePublished":"2014-04-01"',
    ):
        assert tag in page
