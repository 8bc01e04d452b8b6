"""The layering is a law: it is read from `layers.toml`, and the imports are walked."""

from __future__ import annotations

import ast
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
LAW = tomllib.loads((Path(__file__).parent / "layers.toml").read_text(encoding="utf-8"))
FLOORS = {room: floor for floor, rooms in enumerate(LAW["order"]) for room in rooms}
CALL = "from ccgkg.cli import cli; cli"
MODULES = sorted((ROOT / "ccgkg").rglob("*.py"))


def name_of(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def room_of(module: str) -> str:
    fitting = [room for room in FLOORS if module == room or module.startswith(f"{room}.")]
    return max(fitting, key=len)


def type_checking(node: ast.AST) -> bool:
    return isinstance(node, ast.If) and getattr(node.test, "id", "") == "TYPE_CHECKING"


def imports(tree: ast.AST) -> Iterator[str]:
    """Every module that is imported for running, early or late."""
    for node in ast.iter_child_nodes(tree):
        if type_checking(node):
            continue
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are absolute"
            yield node.module or ""
        yield from imports(node)


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_imports_go_downward_only(path: Path):
    here = room_of(name_of(path))
    for module in imports(ast.parse(path.read_text(encoding="utf-8"))):
        if module == "ccgkg" or module.startswith("ccgkg."):
            there = room_of(module)
            if path.name == "__init__.py" and here == "ccgkg":
                continue  # the package hands out the interface when it is asked for
            assert there == here or FLOORS[there] < FLOORS[here], f"{here} imports {there}"
        else:
            package = module.partition(".")[0]
            allowed = LAW["only"].get(package)
            assert allowed is None or here in allowed, f"{here} imports {package}"


def test_every_package_that_the_law_names_is_imported_somewhere():
    used = {
        module.partition(".")[0]
        for path in MODULES
        for module in imports(ast.parse(path.read_text(encoding="utf-8")))
    }
    assert set(LAW["only"]) <= used


def test_every_room_is_on_a_floor():
    for path in MODULES:
        room_of(name_of(path))


@pytest.mark.parametrize(
    "code",
    [
        "import ccgkg",
        "import ccgkg.cli",
        f"{CALL}(['query', 'contracts'], standalone_mode=False)",
        f"{CALL}(['cite', 'pulse-2016/influence-20'], standalone_mode=False)",
    ],
)
def test_nothing_heavy_is_imported_before_it_is_needed(code: str, run):
    run("build")
    shown = f"{code}\nimport sys\nprint(*sorted(sys.modules), sep=chr(10), file=sys.stderr)"
    done = subprocess.run([sys.executable, "-c", shown], capture_output=True, text=True, check=True)
    loaded = {line.partition(".")[0] for line in done.stderr.splitlines()}
    assert "ccgkg" in loaded
    assert not loaded & set(LAW["cold"]["never"])


def test_importing_does_nothing():
    """No module writes, reads a corpus or opens a store when it is imported."""
    code = (
        "import sys, pkgutil, importlib\n"
        "def refuse(event, arguments):\n"
        "    mode = arguments[1] if event == 'open' else None\n"
        "    if isinstance(mode, str) and set(mode) & set('wax'):\n"
        "        raise RuntimeError(f'wrote {arguments[0]}')\n"
        "sys.dont_write_bytecode = True\n"
        "sys.addaudithook(refuse)\n"
        "import ccgkg\n"
        "for module in pkgutil.walk_packages(ccgkg.__path__, 'ccgkg.'):\n"
        "    if not module.name.endswith('__main__') and '.shipped' not in module.name:\n"
        "        importlib.import_module(module.name)\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)
