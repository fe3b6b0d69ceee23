"""The student's side: one's own files are checked with the kit's answers, on any system, with no wall."""
