"""What runs inside the sandbox. Imports the standard library, NumPy and msgspec, and nothing of the grader.

================  =======================================================
``worker``        the process behind the wall: loads NumPy, forks workers
``harden``        shuts a worker in: limits, Landlock, seccomp
``seccomp``       the filter of system calls, built of blocks
``serve``         answers the grader's requests
``load``          loads a module or a notebook's cells
``stand_ins``     what stands in for plotting and the like
``perform``       performs a script on a module
``trial``         tries changed definitions of a loaded module
``lent``          functions, recorders and classes that a check lends
``keras_values``  a Keras model as values
``wire``          the values that cross the wall, and their frames
================  =======================================================
"""
