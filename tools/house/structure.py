"""The import graph of the project, measured from its source: rooms, floors and chains."""

import ast
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path

PACKAGES = ("matcher", "api", "instances", "benchmarks")
"""Packages whose structure is measured; tests, docs and tools are not."""
Graph = Mapping[str, set[str]]
"""What each module, or each room, imports."""


def source_files(root: Path) -> Mapping[str, Path]:
    """List the modules of the project by dotted name."""
    modules = {}
    for package in PACKAGES:
        for path in sorted((root / package).rglob("*.py")):
            parts = path.relative_to(root).with_suffix("").parts
            modules[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return modules


def import_graph(modules: Mapping[str, Path]) -> Graph:
    """Read which module imports which, imports for type checkers included."""
    graph = {}
    for name, path in modules.items():
        imported = set(_imports(ast.parse(path.read_text(encoding="utf-8")), modules))
        graph[name] = imported - {name}
    return graph


def _imports(tree: ast.AST, modules: Mapping[str, Path]) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name in modules)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            for alias in node.names:
                submodule = f"{node.module}.{alias.name}"
                if submodule in modules:
                    yield submodule
                elif node.module in modules:
                    yield node.module


def room_graph(graph: Graph, package: str = "matcher") -> Graph:
    """Join the modules of a package to its rooms: the files and folders at its top."""
    rooms: dict[str, set[str]] = defaultdict(set)
    for module, imported in graph.items():
        room = _room(module, package)
        if room is not None:
            others = {_room(target, package) for target in imported}
            rooms[room] |= {target for target in others if target not in (None, room)}
    return rooms


def _room(module: str, package: str) -> str | None:
    parts = module.split(".")
    return parts[1] if parts[0] == package and len(parts) > 1 else None


def longest_chain(graph: Graph) -> tuple[str, ...]:
    """Find a longest chain in which each imports the next.

    Raises
    ------
    ValueError
        When imports go round in a circle.
    """
    chains: dict[str, tuple[str, ...]] = {}
    path: list[str] = []

    def chain(node: str) -> tuple[str, ...]:
        if node in path:
            raise ValueError(
                "a circle of imports: " + " -> ".join([*path[path.index(node) :], node])
            )
        if node not in chains:
            path.append(node)
            below = [chain(target) for target in sorted(graph.get(node, ()))]
            path.pop()
            chains[node] = (node, *max(below, key=len, default=()))
        return chains[node]

    return max((chain(node) for node in sorted(graph)), key=len, default=())
