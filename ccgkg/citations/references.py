"""A source as a bibliographic reference: CSL-JSON, BibLaTeX, or one line of text.

CSL-JSON is the record itself, for Zotero and every citation processor. The line of text
follows the author–date (“Harvard”) form in few words and says which of its parts the
source does not state. citeproc-py was tried for it and left: it prints an authorless
title twice in APA, “Edition” where there is none in Chicago, and gives two articles of
one author and year the same label.
"""

from __future__ import annotations

import calendar
from collections.abc import Iterable, Mapping
from typing import Any

from ccgkg.dataset.cards import SourceCard

__all__ = ["biblatex", "csl_json", "reference", "year_suffixes"]

_BIBLATEX = {
    "article-journal": "article",
    "article-magazine": "article",
    "article-newspaper": "article",
    "post-weblog": "online",
    "report": "report",
    "webpage": "online",
}
_ESCAPES = str.maketrans(
    {
        "\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "&": r"\&", "%": r"\%", "$": r"\$",
        "#": r"\#", "_": r"\_", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}",
    }
)  # fmt: skip


def csl_json(source: SourceCard) -> dict[str, Any]:
    """The CSL-JSON item of a source."""
    return {"id": source.key, **source.csl}


def year_suffixes(sources: Iterable[SourceCard]) -> dict[str, str]:
    """Source key to `a`, `b` … where one author has several sources of one year."""
    groups: dict[tuple[str, str], list[str]] = {}
    for source in sources:
        groups.setdefault((_authors(source.csl), _year(source.csl)), []).append(source.key)
    return {
        key: "abcdefghijklmnopqrstuvwxyz"[place] if len(set(keys)) > 1 else ""
        for keys in groups.values()
        for place, key in enumerate(sorted(set(keys)))
    }


def reference(source: SourceCard, suffix: str = "") -> str:
    """A source in one line of text, with what the document itself does not state."""
    csl = source.csl
    parts = [f"{_authors(csl)} ({_year(csl)}{suffix}) ‘{csl['title']}’."]
    home = csl.get("container-title") or csl.get("publisher", "")
    publisher = csl.get("publisher", "")
    if publisher and publisher not in home:
        home = f"{home}, {publisher}"
    if home and home != _authors(csl):
        parts.append(f"{home}.")
    if day := _day(csl):
        parts.append(f"{day}.")
    if csl.get("URL"):
        parts.append(f"{csl['URL']}.")
    unstated = [name for name, how in sorted(source.known.items()) if how != "stated"]
    if unstated:
        listed = ", ".join(f"{name} {_known(source.known, name)}" for name in unstated)
        parts.append(f"[{listed}]")
    return " ".join(parts)


def _known(known: Mapping[str, str], name: str) -> str:
    return {"inferred": "inferred", "outside": "from outside the text"}.get(
        known[name], known[name]
    )


def _authors(csl: Mapping[str, Any]) -> str:
    people = []
    for person in csl.get("author", []):
        given = "".join(f" {name[0]}." for name in person.get("given", "").split())
        family = person.get("literal") or person.get("family", "")
        people.append(f"{family},{given}" if given else family)
    if people:
        return " and ".join(people)
    return str(csl.get("container-title") or csl.get("publisher") or "Anonymous")


def _year(csl: Mapping[str, Any]) -> str:
    return str(csl["issued"]["date-parts"][0][0]) if csl.get("issued") else "no date"


def _day(csl: Mapping[str, Any]) -> str:
    parts = csl["issued"]["date-parts"][0][1:] if csl.get("issued") else []
    if not parts:
        return ""
    month = calendar.month_name[parts[0]]
    return f"{parts[1]} {month} {_year(csl)}" if len(parts) > 1 else f"{month} {_year(csl)}"


def biblatex(source: SourceCard, fields: Mapping[str, str] | None = None) -> str:
    """The BibLaTeX entry of a source.

    Args:
        source: the source.
        fields: further fields, for a citation of one claim.
    """
    csl = source.csl
    kind = _BIBLATEX.get(csl["type"], "misc")
    people = [
        f"{{{_escaped(p['literal'])}}}"
        if p.get("literal")
        else _escaped(", ".join(filter(None, (p.get("family"), p.get("given")))))
        for p in csl.get("author", [])
    ]
    date = (
        "-".join(f"{part:02}" for part in csl["issued"]["date-parts"][0])
        if csl.get("issued")
        else ""
    )
    home = "journaltitle" if kind == "article" else "organization"
    values = {
        "author": " and ".join(people),
        "title": _escaped(csl["title"]),
        home: _escaped(csl.get("container-title") or csl.get("publisher", "")),
        "publisher": _escaped(csl.get("publisher", "")) if kind == "report" else "",
        "date": date,
        # biblatex reads `url` verbatim: an escaped underscore would be part of the address.
        "url": csl.get("URL", ""),
        "langid": "british",
        **{name: _escaped(value) for name, value in (fields or {}).items()},
    }
    lines = [f"  {name} = {{{value}}}," for name, value in values.items() if value]
    return "\n".join([f"@{kind}{{{source.key},", *lines, "}"])


def _escaped(value: str) -> str:
    return value.translate(_ESCAPES)
