"""Measures our Dutch by `docs/schrijfwijzer.md`: the words that we do not use, the length of a sentence, and how easily a surface reads.

The tables of that page are the only place of the words, the length and the floors. `python tests/dutch.py [folder]` prints the figures,
also those of the pages in a folder. Put here: the guide, and measuring. Keep out: collecting texts (`texts.py`), and the assertions
(`unit/test_dutch.py`, `pipeline/test_dutch_of_a_night.py`).
"""

import re
import sys
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import texts
from texts import ANYTHING, GUIDE, Text

from expectations import reference

EVERYBODY, PROFESSIONALS = "iedereen", "vakmensen"
VOWELS = re.compile("ieu|eeu|aai|ooi|oei|aa|ee|oo|uu|ie|eu|oe|ui|ij|ei|au|ou|[aeiouyäëïöü]")


@dataclass(frozen=True)
class Figure:
    """How easily texts read.

    Args:
        score: Flesch-Douma: the higher, the easier.
        sentences: The number of sentences that it is about.
        words: Words per sentence.
        syllables: Syllables per word.
    """

    score: float
    sentences: int
    words: float
    syllables: float

    def __str__(self) -> str:
        numbers = f"{self.words:4.1f} woorden per zin  {self.syllables:.2f} lettergrepen per woord"
        return f"{self.score:5.1f}  {self.sentences:4} zinnen  {numbers}"


@dataclass(frozen=True)
class Surface:
    """A kind of text, with what it has to satisfy.

    Args:
        readers: `iedereen`, `beheer` or `vakmensen`.
        floor: The lowest score.
        least: How many sentences it has at least.
    """

    name: str
    readers: str
    floor: int
    least: int

    def complaints(self, read: Sequence[Text]) -> list[str]:
        """Return what is wrong with its texts."""
        figure = readability(read)
        found = [one for text in read for one in unwanted(text, nowhere=self.readers != EVERYBODY)]
        if self.readers != PROFESSIONALS:
            found += [one for text in read for one in too_long(text)]
        if figure.sentences < self.least:
            found.append(f"{self.name}: {figure.sentences} zinnen, ten minste {self.least} verwacht: wordt alles gelezen?")
        if figure.score < self.floor:
            found.append(f"{self.name}: leesbaarheid {figure.score:.1f}, ten minste {self.floor}")
        return list(dict.fromkeys(found))


@cache
def surfaces() -> Mapping[str, Surface]:
    """Return the surfaces by name."""
    named = {name.strip("`"): rest for name, *rest in texts.tables(GUIDE)["oppervlak"]}
    return {name: Surface(name, readers, int(floor), int(least)) for name, (_, readers, floor, least) in named.items()}


@cache
def forbidden(*, nowhere: bool = False) -> Mapping[str, str]:
    """Return what to write instead of each word that we do not use; a `*` stands for any end or beginning of a word.

    Args:
        nowhere: Whether to return only those that professionals do not get either.
    """
    heads = ("schrijf nergens",) if nowhere else ("schrijf nergens", "schrijf niet")
    return {word.strip(): instead for head in heads for words_, instead in texts.tables(GUIDE)[head] for word in words_.split(",")}


@cache
def longest() -> int:
    """Return how many words a sentence may have."""
    return _measure("woorden in een zin, hoogstens")


def lowest() -> int:
    """Return the lowest score of a page by itself."""
    return _measure("leesbaarheid van één pagina met 10 zinnen of meer, ten minste")


def _measure(name: str) -> int:
    return int(dict(texts.tables(GUIDE)["maat"])[name])


def unwanted(text: Text, *, nowhere: bool = False) -> list[str]:
    """Return each word of a text that we do not use, with what to write instead.

    Args:
        text: The text.
        nowhere: Whether it is for professionals.
    """
    found = [match.group() for match in _pattern(nowhere=nowhere).finditer(_printed().sub(ANYTHING, text.words))]
    return [f"{text.place}: ‘{word}’, schrijf: {_instead(word)}. {text.words[:120]}" for word in found]


@cache
def _pattern(*, nowhere: bool) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(_regex, forbidden(nowhere=nowhere)))})(?!\w)", re.IGNORECASE)


def _regex(word: str) -> str:
    return re.escape(word).replace(r"\*", r"\w*").replace(r"\ ", r"\s+")


def _instead(word: str) -> str:
    return next(instead for rule, instead in forbidden().items() if re.fullmatch(_regex(rule), word, re.IGNORECASE))


@cache
def _printed() -> re.Pattern[str]:
    """Match what the printed report calls its rows: that stays as it is."""
    called = {row["label"] for row in reference.rows("indicator") if row["tabel"] in reference.in_report()}
    return re.compile("|".join(re.escape(name) for name in sorted(called, key=len, reverse=True) if " " in name))


def too_long(text: Text) -> list[str]:
    """Return the sentences of a text that have too many words."""
    return [f"{text.place}: {len(words(one))} woorden: {one}" for one in sentences(text.words) if len(words(one)) > longest()]


def sentences(text: str) -> list[str]:
    """Split a text into sentences; an abbreviation such as `ca.` ends none."""
    return re.split(r"(?<!\bca\.)(?<!\bart\.)(?<=[.?!…])[’”\")]*\s+(?=(?:[‘“\"(]|\* )?[A-Z0-9<])", text)


def words(sentence: str) -> list[str]:
    """Return the words of a sentence; `2024-2025` and `proces-verbaal` are one."""
    return re.findall(r"\w+(?:[-’'.,:/–]\w+)*", sentence)


def syllables(word: str) -> int:
    """Count syllables: one for each sound of vowels. A trema begins a new one; another accent changes nothing."""
    letters = unicodedata.normalize("NFD", word.lower())
    plain = "".join(letter for letter in letters if letter == "\u0308" or not unicodedata.combining(letter))
    return max(1, len(VOWELS.findall(unicodedata.normalize("NFC", plain))))


def readability(read: Iterable[Text]) -> Figure:
    """Measure whole sentences with the formula of Flesch, as Douma fitted it to Dutch (1960).

    A heading, a cell or a label is no sentence; a number is no word.
    """
    whole = [one for text in read for one in sentences(text.words) if one.rstrip('’”")').endswith((".", "?", "!"))]
    spoken = [[word for word in words(one) if not any(map(str.isdigit, word))] for one in whole]
    spoken = [one for one in spoken if len(one) > 1]
    if not spoken:
        return Figure(0, 0, 0, 0)
    number = sum(map(len, spoken))
    per_sentence, per_word = number / len(spoken), sum(syllables(word) for one in spoken for word in one) / number
    return Figure(206.84 - 77 * per_word - 0.93 * per_sentence, len(spoken), per_sentence, per_word)


def tell(name: str, read: Iterable[Text]) -> None:
    """Print how easily texts read."""
    sys.stdout.write(f"{name:40} {readability(read)}\n")


if __name__ == "__main__":
    for surface, written in texts.written().items():
        tell(surface, written)
    for page in sorted(one for folder in sys.argv[1:] for one in Path(folder).rglob("*.html")):
        tell(page.name, texts.of_html(page.name, page.read_text(encoding="utf-8")))
