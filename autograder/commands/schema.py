"""`grade schema`: the form of a report."""

from __future__ import annotations

import click


@click.command()
def schema() -> None:
    """Print the JSON schema of a report.

    \b
    Example:
      grade schema > report.schema.json
    """
    import json

    from autograder.report import schema as report_schema

    click.echo(json.dumps(report_schema(), indent=1))
