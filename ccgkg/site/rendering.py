"""Rendering: templates become pages, and each page is sealed.

A page holds its styles and scripts itself, so that it opens from a folder without a network,
and bears a policy that lets a browser run exactly those: their hashes are taken from the page
as it was rendered, never from what it was meant to hold.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from ccgkg.dataset.prefixes import CCG, RDF
from ccgkg.dataset.store import Store
from ccgkg.network.statements import COLOUR, local_name

__all__ = ["Edition", "environment", "inlined", "json_for_script", "render", "sealed"]

_POLICY = "policy of this page"
_INLINE = re.compile(r"<(script|style)((?:\s[^>]*)?)>(.*?)</\1>", re.DOTALL | re.IGNORECASE)
_NONE = "'none'"
_ALWAYS = {"img-src": ("data:", "blob:"), "base-uri": (_NONE,), "form-action": (_NONE,)}
_BESIDE = ("'self'", "file:")
"""A page that is opened from a folder has no origin of its own: any file counts as beside it."""
_DATA = re.compile(r"type=\"application/(?:ld\+)?json\"")
_NAME = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_SHOWN = 12


@dataclass(frozen=True, slots=True)
class Edition:
    """Which dataset the pages tell.

    Attributes:
        name, title, version: of the corpus.
        digest: of the dataset.
        palette: name and colour of each lever that has one.
        served: whether the query page stands beside the pages.
    """

    name: str
    title: str
    version: str
    digest: str
    palette: tuple[tuple[str, str], ...] = ()
    served: bool = False

    @classmethod
    def of(cls, store: Store, *, served: bool = False) -> Edition:
        """The edition of a dataset; a colour that cannot stand in a style sheet is left out."""
        corpus = store.manifest.corpus
        levers = store.subjects(RDF + "type", CCG + "Lever")
        palette = tuple(
            (name, colour)
            for name, colour in ((local_name(iri), _colour(store, iri)) for iri in levers)
            if _NAME.fullmatch(name) and COLOUR.match(colour)
        )
        name, title, version = (corpus[key] for key in ("name", "title", "version"))
        return cls(name, title, version, store.manifest.digest, palette, served)

    @property
    def short(self) -> str:
        """The first digits of the digest."""
        return self.digest[:_SHOWN]


def _colour(store: Store, iri: str) -> str:
    return next(iter(store.objects(iri, CCG + "colour")), "")


@cache
def inlined(name: str) -> Markup:
    """A file of `static`, to stand in a page as it is.

    A page that holds it is parsed as HTML: the file must not end the element it stands in.
    """
    text = (files("ccgkg.site") / "static" / name).read_text(encoding="utf-8")
    assert "</s" not in text.casefold(), f"{name} would end its own element"
    return Markup(text)  # noqa: S704  (our own file)


@cache
def environment() -> Environment:
    """The templates: every value is escaped, and a name that is missing is an error."""
    made = Environment(
        loader=PackageLoader("ccgkg.site"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    made.globals["inlined"] = inlined
    made.globals["policy"] = _POLICY
    return made


def render(template: str, edition: Edition, root: str | None, **values: Any) -> str:
    """A whole page.

    Args:
        template: its name; it extends `base.html`.
        edition: which dataset it tells.
        root: the way from the page to the site's root (`""`, `"../"` …); None for a page that
            stands alone, and so links to no other.
        values: what the template names.
    """
    told = environment().get_template(template).render(edition=edition, root=root, **values)
    return sealed(told)


def sealed(
    page: str, *, beside: bool = False, also: Mapping[str, Sequence[str]] | None = None
) -> str:
    """A page with the policy that allows its own styles and scripts, and nothing else.

    Args:
        page: as rendered.
        beside: whether it runs scripts that lie beside it in the site as well.
        also: what else a page that is served needs: directive to what it allows.

    >>> sealed("policy of this page <style>p{}</style>").partition(" <")[0][:37]
    "default-src 'none'; script-src 'none'"
    >>> sealed("policy of this page", also={"form-action": ["'self'"]})[-18:]
    "form-action 'self'"
    """
    allowed: dict[str, list[str]] = {"script-src": [], "style-src": []}
    for found in _INLINE.finditer(page):
        kind, attributes, content = found.groups()
        if content and not _DATA.search(attributes):
            allowed[f"{kind.lower()}-src"].append(_hashed(content))
    if beside:
        allowed["script-src"] += _BESIDE
    told = {**allowed, **_ALWAYS}
    for directive, sources in (also or {}).items():
        told[directive] = [*allowed.get(directive, ()), *sources]
    policy = "; ".join(
        f"{directive} {' '.join(dict.fromkeys(sources)) or _NONE}"
        for directive, sources in {"default-src": (_NONE,), **told}.items()
    )
    # The policy stands in the first lines, before anything that a corpus could have written.
    return page.replace(_POLICY, policy, 1)


@cache
def _hashed(content: str) -> str:
    digest = hashlib.sha256(content.encode("utf-8")).digest()
    return f"'sha256-{base64.b64encode(digest).decode('ascii')}'"


def json_for_script(value: Any) -> Markup:
    r"""JSON that may stand inside a `<script>` element.

    >>> json_for_script({"quote": "</script>"})
    Markup('{"quote":"\\u003c/script\\u003e"}')
    """
    told = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    escapes = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026"}
    # Line ends of JavaScript, though not of JSON.
    escapes |= {"\u2028": "\\u2028", "\u2029": "\\u2029"}
    for sign, escape in escapes.items():
        told = told.replace(sign, escape)
    return Markup(told)  # noqa: S704  (nothing in it ends the element)
