"""A student's own machine: the same engine on one's own files, with no wall and the kit's answers."""
