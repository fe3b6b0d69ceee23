"""Takes submissions in: the downloads of course systems become one folder a submission, and nothing in them is trusted."""
