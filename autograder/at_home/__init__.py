"""A student's own machine: the same engine on one's own files, with no wall and the kit's answers.

============  ===============================================================
``checking``  `grade check`: one's own files against the kit's public answers
``watching``  `grade check --watch`: again after every save
``telling``   what both print
``notebook``  `check` in a notebook's cell
``desk``      stands in for the wall, and speaks with the process below
``harmless``  what may be edited and run without a wall
``process``   a process for one's own code, and its pipes; what starts first
``child``     what runs in that process
``public``    the public answers that a kit carries
``ask``       `grade quiz`: asks a quiz in the terminal
``sheet``     the file in which a quiz's answers are kept
============  ===============================================================
"""
