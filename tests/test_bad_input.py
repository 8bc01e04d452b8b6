"""Laws 2 and 4: what is wrong in a corpus stops the build, names its place, and harms nothing.

Each case spoils one file of a copy of the shipped corpus that was built before. `check` must
then exit with 3 and say file, line and what is wrong, with the nearest right thing where there
is one; no traceback reaches the user; and a `build` leaves the dataset of before in force.

The line to be named carries the comment `# here`. To add a case, add an entry to a table.
"""

from __future__ import annotations

import itertools
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from ccgkg.corpus.claims import LINK_KINDS
from ccgkg.corpus.places import CorpusPlace
from ccgkg.dataset.cache import Cache
from ccgkg.dataset.shapes import breaches, read_shapes
from ccgkg.errors import OntologyError

HOLDER = "seeds/holder-2014/claims.yaml"
BMJ = "seeds/naylor-2013-bmj/claims.yaml"
ACTORS = "seeds/actors.yaml"
ISSUES_YAML = "seeds/issues.yaml"
NHS = "ontology/nhs.ttl"
QUERY = "queries/spoilt.rq"
COUNT = "SELECT (COUNT(DISTINCT ?c) AS ?n) { ?c a ccg:Claim }"
HERE = "# here"
CCGKG = "from ccgkg.cli import main; main()"
CYNIC = (
    "You don’t need to be a cynic to suspect that further reorganisation looms for general practice"
)


@dataclass(frozen=True)
class Spoil:
    """One way to spoil a file: words added at its end, or replaced, or all of it new."""

    file: str
    add: str = ""
    old: str = ""
    new: str = ""
    whole: bytes | None = None

    def apply(self, root: Path) -> None:
        path = root / self.file
        if self.whole is not None:
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(self.whole)
            return
        text = path.read_text(encoding="utf-8")
        if self.old:
            assert self.old in text, f"{self.old!r} is no longer in {self.file}"
            text = text.replace(self.old, self.new, 1)
        path.write_text(text + self.add, encoding="utf-8", newline="\n")


@dataclass(frozen=True)
class Case:
    """A spoilt file and what must be said of it.

    Attributes:
        name: of the test.
        spoil: what is done to the file that the message must name.
        says: words that must stand in the message.
        line: to be named; left out, it is that of the `# here` mark; 0 is the file as a whole.
        besides: what else has to change for the case to be the only fault.
        never: words that would mislead.
    """

    name: str
    spoil: Spoil
    says: tuple[str, ...]
    line: int | None = None
    besides: tuple[Spoil, ...] = ()
    never: tuple[str, ...] = ()


def entry(quote: str, here: str = "quote", **fields: str) -> str:
    """An entry of claims.yaml, right but for `fields`; the line of the field `here` is marked."""
    own = {
        "quote": quote,
        "id": "spoilt",
        "edge": "[ccgs, supports, gps]",
        "modality": "opinion",
        "text": "A sentence that can be understood alone.",
        **{name.replace("_", "-"): value for name, value in fields.items()},
    }
    lines = [
        f"{'- ' if name == 'quote' else '  '}{name}: {value}{f'  {HERE}' if name == here else ''}"
        for name, value in own.items()
        if value
    ]
    return "\n".join(["", *lines, ""])


def quoted(quote: str, here: str = "quote", **fields: str) -> Spoil:
    """An entry added to the claims of holder-2014."""
    return Spoil(HOLDER, add=entry(quote, here, **fields))


def claimed(here: str, **fields: str) -> Spoil:
    """The same with a quote that holds."""
    return quoted("CCGs tended to give out the carrots", here, **fields)


def of_naylor(quote: str) -> dict[str, Spoil]:
    """An entry added to the claims of naylor-2013-bmj."""
    return {"spoil": Spoil(BMJ, add=entry(quote))}


