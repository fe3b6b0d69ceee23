"""Renderers of a report. Each reads the report, and nothing else."""
