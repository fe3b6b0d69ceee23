"""The vocabulary of checks: what a topic's table is written in, how its programs become scripts, what counts as equal."""
