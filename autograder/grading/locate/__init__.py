"""Where a mistake without a name stands: the student's own code with one edit, and the lines on which one mends it.

============  ==============================================
``edits``     what may be edited, as one table of kinds
``code``      a module's definitions, with their text
``search``    candidates are tried behind the wall
``unnamed``   for which exercises, and what came of it
``place``     when to speak, and of which line
============  ==============================================
"""
