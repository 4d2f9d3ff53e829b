"""Runs the example questions for analysts: the queries in `docs/vragen/`, and renders their results for a page.

Put here: reading, running and rendering them. Keep out: the questions themselves, and the choice of lake (`manual.py`, the tests).

An answer holds no pseudonym: it would identify a person, and it depends on the key.
"""

import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from orchestration.errors import LeerplichtError
from orchestration.settings import PROJECT
from orchestration.warehouse.console import written
from orchestration.warehouse.read import Answer, ask

FOLDER = PROJECT / "docs" / "vragen"


class PrivateAnswerError(LeerplichtError):
    """An answer holds a pseudonym."""


@dataclass(frozen=True)
class Question:
    """An example question.

    Args:
        number: Its position on the page, from 1.
        title: The question, in a sentence.
        explanation: Background; may be empty.
        query: The SQL.
    """

    number: int
    file: Path
    title: str
    explanation: str
    query: str


@dataclass(frozen=True)
class Answered:
    """A question with its answer and the execution time."""

    question: Question
    answer: Answer
    seconds: float


def questions() -> list[Question]:
    """Read all questions in the order of their files: a line with the question, then the explanation, both as comments, then the query."""
    return [_read(number, path) for number, path in enumerate(sorted(FOLDER.glob("*.sql")), start=1)]


def _read(number: int, path: Path) -> Question:
    lines = path.read_text(encoding="utf-8").splitlines()
    said = [line.removeprefix("--").strip() for line in lines if line.startswith("--")]
    query = "\n".join(line for line in lines if not line.startswith("--")).strip()
    return Question(number, path, said[0], " ".join(said[1:]).strip(), query)


def answered(connection: Any) -> list[Answered]:
    """Run all questions.

    Args:
        connection: The opened warehouse, with another night attached.

    Raises:
        PrivateAnswerError: An answer holds a pseudonym.
        duckdb.Error: A query fails.
    """
    persons = {str(name) for (name,) in connection.execute("select jongere_id from kern.jongere").fetchall()}
    return [_ask(connection, question, persons) for question in questions()]


def _ask(connection: Any, question: Question, persons: set[str]) -> Answered:
    began = time.perf_counter()
    answer = ask(connection, question.query)
    seconds = time.perf_counter() - began
    if persons & {word for row in answer.rows for value in row for word in str(value).split()}:
        raise PrivateAnswerError(f"{question.file.name} noemt een persoon: een antwoord op een bladzijde mag dat niet")
    return Answered(question, answer, seconds)


def render(found: list[Answered]) -> str:
    """Render the questions with query and answer as Markdown."""
    return "\n".join(part for one in found for part in _rendered(one)).rstrip()


def _rendered(one: Answered) -> list[str]:
    question, answer = one.question, one.answer
    parts = [f"### {question.number}. {question.title}", ""]
    if question.explanation:
        parts += [question.explanation, ""]
    parts += ["```sql", question.query, "```", "", f"<sub>`docs/vragen/{question.file.name}`</sub>", ""]
    parts.append("| " + " | ".join(answer.columns) + " |")
    parts.append("| " + " | ".join("---:" if is_number else "---" for is_number in answer.numeric) + " |")
    parts += ["| " + " | ".join("" if value is None else written(value).replace("|", "\\|") for value in row) + " |" for row in answer.rows]
    return [*parts, ""]
