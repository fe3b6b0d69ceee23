"""Sphinx's settings. `make docs` builds, and fails at the first warning."""

from __future__ import annotations

import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE / "_ext"))

from generated_pages import root  # noqa: E402

import autograder  # noqa: E402

# The students' modules, for their docstrings. They are stubs; the reference is not on the path.
sys.path[:0] = [str(folder) for folder in sorted((root() / "assignments").iterdir()) if folder.is_dir()]

project = "Nablagrade"
author = "The authors of Nablagrade"
release = version = autograder.__version__
language = "en"

extensions = [
    "myst_parser",
    "sphinx.ext.autodoc",
    "sphinx.ext.napoleon",
    "sphinx_copybutton",
    "pages",  # docs/_ext/pages.py: makes docs/generated before anything is read
    "docstrings",  # docs/_ext/docstrings.py
    "mathml",  # docs/_ext/mathml.py
]
exclude_patterns = ["_build", "examples", "generated/limits.md", "generated/tolerances.md", "generated/hints.md"]
source_suffix = {".md": "markdown"}

myst_enable_extensions = ["dollarmath", "amsmath", "colon_fence", "deflist"]
myst_heading_anchors = 3
myst_dmath_double_inline = True
smartquotes_action = "D"  # dashes alone: what is quoted here is code

nitpicky = True
# What other libraries define is not linked: their inventories would have to be fetched.
nitpick_ignore_regex = [(r"py:.*", r"(?!autograder\.).*"), (r"py:class", r"autograder\..*\.T")]
default_role = "code"  # docstrings put code between single backticks
suppress_warnings = ["config.cache"]

autodoc_typehints = "signature"
autodoc_preserve_defaults = True  # as they are written: a default that is a path would name a folder of this machine
autodoc_member_order = "bysource"
autodoc_mock_imports = ["keras", "tensorflow", "sklearn", "matplotlib"]  # stubs may import them; docstrings need none
napoleon_google_docstring = True
napoleon_numpy_docstring = False
add_module_names = False
python_maximum_signature_line_length = 80

html_math_renderer = "mathml"
html_theme = "furo"
html_title = "Nablagrade"
html_static_path = ["_static"]
html_css_files = ["site.css"]
html_copy_source = False
html_show_sphinx = False
html_show_copyright = False
pygments_style = "a11y-high-contrast-light"
pygments_dark_style = "a11y-high-contrast-dark"
copybutton_prompt_text = r">>> |\.\.\. |\$ "
copybutton_prompt_is_regexp = True
copybutton_exclude = ".linenos, .go"

linkcheck_timeout = 20
linkcheck_retries = 2
linkcheck_anchors = False
