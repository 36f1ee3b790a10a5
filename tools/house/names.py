"""Names in the source: classes of the same name, and names that do not say what they name."""

import ast
from collections import defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path

# What these words stand for has to be guessed from around them.
VAGUE_NAMES = frozenset(
    [
        "found",
        "one",
        "other",
        "others",
        "now",
        "left",
        "told",
        "held",
        "kept",
        "some",
        "most",
        "said",
        "taken",
        "made",
        "given",
        "shown",
        "asked",
        "rest",
        "here",
        "there",
        "mine",
        "own",
    ]
)


def shared_class_names(modules: Mapping[str, Path]) -> Mapping[str, tuple[str, ...]]:
    """Find class names that occur in two modules or more, with these modules."""
    places: dict[str, set[str]] = defaultdict(set)
    for module, tree in _trees(modules):
        for node in ast.walk(tree):
            if isinstance(node, ast.ClassDef):
                places[node.name].add(module)
    return {name: tuple(sorted(where)) for name, where in sorted(places.items()) if len(where) > 1}


def vague_names_per_thousand(modules: Mapping[str, Path]) -> float:
    """Count names that stand for a thing without naming it, of 1 000 names."""
    nodes = (node for _, tree in _trees(modules) for node in ast.walk(tree))
    names = [node.id for node in nodes if isinstance(node, ast.Name)]
    return 1000 * sum(name in VAGUE_NAMES for name in names) / max(1, len(names))


def _trees(modules: Mapping[str, Path]) -> Iterable[tuple[str, ast.Module]]:
    return ((name, ast.parse(path.read_text(encoding="utf-8"))) for name, path in modules.items())