QUOTES = [
    Case(
        "stitched-out-of-order",
        quoted(
            "CCGs … were more likely to wield the stick … helping and supporting their colleagues"
        ),
        ("another order", "“helping and supporting their colleagues” on line 33", "on line 35"),
    ),
    Case(
        "stitched-across-sentences",
        quoted(
            "NHS England area teams … helping and supporting their colleagues to make improvements"
        ),
        ("different sentences", "“NHS England area teams” on line 33", "inside one sentence"),
    ),
    Case(
        "elision-joins-an-actor-to-another-s-deed",
        quoted("how well CCGs … do in improving general practice"),
        ("the elision drops “area teams”", "left out: “and area teams”"),
    ),
    Case(
        "elision-drops-a-negation",
        **of_naylor("Clinical commissioning … require substantial direct involvement"),
        says=("the elision drops the negation “not”", "left out: “does not necessarily”"),
    ),
    Case(
        "view-cut-out-of-the-sentence-that-distances-it",
        **of_naylor("they are being set up to fail"),
        says=("“say” (speech) stands in the sentence outside the passage", "`chain`"),
    ),
    Case(
        "negation-left-outside-the-passage",
        **of_naylor("require substantial direct involvement from all or even most GPs"),
        says=("“not” (negation) stands in the sentence outside the passage", "`denied`"),
    ),
    Case(
        "insertion-adds-a-negation",
        quoted("CCGs [no longer] tended to give out the carrots"),
        ("[no longer]", "“no longer”", "may not add or remove a negation"),
    ),
    Case(
        "insertion-hides-a-negation",
        **of_naylor("Clinical commissioning does [] necessarily require"),
        says=("“Clinical commissioning does not necessarily require”", "+“not”"),
    ),
    Case("one-word", quoted("art"), ("at least 3 words",)),
    Case(
        "cut-inside-words",
        quoted("eaders as the key drivers of chang"),
        ("line 11", "“leaders as the key drivers of change”", "+“leaders”"),
    ),
    Case(
        "other-words",
        quoted("CCGs tended to hand out the carrots"),
        ("nearest passage, line 33", "“CCGs tended to give out the carrots", "-“hand” +“give”"),
    ),
    Case(
        "other-case",
        quoted("ccgs tended to GIVE out the carrots"),
        ("nearest passage, line 33", "“CCGs tended to give out the carrots"),
    ),
    Case(
        "nothing-like-it",
        quoted("Parliament repealed the whole statute yesterday"),
        ("nothing like it stands in the source",),
    ),
    Case("printed-twice", quoted(CYNIC), ("2 times", "lines 15, 41", "`occurrence: 1`")),
    Case(
        "printed-twice-not-thrice",
        quoted(CYNIC, occurrence="3"),
        ("2 times", "15, 41"),
        never=("upper and lower case",),
    ),
    Case(
        "other-words-before-it",
        claimed("quote", prefix="words that stand elsewhere"),
        ("prefix",),
        never=("upper and lower case",),
    ),
    Case(
        "over-two-sentences",
        quoted(
            "This is a striking finding for several reasons. GPs are paid under contract",
            accept="{appears: belongs to the role of the Department of Health}",
        ),
        ("sentences",),
    ),
    Case(
        "only-in-a-heading",
        quoted(
            "Influencing GPs and the expanding role of Clinical Commissioning Groups",
            occurrence="1",
            chain="[holder]",
        ),
        ("heading `title`", "in: title"),
    ),
    Case(
        "boilerplate",
        quoted('"Published: 01/04/2014"', chain="[holder]"),
        ("`byline` is boilerplate",),
    ),
]

