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
from ccgkg.corpus.issues import IssueForm
from ccgkg.corpus.library import CorpusForm, reader_keys, register_keys
from ccgkg.corpus.mapfile import MapForm
from ccgkg.corpus.places import CorpusPlace
from ccgkg.corpus.registers import (
    ActorForm,
    TimeEntryForm,
    TopicForm,
    WorksFile,
    read_registers,
)
from ccgkg.corpus.sources import SourceForm
from ccgkg.corpus.views import SceneForm, TermForm
from ccgkg.corpus.vocabulary import Vocabulary

__all__ = ["SCHEMAS", "schema_text"]

_OPEN = ("source", "voice", "document")
"""Keys that depend on the one source: not enumerated."""

SCHEMAS: Mapping[str, Any] = {
    "claims": ClaimsFile,
    "source": SourceForm,
    "corpus": CorpusForm,
    "actors": dict[str, ActorForm],
    "topics": dict[str, TopicForm],
    "times": dict[str, TimeEntryForm],
    "works": WorksFile,
    "issues": dict[str, IssueForm],
    "map": MapForm,
    "story": dict[str, SceneForm],
    "glossary": dict[str, TermForm],
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
    used: set[str] = set()
    schema = _filled(TypeAdapter(SCHEMAS[name]).json_schema(by_alias=True), used)
    enumerations = {f"key-of-{kind}": _keys_of(kind, keys) for kind in sorted(used)}
    schema["$defs"] = {**schema.get("$defs", {}), **enumerations}
    schema = {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}
    return json.dumps(schema, ensure_ascii=False, indent=1, sort_keys=True)


def _filled(node: Any, used: set[str]) -> Any:
    """Let each `x-key-of` refer to the enumeration of those keys."""
    if isinstance(node, list):
        return [_filled(item, used) for item in node]
    if not isinstance(node, dict):
        return node
    kind = node.get("x-key-of")
    if kind is None:
        return {name: _filled(value, used) for name, value in node.items()}
    used.add(kind)
    return {"$ref": f"#/$defs/key-of-{kind}"}


def _keys_of(kind: str, keys: Mapping[str, Collection[str]]) -> dict[str, Any]:
    if kind == "end":
        # A claim or the source's own words may stand here too: completed, not demanded.
        return {"anyOf": [{"enum": sorted(keys["end"])}, {"type": "string"}]}
    return {"type": "string"} if kind in _OPEN else {"enum": sorted(keys[kind])}
