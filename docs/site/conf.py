"""How Sphinx makes a site of these pages: ``make docs`` writes it into ``build/site``."""

from importlib.metadata import version as version_of
from typing import Any

from pygments.lexers.special import TextLexer

from docs.site.navigation import add_navigation

project = "Treffsikker"
version = release = version_of("treffsikker")
html_title = f"Treffsikker {version}"

# The source is the repository, so that links out of the documentation are followed too.
root_doc = "docs/README"
include_patterns = ["*.md", "docs/*.md", "docs/**/*.md", "benchmarks/RESULTS.md"]
exclude_patterns = [".*", "build", "tests", "README.md"]

extensions = ["myst_parser"]
myst_heading_anchors = 4
nitpicky = True

html_theme = "furo"
html_extra_path = ["index.html"]
html_static_path = ["static"]
html_css_files = ["site.css"]
html_show_sourcelink = False
html_copy_source = False
html_show_copyright = False


def setup(app: Any) -> None:
    """Add the navigation, and a lexer for the tables in the pages."""
    app.connect("source-read", add_navigation)
    app.add_lexer("csv", TextLexer)
