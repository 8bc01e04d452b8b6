"""What only all sources of a corpus together can show to be wrong."""

from __future__ import annotations

from ccgkg.corpus.accounts import Whole
from ccgkg.corpus.findings import Findings
from ccgkg.corpus.issues import ISSUES_FILE
from ccgkg.corpus.places import CorpusPlace
from ccgkg.corpus.references import check_references
from ccgkg.corpus.registers import REGISTER_FILES
from ccgkg.corpus.usage import check_usage
from ccgkg.corpus.views import VIEW_FILES
from ccgkg.errors import nearest

__all__ = ["check_whole"]


def check_whole(whole: Whole, findings: Findings) -> None:
    """Note what is wrong between sources, registers, issues and views.

    Args:
        whole: the accounts of all sources.
        findings: what was found in each part; where faults go.
    """
    place = whole.shared.place
    _check_stray(place, findings)
    if not whole.accounts and not findings.found:
        findings.add(place.seeds, 0, "no-source", "holds no source: a folder with source.yaml")
    _check_mirrors(whole, findings)
    check_references(whole, findings)
    # An entry whose claims cannot be read would be called unused.
    if not findings.of("error"):
        check_usage(whole, findings)


_READ = {
    "seeds": ("corpus.yaml", *REGISTER_FILES, ISSUES_FILE, *VIEW_FILES, "README.md"),
    "source": ("source.txt", "source.yaml", "sentences.yaml", "claims.yaml", "README.md"),
}


def _check_stray(place: CorpusPlace, findings: Findings) -> None:
    """A file that nobody reads may be one whose name is wrong."""
    folders = [(place.seeds, "seeds"), *((folder, "source") for folder in place.source_folders())]
    for folder, kind in folders:
        for path in sorted(folder.iterdir()):
            if path.is_file() and path.name[0] != "." and path.name not in _READ[kind]:
                known = ", ".join(_READ[kind])
                message = f"nobody reads this file; is its name right? Read here: {known}"
                findings.add(path, 0, "stray-file", message)


def _check_mirrors(whole: Whole, findings: Findings) -> None:
    """What a source prints again must have claims of its own."""
    readable = {key for key, account in whole.accounts.items() if account.typed_ids is not None}
    for key, account in whole.accounts.items():
        if account.mirrors is None:
            continue
        named, line = account.mirrors
        if named == key or named not in readable or whole.accounts[named].mirrors is not None:
            near = ", ".join(nearest(named, readable - {key}))
            message = f"`mirrors`: `{named}` has no claims of its own; nearest: {near}"
            findings.add(account.folder / "claims.yaml", line, "mirror", message)
