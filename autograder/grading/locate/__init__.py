"""Where a mistake without a name stands: the student's own code with one edit, and the lines on which one mends it.

============  ==================================================================
``edits``     what may be edited, as one table of kinds
``given``     what the assignment gives of its functions, which no line is told of
``code``      a module's definitions, with their text
``search``    candidates are tried behind the wall
``place``     when to speak, and of which line
``searches``  for which exercises, and what a report tells of it
============  ==================================================================
"""
