"""Formulas as MathML, which browsers draw themselves: no script, no font and no network is needed to read them."""

from __future__ import annotations

import re
from typing import Any

from docutils import nodes
from latex2mathml.converter import convert
from sphinx.application import Sphinx
from sphinx.util import logging

# A sign after another operator, an opening bracket, or nothing: it belongs to the number behind it, so no space is between.
SIGN = re.compile(r"(<mrow>|<mtd>|<mo(?: [^>]*)?>[^)\]}|<]</mo>)<mo>([−+±])</mo>")

ENTITY = re.compile(r"&#x([0-9A-Fa-f]+);")

logger = logging.getLogger(__name__)


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the renderer ``mathml``."""
    app.add_html_math_renderer("mathml", (visit_inline, None), (visit_block, None))
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def visit_inline(self: Any, node: nodes.math) -> None:
    """A formula in a line of text."""
    self.body.append(f'<span class="formula">{mathml(node.astext(), "inline", node)}</span>')
    raise nodes.SkipNode


def visit_block(self: Any, node: nodes.math_block) -> None:
    """A formula on its own; one that is too wide scrolls in its own box, which can be reached by the keyboard."""
    self.body.append(f'<div class="formula" tabindex="0">{mathml(node.astext(), "block", node)}</div>')
    raise nodes.SkipNode


def mathml(tex: str, display: str, node: nodes.Node) -> str:
    """One formula. A command that the converter does not know is a warning, and so an error of the build."""
    try:
        made = ENTITY.sub(_character, convert(tex, display=display))
    except Exception as error:  # the converter has errors of many kinds, and none of its own base
        logger.warning("the formula %s cannot be converted: %r", tex, error, location=node)
        return ""
    if unknown := re.findall(r"\\[A-Za-z]+", made):
        logger.warning("the formula %s has unknown commands: %s", tex, ", ".join(unknown), location=node)
    return SIGN.sub(r'\1<mo form="prefix" lspace="0" rspace="0">\2</mo>', made)


def _character(entity: re.Match[str]) -> str:
    """The character that a number stands for, unless it has a meaning in HTML."""
    character = chr(int(entity[1], 16))
    return entity[0] if character in "<>&" else character
