"""A grading: a submission's workers are asked, what they answer is judged and explained, and becomes the report."""
