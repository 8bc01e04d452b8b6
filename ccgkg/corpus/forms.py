"""The building blocks of curation files: one definition for reading and for the schema.

`Ref("actor")` on a field says which register or scheme its value is a key of. The same
marker checks the value when a file is read (with the nearest right keys in the error)
and becomes an enumeration in the published JSON Schema, so that editors complete it.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    StringConstraints,
    ValidationInfo,
    WithJsonSchema,
    model_validator,
)
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from ccgkg.errors import nearest

__all__ = [
    "LEFT_OUT",
    "PATTERNS",
    "Address",
    "ClaimRef",
    "Day",
    "Form",
    "Keys",
    "Language",
    "OneOrMore",
    "Ref",
    "Sentence",
    "ShortId",
    "Slug",
    "Words",
]

PATTERNS = {
    r"^[a-z0-9]+(?:-[a-z0-9]+)*$": "a key: lower-case letters, digits and single hyphens",
    r"^\d{4}-\d{2}-\d{2}$": "a day, such as 2014-04-01",
    r"^\d{4}(?:-\d{2}(?:-\d{2})?)?$": "a year, a month or a day, such as 2014 or 2014-04-01",
    r"^(?:[a-z0-9-]+/)?[a-z0-9]+(?:-[a-z0-9]+)*$": "a claim: its id, or source-key/its-id",
    r"^[a-z0-9-]+/[a-z0-9]+(?:-[a-z0-9]+)*$": "a claim: source-key/its-id",
    r"^[0-9a-f]{64}$": "a SHA-256: 64 hexadecimal digits",
    r"^\d+\.\d+\.\d+$": "a version, such as 0.1.0",
    r"^-?\d+(?:\.\d+)?$": "a number, such as 20 or 0.5",
}
"""What the patterns of strings mean, for people."""

LEFT_OUT = "left_out"
"""The type of error of a field that a form asks for, and says why."""

Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(?:-[a-z0-9]+)*$", max_length=80)]
"""A key: lower-case letters, digits and single hyphens."""

Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=20_000)]
"""Text that is not empty."""


def _one_sentence(value: str) -> str:
    # The segmenter is wanted by few files only.
    from ccgkg.corpus.sentences import segment
    from ccgkg.corpus.text import Text

    if value[-1] not in ".?!" or len(segment(Text(value))) != 1:
        raise ValueError(f"`{value}` is not one sentence on one line, with its full stop")
    return value


Sentence = Annotated[Words, AfterValidator(_one_sentence)]
"""One sentence for a reader, with its full stop."""


def _calendar_day(value: str) -> str:
    try:
        datetime.date.fromisoformat(value)
    except ValueError:
        raise ValueError(f"`{value}` is no day of the calendar, such as 2014-04-01") from None
    return value


Day = Annotated[
    str, StringConstraints(pattern=r"^\d{4}-\d{2}-\d{2}$"), AfterValidator(_calendar_day)
]
"""A calendar day, `2014-04-01`."""

# Marks that show nothing, or turn what follows round, would let an address look like another;
# the standard of IRIs has no place for them either.
_UNSEEN = r"\x00-\x1f\x7f-\x9f\xad\u061c\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff"
_ADDRESS = re.compile(
    r"https?://[A-Za-z0-9.-]+(?::\d{1,5})?"
    rf"(?:[/?#](?:%[0-9A-Fa-f]{{2}}|[^\s{_UNSEEN}<>\"{{}}|\\^`\[\]%])*)?"
)
_LANGUAGE = re.compile(r"[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8})*")


def _http_address(value: str) -> str:
    if not _ADDRESS.fullmatch(value):
        raise ValueError(f"`{value}` is no address that starts with http:// or https://")
    return value


def _language_tag(value: str) -> str:
    if not _LANGUAGE.fullmatch(value):
        raise ValueError(f"`{value}` is no language tag, such as en-GB")
    return value


Address = Annotated[
    str,
    StringConstraints(max_length=2000),
    AfterValidator(_http_address),
    WithJsonSchema({"type": "string", "pattern": "^https?://"}),
]
"""An http or https address that may stand in RDF as it is."""

Language = Annotated[
    str,
    StringConstraints(max_length=35),
    AfterValidator(_language_tag),
    WithJsonSchema({"type": "string", "pattern": f"^{_LANGUAGE.pattern}$"}),
]
"""A language tag, `en-GB`."""


@dataclass(frozen=True)
class Keys:
    """What keys exist, for the validation of a file.

    Attributes:
        known: for each register or scheme, its keys.
    """

    known: Mapping[str, Collection[str]]

    def check(self, kind: str, value: str) -> None:
        """Raise ValueError, with the nearest right keys, for a key that does not exist."""
        known = self.known.get(kind, ())
        if value in known:
            return
        near = nearest(value, known)
        hint = f"; nearest: {', '.join(near)}" if near else ""
        raise ValueError(f"unknown {kind} `{value}`{hint}")


@dataclass(frozen=True)
class Ref:
    """Marks a string as a key of a register (`actor`) or a scheme (`modality`)."""

    kind: str

    def __get_pydantic_core_schema__(
        self, source: Any, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        def check(value: str, info: ValidationInfo) -> str:
            if isinstance(info.context, Keys):
                info.context.check(self.kind, value)
            return value

        return core_schema.with_info_after_validator_function(check, handler(source))

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        return {"type": "string", "x-key-of": self.kind}


ClaimRef = Annotated[str, StringConstraints(pattern=r"^(?:[a-z0-9-]+/)?[a-z0-9]+(?:-[a-z0-9]+)*$")]
"""A claim: `its-id` in the same file, or `source-key/its-id`."""

ShortId = Annotated[str, StringConstraints(pattern=r"^[a-z0-9-]+/[a-z0-9]+(?:-[a-z0-9]+)*$")]
"""A claim, where no file goes without saying: `source-key/its-id`."""


def _listed(value: Any) -> Any:
    return value if isinstance(value, (list, tuple)) or value is None else [value]


@dataclass(frozen=True)
class OneOrMore:
    """Lets a list of one be written without brackets."""

    def __get_pydantic_core_schema__(
        self, source: Any, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        return core_schema.no_info_before_validator_function(_listed, handler(source))

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        listed = handler(schema)
        return {"anyOf": [listed["items"], listed]}


def _alias(name: str) -> str:
    return name.rstrip("_").replace("_", "-")


class Form(BaseModel):
    """A mapping in a curation file: keys in kebab case, none unknown, frozen.

    A form with a `shorthand` may also be written as that one value. `asks` tells, for fields
    that are often forgotten, what to write there.
    """

    model_config = ConfigDict(
        extra="forbid", frozen=True, alias_generator=_alias, validate_default=False
    )
    shorthand: ClassVar[str] = ""
    asks: ClassVar[Mapping[str, str]] = {}

    @model_validator(mode="before")
    @classmethod
    def _expand(cls, value: Any) -> Any:
        if cls.shorthand and not isinstance(value, dict):
            value = {cls.shorthand: value}
        given = value if isinstance(value, dict) else {}
        for field, what in cls.asks.items():
            if given.get(field) in (None, []):
                told = {"field": field, "what": what}
                raise PydanticCustomError(LEFT_OUT, "`{field}` is missing: {what}", told)
        return value

    @classmethod
    def __get_pydantic_json_schema__(
        cls, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        full = handler(schema)
        if not cls.shorthand:
            return full
        properties = handler.resolve_ref_schema(full)["properties"]
        return {"anyOf": [properties[cls.shorthand], full]}
