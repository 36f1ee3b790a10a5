"""Navigation of the site, made from the links of the start page: each page is named once."""

import re
from collections.abc import Iterator
from typing import Any

PAGE_LINK = re.compile(r"\]\(([\w./-]+)\.md\)")
PAGES_THAT_LIST_OTHERS = ("docs/README", "docs/decisions/README")


def add_navigation(app: Any, docname: str, source: list[str]) -> None:
    """Append to a page that lists others tables of contents that only the navigation shows.

    Parameters
    ----------
    app : Sphinx
    docname : str
        Path of the page in the repository, without its ending.
    source : list of str
        Text of the page, changed in place: Sphinx's convention for this event.
    """
    if docname in PAGES_THAT_LIST_OTHERS:
        source[0] += "".join(_table(*section) for section in _sections(source[0]))


def _sections(text: str) -> Iterator[tuple[str, list[str]]]:
    """Split a page at its headings: each with the pages that are linked to beneath it."""
    for part in re.split(r"^#+ ", text, flags=re.MULTILINE):
        heading, _, body = part.partition("\n")
        pages = list(dict.fromkeys(PAGE_LINK.findall(body)))
        if pages:
            yield heading, pages


def _table(heading: str, pages: list[str]) -> str:
    lines = "\n".join(pages)
    return f"\n```{{toctree}}\n:hidden:\n:caption: {heading}\n\n{lines}\n```\n"