CLAIMS = [
    Case(
        "unknown-relation",
        claimed("edge", edge="[ccgs, suports, gps]"),
        ("unknown relation `suports`", "nearest: supports"),
    ),
    Case(
        "unknown-actor",
        claimed("quote", edge="[cgcs, supports, gps]"),
        ("unknown actor, topic or work `cgcs`", "nearest: ccgs"),
    ),
    Case(
        "unknown-speaker",
        claimed("chain", chain="[holdr]"),
        ("unknown actor `holdr`", "nearest: holder"),
    ),
    Case(
        "unknown-lever",
        claimed("lever", lever="{said: [carot]}"),
        ("unknown lever `carot`", "nearest: carrot"),
    ),
    Case(
        "two-effects",
        claimed("quote", lever="{said: [carrot, stick]}"),
        ("at most one instrument and one effect",),
    ),
    Case(
        "unknown-modality",
        claimed("modality", modality="opinon"),
        ("unknown modality `opinon`", "nearest: opinion"),
    ),
    Case("unknown-field", claimed("supprts", supprts="x"), ("unknown field `supprts`",)),
    Case("missing-field", claimed("quote", modality=""), ("`modality` is missing",)),
    Case("id-twice", claimed("quote", id="duty"), ("claim id `duty` is also on line",)),
    Case(
        "wrong-kind-of-end",
        claimed("quote", edge="[ccgs, pays, gp-engagement]"),
        ("`pays` takes actor as its object", "`gp-engagement` is a topic"),
    ),
    Case(
        "share-of-nobody",
        claimed("figure", figure="{said: 20%, value: 20, unit: percent, measure: could-influence}"),
        ("`population` is missing: a figure counts somebody",),
    ),
    Case(
        "sum-of-nobody",
        claimed("figure", figure="{said: £5, value: 5, unit: gbp, measure: could-influence}"),
        ("`population` is missing: a figure counts somebody",),
    ),
    Case("chain-of-nobody", claimed("chain", chain="[]"), ("an empty chain has nobody",)),
    Case(
        "chain-begins-with-nobody",
        claimed("chain", chain="[{words: it is said}, holder]"),
        ("`who` is missing: a link of a chain is an actor",),
    ),
    Case(
        "answer-to-nothing",
        claimed("quote", answers="pulse-2016/influence-2"),
        ("`pulse-2016/influence-2`", "nearest: pulse-2016/influence-20"),
    ),
    *(
        Case(
            f"{kind}-without-reason",
            claimed(kind, **{kind: "[{claim: holder-2014/duty}]"}),
            ("`why` is missing: the link is the curator's",),
        )
        for kind in LINK_KINDS
    ),
    *(
        Case(
            f"{kind}-nothing",
            claimed("quote", **{kind: "[{claim: holder-2014/dutty, why: a reason}]"}),
            ("does not exist: `holder-2014/dutty`", "nearest: holder-2014/duty"),
        )
        for kind in LINK_KINDS
    ),
    Case(
        "link-to-itself",
        claimed("quote", id="itself", supports="[{claim: itself, why: a reason}]"),
        ("`itself` supports itself",),
    ),
    Case(
        "nothing-to-accept",
        claimed("quote", accept="{whether: a reason}"),
        ("nothing asks to accept “whether”",),
    ),
    Case(
        "no-such-day",
        claimed("time", time="{said: then, from: 2014-02-31}"),
        ("2014-02-31",),
    ),
]


def actor(more: str, kind: str = "unit", key: str = "pct") -> str:
    """An entry of actors.yaml, in one line."""
    known = "" if "known:" in more else ", known: {inferred: x}"
    return f"\n{key}: {{label: P, kind: {kind}, tier: local{known}, {more}}}\n"


REGISTERS = [
    Case(
        "cycle-in-succession",
        Spoil(ACTORS, add=actor("succeeds: pcu").rstrip() + actor("succeeds: pct", key="pcu")),
        ("a cycle in succeeds: pct → pcu → pct",),
        line=-2,
    ),
    Case(
        "succeeds-itself",
        Spoil(ACTORS, add=actor("succeeds: pct")),
        ("a cycle in succeeds: pct → pct",),
        line=-1,
    ),
    Case(
        "unknown-kind",
        Spoil(ACTORS, add=actor("note: x", kind="unitt")),
        ("unknown kind `unitt`", "nearest: unit"),
        line=-1,
    ),
    Case(
        "succeeds-nobody",
        Spoil(ACTORS, add=actor("succeeds: cccgs")),
        ("unknown actor `cccgs`", "nearest: ccgs"),
        line=-1,
    ),
    Case(
        "known-in-two-ways",
        Spoil(ACTORS, add=actor("from: {day: 2014-01-01, inferred: x, outside: y}")),
        ("`inferred:`", "`outside:`"),
        line=-1,
    ),
    Case(
        "actor-of-no-such-day",
        Spoil(ACTORS, add=actor("from: 2014-13-01")),
        ("2014-13-01",),
        line=-1,
    ),
    Case(
        "time-of-no-such-day",
        Spoil("seeds/times.yaml", add="\nt: {label: T, until: 2014-02-31}\n"),
        ("2014-02-31",),
        line=-1,
    ),
    Case(
        "key-in-two-registers",
        Spoil("seeds/times.yaml", add="\ngps: {label: T}\n"),
        ("`gps` is also in actors.yaml:",),
        line=-1,
    ),
    Case(
        "rests-on-no-claim",
        Spoil(ACTORS, add=actor("known: {stated: [holder-2014/dutty]}")),
        ("`holder-2014/dutty`", "nearest: holder-2014/duty"),
        line=-1,
    ),
    Case(
        "address-of-no-work",
        Spoil(
            "seeds/works.yaml",
            old="works:\n",
            new=f"works:\n  w: {{label: W, type: report, address: not an address}}  {HERE}\n",
        ),
        ("address: ",),
    ),
]


def issue(*claims: str, here: str = "") -> Spoil:
    """An issue added to issues.yaml, for which these claims speak; that of `here` is marked."""
    bearings = "".join(
        f"  - {{claim: {claim}, why: a reason}}{f'  {HERE}' if claim == here else ''}\n"
        for claim in claims
    )
    return Spoil(ISSUES_YAML, add=f"\nspoilt:\n  label: Is it?\n  for:\n{bearings}")


