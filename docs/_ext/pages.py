"""Writes ``docs/generated`` before Sphinx reads anything, and lets links to other files of the repository lead to pages."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from generated_pages import link_outwards, pages
from sphinx.application import Sphinx


def setup(app: Sphinx) -> dict[str, Any]:
    """Make the pages first; then read the written ones."""
    app.add_config_value("api_members", default=True, rebuild="env", types=[bool])
    app.connect("builder-inited", write)
    app.connect("source-read", mend_links)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def write(app: Sphinx) -> None:
    """Write what has changed, and remove what is no longer made."""
    folder = Path(app.srcdir) / "generated"
    made = {folder / name: text for name, text in pages(app.config.api_members).items()}
    for path, text in made.items():
        if not path.is_file() or path.read_text(encoding="utf-8") != text:
            path.parent.mkdir(parents=True, exist_ok=True)
            partial = path.with_name(f"{path.name}.{os.getpid()}")
            partial.write_text(text, encoding="utf-8")
            partial.replace(path)
    for path in folder.rglob("*"):
        if path.is_file() and path not in made:
            path.unlink()


def mend_links(app: Sphinx, docname: str, source: list[str]) -> None:
    """A written page may link to a handout or to a file of the repository, as it stands on disk."""
    if not docname.startswith("generated/"):
        source[0] = link_outwards(source[0], f"docs/{docname}.md", f"../{docname}.md")
