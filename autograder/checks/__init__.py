"""What is asked of a student and how it is checked: one declarative table a topic."""
