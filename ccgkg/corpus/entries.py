"""The forms of `claims.yaml`: what a curator may write, and nothing else.

An entry is a passage with the claims it makes, or a sentence declared to make none. The
common claim is written beside its quote; several go under `says:`, and whatever claim
field stands beside the quote then holds for each of them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Literal

from pydantic import BeforeValidator, Field, StrictBool, model_validator

from ccgkg.corpus.forms import ClaimRef, Day, Form, OneOrMore, Ref, Slug, Words
from ccgkg.corpus.text import plain

__all__ = [
    "ClaimForm",
    "ClaimsFile",
    "CompareForm",
    "EntryForm",
    "FigureForm",
    "MirrorForm",
    "ReasonForm",
    "SuppositionForm",
    "Things",
    "TimeForm",
]

Thing = Annotated[str, Ref("thing")]
Things = Annotated[tuple[Thing, ...], OneOrMore()]


class EdgeForm(Form):
    """Subject, relation, object: `[nhs-england, pays, gps]`."""

    subject: tuple[Words, ...] = Field(min_length=1)
    relation: Annotated[str, Ref("relation")]
    object: tuple[Words, ...] = ()

    @model_validator(mode="before")
    @classmethod
    def _from_list(cls, value: Any) -> Any:
        if not isinstance(value, list) or not 2 <= len(value) <= 3:
            raise ValueError("an edge is [subject, relation, object] or [subject, relation]")
        subject, relation, *objects = (v if isinstance(v, list) else [v] for v in value)
        if len(relation) != 1:
            raise ValueError("an edge has one relation")
        return {
            "subject": subject,
            "relation": relation[0],
            "object": objects[0] if objects else [],
        }

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: Any, handler: Any) -> dict[str, Any]:
        end = {"type": "string", "x-key-of": "end"}
        ends = {"anyOf": [end, {"type": "array", "items": end, "minItems": 1}]}
        return {
            "type": "array",
            "description": "subject, relation, object",
            "prefixItems": [ends, {"type": "string", "x-key-of": "relation"}, ends],
            "items": False,
            "minItems": 2,
        }


class ChainLinkForm(Form):
    """One link of a chain: who, in which words, in which document."""

    shorthand: ClassVar[str] = "who"
    asks: ClassVar[Mapping[str, str]] = {
        "who": "a link of a chain is an actor; the document stands under `in`"
    }
    who: Annotated[str, Ref("actor")]
    words: Words | None = None
    in_: Annotated[str, Ref("document")] | None = None
    form: Annotated[str, Ref("form")] | None = None
    stance: Annotated[str, Ref("stance")] = "neutral"
    sure: Literal["unclear"] | None = None
    why: Words | None = None

    @model_validator(mode="after")
    def _unclear_says_why(self) -> ChainLinkForm:
        if self.sure and not self.why:
            raise ValueError("`sure: unclear` needs `why:`")
        return self


def _begun(value: Any) -> Any:
    if value is None or value == []:
        raise ValueError(
            "an empty chain has nobody who says it: begin with `who:`, or leave the chain out if "
            "the region's own voice says it"
        )
    return value


Chain = Annotated[
    tuple[ChainLinkForm, ...], Field(min_length=1), OneOrMore(), BeforeValidator(_begun)
]


class QuoteForm(Form):
    """A quote, and what decides if the source prints it twice."""

    shorthand: ClassVar[str] = "quote"
    quote: Words
    prefix: Words | None = None
    suffix: Words | None = None
    occurrence: int = Field(default=0, ge=0)


class ExtentForm(Form):
    """How many of the subject."""

    shorthand: ClassVar[str] = "value"
    value: Annotated[str, Ref("extent")]
    words: Words | None = None


class CompareForm(Form):
    """A comparison, in one node."""

    direction: Annotated[str, Ref("direction")]
    of: Annotated[str, Ref("quantity")] | None = None
    than: Annotated[str, Ref("comparator")] | None = None
    from_: ClaimRef | None = None
    to: ClaimRef | None = None


class WaveForm(Form):
    """A survey wave, and how it is known that the figure belongs to it."""

    shorthand: ClassVar[str] = "survey"
    survey: Annotated[str, Ref("wave")]
    known: Annotated[str, Ref("known")] = "stated"
    why: Words | None = None


class FigureForm(Form):
    """A figure as printed, and what it counts of whom."""

    asks: ClassVar[Mapping[str, str]] = {
        "population": "a figure counts somebody, a key of actors.yaml; for a share, those of whom"
        " it is a share"
    }
    said: Words
    value: int | Annotated[str, Field(pattern=r"^-?\d+(?:\.\d+)?$", max_length=40)] | None = None
    comparator: Annotated[str, Ref("comparison")] = "eq"
    unit: Annotated[str, Ref("unit")]
    measure: Annotated[str, Ref("measure")]
    population: Annotated[str, Ref("actor")]
    wave: WaveForm | None = None


class TimeForm(Form):
    """The time that a claim speaks of."""

    shorthand: ClassVar[str] = "key"
    key: Annotated[str, Ref("time")] | None = None
    said: Words | None = None
    known: Annotated[str, Ref("known")] = "stated"
    from_: Day | None = None
    until: Day | None = None
    why: Words | None = None

    @model_validator(mode="after")
    def _ordered(self) -> TimeForm:
        if self.from_ and self.until and self.from_ > self.until:
            raise ValueError(f"from {self.from_} is after until {self.until}")
        if self.known == "inferred" and not self.key and not self.why:
            raise ValueError("an inferred time needs `why:`")
        return self


Levers = Annotated[tuple[Annotated[str, Ref("lever")], ...], OneOrMore()]


class LeverForm(Form):
    """The levers of a claim and their basis."""

    said: Levers = ()
    judged: Levers = ()
    none: Words | None = None

    @model_validator(mode="after")
    def _one_or_none(self) -> LeverForm:
        if not (self.said or self.judged or self.none):
            raise ValueError("a lever is `said:` or `judged:`, or `none:` with the reason")
        twice = set(self.said) & set(self.judged)
        if twice:
            raise ValueError(f"`{sorted(twice)[0]}` is either said or judged, not both")
        return self


class ReasonForm(Form):
    """A link to another claim, with its reason."""

    asks: ClassVar[Mapping[str, str]] = {
        "claim": "a link leads to a claim, `source-key/claim-id`",
        "why": "the link is the curator's, and says why it holds",
    }
    claim: ClaimRef
    why: Words


Reasons = Annotated[tuple[ReasonForm, ...], OneOrMore()]


class WithdrawnForm(Form):
    """A claim that is no longer made; its id stays."""

    why: Words
    successor: ClaimRef | None = None


class _Statement(Form):
    """What every claim may carry, suppositions too."""

    id: Slug
    edge: EdgeForm
    text: Words
    denied: StrictBool = False
    hedge: Words | None = None
    about: Things = ()
    by: Things = ()
    from_: Things = ()
    to: Things = ()
    extent: ExtentForm | None = None
    time: TimeForm | None = None
    lever: LeverForm | None = None
    note: Words | None = None


class SuppositionForm(_Statement):
    """A condition: a claim that is only supposed, or plain words."""

    shorthand: ClassVar[str] = "words"
    id: Slug | None = None  # type: ignore[assignment]
    edge: EdgeForm | None = None  # type: ignore[assignment]
    text: Words | None = None  # type: ignore[assignment]
    words: Words | None = None

    @model_validator(mode="after")
    def _claim_or_words(self) -> SuppositionForm:
        parts = (self.id, self.edge, self.text)
        if self.words is None and None in parts:
            raise ValueError("a condition is words, or a claim with id, edge and text")
        if self.words is not None and any(part is not None for part in parts):
            raise ValueError("a condition is either words or a claim, not both")
        return self


class ClaimForm(_Statement):
    """One claim."""

    modality: Annotated[str, Ref("modality")]
    chain: Chain = ()
    compare: CompareForm | None = None
    figure: FigureForm | None = None
    if_: SuppositionForm | None = None
    unless: SuppositionForm | None = None
    one_of: Slug | None = None
    answers: Annotated[tuple[ClaimRef, ...], OneOrMore()] = ()
    tone: Annotated[tuple[Annotated[str, Ref("tone")], ...], OneOrMore()] = ()
    reading: Annotated[str, Ref("reading")] = "explicit"
    also: Annotated[tuple[QuoteForm, ...], OneOrMore()] = ()
    supports: Reasons = ()
    disputes: Reasons = ()
    updates: Reasons = ()
    qualifies: Reasons = ()
    utterance: Reasons = ()
    accept: dict[str, Words] = Field(default_factory=dict)
    withdrawn: WithdrawnForm | None = None

    @property
    def accepted(self) -> set[str]:
        """The keys of `accept:`, as the laws spell them."""
        return set(map(plain, self.accept))

    @model_validator(mode="after")
    def _supposition_is_a_condition(self) -> ClaimForm:
        if self.modality == "supposition":
            raise ValueError("a supposition stands under `if:` or `unless:` of another claim")
        return self


class EntryForm(QuoteForm):
    """One passage: the claims it makes, or the reason why it makes none."""

    shorthand: ClassVar[str] = ""
    context: Annotated[tuple[QuoteForm, ...], OneOrMore()] = ()
    says: tuple[ClaimForm, ...] = ()
    no_claim: Annotated[str, Ref("no-claim")] | None = None

    @model_validator(mode="before")
    @classmethod
    def _claims_under_says(cls, value: Any) -> Any:
        """Bring an entry with its claim beside the quote into the form with `says`."""
        if not isinstance(value, dict):
            raise ValueError("an entry is a mapping that starts with `quote:`")
        own = {field.alias for field in cls.model_fields.values()}
        passage = {key: v for key, v in value.items() if key in own}
        beside = {key: v for key, v in value.items() if key not in own}
        if "no-claim" in passage:
            return value
        if "says" in passage and "id" in beside:
            raise ValueError("`id:` stands beside `says:`; each claim under it has its own")
        says = passage.get("says", [{}])
        if not isinstance(says, list) or not says:
            raise ValueError("`says:` is a list of claims")
        merged = []
        for claim in says:
            if not isinstance(claim, dict):
                raise ValueError("each claim under `says:` is a mapping")
            whole = {**beside, **claim}
            both = [part["accept"] for part in (beside, claim) if "accept" in part]
            if len(both) == 2 and all(isinstance(accepted, dict) for accepted in both):
                whole["accept"] = {**both[0], **both[1]}
            merged.append(whole)
        return {**passage, "says": merged}

    @model_validator(mode="after")
    def _claims_or_none(self) -> EntryForm:
        if self.no_claim is not None and self.says:
            raise ValueError("an entry makes claims or says `no-claim:`, not both")
        return self

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: Any, handler: Any) -> dict[str, Any]:
        entry = handler.resolve_ref_schema(handler(schema))
        claim = handler.resolve_ref_schema(entry["properties"]["says"]["items"])
        # Under `says`, whatever stands beside the quote need not be said again.
        said = {**claim, "required": ["id"]}
        entry["properties"]["says"] = {"type": "array", "minItems": 1, "items": said}
        return {
            "type": "object",
            "additionalProperties": False,
            "properties": {**entry["properties"], **claim["properties"]},
            "required": ["quote"],
            "anyOf": [
                {"required": ["no-claim"]},
                {"required": ["says"]},
                {"required": claim["required"]},
            ],
        }


class MirrorForm(Form):
    """That a source prints the article of another one: its claims have passages here too."""

    shorthand: ClassVar[str] = "source"
    source: Slug
    renderings: dict[Slug, Words] = Field(default_factory=dict)
    absent: Annotated[tuple[Slug, ...], OneOrMore()] = ()


Voices = Annotated[tuple[Annotated[str, Ref("actor")], ...], OneOrMore()]


class ClaimsFile(Form):
    """A whole `claims.yaml`."""

    source: Annotated[str, Ref("source")]
    voices: dict[Annotated[str, Ref("voice")], Voices]
    mirrors: MirrorForm | None = None
    claims: tuple[EntryForm, ...]
