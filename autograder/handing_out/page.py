"""The handout as one HTML file: formulas as MathML, figures inside, dark mode, a phone's width; nothing from elsewhere."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from autograder.errors import GraderFault

if TYPE_CHECKING:
    from markdown_it import MarkdownIt

# A sign after another operator, an opening bracket, or nothing: it belongs to the number behind it, so no space is between.
_SIGN = re.compile(r"(<mrow>|<mtd>|<mo(?: [^>]*)?>[^)\]}|<]</mo>)<mo>([−+±])</mo>")
_ENTITY = re.compile(r"&#x([0-9A-Fa-f]+);")
# What the converter leaves of a command that it does not know.
_UNKNOWN = re.compile(r"\\[A-Za-z]+")
_HEADING = re.compile(r"<h(?P<level>[1-4])>(?P<words>.*?)</h(?P=level)>", re.DOTALL)
_TAG = re.compile(r"<[^>]+>")
# Heads of columns that a screen reader has no words for: nothing at all, or a formula and nothing beside it.
_EMPTY_HEAD = re.compile(r"<th([^>]*)></th>")
_FORMULA_HEAD = re.compile(r'<th([^>]*)>(<span class="formula(?:(?!</th>).)*)</th>')


# Formulas in a line that are longer than this, as TeX, may be wider than a phone.
LONG = 30


def handout_page(markdown: str, figures: Mapping[str, str], formulas: bool = True) -> str:
    """The page of a handout. figures: SVG by the path under which the text shows it. formulas: between dollars, if any.

    Raises GraderFault where a formula cannot be converted, or a figure is not there.
    """
    import jinja2

    body = _reader(formulas).render(markdown, {"figures": figures}).replace('/handout.md"', '/handout.html"')
    body = _FORMULA_HEAD.sub(_named_head, _EMPTY_HEAD.sub(r"<td\1></td>", body))
    body, contents = _with_anchors(body)
    title = html.unescape(_TAG.sub("", contents[0][2])) if contents else "Handout"
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("autograder.handing_out"), autoescape=True, undefined=jinja2.StrictUndefined
    )
    sections = [(anchor, html.unescape(_TAG.sub("", words))) for level, anchor, words in contents if level == 2]
    page = environment.get_template("handout.html").render(title=title, sections=sections, body=body)
    return page if page.endswith("\n") else f"{page}\n"


def _named_head(match: re.Match[str]) -> str:
    return f'<th{match[1]} aria-label="{_TAG.sub("", match[2])}">{match[2]}</th>'


def anchor_of(words: str) -> str:
    """The id of the first heading of these words.

    >>> anchor_of("What you hand in, and how it is read")
    'what-you-hand-in-and-how-it-is-read'
    """
    return re.sub(r"[^a-z0-9]+", "-", words.lower()).strip("-") or "section"


def _with_anchors(body: str) -> tuple[str, list[tuple[int, str, str]]]:
    """The body with an id on every heading, and the headings: level, id, words."""
    found: list[tuple[int, str, str]] = []

    def anchored(match: re.Match[str]) -> str:
        level, words = int(match["level"]), match["words"]
        anchor = anchor_of(html.unescape(_TAG.sub("", words)))
        taken = sum(known == anchor or known.startswith(f"{anchor}--") for _, known, _ in found)
        anchor = f"{anchor}--{taken + 1}" if taken else anchor
        found.append((level, anchor, words))
        return f'<h{level} id="{anchor}">{words}</h{level}>'

    return _HEADING.sub(anchored, body), found


@cache
def _reader(formulas: bool) -> MarkdownIt:
    from markdown_it import MarkdownIt

    reader = MarkdownIt("commonmark", {"html": True}).enable("table")
    if formulas:  # Rich brings the reader; this is what a release of handouts is made with
        from mdit_py_plugins.dollarmath import dollarmath_plugin

        reader.use(dollarmath_plugin, allow_space=True, double_inline=True)
    for rule, draw in _RULES.items():
        reader.add_render_rule(rule, draw)
    return reader


def _formula(self: Any, tokens: Any, index: int, *_: Any) -> str:
    tex = tokens[index].content
    # One that is wider than a phone scrolls, and what scrolls can be reached by the keyboard; the short ones need neither.
    scrolls = ' long" role="group" aria-label="formula" tabindex="0' if len(tex) > LONG else ""
    return f'<span class="formula{scrolls}">{mathml(tex, "inline")}</span>'


def _formula_alone(self: Any, tokens: Any, index: int, *_: Any) -> str:
    shown = mathml(tokens[index].content, "block")
    return f'<div class="formula" role="group" aria-label="formula" tabindex="0">{shown}</div>\n'


def _figure(self: Any, tokens: Any, index: int, _: Any, given: Mapping[str, Any]) -> str:
    token = tokens[index]
    path = token.attrs["src"]
    if path not in given["figures"]:
        raise GraderFault(f"The handout shows {path}, and there is no such figure.")
    told = html.escape(" ".join(self.renderInlineAsText(token.children, {}, given).split()))
    # As text and not in base64: a zip then makes a third of it.
    inside = quote(given["figures"][path], safe=" !$'()*+,/:;=?@[]^`{|}~\n")
    return f'<img alt="{told}" src="data:image/svg+xml,{inside}">'


def _code(self: Any, tokens: Any, index: int, *_: Any) -> str:
    token = tokens[index]
    return f'<pre tabindex="0"><code>{_coloured(token.content, token.info.strip())}</code></pre>\n'


def _table(self: Any, tokens: Any, index: int, *_: Any) -> str:
    return '<div class="wide" role="group" aria-label="table" tabindex="0"><table>\n'


def _table_end(self: Any, tokens: Any, index: int, *_: Any) -> str:
    return "</table></div>\n"


_RULES = {
    "math_inline": _formula,
    "math_inline_double": _formula_alone,
    "math_block": _formula_alone,
    "image": _figure,
    "fence": _code,
    "table_open": _table,
    "table_close": _table_end,
}


def mathml(tex: str, display: str) -> str:
    """One formula. Raises GraderFault where the converter does not know all of it."""
    from latex2mathml.converter import convert

    try:
        made = _ENTITY.sub(_character, convert(tex.strip(), display=display))
    except Exception as error:  # the converter has errors of many kinds, and none of its own base
        raise GraderFault(f"The formula {tex} cannot be converted: {error!r}") from None
    if unknown := _UNKNOWN.findall(made):
        raise GraderFault(f"The formula {tex} has unknown commands: {', '.join(unknown)}")
    return _SIGN.sub(r'\1<mo form="prefix" lspace="0" rspace="0">\2</mo>', made)


def _character(entity: re.Match[str]) -> str:
    """The character that a number stands for, unless it has a meaning in HTML."""
    character = chr(int(entity[1], 16))
    return entity[0] if character in "<>&" else character


def _coloured(code: str, language: str) -> str:
    """Code with its comments, texts and keywords marked."""
    if language != "python":
        return html.escape(code)
    from pygments import highlight
    from pygments.formatters import HtmlFormatter
    from pygments.lexers import PythonLexer

    made: str = highlight(code, PythonLexer(), HtmlFormatter(nowrap=True))
    # One class a kind is enough, so that four colours have to have contrast on two backgrounds.
    return re.sub(r'<span class="(\w+)">', _marked, made)


def _marked(match: re.Match[str]) -> str:
    kind = {"c": "comment", "s": "text", "k": "word"}.get(match[1][0], "")
    return f'<span class="{kind}">' if kind else "<span>"


__all__ = ["handout_page", "mathml"]
