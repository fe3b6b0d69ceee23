"""The wall: student code runs on its far side (`inside`), and only values cross it.

===============  =============================================================
``sandbox``      puts up the wall: the process from which workers are forked
``backends``     ways to start that process, a file each; a new one goes there
``worker``       the grader's end of a worker
``protocol``     what the engine asks of whatever runs student code
``limits``       how much memory, time and disk a worker has
``libraries``    the folders of a library that a topic needs
``environment``  environment variables of student code
``inside``       what runs on the far side
===============  =============================================================
"""