ISSUES = [
    Case(
        "issue-of-no-claim",
        issue("holder-2014/duty", "pulse-2016/influence-2", here="pulse-2016/influence-2"),
        ("`spoilt` names a claim that does not exist", "nearest: pulse-2016/influence-20"),
    ),
    Case(
        "issue-of-a-withdrawn-claim",
        issue("holder-2014/visits", "holder-2014/spoilt", here="holder-2014/spoilt"),
        ("claim that is withdrawn: `holder-2014/spoilt`", "its successor: holder-2014/duty"),
        besides=(claimed("withdrawn", withdrawn="{why: misread, successor: duty}"),),
    ),
    Case("issue-of-one-claim", issue("holder-2014/duty"), ("at least two claims",), line=-4),
]

SOURCES = [
    Case(
        "text-changed",
        Spoil("seeds/holder-2014/source.txt", old="carrots", new="parrots"),
        ("not the one that was curated", "source.yaml line "),
        line=0,
    ),
    Case(
        "published-in-month-13",
        Spoil(
            "seeds/holder-2014/source.yaml",
            old="issued: {date-parts: [[2014, 4, 1]]}",
            new=f"issued: {{date-parts: [[2014, 13, 1]]}}  {HERE}",
        ),
        ("13",),
    ),
    Case(
        "published-in-no-year",
        Spoil(
            "seeds/holder-2014/source.yaml",
            old="issued: {date-parts: [[2014, 4, 1]]}",
            new=f"issued: {{date-parts: [[]]}}  {HERE}",
        ),
        (),
    ),
    Case(
        "url-is-none",
        Spoil(
            "seeds/holder-2014/source.yaml",
            old="the-expanding-role-of-clinical-commissioning-groups\nknown:",
            new=f"the expanding role  {HERE}\nknown:",
        ),
        ("URL: ",),
    ),
    Case(
        "region-not-found",
        Spoil(
            "seeds/holder-2014/source.yaml",
            old="kind: boilerplate, quote: Comments}",
            new=f"kind: boilerplate, quote: Kommentare}}  {HERE}",
        ),
        ("`comments-heading`", "Kommentare"),
        never=("3 words",),
    ),
    Case(
        "sentences-of-another-text",
        Spoil("seeds/holder-2014/sentences.yaml", old="sha256: ", new="sha256: 0"),
        ("another text", "ccgkg check --pin"),
        line=0,
    ),
    Case(
        "corpus-without-version",
        Spoil("seeds/corpus.yaml", old="version: 0.1.0", new=f"version: soon  {HERE}"),
        ("version",),
    ),
    Case(
        "corpus-in-no-language",
        Spoil("seeds/corpus.yaml", add="\nlanguage: British English\n"),
        ("language: ",),
        line=-1,
    ),
    Case(
        "corpus-at-no-address",
        Spoil(
            "seeds/corpus.yaml",
            old="base: https://w3id.org/ccgkg/",
            new=f"base: http://[/  {HERE}",
        ),
        ("base: ",),
    ),
]

BOMB = "a: &a [x, x, x, x]\n" + "".join(
    f"{new}: &{new} [*{old}, *{old}, *{old}, *{old}]\n"
    for old, new in zip("abcdefghijklm", "bcdefghijklmn", strict=True)
)

