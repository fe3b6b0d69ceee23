"""The pages for students as one page of a kit, to be read without a network: how to begin, to check and to hand in.

No line of a solution is in it: where a page has one, in the walk through a first try, the kit's leaves it out.
"""

from __future__ import annotations

import re
from pathlib import PurePosixPath

from autograder.declare.catalogue import reference_folder
from autograder.errors import GraderFault
from autograder.handing_out.page import anchor_of, handout_page

# What a kit calls it.
GUIDE = "guide.html"
# In the order in which they are read.
PAGES = ("students/first-ten-minutes.md", "students/checking.md", "students/handing-in.md")

_TITLE = "Working with your kit"
_LINK = re.compile(r"\[([^][]+)\]\((?:[\w/.-]+/)?([\w-]+\.md)\)")
_SOLVED = re.compile(r"^```\{code-block\} python\n:caption: [^\n]* once more\n.*?^```\n\n?", re.MULTILINE | re.DOTALL)
_FENCE = re.compile(r"^```(?:\{code-block\} (\w+))?", re.MULTILINE)
_CAPTION = re.compile(r"^:caption:.*\n\n?", re.MULTILINE)


def guide_page() -> bytes:
    """The page. Raises GraderFault where the documentation is not here."""
    texts = {name: _text(name) for name in PAGES}
    anchors = {PurePosixPath(name).name: anchor_of(text.partition("\n")[0].lstrip("# ")) for name, text in texts.items()}

    def within(link: re.Match[str]) -> str:
        """A link to a place in the page, or its words alone where the page that it leads to is not in it."""
        words, name = link.groups()
        return f"[{words}](#{anchors[name]})" if name in anchors else words

    parts = [f"# {_TITLE}"]
    for text in texts.values():
        plain = _CAPTION.sub("", _FENCE.sub(lambda fence: f"```{fence[1] or ''}", _SOLVED.sub("", text)))
        parts.append(_a_level_deeper(_LINK.sub(within, plain)))
    return handout_page("\n\n".join(parts), {}, formulas=False).encode()


def _text(name: str) -> str:
    folder = reference_folder()
    path = folder.parent / "docs" / name if folder else None
    if path is None or not path.is_file():
        raise GraderFault(f"There is no docs/{name} here to put into the kit: clone the repository.")
    return path.read_text(encoding="utf-8")


def _a_level_deeper(text: str) -> str:
    """A page whose headings stand below another; a comment in a block of code is none."""
    lines, in_code = [], False
    for line in text.splitlines():
        in_code ^= line.startswith("```")
        lines.append(f"#{line}" if re.match(r"#+ ", line) and not in_code else line)
    return "\n".join(lines)
