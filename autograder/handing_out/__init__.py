"""What goes out to students and instructors: stubs, handouts, kits and new courses, and the search for leaks in them.

===============  ======================================================================
``assignments``  stubs and public cases, made from their sources: `make assignments`
``handout``      the handout, the notebook and the figures of a topic
``page``         the handout as one HTML file
``guide``        the pages for students as one page of a kit
``kit``          the student kit: `grade release`
``new_course``   the folder of a course, from `templates/`: `grade init`
``leaks``        what must not be handed out
``uncover``      every text that bytes hold, however packed: where leaks are looked for
``wheel``        this package as a wheel, for a kit and for Gradescope's zip
``packing``      zip files that are the same to the byte
===============  ======================================================================
"""
