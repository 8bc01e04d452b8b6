"""A source's record in the forms that reference managers read from a page.

Highwire tags and JSON-LD: Zotero takes either without a translator of its own.
"""

from __future__ import annotations

from typing import Any

from markupsafe import Markup

from ccgkg.site.rendering import json_for_script
from ccgkg.site.sources import SourceView

__all__ = ["highwire", "json_ld"]

_TYPES = {
    "article-journal": "ScholarlyArticle",
    "article-magazine": "Article",
    "article-newspaper": "NewsArticle",
    "post-weblog": "BlogPosting",
    "report": "Report",
    "webpage": "WebPage",
}
"""CSL types as schema.org puts them; any other is a creative work."""


def highwire(source: SourceView) -> list[tuple[str, str]]:
    """Name and content of each `citation_…` tag."""
    csl = source.card.csl
    is_article = csl["type"].startswith("article")
    home = "citation_journal_title" if is_article else "citation_publisher"
    tags = [("citation_title", source.label)]
    tags += [("citation_author", name) for name in _names(csl)]
    tags += [
        ("citation_publication_date", "/".join(_date(csl))),
        (home, source.home),
        ("citation_language", source.language),
        ("citation_public_url", source.address),
    ]
    return [(name, content) for name, content in tags if content]


def json_ld(source: SourceView) -> Markup:
    """The record as schema.org's JSON-LD, to stand in a script element."""
    csl = source.card.csl
    told: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": _TYPES.get(csl["type"], "CreativeWork"),
        "headline": source.label,
        "name": source.label,
        "author": [{"@type": "Person", "name": name} for name in _names(csl)],
        "datePublished": "-".join(_date(csl)),
        "publisher": {"@type": "Organization", "name": csl.get("publisher", "")},
        "isPartOf": {"@type": "CreativeWork", "name": csl.get("container-title", "")},
        "inLanguage": source.language,
        "url": source.address,
    }
    kept = {name: value for name, value in told.items() if _says_something(value)}
    return json_for_script(kept)


def _says_something(value: Any) -> bool:
    return bool(value["name"]) if isinstance(value, dict) else bool(value)


def _names(csl: dict[str, Any]) -> list[str]:
    return [
        person.get("literal") or " ".join(filter(None, (person.get("given"), person.get("family"))))
        for person in csl.get("author", [])
    ]


def _date(csl: dict[str, Any]) -> list[str]:
    return [f"{part:02}" for part in csl["issued"]["date-parts"][0]] if csl.get("issued") else []
