"""What the tests of the corpus room share: a small vocabulary, and corpora of a few lines."""

from __future__ import annotations

import hashlib
import json
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from hypothesis.configuration import set_hypothesis_home_dir
from wholecorpus import WholeCorpus, read_corpus

from ccgkg.corpus.claims import Claim
from ccgkg.corpus.findings import Finding, Findings
from ccgkg.corpus.places import CorpusPlace, shipped
from ccgkg.corpus.rules import LEVELS
from ccgkg.corpus.sources import Source
from ccgkg.corpus.vocabulary import Cues, Relation, Term, Vocabulary

# Hypothesis keeps files of its own, from the collection on; they do not belong into the checkout.
_HYPOTHESIS_HOME = tempfile.TemporaryDirectory(prefix="hypothesis-")
set_hypothesis_home_dir(_HYPOTHESIS_HOME.name)

SCHEMES = {
    "comparison": "eq lt gt about",
    "csl-type": "report webpage",
    "direction": "more less same little-or-none",
    "extent": "all most some few none one not-all",
    "form": "direct paraphrase",
    "kind": "organisation group person unnamed-voice",
    "known": "stated inferred outside unknown",
    "lever": "contract money command carrot stick sermon",
    "modality": "question supposition perception intention recommendation proposal prediction "
    "finding fact opinion",
    "no-claim": "heading greeting lead-in",
    "quantity": "amount share likelihood",
    "reading": "explicit implied",
    "stance": "neutral endorses distances rejects",
    "tier": "national local observer",
    "tone": "plain sarcastic figurative rhetorical",
    "unit": "percent share count",
    "work-type": "report survey",
}

# name: subjects, objects (none: the relation takes no object), default levers
RELATIONS = {
    "pays": ("actor", "actor", "money"),
    "directs": ("actor", "actor", "command"),
    "rewards": ("actor", "actor", "carrot money"),
    "funds": ("actor", "actor topic", "money"),
    "influences": ("actor", "actor topic", ""),
    "lacks": ("actor", "actor topic", ""),
    "raises": ("actor topic claim", "topic", ""),
    "explains": ("topic claim", "topic claim", ""),
    "studies": ("actor work", "actor topic", ""),
    "is": ("actor topic work claim", "literal", ""),
    "begins": ("actor topic", "", ""),
}

# what a term says by itself: kinds of cue, and cues
CARRIES = dict.fromkeys(("lacks", "little-or-none", "none"), frozenset({"negation"}))
CARRIES_WORDS = {
    "prediction": frozenset({"could", "may", "might"}),
    "likelihood": frozenset({"likely"}),
}

CUES = {
    "negation": ("not", "no", "cannot", "can't", "without", "no longer"),
    "hedge": ("appears", "seems", "suggests", "may", "might", "could", "likely"),
    "condition": ("if", "whether", "unless"),
    "speech": ("said", "says", "felt", "found", "told", "report", "according to"),
    "attribution": ("according to",),
    "auxiliary": ("have", "has", "also"),
    "first-person": ("we", "our", "I"),
    "number": ("two", "three", "five", "six", "million", "half", "thirds", "one in five"),
    "month": ("April", "May"),
    "period": ("months", "years"),
    "reckoning": ("ago", "next", "last"),
}

REGISTERS: Mapping[str, Any] = {
    "actors.yaml": {
        "board": {"label": "the board", "kind": "organisation", "tier": "national"},
        "clinics": {"label": "clinics", "kind": "group", "tier": "local"},
        "leaders": {"label": "leaders", "kind": "group", "tier": "local"},
        "team": {"label": "the team", "kind": "organisation", "tier": "observer"},
        "paper": {"label": "The Paper", "kind": "organisation", "tier": "observer"},
        "editor": {"label": "the editor", "kind": "person", "tier": "observer"},
        "readers": {"label": "readers", "kind": "group", "tier": "observer"},
    },
    "topics.yaml": {"care": {"label": "care"}, "money": {"label": "money"}},
    "works.yaml": {
        "works": {"study": {"label": "the study", "type": "report"}},
        "waves": {"first-wave": {"label": "first wave", "of": "study"}},
        "measures": {"felt-able": {"label": "felt able"}},
    },
    "times.yaml": {"year-2014": {"label": "2014", "from": "2014-01-01", "until": "2014-12-31"}},
}
for _kinds in (REGISTERS["actors.yaml"], *REGISTERS["works.yaml"].values()):
    for _entry in _kinds.values():
        _entry["known"] = {"inferred": "made up for the tests"}

FORM = {
    "name": "tiny",
    "title": "A tiny corpus",
    "description": "Made for a test.",
    "base": "https://example.org/tiny/",
    "licence": "https://creativecommons.org/licenses/by/4.0/",
    "version": "0.1.0",
    "publisher": "nobody",
}


def _relation(name: str, subjects: str, objects: str, levers: str) -> Relation:
    term = _term("relation", name)
    domain, taken = frozenset(subjects.split()), frozenset(objects.split())
    return Relation(term, "", domain, taken, tuple(levers.split()), "family", symmetric=False)


def _term(scheme: str, name: str) -> Term:
    return Term(
        name=name,
        iri=f"https://example.org/{scheme}/{name}",
        label=name,
        definition=name,
        scheme=scheme,
        carries=CARRIES.get(name, frozenset()),
        carries_words=CARRIES_WORDS.get(name, frozenset()),
        home=Path("ontology/tiny.ttl"),
    )


