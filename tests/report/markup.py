"""Reads the report back the way a browser would, strictly."""

from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = {"meta", "link", "br", "img", "hr", "input"}


@dataclass
class Element:
    """One element with its attributes, its own text and its children."""

    tag: str
    attributes: dict[str, str]
    children: list["Element"] = field(default_factory=list)
    own: str = ""

    def all(self, tag: str, **attributes: str) -> list["Element"]:
        """Every element below with a tag and attributes; ``class_`` is one of the classes."""
        mine = [self] if self.tag == tag and self._has(attributes) else []
        return mine + [e for child in self.children for e in child.all(tag, **attributes)]

    def one(self, tag: str, **attributes: str) -> "Element":
        """The only such element."""
        (found,) = self.all(tag, **attributes)
        return found

    @property
    def text(self) -> str:
        """All text, spaces made plain."""
        whole = " ".join([self.own, *(child.text for child in self.children)])
        return " ".join(whole.split())

    def _has(self, attributes: dict[str, str]) -> bool:
        classes = self.attributes.get("class", "").split()
        return all(
            value in classes if name == "class_" else self.attributes.get(name) == value
            for name, value in attributes.items()
        )


class _Strict(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.root = Element("root", {})
        self.open = [self.root]

    def handle_starttag(self, tag, attrs):
        element = Element(tag, {name: value or "" for name, value in attrs})
        assert len(element.attributes) == len(attrs), f"an attribute twice in {tag}"
        self.open[-1].children.append(element)
        if tag not in VOID:
            self.open.append(element)

    def handle_startendtag(self, tag, attrs):
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag):
        assert self.open[-1].tag == tag, f"</{tag}> closes <{self.open[-1].tag}>"
        self.open.pop()

    def handle_data(self, data):
        self.open[-1].own += data


def parse(page: str) -> Element:
    """Parse a page; fails where an element is not closed in its place."""
    parser = _Strict()
    parser.feed(page)
    parser.close()
    assert parser.open == [parser.root], f"<{parser.open[-1].tag}> is never closed"
    return parser.root


def number(text: str) -> int:
    """The number that a text begins with: ``1 203 husstander`` and ``1,203`` are 1203."""
    plain = text.replace("\N{MINUS SIGN}", "-").replace("\N{NO-BREAK SPACE}", " ")
    plain = plain.replace(",", "")
    digits = ""
    for word in plain.split():
        if not word.lstrip("-").isdigit():
            break
        digits += word
    return int(digits)