FILES = [
    Case(
        "figure-of-5000-digits",
        claimed(
            "figure", figure=f"{{said: x, value: {'9' * 5000}, unit: count, measure: engaged}}"
        ),
        (),
    ),
    Case("tagged-number", claimed("occurrence", occurrence="!!int three"), ()),
    Case("not-yaml", Spoil(HOLDER, add=f"\n- quote: [open\n  x: }}  {HERE}\n"), ("not YAML",)),
    Case(
        "quotation-mark-left-open",
        Spoil(HOLDER, add=f'\n- quote: "CCGs tended to {HERE}\n  id: x\n\n- quote: x\n'),
        ("not YAML",),
    ),
    Case("tab", Spoil(HOLDER, add=f"\n- quote:\n\tx: y  {HERE}\n"), ("not YAML",)),
    Case("empty", Spoil(HOLDER, whole=b""), ("is empty",), line=0),
    Case("only-a-comment", Spoil(HOLDER, whole=b"# nothing yet\n"), ("is empty",), line=0),
    Case("a-list", Spoil(HOLDER, whole=b"- a\n- b\n"), ("`voices:`", "`claims:`"), line=1),
    Case("binary", Spoil(HOLDER, whole=bytes(range(256)) * 9), ("UTF-8", "binary"), line=2),
    Case("nul", Spoil(HOLDER, whole=b"source: x\nvoices: \0\n"), ("NUL",), line=2),
    Case("utf-16", Spoil(HOLDER, whole="source: x\n".encode("utf-16")), ("UTF-8",), line=1),
    Case(
        "latin-1",
        Spoil(HOLDER, whole="source: holder-2014\n# café\n".encode("latin-1")),
        ("UTF-8", "another encoding"),
        line=2,
    ),
    Case(
        "key-twice", claimed("modality ", **{"modality ": "fact"}), ("`modality` is given twice",)
    ),
    Case(
        "entry-twice",
        Spoil(ACTORS, add="\ngps: {label: Again, kind: group, tier: practice}\n"),
        ("`gps` is given twice",),
        line=-1,
    ),
    Case("alias-bomb", Spoil(HOLDER, whole=BOMB.encode()), ("aliases",), line=2),
    Case(
        "nested-900-deep",
        Spoil(HOLDER, whole=("a: " + "[" * 900 + "]" * 900).encode()),
        ("deep",),
        line=1,
    ),
]

ONTOLOGY = [
    Case("not-turtle", Spoil(NHS, add=f"\nthis is a sentence {HERE}\n"), ("not Turtle",)),
    Case(
        "turtle-in-utf-16",
        Spoil(NHS, whole="@prefix x: <y> .".encode("utf-16")),
        ("not Turtle",),
        line=1,
    ),
    # The engine gives no line for what it has parsed: file and term must do.
    Case(
        "blank-node",
        Spoil(NHS, add='\nnhs:pays skos:note [ rdfs:label "x" ] .\n'),
        ("blank node", "note"),
        line=0,
    ),
    Case(
        "relation-declared-twice",
        Spoil(NHS, add='\nnhs:pays a ccg:Relation ; rdfs:label "again"@en .\n'),
        ("the relation `pays` is declared twice",),
        line=0,
    ),
    Case(
        "relation-of-two-vocabularies",
        Spoil(NHS, add='\nccg:pays a ccg:Relation ; rdfs:label "pays"@en .\n'),
        ("the relation `pays` is declared twice", "/ns/pays", "/nhs/pays"),
        line=0,
    ),
    Case(
        "relation-without-definition",
        Spoil(NHS, add='\nnhs:bribes a ccg:Relation ; rdfs:label "bribes"@en .\n'),
        ("`bribes`", "no definition"),
        line=0,
    ),
]

HEADER = "#+ summary: A question\n#+ description: What it answers.\n"
LENS = "{place: 99, title: All, says: One sees all.}"
ANOTHER = f"{HEADER}#+ lens: {LENS}\nSELECT ?claim {{ ?claim ?p ?o }}\n"


def asked(text: str, header: str = HEADER) -> Spoil:
    return Spoil(QUERY, whole=(header + text).encode())