def _terms(scheme: str, names: str) -> dict[str, Term]:
    return {name: _term(scheme, name) for name in names.split()}


VOCABULARY = Vocabulary(
    relations={name: _relation(name, *declared) for name, declared in RELATIONS.items()},
    schemes={scheme: _terms(scheme, names) for scheme, names in SCHEMES.items()},
    terms={},
    facets={
        lever: "effect" if lever in ("carrot", "stick", "sermon") else "instrument"
        for lever in SCHEMES["lever"].split()
    },
    cues=Cues(CUES),
    actor_classes={},
    stating=frozenset({"fact", "finding"}),
)


@dataclass(frozen=True)
class Read:
    """A corpus as it was read, and what was found wrong with it."""

    corpus: WholeCorpus
    errors: Sequence[Finding]
    warnings: Sequence[Finding]
    notes: Sequence[Finding]

    @property
    def claims(self) -> dict[str, Claim]:
        """All claims of the one source, by id."""
        return {claim.id: claim for claim in self.corpus.claims.values()}

    @property
    def source(self) -> Source:
        """The one source."""
        (source,) = self.corpus.sources.values()
        return source

    @property
    def rules(self) -> list[str]:
        """The rules that are broken, once for each error."""
        return sorted(finding.rule for finding in self.errors)

    def only(self, rule: str) -> Finding:
        """The one error that there is; it must break this rule."""
        assert self.rules == [rule], [str(error) for error in self.errors]
        return self.errors[0]


@dataclass(frozen=True)
class Tiny:
    """A corpus of one source in a folder of its own, made line by line by a test."""

    root: Path
    key: str = "paper-2014"

    @property
    def seeds(self) -> Path:
        """Where registers lie."""
        return self.root / "seeds"

    @property
    def folder(self) -> Path:
        """Where the source lies."""
        return self.seeds / self.key

    def put(self, name: str, content: Any) -> Path:
        """Write a file below `seeds/`: text as it stands, all else as JSON, which is YAML."""
        path = self.seeds / name
        path.parent.mkdir(parents=True, exist_ok=True)
        written = (
            content
            if isinstance(content, str)
            else json.dumps(content, indent=1, ensure_ascii=False)
        )
        path.write_text(written, encoding="utf-8", newline="")
        return path

    def form(self, **changes: Any) -> Tiny:
        """Write `corpus.yaml`."""
        self.put("corpus.yaml", {**FORM, **changes})
        return self

    def actors(self, **entries: Any) -> Tiny:
        """Write the register of actors: those of every test, and these."""
        least = {"kind": "group", "tier": "local", "known": {"inferred": "made up for the tests"}}
        added = {key.replace("_", "-"): {**least, **entry} for key, entry in entries.items()}
        self.put("actors.yaml", {**REGISTERS["actors.yaml"], **added})
        return self

    def text(self, text: str, *, regions: Sequence[Any] = (), **changes: Any) -> Tiny:
        """Write the source: its text, its record, its regions."""
        form = {
            "key": self.key,
            "file": {"name": "a.txt", "sha256": hashlib.sha256(text.encode()).hexdigest()},
            "record": {"type": "report", "title": "A paper"},
            "known": {"title": {"inferred": "made up"}},
            "agents": {"publisher": "paper"},
            "regions": list(regions),
            "rights": "none",
        }
        self.put(f"{self.key}/source.txt", text)
        self.put(f"{self.key}/source.yaml", {**form, **changes})
        return self

    def claims(self, *entries: Any, voices: Mapping[str, Any] | None = None) -> Tiny:
        """Write the claims file; a mapping with `id` gets the fields that it leaves out."""
        least = {"edge": ["board", "pays", "clinics"], "modality": "opinion", "text": "A claim."}
        content = {
            "source": self.key,
            "voices": {"body": ["paper"]} if voices is None else voices,
            "claims": [
                {**least, **entry} if isinstance(entry, dict) and "id" in entry else entry
                for entry in entries
            ],
        }
        self.put(f"{self.key}/claims.yaml", content)
        return self

    def read(self) -> Read:
        """Read it all."""
        findings = Findings(self.root)
        corpus = read_corpus(CorpusPlace(self.root), VOCABULARY, findings)
        return Read(corpus, *map(findings.of, LEVELS))


@pytest.fixture(scope="session")
def vocabulary() -> Vocabulary:
    """The small vocabulary that tiny corpora are read with."""
    return VOCABULARY


@pytest.fixture
def tiny(tmp_path: Path) -> Tiny:
    """A corpus with registers and no source yet."""
    made = Tiny(tmp_path / "tiny").form()
    for name, content in REGISTERS.items():
        made.put(name, content)
    return made


@pytest.fixture(scope="session")
def shipped_vocabulary() -> Vocabulary:
    """What the shipped ontology declares."""
    from ccgkg.dataset.ontology import read_ontology

    return read_ontology(shipped().vocabularies()).vocabulary


@pytest.fixture(scope="session")
def shipped_corpus(shipped_vocabulary: Vocabulary) -> WholeCorpus:
    """The shipped corpus, read and not to be spoiled."""
    place = shipped()
    return read_corpus(place, shipped_vocabulary, Findings(place.root))
