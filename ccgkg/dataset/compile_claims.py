"""Claims, their chains and their evidence as RDF (model, sections 1 and 5)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

import pyoxigraph as ox

from ccgkg.corpus.anchors import describe
from ccgkg.corpus.claims import SHARES, Claim, End, Passage, states
from ccgkg.corpus.entries import CompareForm, FigureForm, TimeForm
from ccgkg.corpus.library import Corpus
from ccgkg.corpus.vocabulary import LITERAL
from ccgkg.dataset.closures import concerned
from ccgkg.dataset.emit import Addresses, Emitter, boolean, day, decimal, english, number, text
from ccgkg.dataset.prefixes import CCG, CITO, DCAT, DCTERMS, OA, PROV, RDF, RDFS

__all__ = ["compile_claims", "quotes_of"]

_CITO = {kind: CITO + kind for kind in ("supports", "disputes", "updates", "qualifies")}
_LINK_PROPERTIES = {**_CITO, "utterance": CCG + "sameUtterance"}
_ELLIPSIS = " … "


def quotes_of(corpus: Corpus, claim: Claim) -> list[str]:
    """The source's own characters of each passage, parts of an elided one joined by “ … ”."""
    return [
        _ELLIPSIS.join(corpus.sources[passage.source].text[span] for span in passage.spans)
        for passage in claim.passages
    ]


def compile_claims(corpus: Corpus, source: str) -> list[ox.Quad]:
    """All quads of one source's claims: a pure function, whatever the other sources say."""
    emitter = Emitter(Addresses(corpus.form.base))
    if source in corpus.readings:
        for claim in corpus.readings[source].claims:
            _Compiler(corpus, claim, emitter, emitter.addresses.of("claim", claim.short)).compile()
        for short, passages in corpus.readings[source].mirrored.items():
            compiler = _Compiler(
                corpus, corpus.claims[short], emitter, emitter.addresses.of("claim", short)
            )
            compiler.printed_again(source, passages)
    return emitter.quads


