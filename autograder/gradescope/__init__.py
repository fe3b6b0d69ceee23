"""The autograder of a Gradescope assignment: the zip that is uploaded there, and what grades inside its container.

================  ============================================================
``build``         makes the zip: `grade gradescope`
``requirements``  the pinned libraries in the zip
``layout``        where things stand in a container
``ready``         the last step of a container's set-up: does everything work?
``run``           grades the one submission of a container
================  ============================================================
"""
