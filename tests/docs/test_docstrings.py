"""Docstrings document the parameters that there are."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGES = ("matcher", "api", "instances", "benchmarks", "tools")
FILES = sorted(path for package in PACKAGES for path in (ROOT / package).rglob("*.py"))
SECTION = re.compile(r"Parameters\n-+\n(.*?)(?=\n\n\w[\w ]*\n-{3,}|\Z)", re.DOTALL)

Documented = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef


def documented_names(docstring: str) -> Iterator[str]:
    """The names before the colons of the section."""
    for section in SECTION.findall(docstring):
        for line in section.splitlines():
            if line.strip() and not line.startswith(" "):
                yield from (name.strip().lstrip("*") for name in line.split(" : ")[0].split(","))


def arguments(function: ast.FunctionDef | ast.AsyncFunctionDef) -> set[str]:
    """All parameters of a function."""
    a = function.args
    named = [*a.posonlyargs, *a.args, *a.kwonlyargs, a.vararg, a.kwarg]
    return {argument.arg for argument in named if argument is not None}


def takes_anything(node: Documented) -> bool:
    """Whether a class or function hands on what it is given."""
    functions = node.body if isinstance(node, ast.ClassDef) else [node]
    return any(
        isinstance(function, ast.FunctionDef) and function.args.kwarg is not None
        for function in functions
    )


def parameters(node: Documented) -> set[str]:
    """Parameters of a function; fields and parameters of the constructor of a class."""
    if not isinstance(node, ast.ClassDef):
        return arguments(node)
    fields = (s.target for s in node.body if isinstance(s, ast.AnnAssign))
    names = {target.id for target in fields if isinstance(target, ast.Name)}
    for statement in node.body:
        if isinstance(statement, ast.FunctionDef) and statement.name in ("__init__", "__call__"):
            names |= arguments(statement)
    return names


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_every_documented_parameter_exists(path):
    """A parameter that was renamed is renamed in its docstring too."""
    wrong = [
        f"line {node.lineno}, {node.name}: {name}"
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, Documented) and not takes_anything(node)
        for name in documented_names(ast.get_docstring(node) or "")
        if name not in parameters(node)
    ]
    assert not wrong, wrong
