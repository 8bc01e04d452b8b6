"""Sentence boundaries of a source, pinned beside it.

Coverage is counted in sentences, so a new version of the segmenter must not turn a
green corpus red. The boundaries therefore lie in `sentences.yaml`, written once by
`ccgkg check --pin` and correctable by hand; the segmenter is asked only for a source
that has no such file yet.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from itertools import pairwise
from pathlib import Path

from ccgkg.corpus.text import Span, Text
from ccgkg.corpus.yamlfile import read_yaml
from ccgkg.errors import SeedError

__all__ = ["PINNED", "pin", "pinned", "segment"]

PINNED = "sentences.yaml"
_LINE = re.compile(r"[^\n]+")


def segment(text: Text, *, language: str = "en", borders: Iterable[int] = ()) -> tuple[Span, ...]:
    """Cut a text into sentences, without the white space around them.

    A line break always ends a sentence (headings and list items have no full stop);
    so does a border between two regions.
    """
    import sentencex

    shown = text.content.replace("\r", " ")
    cuts = sorted({*borders, 0, len(shown)})
    spans: list[Span] = []
    for piece_start, piece_end in pairwise(cuts):
        for line in _LINE.finditer(shown, piece_start, piece_end):
            at = line.start()
            for sentence in sentencex.segment(language, line.group()):
                # Found again, not counted: a segmenter may drop white space.
                bare = sentence.strip()
                at = shown.index(bare, at)
                spans.append(_trimmed(text.content, at, at + len(bare)))
                at += len(bare)
    return tuple(span for span in spans if span.start < span.end)


def _trimmed(content: str, start: int, end: int) -> Span:
    while start < end and content[start].isspace():
        start += 1
    while end > start and content[end - 1].isspace():
        end -= 1
    return Span(start, end)


def pinned(folder: Path, text: Text) -> tuple[Span, ...] | None:
    """The boundaries beside the source, or None where none are pinned yet.

    Raises:
        SeedError: the file is malformed, or belongs to another text.
    """
    path = folder / PINNED
    if not path.exists():
        return None
    document = read_yaml(path)
    content = document.content
    if not isinstance(content, dict) or not isinstance(content.get("spans"), list):
        raise SeedError("needs `sha256:` and `spans:`", path=path, hint=_again(path))
    if content.get("sha256") != text.digest:
        raise SeedError(
            "was made for another text than source.txt",
            path=path,
            line=document.line(("sha256",)),
            hint=_again(path),
        )
    spans: list[Span] = []
    last = 0
    for place, pair in enumerate(content["spans"]):
        line = document.line(("spans", place))
        if not (isinstance(pair, list) and len(pair) == 2 and all(type(n) is int for n in pair)):
            raise SeedError("a sentence is [start, end] in code points", path=path, line=line)
        start, end = pair
        if not last <= start < end <= len(text) or text.content[last:start].strip():
            raise SeedError(
                f"[{start}, {end}] overlaps its neighbour, runs out of the text or leaves words "
                "between two sentences",
                path=path,
                line=line,
                hint=_again(path),
            )
        spans.append(Span(start, end))
        last = end
    if text.content[last:].strip():
        raise SeedError("ends before the text does", path=path, hint=_again(path))
    return tuple(spans)


def _again(path: Path) -> str:
    return f"Delete {path.name} and run: ccgkg check --pin"


def pin(folder: Path, text: Text, spans: Iterable[Span]) -> Path:
    """Write the boundaries beside the source.

    Raises:
        SeedError: there are some already; they may have been corrected by hand.
    """
    from importlib.metadata import version

    path = folder / PINNED
    if path.exists():
        raise SeedError("is there already", path=path, hint=_again(path))
    rows = "\n".join(f"- [{span.start}, {span.end}]  # {_ends(text[span])}" for span in spans)
    body = (
        "# Sentences of source.txt: code points, half open. Written by `ccgkg check --pin`;\n"
        "# may be corrected by hand, and is never rewritten.\n"
        f"segmenter: sentencex {version('sentencex')}\n"
        f"sha256: {text.digest}\nspans:\n{rows}\n"
    )
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    draft.write_text(body, encoding="utf-8", newline="\n")
    draft.replace(path)
    return path


def _ends(sentence: str) -> str:
    # YAML allows no control characters, in comments either.
    plain = " ".join("".join(c if c.isprintable() else " " for c in sentence).split())
    return plain if len(plain) <= 60 else f"{plain[:28]} … {plain[-28:]}"
