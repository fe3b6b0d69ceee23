"""How nbgrader's pages show Markdown: as text and never as HTML, since students write some of it and an instructor reads it.

nbgrader passes on what HTML there is in a student's Markdown, scripts too, and whoever grades is logged in: such a script
could enter grades. Code and outputs are no such way in, as nbgrader escapes the one and ours are escaped.
"""

from __future__ import annotations

from typing import Any

from jinja2 import pass_context
from nbconvert.filters.markdown_mistune import InvalidNotebook, IPythonRenderer, MarkdownWithMath


class ProseRenderer(IPythonRenderer):
    """Markdown with formulas, tables and pictures, in which HTML is shown as it was written and does nothing."""

    def __init__(self, attachments: dict[str, dict[str, str]]) -> None:
        super().__init__(escape=True, allow_harmful_protocols=False, attachments=attachments)

    def block_mermaidjs(self, code: str) -> str:
        """A diagram's text as code: nbconvert would pass it on unescaped."""
        return str(self.block_code(code))

    def image(self, text: str, url: str, title: str | None = None) -> str:
        """A picture, or its words where it was attached and is not there any more, which would stop the whole page."""
        try:
            return str(super().image(text, url, title))
        except (InvalidNotebook, StopIteration):
            return str(self.text(text))


@pass_context
def prose(context: Any, source: str) -> str:
    """The filter by which nbgrader's pages turn a cell's Markdown into HTML.

    >>> prose({}, "**bold** <script>alert(1)</script> [x](javascript:alert(1))")
    '<p><strong>bold</strong> &lt;script&gt;alert(1)&lt;/script&gt; <a href="#harmful-link">x</a></p>\\n'
    """
    attachments = context.get("cell", {}).get("attachments", {})
    return str(MarkdownWithMath(renderer=ProseRenderer(attachments)).render(source))
