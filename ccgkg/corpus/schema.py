"""The JSON Schemas of curation files, for editors that complete and check as one types.

They are made from the same forms that read the files; keys of registers and terms of
the ontology become enumerations.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from typing import Any

from pydantic import TypeAdapter

from ccgkg.corpus.entries import ClaimsFile
from ccgkg.corpus.findings import Findings
from ccgkg.corpus.library import CorpusForm, reader_keys, register_keys
from ccgkg.corpus.places import CorpusPlace
from ccgkg.corpus.registers import (
    ActorForm,
    MeasureForm,
    TimeEntryForm,
    TopicForm,
    WaveEntryForm,
    WorkForm,
    read_registers,
)
from ccgkg.corpus.sources import SourceForm
from ccgkg.corpus.vocabulary import Vocabulary

__all__ = ["SCHEMAS", "schema_text"]

_OPEN = ("source", "voice", "document", "end")
"""Keys that depend on one source, or that a claim's id may also fill: not enumerated."""

SCHEMAS: Mapping[str, Any] = {
    "claims": ClaimsFile,
    "source": SourceForm,
    "corpus": CorpusForm,
    "actors": dict[str, ActorForm],
    "topics": dict[str, TopicForm],
    "times": dict[str, TimeEntryForm],
    "works": dict[str, dict[str, WorkForm | WaveEntryForm | MeasureForm]],
}


def schema_text(name: str, place: CorpusPlace, vocabulary: Vocabulary) -> str:
    """The JSON Schema of one kind of curation file, as text.

    Args:
        name: one of `SCHEMAS`.
        place: the corpus whose register keys are completed.
        vocabulary: its ontology.
    """
    keys = reader_keys(vocabulary)
    keys |= register_keys(read_registers(place.seeds, keys, Findings(place.root)))
    schema = TypeAdapter(SCHEMAS[name]).json_schema(by_alias=True)
    schema = {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}
    return json.dumps(_filled(schema, keys), ensure_ascii=False, indent=1, sort_keys=True)


def _filled(node: Any, keys: Mapping[str, Collection[str]]) -> Any:
    """Put the known keys in the place of each `x-key-of`."""
    if isinstance(node, list):
        return [_filled(item, keys) for item in node]
    if not isinstance(node, dict):
        return node
    kind = node.get("x-key-of")
    if kind is None:
        return {name: _filled(value, keys) for name, value in node.items()}
    if kind == "end":
        return {"anyOf": [{"enum": sorted(keys["end"])}, {"type": "string"}]}
    return {"type": "string"} if kind in _OPEN else {"enum": sorted(keys[kind])}
