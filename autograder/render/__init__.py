"""Renderers of a report, a file a form. Each reads the report, and nothing else.

================  ==========================================================
``terminal``      in a terminal
``html``          as HTML; its layout and its colours are in `templates/`
``pictures``      an example as a drawing, where that says more
``gradescope``    Gradescope's results.json
``prairielearn``  PrairieLearn's results.json
``junit``         JUnit's XML
``classroom``     a step and a summary on GitHub
``summary``       the head of a report, for forms that have one place for it
``words``         words that all forms share
================  ==========================================================
"""