QUERIES = [
    Case("broken-sparql", asked("SELECT ?c WHERE {\n  ?c a ;; }\n"), ("is missing",), line=4),
    Case("an-update", asked("DELETE WHERE { ?s ?p ?o }\n"), ("DELETE is refused",), line=0),
    Case(
        "prefix-not-declared",
        asked("SELECT * {\n ?s a ccg:Claim }\n"),
        (f"{QUERY}:4:", "prefix is not declared"),
        line=4,
    ),
    Case(
        "no-header",
        asked("SELECT * { ?s ?p ?o }\n", header=""),
        ("summary", "`#+ summary: …`"),
        line=1,
    ),
    Case(
        "header-is-not-yaml",
        asked("SELECT * { ?s ?p ?o }\n", header="#+ summary: a\n#+ description: b: c\n"),
        ("header is not YAML",),
        line=2,
    ),
    Case(
        "unknown-field-of-the-header",
        asked("SELECT * { ?s ?p ?o }\n", header=f"{HEADER}#+ sumary: c\n"),
        ("sumary",),
        line=3,
    ),
    Case(
        "default-of-no-parameter",
        asked("SELECT * { ?s ?p ?o }\n", header=f"{HEADER}#+ defaults: {{who: ccgs}}\n"),
        ("of no parameter: who",),
        line=3,
    ),
    Case(
        "default-of-the-wrong-type",
        asked("SELECT * { ?s ?p ?_n_integer }\n", header=f"{HEADER}#+ defaults: {{n: many}}\n"),
        ("integer", "many"),
        line=3,
    ),
    Case(
        "lens-without-claims",
        asked("SELECT ?s { ?s ?p ?claim }\n", header=f"{HEADER}#+ lens: {LENS}\n"),
        ("column ?claim",),
        line=3,
    ),
    Case(
        "lens-with-an-unknown-field",
        asked(
            "SELECT ?claim { ?claim ?p ?o }\n",
            header=f"{HEADER}#+ lens: {LENS.replace('title', 'titel')}\n",
        ),
        ("`lens.titel`", "fields: place, title, says, topics"),
        line=3,
    ),
    Case(
        "lens-in-the-place-of-another",
        Spoil(QUERY, whole=ANOTHER.encode()),
        ("place 99 of another", "99 another"),
        besides=(Spoil("queries/another.rq", whole=ANOTHER.encode()),),
        line=3,
    ),
    Case(
        "parameter-of-no-type",
        asked("SELECT * { ?s ?p ?_x_float }\n"),
        ("`?_x_float`", "iri, string, integer"),
        line=0,
    ),
    Case(
        "parameter-of-two-types",
        asked("SELECT * { ?_x_iri ?p ?_x_string }\n"),
        ("`x`", "iri", "string"),
        line=0,
    ),
    Case(
        "reaches-out-of-the-dataset",
        asked("SELECT * { SERVICE <http://example.org/> { ?s ?p ?o } }\n"),
        ("SERVICE is refused",),
        line=0,
    ),
    Case(
        "query-in-latin-1",
        Spoil(QUERY, whole=(HEADER + "# café\n").encode("latin-1")),
        ("UTF-8",),
        line=3,
    ),
]

TABLES = [QUOTES, CLAIMS, REGISTERS, ISSUES, SOURCES, FILES, ONTOLOGY, QUERIES]
ADDED = [case for case in (*QUOTES, *CLAIMS) if case.spoil.file == HOLDER]
"""Entries that stand in one file together: a faulty one does not hide the next."""


@dataclass
class Bench:
    """A corpus that was built once; each case spoils it and puts it right again."""

    place: CorpusPlace
    pristine: Path
    cache: Cache
    digest: str = ""
    claims: str = ""
    touched: set[str] = field(default_factory=set)

    def spoil(self, *spoils: Spoil) -> None:
        for spoil in spoils:
            self.touched.add(spoil.file)
            spoil.apply(self.place.root)

    def restore(self) -> None:
        """Put every file back, its time of change included."""
        while self.touched:
            file = self.touched.pop()
            (self.place.root / file).unlink(missing_ok=True)
            if (self.pristine / file).exists():
                shutil.copy2(self.pristine / file, self.place.root / file)

    def line(self, case: Case) -> int:
        """The line that the message must name."""
        if case.line is not None and case.line >= 0:
            return case.line
        lines = (self.place.root / case.spoil.file).read_text(encoding="utf-8").splitlines()
        if case.line is not None:
            return len(lines) + 1 + case.line
        return next(number for number, line in enumerate(lines, 1) if HERE in line)


@pytest.fixture(scope="module")
def built(
    root: Path, tmp_path_factory: pytest.TempPathFactory, cache: Path, run: Callable
) -> Bench:
    folder = tmp_path_factory.mktemp("bad-input")
    for name in ("seeds", "ontology", "queries"):
        shutil.copytree(root / name, folder / "pristine" / name)
    shutil.copytree(folder / "pristine", folder / "corpus")
    place = CorpusPlace((folder / "corpus").resolve())
    assert run("--corpus", place.root, "build").code == 0
    bench = Bench(place, folder / "pristine", Cache.of(place, cache))
    bench.digest = bench.cache.manifest().digest
    bench.claims = run("--corpus", place.root, "query", "--sparql", COUNT).out
    assert int(bench.claims.split()[-1]) > 100
    return bench


@pytest.fixture
def bench(built: Bench) -> Iterator[Bench]:
    yield built
    built.restore()


