"""Makes from every bank what is published of it: `python -m autograder.quiz`."""

from __future__ import annotations

from autograder.declare.catalogue import reference_folder
from autograder.errors import GraderFault
from autograder.quiz.bank import quiz_json, read_bank, schema_json
from autograder.quiz.questions import quiz_path


def main() -> None:
    """Write the questions without their key, and the schema of a bank."""
    folder = reference_folder()
    if folder is None:
        raise GraderFault("There is no bank of questions here: clone the repository.")
    for path in sorted(folder.glob("*.toml")):
        bank = read_bank(path.read_text(encoding="utf-8"))
        quiz_path(bank.topic).write_text(quiz_json(bank), encoding="utf-8")
        print(f"autograder/checks/{bank.topic}.json: {len(bank.question)} questions")
    schema = folder.parent / "docs" / "concepts.schema.json"
    schema.write_text(schema_json(), encoding="utf-8")
    print("docs/concepts.schema.json")


if __name__ == "__main__":
    main()
