"""A course that nbgrader runs: source notebooks, its configuration, and our preprocessor in place of its ``Execute``.

Nothing here is imported by the rest of the package but the command `grade nbgrader`, and what needs nbgrader imports it when
it is asked for.

================  ============================================================
``write``         writes a course's folder for nbgrader: `grade nbgrader`
``source``        a topic as a source notebook
``config``        nbgrader's configuration, and the file that asks for ours
``names``         which cell is which exercise
``restore``       brings a submitted notebook back to what the gradebook knows
``preprocessor``  grades a submitted notebook, in place of nbgrader's Execute
``graders``       warm graders that outlive a notebook
``gradebook``     marks from elsewhere into nbgrader's gradebook
``late``          late penalties
``prose``         how nbgrader's pages show a student's Markdown
================  ============================================================
"""