def still_answers(bench: Bench, run: Callable) -> None:
    """The earlier dataset is in force and, once the corpus is right again, is asked unbuilt."""
    assert bench.cache.manifest().digest == bench.digest
    bench.restore()
    answer = run("--corpus", bench.place.root, "query", "--sparql", COUNT)
    assert (answer.code, answer.out, answer.err) == (0, bench.claims, "")


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave out the shapes, which take most of a build and are tested below."""
    monkeypatch.setattr("ccgkg.dataset.shapes.breaches", lambda *_: [])


@pytest.fixture(scope="module")
def together(built: Bench, run: Callable) -> dict[str, str]:
    """What one run says of each of the entries in `ADDED`, by name."""
    for case in ADDED:
        added = case.spoil.add.replace("id: spoilt\n", f"id: {case.name}\n")
        built.spoil(Spoil(HOLDER, add=added))
    lines = (built.place.root / HOLDER).read_text(encoding="utf-8").splitlines()
    marked = [number for number, line in enumerate(lines, 1) if HERE in line]
    out = run("--corpus", built.place.root, "check").out.splitlines()
    built.restore()
    return {
        case.name: "\n".join(line for line in out if line.startswith(f"{HOLDER}:{number}: error:"))
        for case, number in zip(ADDED, marked, strict=True)
    }


@pytest.mark.parametrize("case", ADDED, ids=lambda case: case.name)
def test_a_faulty_claim_is_named_among_others(case: Case, together: dict[str, str]) -> None:
    told = together[case.name]
    assert told
    assert [words for words in case.says if words not in told] == [], told
    assert [words for words in case.never if words in told] == [], told


@pytest.mark.usefixtures("quick")
@pytest.mark.parametrize(
    "case",
    [case for case in itertools.chain(*TABLES) if case not in ADDED],
    ids=lambda case: case.name,
)
def test_a_fault_is_named(
    case: Case, bench: Bench, run: Callable, caplog: pytest.LogCaptureFixture
) -> None:
    bench.spoil(case.spoil, *case.besides)
    line = bench.line(case)
    result = run("--corpus", bench.place.root, "check")
    told = result.out + result.err
    assert result.code == 3, told
    assert (f"{case.spoil.file}:{line}:" if line else case.spoil.file) in told
    assert [words for words in case.says if words not in told] == [], told
    assert [words for words in case.never if words in told] == [], told
    assert "Traceback" not in told + caplog.text
    assert bench.cache.manifest().digest == bench.digest


@pytest.mark.usefixtures("quick")
@pytest.mark.parametrize("case", [table[0] for table in TABLES], ids=lambda case: case.name)
def test_a_failed_build_leaves_the_earlier_dataset_in_force(
    case: Case, bench: Bench, run: Callable
) -> None:
    bench.spoil(case.spoil, *case.besides)
    for command in (["build"], ["query", "--sparql", COUNT]):
        result = run("--corpus", bench.place.root, *command)
        assert (result.code, result.out) == (3, "")
        assert [words for words in case.says if words not in result.err] == []
    still_answers(bench, run)


def test_a_file_of_50_mb_is_not_even_read(bench: Bench, run: Callable) -> None:
    bench.touched.add(HOLDER)
    with (bench.place.root / HOLDER).open("wb") as file:
        file.truncate(50_000_000)
    result = run("--corpus", bench.place.root, "check")
    assert result.code == 3
    assert f"{HOLDER}: " in result.out
    assert "50 MB is more than the 5 MB" in result.out
    still_answers(bench, run)


@pytest.mark.parametrize("file", ["claims.yaml", "source.yaml", "source.txt"])
def test_an_unreadable_file_is_not_blamed_on_others(file: str, bench: Bench, run: Callable) -> None:
    bench.spoil(Spoil(f"seeds/holder-2014/{file}", whole=b"\xff\xfe"))
    result = run("--corpus", bench.place.root, "check")
    errors = [line for line in result.out.splitlines() if ": error: " in line]
    assert errors
    assert [line for line in errors if not line.startswith("seeds/holder-2014")] == []


@pytest.mark.slow
@pytest.mark.parametrize(
    "gone", ["kingsfund-2014/source.yaml", "kingsfund-2014/source.txt"], ids=["record", "text"]
)
def test_a_source_is_never_skipped_silently(gone: str, bench: Bench, run: Callable) -> None:
    bench.touched.add(f"seeds/{gone}")
    (bench.place.root / "seeds" / gone).unlink()
    result = run("--corpus", bench.place.root, "check")
    assert result.code in (1, 3), "a source vanished and nobody was told"
    assert any("kingsfund-2014" in line for line in result.out.splitlines() if ": " in line)
    still_answers(bench, run)


def test_a_breach_of_the_shapes_reaches_the_curator(bench: Bench, run: Callable) -> None:
    impossible = (
        "\nccg:Impossible a sh:NodeShape ; sh:targetNode <https://w3id.org/ccgkg/{}> ;\n"
        "  sh:property [ sh:path rdfs:label ; sh:minCount 7 ; "
        'sh:message "Seven labels, please." ] .'
    )
    shapes = impossible.format("claim/holder-2014/duty") + "\n"
    shapes += impossible.replace("Impossible", "Unlikely").format("actor/ccgs") + "\n"
    shapes += impossible.replace("Impossible", "Rare").format("issue/gps-influence-ccgs") + "\n"
    lines = (bench.place.root / HOLDER).read_text(encoding="utf-8").splitlines()
    duty = next(at for at, line in enumerate(lines, 1) if line.strip() == "id: duty")
    start = max(at for at, line in enumerate(lines[:duty], 1) if line.startswith("- "))
    actors = (bench.place.root / ACTORS).read_text(encoding="utf-8").splitlines()
    ccgs = next(at for at, line in enumerate(actors, 1) if line.startswith("ccgs:"))
    issues = (bench.place.root / ISSUES_YAML).read_text(encoding="utf-8").splitlines()
    influence = issues.index("gps-influence-ccgs:") + 1
    bench.spoil(Spoil("ontology/shapes.ttl", add=shapes))
    result = run("--corpus", bench.place.root, "build")
    assert result.code == 3
    told = "error: issue/gps-influence-ccgs: Seven labels, please."
    assert f"{ISSUES_YAML}:{influence}: {told}" in result.err
    assert f"{HOLDER}:{start}: error: claim/holder-2014/duty: Seven labels, please." in result.err
    assert f"{ACTORS}:{ccgs}: error: actor/ccgs: Seven labels, please." in result.err
    still_answers(bench, run)


SHAPES = """
@prefix ccg: <https://w3id.org/ccgkg/ns/> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
ccg:Spoilt a sh:NodeShape ; sh:targetNode ccg:Claim ; sh:property [ {} ] .
"""


@pytest.mark.parametrize(
    "constraint",
    [
        "sh:minCount 1",
        'sh:path ccg:digest ; sh:pattern "("',
        'sh:path ccg:digest ; sh:minCount "x"',
        "sh:path ccg:digest ; sh:minCount 1 .. ",
    ],
    ids=["no-path", "no-regular-expression", "no-number", "not-turtle"],
)
def test_broken_shapes_are_named(constraint: str, tmp_path: Path) -> None:
    path = tmp_path / "shapes.ttl"
    path.write_text(SHAPES.format(constraint), encoding="utf-8")
    with pytest.raises(OntologyError, match=r"shapes\.ttl"):
        breaches([], read_shapes([path]))


def _missing(folder: Path) -> Path:
    return folder / "nowhere"


def _file(folder: Path) -> Path:
    (folder / "file").write_text("no corpus", encoding="utf-8")
    return folder / "file"


def _empty(folder: Path) -> Path:
    return folder


def _inside(folder: Path) -> Path:
    (folder / "seeds").mkdir()
    (folder / "seeds" / "corpus.yaml").write_text("name: x\n", encoding="utf-8")
    return folder / "seeds"


@pytest.mark.parametrize("command", [["check"], ["build"], ["query"], ["--version"]], ids=" ".join)
@pytest.mark.parametrize(
    ("make", "says"),
    [
        (_missing, "is not a folder"),
        (_file, "is not a folder"),
        (_empty, "is no corpus: it has no seeds/corpus.yaml"),
        (_inside, "is the inside of a corpus"),
    ],
    ids=["missing", "a-file", "empty", "inside-seeds"],
)
def test_a_folder_that_is_no_corpus(
    make: Callable[[Path], Path], says: str, command: list[str], tmp_path: Path, run: Callable
) -> None:
    folder = make(tmp_path)
    before = sorted(tmp_path.rglob("*"))
    result = run("--corpus", folder, *command)
    assert (result.code, result.out) == (3, "")
    assert f"{folder}: {says}" in result.err
    assert sorted(tmp_path.rglob("*")) == before


@pytest.mark.slow
@pytest.mark.parametrize("opened", ["[" * 100_000, "{a: " * 100_000], ids=["lists", "mappings"])
def test_no_file_can_crash_the_interpreter(
    opened: str, bench: Bench, tmp_path: Path, run: Callable
) -> None:
    bench.spoil(Spoil(HOLDER, whole=opened.encode()))
    done = subprocess.run(
        [sys.executable, "-c", CCGKG, "--corpus", bench.place.root, "check"],
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parent.parent)},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=60,
        check=False,
    )
    assert done.returncode == 3, done.stderr[-300:]
    assert f"{HOLDER}:1:" in done.stdout
    still_answers(bench, run)
