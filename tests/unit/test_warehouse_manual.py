"""The parts of the generated pages: parsing a question, formatting an answer, describing a column."""

import pytest

from orchestration.warehouse import dictionary, manual, questions
from orchestration.warehouse.read import Answer


def test_a_question_is_its_first_comment_its_explanation_and_its_query(tmp_path):
    path = tmp_path / "03-x.sql"
    path.write_text("-- Hoeveel?\n--\n-- Weet dit.\n-- En dat.\nselect 1,\n\n    2\n")
    assert questions._read(3, path) == questions.Question(3, path, "Hoeveel?", "Weet dit. En dat.", "select 1,\n\n    2")


def test_an_answer_is_a_table_with_numbers_to_the_right(tmp_path):
    question = questions.Question(1, tmp_path / "01-x.sql", "Hoeveel?", "", "select 1")
    answer = Answer(("soort", "aantal"), (False, True), [("a|b", 1), (None, True)], is_cut=False)
    page = questions.render([questions.Answered(question, answer, 0.1)])
    assert page.endswith("| soort | aantal |\n| --- | ---: |\n| a\\|b | 1 |\n|  | true |")
    assert page.startswith("### 1. Hoeveel?\n\n```sql\nselect 1\n```")


def test_every_question_has_a_number_a_question_mark_and_a_query():
    found = questions.questions()
    assert len(found) >= 12
    for one in found:
        assert one.file.name.startswith(f"{one.number:02}-"), one.file.name
        assert one.title.endswith("?")
        assert one.query.startswith(("with", "select"))
        assert "--" not in one.query


def test_what_is_generated_goes_between_its_marks_and_again():
    page = "voor\n<!-- begin ster: gemaakt door leerplicht docs --write -->\noud\n<!-- einde ster -->\nna\n"
    filled = manual._fill(page, "ster", "nieuw")
    assert filled.startswith("voor\n")
    assert filled.endswith("\nna\n")
    assert "nieuw" in filled
    assert "oud" not in filled
    assert manual._fill(filled, "ster", "nieuw") == filled
    with pytest.raises(manual.PageError, match="geen plaats voor vragen"):
        manual._fill(page, "vragen", "x")


def test_the_values_of_a_column_are_named_unless_its_description_does():
    named = dictionary.Column("aard", "varchar", "nieuw of verlenging.", is_filled=True, values=("nieuw", "verlenging"))
    assert dictionary._meaning(named) == "nieuw of verlenging."
    unnamed = dictionary.Column("aard", "varchar", "Aard | soort.", is_filled=True, values=("nieuw", "verlenging"))
    assert dictionary._meaning(unnamed) == "Aard \\| soort. Waarden: nieuw, verlenging."


def test_a_star_has_one_line_per_reference_and_the_figures_apart():
    reference = dictionary.Reference("kern.melding", "jongere_id", "kern.jongere", "jongere_id")
    figure = dictionary.Reference("jaarverslag.bijdrage", "indicator", "kern.indicator", "indicator")
    column = dictionary.Column("jongere_id", "varchar", "", is_filled=True, values=())
    code = dictionary.Column("indicator", "decimal(4,1)", "", is_filled=True, values=())
    tables = [
        dictionary.Table("kern.jongere", "", "", ("jongere_id",), (column,), ()),
        dictionary.Table("kern.melding", "", "", ("meldingsnummer",), (column,), (reference,)),
        dictionary.Table("kern.indicator", "", "", ("indicator",), (code,), ()),
        dictionary.Table("jaarverslag.bijdrage", "", "", ("indicator",), (code,), (figure,)),
    ]
    star, figures = dictionary.diagrams(tables)
    assert "    jongere ||--o{ melding : jongere_id\n" in star
    assert "bijdrage" not in star
    assert "    indicator ||--o{ jaarverslag_bijdrage : indicator\n" in figures
    assert "decimal indicator PK, FK" in figures
