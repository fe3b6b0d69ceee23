"""A course that nbgrader runs: source notebooks, its configuration, and our preprocessor in place of its ``Execute``.

Nothing here is imported by the rest of the package but the command `grade nbgrader`, and what needs nbgrader imports it when
it is asked for.
"""