@dataclass(frozen=True)
class _Compiler:
    """Compiles one claim."""

    corpus: Corpus
    claim: Claim
    out: Emitter
    iri: str

    def compile(self) -> None:
        self._core()
        self._slots()
        self._chain()
        for place, passage in enumerate(self.claim.passages, 1):
            self._evidence(f"{self.iri}/passage/{place}", passage)
        for place, passage in enumerate(self.claim.context, 1):
            where = f"{self.iri}/context/{place}"
            self.out.ccg(self.iri, "context", where)
            self._stretches(where, passage, OA + "hasTarget")
        self._full_form()
        self._withdrawn()
        self._reasons()

    def printed_again(self, source: str, passages: Iterable[Passage]) -> None:
        """The claim's passages in another source, which prints the same article."""
        for printed in ("printedIn", "alsoPrintedIn"):
            self.out.ccg(self.iri, printed, self.out.addresses.of("source", source))
        for place, passage in enumerate(passages, 1):
            self._evidence(f"{self.iri}/passage/{source}/{place}", passage)

    def _concept(self, scheme: str, name: str) -> str:
        return self.corpus.vocabulary.iri(scheme, name)

    def _thing(self, key: str) -> str:
        kind = "claim" if "/" in key else self.corpus.registers.type_of(key)
        return self.out.addresses.of(kind or "actor", key)

    def _end(self, end: End) -> str | ox.Literal:
        return text(end.key) if end.type == LITERAL else self._thing(end.key)

    def _core(self) -> None:
        claim, out, iri = self.claim, self.out, self.iri
        stated = states(claim, self.corpus.vocabulary)
        quotes = quotes_of(self.corpus, claim)
        out.a(iri, CCG + "Claim")
        out.add(iri, RDFS + "label", english(claim.form.text or "", self.corpus.form.language))
        out.add(iri, RDF + "predicate", claim.relation.term.iri)
        for subject in claim.subjects:
            out.add(iri, RDF + "subject", self._end(subject))
        for value in claim.objects:
            out.add(iri, RDF + "object", self._end(value))
        polarity = "denied" if claim.form.denied else "affirmed"
        out.ccg(iri, "polarity", self._concept("polarity", polarity))
        out.ccg(iri, "modality", self._concept("modality", claim.modality))
        out.ccg(iri, "source", out.addresses.of("source", claim.source))
        out.ccg(iri, "printedIn", out.addresses.of("source", claim.source))
        out.ccg(iri, "states", boolean(stated))
        out.words(iri, "digest", claim.digest(quotes))
        out.words(iri, "quote", quotes[0])
        if stated:
            self._bare_triples()

    def _bare_triples(self) -> None:
        for subject in self.claim.subjects:
            for value in self.claim.objects:
                ends = self._end(subject), self.claim.relation.term.iri, self._end(value)
                assert isinstance(ends[0], str)
                self.out.add(*ends)  # type: ignore[arg-type]
                self.out.add(*ends, graph=self.iri)  # type: ignore[arg-type]

    def _slots(self) -> None:
        claim, out, iri = self.claim, self.out, self.iri
        form = claim.form
        for slot in ("about", "by", "from", "to"):
            for key in getattr(form, "from_" if slot == "from" else slot):
                out.ccg(iri, slot, self._thing(key))
        for key in claim.involved_keys():
            out.ccg(iri, "involves", self._thing(key))
        for key in concerned(self.corpus, claim):
            out.ccg(iri, "concerns", self._thing(key))
        out.words(iri, "hedge", form.hedge)
        out.words(iri, "note", form.note)
        if form.extent:
            out.ccg(iri, "extent", self._concept("extent", form.extent.value))
            out.words(iri, "extentWords", form.extent.words)
        for lever, basis in claim.levers.items():
            out.ccg(iri, "lever", self._concept("lever", lever))
            out.ccg(iri, f"{basis}Lever", self._concept("lever", lever))
        self._time(form.time)

    def _time(self, form: TimeForm | None) -> None:
        source = self.out.addresses.of("source", self.claim.source)
        if form is None:
            self.out.ccg(self.iri, "time", f"{source}/time")
        elif form.key is not None:
            self.out.ccg(self.iri, "time", self.out.addresses.of("time", form.key))
        else:
            where = f"{self.iri}/time"
            self.out.ccg(self.iri, "time", where)
            self.out.a(where, CCG + "Time")
            self.out.words(where, "said", form.said)
            if form.said:
                language = self.corpus.form.language
                self.out.add(where, RDFS + "label", english(form.said, language))
            self.out.ccg(where, "known", self._concept("known", form.known))
            self.out.words(where, "because", form.why)
            self.out.ccg(where, "earliest", day(form.from_) if form.from_ else None)
            self.out.ccg(where, "latest", day(form.until) if form.until else None)

    def _chain(self) -> None:
        claim, out, iri = self.claim, self.out, self.iri
        actor = {link.who: out.addresses.of("actor", link.who) for link in claim.chain}
        last = len(claim.chain)
        out.ccg(iri, "asserter", actor[claim.asserter])
        out.ccg(iri, "teller", actor[claim.teller])
        out.ccg(iri, "depth", number(last))
        for who in actor.values():
            out.ccg(iri, "voice", who)
        for step, link in enumerate(claim.chain, 1):
            where = f"{iri}/link/{step}"
            role = "asserter" if step == 1 else "teller" if step == last else "reporter"
            out.add(iri, PROV + "qualifiedAttribution", where)
            out.a(where, CCG + "ChainLink", PROV + "Attribution")
            out.ccg(where, "step", number(step))
            out.add(where, PROV + "agent", actor[link.who])
            out.add(where, DCAT + "hadRole", self._concept("role", role))
            out.ccg(where, "stance", self._concept("stance", link.stance))
            out.words(where, "words", link.words)
            out.words(where, "unclearBecause", link.why if link.sure else None)
            if link.form:
                out.ccg(where, "form", self._concept("form", link.form))
            document = self._document(link.document)
            if step == last and document is None:
                document = out.addresses.of("source", claim.source)
            out.ccg(where, "in", document)
            if step < last:
                out.ccg(where, "relayedBy", f"{iri}/link/{step + 1}")

    def _document(self, key: str | None) -> str | None:
        if key is None:
            return None
        if key in self.corpus.registers.works:
            return self.out.addresses.of("work", key)
        return f"{self.out.addresses.of('source', self.claim.source)}/region/{key}"

    def _evidence(self, where: str, passage: Passage) -> None:
        out = self.out
        source = self.corpus.sources[passage.source]
        out.a(where, OA + "Annotation")
        out.add(where, OA + "hasBody", self.iri)
        out.add(where, OA + "motivatedBy", OA + "identifying")
        out.ccg(where, "verdict", self._concept("verdict", passage.verdict))
        for words in passage.insertions:
            out.words(where, "insertion", words)
        region = source.region_at(passage.spans[0].start)
        if region.kind != "body":
            home = out.addresses.of("source", source.key)
            out.ccg(where, "inRegion", f"{home}/region/{region.id}")
        self._stretches(where, passage, OA + "hasTarget")

    def _stretches(self, where: str, passage: Passage, predicate: str) -> None:
        """The ordered targets of a passage, each with both selectors."""
        out = self.out
        source = self.corpus.sources[passage.source]
        for order, span in enumerate(passage.spans, 1):
            anchor = describe(source.text, span)
            target = f"{where}/target/{order}"
            out.add(where, predicate, target)
            out.a(target, OA + "SpecificResource")
            out.add(target, OA + "hasSource", out.addresses.of("source", source.key))
            out.ccg(target, "order", number(order))
            quote, position = f"{target}/quote", f"{target}/position"
            out.add(target, OA + "hasSelector", quote)
            out.add(target, OA + "hasSelector", position)
            out.a(quote, OA + "TextQuoteSelector")
            out.add(quote, OA + "exact", text(anchor.exact))
            out.add(quote, OA + "prefix", text(anchor.prefix))
            out.add(quote, OA + "suffix", text(anchor.suffix))
            out.a(position, OA + "TextPositionSelector")
            out.add(position, OA + "start", number(anchor.start))
            out.add(position, OA + "end", number(anchor.end))

    def _full_form(self) -> None:
        form = self.claim.full
        if form is None:
            return
        out, iri = self.out, self.iri
        for tone in form.tone:
            out.ccg(iri, "tone", self._concept("tone", tone))
        if form.reading != "explicit":
            out.ccg(iri, "reading", self._concept("reading", form.reading))
        for question in form.answers:
            out.ccg(iri, "answers", self._claim(question))
        if form.one_of:
            home = out.addresses.of("source", self.claim.source)
            alternatives = f"{home}/alternatives/{form.one_of}"
            out.a(alternatives, CCG + "Alternatives")
            out.ccg(iri, "oneOf", alternatives)
        for word, condition in self.claim.conditions:
            out.ccg(iri, word, out.addresses.of("claim", condition.short))
        for name, plain in (("ifWords", form.if_), ("unlessWords", form.unless)):
            if plain is not None:
                out.words(iri, name, plain.words)
        if form.figure:
            self._figure(form.figure)
        if form.compare:
            self._comparison(form.compare)

    def _withdrawn(self) -> None:
        form = self.claim.full
        if form is None:
            why = "the claim whose condition it is, is no longer made"
            self.out.words(self.iri, "withdrawnBecause", why if self.claim.withdrawn else None)
        elif form.withdrawn:
            self.out.words(self.iri, "withdrawnBecause", form.withdrawn.why)
            if form.withdrawn.successor:
                successor = self._claim(form.withdrawn.successor)
                self.out.add(self.iri, DCTERMS + "isReplacedBy", successor)

    def _claim(self, reference: str) -> str:
        return self.out.addresses.of("claim", self.claim.short_of(reference))

    def _figure(self, form: FigureForm) -> None:
        out, where = self.out, f"{self.iri}/figure"
        out.ccg(self.iri, "figure", where)
        out.a(where, CCG + "Figure")
        out.words(where, "said", form.said)
        out.ccg(where, "value", None if form.value is None else decimal(str(form.value)))
        if form.value is not None and (whole := SHARES.get(form.unit)):
            out.ccg(where, "ratio", decimal(str(Decimal(str(form.value)) / whole)))
        out.ccg(where, "comparator", self._concept("comparison", form.comparator))
        out.ccg(where, "unit", self._concept("unit", form.unit))
        out.ccg(where, "measure", out.addresses.of("measure", form.measure))
        out.ccg(where, "population", out.addresses.of("actor", form.population))
        if form.wave:
            out.ccg(where, "wave", out.addresses.of("wave", form.wave.survey))
            out.ccg(where, "waveKnown", self._concept("known", form.wave.known))
            out.words(where, "because", form.wave.why)

    def _comparison(self, form: CompareForm) -> None:
        out, where = self.out, f"{self.iri}/comparison"
        out.ccg(self.iri, "comparison", where)
        out.a(where, CCG + "Comparison")
        out.ccg(where, "direction", self._concept("direction", form.direction))
        if form.of:
            out.ccg(where, "quantity", self._concept("quantity", form.of))
        if form.than:
            out.ccg(where, "than", self._thing(form.than))
        if form.from_:
            out.ccg(where, "fromFigure", self._claim(form.from_) + "/figure")
        if form.to:
            out.ccg(where, "toFigure", self._claim(form.to) + "/figure")

    def _reasons(self) -> None:
        counted: dict[str, int] = {}
        for kind, reason in self.claim.reasons():
            counted[kind] = counted.get(kind, 0) + 1
            other = self._claim(reason.claim)
            self.out.add(self.iri, _LINK_PROPERTIES[kind], other)
            where = f"{self.iri}/{kind}/{counted[kind]}"
            self.out.a(where, CCG + "ReasonedLink")
            self.out.ccg(where, "linkFrom", self.iri)
            self.out.ccg(where, "linkTo", other)
            self.out.ccg(where, "linkType", _LINK_PROPERTIES[kind])
            self.out.words(where, "because", reason.why)
