"""The autograder of a Gradescope assignment: the zip that is uploaded there, and what grades inside its container."""
