"""What runs inside the sandbox. Imports the standard library, NumPy and msgspec, and nothing of the grader."""
