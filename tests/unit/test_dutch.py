"""What the public reads, without a release: the words, the length of a sentence, how easily it reads; and that this is measured."""

from pathlib import Path

import dutch
import pytest
import texts
from texts import Text

from expectations import reference

OF_A_RELEASE = {"portaal", "factsheets"}  # `tests/pipeline/test_dutch_of_a_night.py`


@pytest.fixture(scope="module")
def written():
    return texts.written()


def test_every_surface_has_a_floor(written):
    assert dutch.surfaces().keys() == written.keys() | OF_A_RELEASE


@pytest.mark.parametrize("name", sorted(dutch.surfaces().keys() - OF_A_RELEASE))
def test_the_public_can_read_it(name, written):
    dutch.tell(name, written[name])
    assert dutch.surfaces()[name].complaints(written[name]) == []


def test_every_indicator_is_told_in_one_or_two_sentences_and_found_by_small_letters():
    for row in reference.rows("indicator"):
        assert 1 <= len(dutch.sentences(row["definitie_kort"])) <= 2, row["indicator"]
        assert row["definitie_kort"].endswith(".") and row["naam"], row["indicator"]
        words = reference.parts(row["zoekwoorden"])
        assert words and all(word == word.strip().lower() for word in words) and len({*words}) == len(words), row["indicator"]


def test_the_front_page_has_five_to_seven_key_figures_in_order():
    places = sorted(int(row["tegel"]) for row in reference.rows("indicator") if row["tegel"])
    assert places == list(range(1, len(places) + 1)) and 5 <= len(places) <= 7


@pytest.mark.parametrize(
    "said", ["Een tellende melding.", "Het verraadt iets.", "De kennisdatum", "Niet zonder  meer.", "Dit dient te gebeuren"]
)
def test_a_forbidden_word_is_found_and_replaced(said):
    [found] = dutch.unwanted(Text("hier", said))
    assert found.startswith("hier: ‘") and "schrijf: " in found


def test_professionals_may_be_told_of_an_indicator_but_not_in_figures_of_speech():
    assert dutch.unwanted(Text("hier", "Een indicator."), nowhere=True) == []
    assert dutch.unwanted(Text("hier", "Een indicator die iets verraadt."), nowhere=True)


def test_the_labels_of_the_printed_report_stay_as_they_are():
    label = "% verzuim t.o.v. leer- en kwalificatieplichtigen"
    assert dutch.unwanted(Text("hier", label)) == []
    assert dutch.unwanted(Text("hier", "verzuim t.o.v. vorig jaar"))


def test_a_sentence_of_twenty_one_words_is_too_long():
    assert dutch.longest() == 20
    assert dutch.too_long(Text("hier", "woord " * 20 + ".")) == []
    assert dutch.too_long(Text("hier", f"Kort. {'Woord ' * 21}."))
    assert len(dutch.sentences("Er zijn ca. 15 jongeren (art. 5). Dat is ‘veel’. “Ja.” 12 niet.")) == 4


@pytest.mark.parametrize(
    ("word", "number"),
    [("kind", 1), ("één", 1), ("jongeren", 3), ("geïnd", 2), ("leerplichtige", 4), ("nieuwe", 2), ("beoordeeld", 3), ("categorieën", 5)],
)
def test_syllables_are_sounds_of_vowels(word, number):
    assert dutch.syllables(word) == number


def test_plain_text_scores_high_and_that_of_an_office_low():
    plain = dutch.readability([Text("", "De school meldt het. Dan belt de ambtenaar de ouders op.")])
    office = dutch.readability([Text("", "Gedifferentieerde verantwoordelijkheidsverdeling impliceert verzuimregistratieverplichtingen.")])
    assert plain.score > 90 > 60 > 0 > office.score
    assert dutch.readability([Text("", "Een kop zonder punt")]).sentences == 0


def test_a_surface_without_text_is_a_complaint():
    [few, low] = dutch.surfaces()["portaal"].complaints([])
    assert "0 zinnen" in few and "leesbaarheid" in low


def test_a_page_is_read_as_it_is_seen(tmp_path: Path):
    page = """<main><h1>Kop</h1><p>Een <a href="x">woord</a> en <code>x_y</code>.</p><script>let a = "Nee niet";</script>
    <div data-lezers="vakmensen"><p>Voor hen.</p></div><input aria-label="Zoek hier"></main>"""
    assert [text.words for text in texts.of_html("x", page)] == ["Kop", "Een woord en 0.", "Zoek hier"]
    assert [text.words for text in texts.of_html("x", page, professional=True)] == ["Voor hen."]
    template = tmp_path / "x.html.jinja"
    template.write_text('{# nee #}<p>{% if a %}Eerst {{ b }}.{% else %}Dan niet.{% endif %}</p>{% call t("Een tabel", c) %}x{% endcall %}')
    assert [text.words for text in texts.of_template(template)] == ["Een tabel", "Eerst 0.", "Dan niet.", "x"]


def test_a_script_and_a_module_are_read_without_their_comments(tmp_path: Path):
    script, module = tmp_path / "x.js", tmp_path / "x.py"
    script.write_text('// "no, not this"\nconst a = /["`]/; say(`Er zijn ${b ? `${c}` : 1} rijen.`); const d = "naam";')
    assert [text.words for text in texts.of_script(script)] == ["Er zijn 0 rijen."]
    module.write_text('"""Not this one."""\nA = f"Er zijn {b} rijen."  # not this\nraise ValueError("ook dit niet")\nC = "x=1 en"\n')
    assert [text.words for text in texts.of_code(module)] == ["Er zijn 0 rijen."]
