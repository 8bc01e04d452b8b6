"""Reading `claims.yaml`: from the curator's entries to claims that hold.

One file is read against its source, the registers and the vocabulary; everything that
does not hold is a finding with its line, and one faulty entry does not hide the next.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from pydantic import ValidationError

from ccgkg.corpus.anchors import Hints, Quote, locate
from ccgkg.corpus.claims import Claim, End, Link, Passage, end_types, takes
from ccgkg.corpus.entries import (
    ClaimForm,
    ClaimsFile,
    EntryForm,
    MirrorForm,
    QuoteForm,
    SuppositionForm,
)
from ccgkg.corpus.findings import Findings
from ccgkg.corpus.forms import Keys
from ccgkg.corpus.registers import Registers, report
from ccgkg.corpus.sources import BODY, Source
from ccgkg.corpus.text import Span
from ccgkg.corpus.vocabulary import LITERAL, Relation, Vocabulary
from ccgkg.corpus.yamlfile import Document, Loc, read_yaml
from ccgkg.errors import SeedError, nearest

__all__ = ["ClaimReader", "Reading"]


@dataclass(frozen=True)
class Reading:
    """What one claims file says.

    Attributes:
        claims: claims and suppositions, in the order of the file.
        no_claims: sentence to reason.
        typed_ids: every claim id in the file, those of faulty claims too.
        mirrors: whose article this source prints as well, and on which line it says so.
        mirrored: short ids of that source's claims to their passages here.
    """

    claims: tuple[Claim, ...]
    no_claims: Mapping[Span, str]
    typed_ids: frozenset[str] = frozenset()
    mirrors: MirrorForm | None = None
    mirrors_line: int = 0
    mirrored: Mapping[str, tuple[Passage, ...]] = field(default_factory=dict)


@dataclass(frozen=True)
class _At:
    """Where in the file an entry or claim stands."""

    document: Document
    loc: Loc

    @property
    def line(self) -> int:
        return self.document.line(self.loc)

    def has(self, key: str) -> bool:
        return (*self.loc, key) in self.document.lines

    def below(self, *loc: str | int) -> _At:
        return _At(self.document, (*self.loc, *loc))


@dataclass(frozen=True)
class _Ground:
    """What the claims of one entry stand on.

    `conditions` are those read so far: one that stands beside the quote holds for every
    claim of the entry, and is one claim itself.
    """

    passages: tuple[Passage, ...]
    context: tuple[Passage, ...]
    chain: tuple[Link, ...] = ()
    conditions: dict[str, Claim] = field(default_factory=dict)


@dataclass(frozen=True)
class ClaimReader:
    """Reads the claims of one source.

    Attributes:
        source: the source.
        registers, vocabulary: what keys and relations there are.
        keys: keys of registers and schemes, as validation wants them.
        findings: where faults go.
    """

    source: Source
    registers: Registers
    vocabulary: Vocabulary
    keys: Mapping[str, Collection[str]]
    findings: Findings
    ids: dict[str, int] = field(default_factory=dict)

    def read(self, path: Path) -> Reading | None:
        """Read the file, or note why it cannot be read and return None."""
        try:
            document = read_yaml(path)
        except SeedError as error:
            self.findings.blame(path, "unreadable", error)
            return None
        content = document.content
        if not isinstance(content, dict) or not isinstance(content.get("claims"), list):
            self.findings.add(
                path, 1, "not-claims", "a claims file has `source:`, `voices:` and a list `claims:`"
            )
            return None
        keys = self._keys()
        try:
            head = ClaimsFile.model_validate({**content, "claims": []}, context=keys)
        except ValidationError as error:
            report(self.findings, document, error)
            return None
        claims: list[Claim] = []
        no_claims: dict[Span, str] = {}
        for place, value in enumerate(content["claims"]):
            at = _At(document, ("claims", place))
            try:
                entry = EntryForm.model_validate(value, context=keys)
            except ValidationError as error:
                report(self.findings, document, error, at.loc)
                continue
            passage = self._passage(entry, at)
            if passage is None:
                continue
            if entry.no_claim is not None:
                for span in passage.spans:
                    for sentence in self.source.sentences_of(span):
                        no_claims[sentence] = entry.no_claim
                continue
            claims += self._claims(entry, passage, head, at)
        self._check_declared(document, claims, no_claims)
        return Reading(
            claims=tuple(claims),
            no_claims=no_claims,
            typed_ids=frozenset(_ids(content["claims"])),
            mirrors=head.mirrors,
            mirrors_line=document.line(("mirrors",)),
        )

    def _keys(self) -> Keys:
        regions = {region.id for region in self.source.regions} | {BODY}
        kinds = {region.kind for region in self.source.regions} | {BODY}
        works = self.keys["work"]
        own = {
            "source": {self.source.key},
            "voice": regions | kinds,
            "document": {*works, *(r.id for r in self.source.regions)},
        }
        return Keys({**self.keys, **own})

    def _claims(
        self, entry: EntryForm, passage: Passage, head: ClaimsFile, at: _At
    ) -> Iterator[Claim]:
        quoted = [self._passage(q, at.below("context", i)) for i, q in enumerate(entry.context)]
        context = tuple(c for c in quoted if c is not None)
        conditions: dict[str, Claim] = {}
        for place, form in enumerate(entry.says):
            # A claim that stands beside its quote has the lines of the entry itself.
            here = at.below("says", place) if at.has("says") else at
            also = [self._passage(q, here.below("also", i)) for i, q in enumerate(form.also)]
            passages = (passage, *(p for p in also if p is not None))
            ground = _Ground(passages, context, conditions=conditions)
            made = self._claim(form, head, ground, here)
            if made is not None:
                yield made
        yield from conditions.values()

    def _passage(self, form: QuoteForm, at: _At) -> Passage | None:
        quote = Quote.parse(form.quote, self.source.text)
        hints = None
        if form.prefix or form.suffix or form.occurrence:
            hints = Hints(form.prefix or "", form.suffix or "", form.occurrence)
        match = locate(self.source.text, quote, hints, self.source.sentences)
        if not match.spans:
            self._fault(at, f"quote-{match.verdict}", f"quote “{form.quote}”: {match.problem}")
            return None
        whole = Span(match.spans[0].start, match.spans[-1].end)
        if len(self.source.sentences_of(whole)) > 1:
            self._fault(
                at,
                "quote-sentences",
                f"quote “{form.quote}”: a quote stays within one sentence; quote each on its own",
            )
        return Passage(
            source=self.source.key,
            typed=form.quote,
            spans=match.spans,
            verdict=match.verdict,
            insertions=quote.insertions,
            region=self.source.region_at(match.spans[0].start).id,
            line=at.line,
        )

    def _claim(self, form: ClaimForm, head: ClaimsFile, ground: _Ground, at: _At) -> Claim | None:
        ground = replace(ground, chain=self._chain(form, head, ground.passages[0], at))
        made = self._statement(form, form.modality, ground, at)
        if made is None:
            return None
        made = replace(made, withdrawn=form.withdrawn is not None)
        conditions = []
        for word in ("if", "unless"):
            condition: SuppositionForm | None = getattr(form, "if_" if word == "if" else word)
            if condition is None or condition.id is None:
                continue
            known = ground.conditions.get(condition.id)
            if known is None or known.form != condition:
                known = self._statement(condition, "supposition", ground, at.below(word))
            if known is not None:
                # One claim that still stands keeps the condition that it shares.
                others = known.id not in ground.conditions or known.withdrawn
                known = replace(known, withdrawn=made.withdrawn and others)
                ground.conditions[known.id] = known
                conditions.append((word, known))
        return replace(made, conditions=tuple(conditions))

    def _statement(
        self, form: ClaimForm | SuppositionForm, modality: str, ground: _Ground, at: _At
    ) -> Claim | None:
        assert form.id is not None and form.edge is not None
        if form.id in self.ids:
            self._fault(at, "id-twice", f"claim id `{form.id}` is also on line {self.ids[form.id]}")
            return None
        self.ids[form.id] = at.line
        relation = self.vocabulary.relations[form.edge.relation]
        subjects = self._ends(relation, "domain", form.edge.subject, at)
        objects = self._ends(relation, "range", form.edge.object, at)
        if subjects is None or objects is None:
            return None
        return Claim(
            source=self.source.key,
            id=form.id,
            form=form,
            modality=modality,
            relation=relation,
            subjects=subjects,
            objects=objects,
            chain=ground.chain,
            passages=ground.passages,
            context=ground.context,
            levers=self._levers(form, relation, (*subjects, *objects), at),
            line=at.line,
        )

    def _ends(
        self, relation: Relation, side: str, keys: tuple[str, ...], at: _At
    ) -> tuple[End, ...] | None:
        name = relation.term.name
        if not keys and side == "range" and relation.range:
            self._fault(at, "edge", f"`{name}` needs an object: {end_types(relation, side)}")
            return None
        if keys and side == "range" and not relation.range:
            self._fault(at, "edge", f"`{name}` takes no object")
            return None
        ends = []
        for key in keys:
            if side == "range" and LITERAL in relation.range:
                ends.append(End(LITERAL, key))
                continue
            kind = "claim" if "/" in key else self.registers.type_of(key)
            if kind is None:
                known = self.keys["end"]
                near = nearest(key, known)
                hint = f"; nearest: {', '.join(near)}" if near else ""
                self._fault(at, "edge", f"unknown actor, topic or work `{key}`{hint}")
                return None
            end = End(kind, key)
            if not takes(relation, end, side):
                role = "subject" if side == "domain" else "object"
                self._fault(
                    at,
                    "edge",
                    f"`{name}` takes {end_types(relation, side)} as its {role}; "
                    f"`{key}` is a {kind}",
                )
                return None
            ends.append(end)
        return tuple(ends)

    def _levers(
        self,
        form: ClaimForm | SuppositionForm,
        relation: Relation,
        ends: tuple[End, ...],
        at: _At,
    ) -> dict[str, str]:
        between_actors = all(end.type == "actor" for end in ends) and len(ends) > 1
        if form.lever is None:
            return dict.fromkeys(relation.levers, "default") if between_actors else {}
        levers = dict.fromkeys(form.lever.said, "said") | dict.fromkeys(form.lever.judged, "judged")
        if levers and not between_actors:
            self._fault(at, "lever", "a lever stands only where one actor works on another")
        facets = [self.vocabulary.facets.get(lever, lever) for lever in levers]
        if len(set(facets)) < len(facets):
            self._fault(
                at, "lever", "a claim takes at most one instrument and one effect as its levers"
            )
        if levers and form.lever.none:
            self._fault(at, "lever", "`none:` says that there is no lever; leave the others out")
        return levers

    def _chain(
        self, form: ClaimForm, head: ClaimsFile, passage: Passage, at: _At
    ) -> tuple[Link, ...]:
        typed = tuple(
            Link(
                who=link.who,
                words=link.words,
                document=link.in_,
                form=link.form,
                stance=link.stance,
                sure=link.sure,
                why=link.why,
            )
            for link in form.chain
        )
        region = self.source.region_at(passage.spans[0].start)
        voices = head.voices.get(region.id) or head.voices.get(region.kind) or ()
        ends = tuple(link.who for link in typed)
        for said in range(min(len(ends), len(voices)), 0, -1):
            if ends[-said:] == voices[:said]:
                voices = voices[said:]
                break
        chain = typed + tuple(Link(who=voice) for voice in voices)
        if not chain:
            self._fault(
                at,
                "chain",
                f"nobody says this: give a `chain:`, or a voice to `{region.id}` in `voices:`",
            )
            return (Link(who="unstated"),)
        return chain

    def _check_declared(
        self, document: Document, claims: list[Claim], no_claims: Mapping[Span, str]
    ) -> None:
        for claim in claims:
            if claim.withdrawn:
                continue
            for passage in claim.passages:
                for span in passage.spans:
                    for sentence in self.source.sentences_of(span):
                        if sentence in no_claims:
                            self.findings.add(
                                document.path,
                                claim.line,
                                "declared-none",
                                f"`{claim.id}`: its sentence is also declared no claim "
                                f"({no_claims[sentence]})",
                            )

    def _fault(self, at: _At, rule: str, message: str) -> None:
        self.findings.add(at.document.path, at.line, rule, message)


def _ids(value: object) -> Iterator[str]:
    """Every `id:` in a part of the file, whether or not its claim holds."""
    if isinstance(value, list):
        for item in value:
            yield from _ids(item)
    elif isinstance(value, dict):
        if isinstance(value.get("id"), str):
            yield value["id"]
        for key in ("says", "if", "unless"):
            yield from _ids(value.get(key))
