"""How far independent readings agree with the curation, recomputed from `agreement/`.

    python tests/readings.py                      # print the tables of seeds/README.md
    python tests/readings.py list KEY COMMIT      # a source's curated claims, as a list
    python tests/readings.py sheet KEY COMMIT     # each claim in its context, for a verdict

For each source `agreement/` has a folder with

- `blind.yaml`: the claims that a reader listed who had the text and the guideline and not the
  curation;
- `curation.yaml`: the curated claims that the list was compared with (`list`), and their commit;
- `compared.yaml`: which of the two mean the same, and how each difference was decided and why;
- `verdicts-N.yaml`: round by round, whether the author would accept each claim, judged from the
  claim and its passage in context alone (`sheet`). No round had a "no"; all are kept.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any

import yaml
from wholecorpus import read_corpus

from ccgkg.corpus.claims import Claim
from ccgkg.corpus.findings import Findings
from ccgkg.corpus.library import Corpus
from ccgkg.corpus.places import shipped
from ccgkg.corpus.text import Span, Text
from ccgkg.dataset.ontology import read_ontology

HERE = Path(__file__).resolve().parent / "agreement"
PAGE = HERE.parent.parent / "seeds" / "README.md"
SOURCES = tuple(sorted(path.name for path in HERE.iterdir() if (path / "blind.yaml").exists()))
HALF = 0.5
"""Two passages are the same if they share at least this part of the words of both."""
VERDICTS = ("yes", "minor", "no")


@cache
def corpus() -> Corpus:
    """The shipped corpus as it is now."""
    place = shipped()
    findings = Findings(place.root)
    return read_corpus(place, read_ontology(place.vocabularies()).vocabulary, findings)


def read(key: str, name: str) -> Any:
    """One of the files on a source."""
    return yaml.safe_load((HERE / key / name).read_text(encoding="utf-8"))


def digest(claim: Claim) -> str:
    """The first characters of the digest that a citation shows."""
    return claim.digest(_quotes(claim))[:12]


def _quotes(claim: Claim) -> list[str]:
    texts = corpus().sources
    return [texts[p.source].text[span] for p in claim.passages for span in p.spans]


def curated(key: str) -> list[Claim]:
    """The claims of one source that are made, conditions left out."""
    return [
        claim
        for claim in corpus().readings[key].claims
        if claim.full is not None and not claim.withdrawn
    ]


def listed(claim: Claim) -> dict[str, Any]:
    """A curated claim in the form of the blind lists."""
    assert claim.full is not None
    entry: dict[str, Any] = {
        "claim": claim.id,
        "quote": " … ".join(_quotes(claim)[: len(claim.passages[0].spans)]),
        "spans": [[span.start, span.end] for span in claim.passages[0].spans],
        "speaker": claim.asserter,
        "subject": [end.key for end in claim.subjects],
        "relation": claim.relation.term.name,
        "object": [end.key for end in claim.objects],
        "modality": claim.modality,
    }
    if claim.full.denied:
        entry["denied"] = True
    if claim.full.hedge:
        entry["hedge"] = claim.full.hedge
    return entry | {"text": claim.full.text}


# ---- the comparison of two lists


@dataclass(frozen=True)
class Comparison:
    """A blind list beside the curated one, and what was decided of each difference.

    Attributes:
        key: the source.
        blind: the blind list, by its ids.
        curation: the curated list of that day, by claim id.
        pairs, only_blind, only_curation: as decided in `compared.yaml`.
    """

    key: str
    blind: Mapping[str, Mapping[str, Any]]
    curation: Mapping[str, Mapping[str, Any]]
    pairs: tuple[Mapping[str, Any], ...]
    only_blind: tuple[Mapping[str, Any], ...]
    only_curation: tuple[Mapping[str, Any], ...]

    @cached_property
    def agreed(self) -> dict[str, list[bool]]:
        """For each pair and field whether the two readings agree."""
        fields = ("speaker", "modality", "polarity", "direction")
        return {field: [self.agrees(pair, field) for pair in self.pairs] for field in fields}

    def agrees(self, pair: Mapping[str, Any], field: str) -> bool:
        """Whether the readings of a pair agree in one of the fields of `agreed`."""
        if field == "direction":
            return bool(pair["direction"] == "same")
        theirs = self.blind[pair["blind"]]
        ours = [self.curation[claim] for claim in pair["claims"]]
        name = "denied" if field == "polarity" else field
        return all(theirs.get(name) == claim.get(name) for claim in ours)

    def spans(self) -> tuple[set[frozenset[int]], set[frozenset[int]]]:
        """The distinct passages of both lists, each as the set of its words."""
        text = corpus().sources[self.key].text
        words = list(_words(text))
        theirs = {
            _covered(words, [_found(text, entry["quote"])])
            for entry in self.blind.values()
            if "no-claim" not in entry
        }
        ours = {
            _covered(words, [Span(*span) for span in entry["spans"]])
            for entry in self.curation.values()
        }
        return theirs, ours


def compared(key: str) -> Comparison:
    """The comparison of one source."""
    decided = read(key, "compared.yaml")
    return Comparison(
        key=key,
        blind={e["id"]: e for e in read(key, "blind.yaml")["claims"] if "no-claim" not in e},
        curation={e["claim"]: e for e in read(key, "curation.yaml")["claims"]},
        pairs=tuple(decided["pairs"]),
        only_blind=tuple(decided["only-blind"]),
        only_curation=tuple(decided["only-curation"]),
    )


def _words(text: Text) -> Iterator[Span]:
    start = None
    for at, character in enumerate(text.content + " "):
        if character.isalnum():
            start = at if start is None else start
        elif start is not None:
            yield Span(start, at)
            start = None


def _covered(words: list[Span], spans: Iterable[Span]) -> frozenset[int]:
    kept = list(spans)
    return frozenset(
        number
        for number, word in enumerate(words)
        if any(span.start <= word.start and word.end <= span.end for span in kept)
    )


def _found(text: Text, quote: str) -> Span:
    """Where a quote stands; its last place if it is printed twice, as the curation takes it."""
    start = text.content.rindex(quote)
    return Span(start, start + len(quote))


def _same(one: frozenset[int], other: frozenset[int]) -> bool:
    return len(one & other) >= HALF * len(one | other)


def f1(precision: float, recall: float) -> float:
    """The harmonic mean of two shares."""
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0


def span_f1(pairs: Iterable[tuple[set[frozenset[int]], set[frozenset[int]]]]) -> float:
    """F1 of the passages of two readings, over one or several sources."""
    hits = [0, 0]
    sizes = [0, 0]
    for theirs, ours in pairs:
        hits[0] += sum(any(_same(one, other) for other in ours) for one in theirs)
        hits[1] += sum(any(_same(one, other) for other in theirs) for one in ours)
        sizes[0] += len(theirs)
        sizes[1] += len(ours)
    return f1(hits[0] / sizes[0], hits[1] / sizes[1])


def meaning_f1(several: Iterable[Comparison]) -> float:
    """F1 of the claims of two readings, matched by meaning."""
    several = list(several)
    theirs = sum(len({pair["blind"] for pair in c.pairs}) for c in several)
    ours = sum(len({claim for pair in c.pairs for claim in pair["claims"]}) for c in several)
    return f1(
        theirs / sum(len(c.blind) for c in several), ours / sum(len(c.curation) for c in several)
    )


# ---- the verdicts


def rounds(key: str) -> list[Mapping[str, Any]]:
    """The kept rounds of verdicts of one source, in their order."""
    return [read(key, path.name) for path in sorted((HERE / key).glob("verdicts-*.yaml"))]


def counted(verdicts: Mapping[str, Any]) -> Counter[str]:
    """How often a round says yes, minor, no."""
    return Counter(entry["verdict"] for entry in verdicts["claims"])


# ---- the page


def _percent(several: Iterable[bool]) -> str:
    values = list(several)
    return f"{sum(values) / len(values):.0%}"


def _agreement_row(name: str, several: list[Comparison]) -> str:
    cells = [
        name,
        str(sum(len(c.blind) for c in several)),
        str(sum(len(c.curation) for c in several)),
        f"{span_f1(c.spans() for c in several):.2f}",
        f"{meaning_f1(several):.2f}",
        *(
            _percent(value for c in several for value in c.agreed[field])
            for field in ("speaker", "direction", "polarity", "modality")
        ),
    ]
    return "| " + " | ".join(cells) + " |"


def agreement_table() -> str:
    """The agreement of the blind lists with the curation, as Markdown."""
    several = [compared(key) for key in SOURCES]
    rows = [_agreement_row(f"`{c.key}`", [c]) for c in several]
    head = (
        "| source | blind list | curation | span F1 | claim F1 | speaker | direction | polarity "
        "| modality |\n|---|---|---|---|---|---|---|---|---|"
    )
    return "\n".join([head, *rows, _agreement_row("all", several)])


def verdict_table() -> str:
    """The rounds of verdicts of each source, as Markdown."""
    rows = [
        "| source | round | commit | claims | yes | minor | no |\n|---|---|---|---|---|---|---|"
    ]
    total: Counter[str] = Counter()
    for key in SOURCES:
        kept = rounds(key)
        total += counted(kept[-1])
        for told in kept:
            count = counted(told)
            cells = (f"`{key}`", told["round"], f"`{told['commit']}`", sum(count.values()))
            rows.append(_row(*cells, *(count[verdict] for verdict in VERDICTS)))
    shares = (total[verdict] for verdict in VERDICTS)
    return "\n".join([*rows, _row("all", "final", "", sum(total.values()), *shares)])


def page(text: str) -> str:
    """The guideline with its tables made anew."""
    for name, table in (("agreement", agreement_table), ("verdicts", verdict_table)):
        start, end = f"<!-- {name} -->", f"<!-- end of {name} -->"
        before, _, rest = text.partition(start)
        text = f"{before}{start}\n\n{table()}\n\n{end}{rest.partition(end)[2]}"
    return text


def _row(*cells: object) -> str:
    return "| " + " | ".join(map(str, cells)) + " |"


# ---- what readers are given


def sheet(key: str) -> Iterator[str]:
    """Each claim of a source with its passage in context, and nothing else."""
    home = corpus()
    for claim in curated(key):
        full = claim.full
        assert full is not None
        yield f"## {claim.id} ({digest(claim)})"
        for passage in claim.passages:
            yield f"passage: {_in_context(passage.source, passage.spans)}"
        for passage in claim.context:
            yield f"resolved by: {_in_context(passage.source, passage.spans)}"
        yield f"says: {full.text}"
        ends = [" + ".join(_label(home, end) for end in ends) for ends in _ends(claim)]
        relation = ("NOT " if full.denied else "") + claim.relation.term.label
        yield f"edge: {ends[0]} —{relation}→ {ends[1] or '(nothing)'}"
        yield f"who: {' < told by < '.join(map(_link, claim.chain))}"
        told = full.model_dump(mode="json", exclude_defaults=True, by_alias=True)
        left_out = {"id", "edge", "text", "chain", "accept", "also", "denied"}
        left_out |= {"supports", "disputes", "updates", "qualifies", "utterance"}
        fields = [f"{n}: {_spelt(home, value)}" for n, value in told.items() if n not in left_out]
        levers = [f"{name} ({basis})" for name, basis in claim.levers.items()]
        yield "fields: " + "; ".join([*fields, *(f"lever {lever}" for lever in levers)])
        yield ""


def _ends(claim: Claim) -> tuple[tuple[Any, ...], tuple[Any, ...]]:
    return claim.subjects, claim.objects


def _label(home: Corpus, end: Any) -> str:
    if end.type == "literal":
        return f"“{end.key}”"
    if end.type == "claim":
        return f"[claim: {home.claims[end.key].form.text}]"
    return home.registers.label(end.key)


def _spelt(home: Corpus, value: Any) -> Any:
    """A field with labels in the place of keys."""
    if isinstance(value, dict):
        return {name: _spelt(home, inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [_spelt(home, inner) for inner in value]
    return home.registers.label(value) if isinstance(value, str) else value


def _link(link: Any) -> str:
    label = corpus().registers.label(link.who)
    details = [
        f"“{link.words}”" if link.words else "",
        f"in {corpus().registers.label(link.document)}" if link.document else "",
        link.form or "",
        link.stance if link.stance != "neutral" else "",
        f"not certain: {link.why}" if link.sure else "",
    ]
    told = ", ".join(filter(None, details))
    return f"{label} ({told})" if told else label


def _in_context(key: str, spans: tuple[Span, ...]) -> str:
    """The sentence with its neighbours, paragraphs parted by ¶, the passage between brackets."""
    source = corpus().sources[key]
    text = source.text
    numbers = [
        number
        for number, sentence in enumerate(source.sentences)
        if sentence.start < spans[-1].end and spans[0].start < sentence.end
    ]
    start = source.sentences[max(0, numbers[0] - 1)].start
    end = source.sentences[min(numbers[-1] + 1, len(source.sentences) - 1)].end
    out, at = [], start
    for span in spans:
        out += [text[Span(at, span.start)], "⟦", text[span], "⟧"]
        at = span.end
    return " ".join("".join([*out, text[Span(at, end)]]).replace("\n", " ¶ ").split())


def main(words: list[str]) -> None:
    """What the command prints."""
    if not words:
        print(agreement_table(), verdict_table(), sep="\n\n")
    elif words[0] == "sheet":
        print(f"# {words[1]} at {words[2]}\n")
        print("\n".join(sheet(words[1])))
    else:
        content = {"source": words[1], "commit": words[2]}
        entries = [listed(claim) for claim in curated(words[1])]
        told = {"sort_keys": False, "allow_unicode": True, "width": 110}
        print(yaml.safe_dump(content | {"claims": entries}, **told), end="")


if __name__ == "__main__":
    main(sys.argv[1:])
