"""Rendering: the server's own templates beside those of the site."""

from __future__ import annotations

from functools import cache

from jinja2 import ChoiceLoader, Environment, PackageLoader

from ccgkg.site.rendering import environment

__all__ = ["templates"]


@cache
def templates() -> Environment:
    """The server's own templates and, below them, those of the site."""
    own = ChoiceLoader([PackageLoader("ccgkg.server"), PackageLoader("ccgkg.site")])
    return environment().overlay(loader=own)
