"""Reads our Dutch as a reader meets it: the texts of each surface, their sentences, the words that we do not use, and how easily they read.

Surfaces are collected by folder, so that a new page, script or message is read too. The words, the length of a sentence and the floor of each
surface stand in `docs/schrijfwijzer.md`, where writers see them. `python -m tests.dutch` prints the figures of what needs no release.

Put here: collecting and measuring text. Keep out: the assertions (`unit/test_dutch.py`, `pipeline/test_dutch_of_a_night.py`).
"""

import ast
import csv
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from lxml import html

from expectations import reference
from orchestration.settings import PROJECT

GUIDE = PROJECT / "docs" / "schrijfwijzer.md"
RENDERINGS = PROJECT / "orchestration" / "publication" / "renderings"
WATCH = PROJECT / "orchestration" / "watch"
ANYTHING = "0"  # stands for what is filled in: a figure, a name, a code

INLINE = {"a", "abbr", "b", "code", "em", "i", "kbd", "label", "small", "span", "strong", "sub", "sup", "time"}
UNREAD = {"script", "style", "svg", "title"}
SPOKEN = ("aria-label", "alt", "placeholder")
PROFESSIONAL = "data-lezers"  # marks a part of a page that is for professionals


@dataclass(frozen=True)
class Text:
    """A piece of text that stands by itself: a paragraph, a heading, a cell, a message."""

    place: str
    words: str


@dataclass(frozen=True)
class Figure:
    """How easily a surface reads.

    Args:
        score: Flesch-Douma: the higher, the easier; 60 is the plain Dutch of a newspaper.
        sentences: How many sentences it is about.
        words: Words per sentence.
        syllables: Syllables per word.
    """

    score: float
    sentences: int
    words: float
    syllables: float


# ---- the guide


@cache
def _tables() -> Mapping[str, Sequence[Sequence[str]]]:
    """Return the rows of each table of the guide, by the heading of its first column."""
    found: dict[str, list[list[str]]] = {}
    rows: list[list[str]] | None = None
    for line in GUIDE.read_text(encoding="utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        if not line.startswith("|"):
            rows = None
        elif rows is None:
            rows = found.setdefault(cells[0], [])
        elif set(line) - set("|-: "):
            rows.append(cells)
    return found


@cache
def forbidden(*, nowhere: bool = False) -> Mapping[str, str]:
    """Return what to write instead of each word that we do not use; a `*` stands for any end or beginning of a word.

    Args:
        nowhere: Whether to return only those that professionals do not get either.
    """
    heads = ("schrijf nergens",) if nowhere else ("schrijf nergens", "schrijf niet")
    return {word.strip("` "): instead for head in heads for words, instead in _tables()[head] for word in words.split(",")}


def _regex(word: str) -> str:
    return re.escape(word).replace(r"\*", r"\w*").replace(r"\ ", r"\s+")


@cache
def _pattern(*, nowhere: bool) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(_regex, forbidden(nowhere=nowhere)))})(?!\w)", re.IGNORECASE)


@cache
def longest() -> int:
    """Return how many words a sentence may have."""
    return int(dict(_tables()["maat"])["woorden in een zin, hoogstens"])


@cache
def surfaces() -> Mapping[str, tuple[int, int]]:
    """Return of each surface its lowest score, and how many sentences it has at least."""
    return {name.strip("`"): (int(floor), int(least)) for name, _, floor, least in _tables()["oppervlak"]}


@cache
def _for_professionals() -> frozenset[str]:
    return frozenset(name.strip("` ") for [names, _] in _tables()["voor vakmensen"] for name in names.split(","))


# ---- measuring


@cache
def _printed() -> re.Pattern[str]:
    """Match the words of the printed report, which stay as they are: its labels and titles."""
    names = {row["label"] for row in reference.rows("indicator")} | {row["titel"] for row in reference.rows("tabel")}
    return re.compile("|".join(re.escape(name) for name in sorted(names, key=len, reverse=True) if " " in name))


def unwanted(text: Text, *, nowhere: bool = False) -> list[str]:
    """Return each word of a text that we do not use, with what to write instead.

    Args:
        text: The text.
        nowhere: Whether it is for professionals.
    """
    found = [match.group() for match in _pattern(nowhere=nowhere).finditer(_printed().sub(ANYTHING, text.words))]
    return [f"{text.place}: ‘{word}’, schrijf: {_instead(word)}. {text.words[:120]}" for word in found]


def _instead(word: str) -> str:
    return next(instead for rule, instead in forbidden().items() if re.fullmatch(_regex(rule), word, re.IGNORECASE))


def sentences(text: str) -> list[str]:
    """Split a text into sentences; an abbreviation such as `ca.` ends none."""
    return [one for one in re.split(r"(?<!\bca\.)(?<!\bart\.)(?<=[.?!…])[’”\")]*\s+(?=[‘“\"(]?[A-Z0-9<])", text) if one.strip()]


def words(sentence: str) -> list[str]:
    """Return the words of a sentence; `2024-2025` and `proces-verbaal` are one."""
    return re.findall(r"\w+(?:[-’'.,:/–]\w+)*", sentence)


def too_long(text: Text) -> list[str]:
    """Return the sentences of a text that have too many words."""
    return [f"{text.place}: {len(words(one))} woorden: {one}" for one in sentences(text.words) if len(words(one)) > longest()]


VOWELS = re.compile("ieu|eeu|aai|ooi|oei|aa|ee|oo|uu|ie|eu|oe|ui|ij|ei|au|ou|[aeiouyäëïöü]")


def syllables(word: str) -> int:
    """Count syllables: one for each sound of vowels; a trema begins a new one, another accent changes nothing."""
    plain = "".join(letter for letter in unicodedata.normalize("NFD", word.lower()) if letter == "\u0308" or not unicodedata.combining(letter))
    return max(1, len(VOWELS.findall(unicodedata.normalize("NFC", plain))))


def readability(texts: Iterable[Text]) -> Figure:
    """Measure whole sentences with the formula of Flesch as Douma fitted it to Dutch (1960); headings, cells and labels are no sentences."""
    whole = [one for text in texts for one in sentences(text.words) if one.rstrip("’”\")").endswith((".", "?", "!"))]
    spoken = [[word for word in words(one) if not any(map(str.isdigit, word))] for one in whole]
    spoken = [one for one in spoken if len(one) > 1]
    number = sum(map(len, spoken))
    if not number:
        return Figure(0, 0, 0, 0)
    per_sentence = number / len(spoken)
    per_word = sum(syllables(word) for one in spoken for word in one) / number
    return Figure(206.84 - 77 * per_word - 0.93 * per_sentence, len(spoken), per_sentence, per_word)


# ---- collecting


def clean(text: str) -> str:
    return re.sub(r"\s+", " ", text.replace("\u00ad", "")).strip()


def of_html(place: str, content: str, *, professional: bool = False) -> Iterator[Text]:
    """Yield what a page shows or says aloud.

    Args:
        place: Its name.
        content: The page.
        professional: Whether to yield only the parts that are marked as for professionals, instead of all others.
    """
    root = html.document_fromstring(content)
    marked = root.xpath(f"//*[@{PROFESSIONAL}]")
    if not professional:
        for part in marked:
            part.drop_tree()
    found: list[list[str]] = [[]]
    for part in marked if professional else [root]:
        _flow(part, found)
    yield from (Text(place, text) for parts in found if (text := clean("".join(parts))))


def _flow(element: html.HtmlElement, found: list[list[str]]) -> None:
    if not isinstance(element.tag, str) or element.tag in UNREAD:
        return
    found += [[element.get(name) or ""] for name in SPOKEN if element.get(name)]
    if element.tag not in INLINE or found[-1] in [[element.get(name)] for name in SPOKEN]:
        found.append([])
    found[-1].append(ANYTHING if element.tag == "code" else element.text or "")
    for child in element:
        _flow(child, found)
        found[-1].append(child.tail or "")
    if element.tag not in INLINE:
        found.append([])


def of_template(path: Path) -> Iterator[Text]:
    """Yield the texts of a template of HTML, those of every branch and in every argument."""
    source = re.sub(r"\{#.*?#\}", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
    for tag in re.findall(r"\{[%{].*?[%}]\}", source, flags=re.DOTALL):
        yield from (Text(path.name, said) for said in re.findall(r'"([^"<>]*)"', tag) if " " in said or said[:1].isupper())
    source = re.sub(r"\{%-?\s*(?:else|elif).*?%\}", "<p></p>", source)
    source = re.sub(r"\{\{.*?\}\}", ANYTHING, re.sub(r"\{%.*?%\}", "", source, flags=re.DOTALL), flags=re.DOTALL)
    if clean(source):
        yield from of_html(path.name, f"<div>{source}</div>")


SCRIPT = re.compile(
    r"//[^\n]*|/\*.*?\*/|(?<=[(,=:\[!&|?{};])\s*/(?![/*])(?:\\.|\[(?:\\.|[^\]\\])*\]|[^/\\\n])+/"
    r"|\"((?:\\.|[^\"\\\n])*)\"|'((?:\\.|[^'\\\n])*)'|`((?:\\.|[^`\\])*)`",
    re.DOTALL,
)


def of_script(path: Path) -> Iterator[Text]:
    """Yield the texts in a script: the strings with two words or more."""
    for match in SCRIPT.finditer(path.read_text(encoding="utf-8")):
        said = clean(re.sub(r"\$\{(?:[^{}]|\{[^{}]*\})*\}", ANYTHING, next((group for group in match.groups() if group), "")))
        if is_prose(said):
            yield Text(path.name, said)


def of_code(path: Path) -> Iterator[Text]:
    """Yield the texts in a module: its strings that are prose, without docstrings."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    docstrings = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    inside = {id(part) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in node.values}
    for node in ast.walk(tree):
        if id(node) in docstrings | inside:
            continue
        said = clean(re.sub(r"\{[^{}]*\}", ANYTHING, _said(node)))
        if is_prose(said):
            yield Text(f"{path.name}:{node.lineno}", said)  # type: ignore[attr-defined]


def _said(node: ast.AST) -> str:
    if isinstance(node, ast.JoinedStr):
        return "".join(str(part.value) if isinstance(part, ast.Constant) else ANYTHING for part in node.values)
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


def is_prose(text: str) -> bool:
    """Return whether a string is prose: two words of letters or more, and nothing of code in it."""
    spoken = [word for word in text.split() if re.fullmatch(r"[(‘“]?[^\W\d_]{2,}[-’\w]*[.,:;?!)’”]*", word)]
    return len(spoken) > 1 and not re.search(r"[={}\\^$]|</?\w|--|\b(?:select|from|where|default-src)\b|noqa", text)


def of_page(path: Path) -> Iterator[Text]:
    """Yield the texts of a page of documentation, without what is code."""
    source = re.sub(r"```.*?```", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
    source = re.sub(r"^(?: {4}|\t).*$", "", source, flags=re.MULTILINE)
    source = re.sub(r"`[^`\n]*`", ANYTHING, source)
    source = re.sub(r"!?\[([^\]]*)\]\([^)]*\)", r"\1", source)
    for block in re.split(r"\n\s*\n|\n(?=\s*[-*|#] ?|\d+\. )|(?<=\|)\n", source):
        for cell in block.strip().strip("|").split(" | ") if block.lstrip().startswith("|") else [block]:
            said = clean(re.sub(r"^[\s#>*|-]+|\*\*|(?<!\w)\*|\*(?!\w)", "", cell.strip()))
            if words(said):
                yield Text(path.name, said)


# ---- the surfaces that need no release


def _files(folder: Path, *patterns: str) -> list[Path]:
    found = sorted({path for pattern in patterns for path in folder.rglob(pattern) if not {"vendor", "node_modules"} & {*path.parts}})
    assert found, (folder, patterns)
    return found


def _all(paths: Iterable[Path], texts_of: Callable[[Path], Iterator[Text]]) -> list[Text]:
    return [text for path in paths for text in texts_of(path)]


def _dutch_pages(*, professional: bool) -> list[Path]:
    """Return the pages of documentation in Dutch, in docs and its folders; who is not named as for professionals is for everybody."""
    pages = [path for path in _files(PROJECT / "docs", "*.md") if is_dutch(path) and path != GUIDE]
    return [path for path in pages if (path.stem in _for_professionals()) == professional]


def is_dutch(path: Path) -> bool:
    found = [word.lower() for text in of_page(path) for word in words(text.words)]
    return sum(map(found.count, ("de", "het", "een", "niet"))) > sum(map(found.count, ("the", "a", "is", "of", "not")))


def definitions(column: str) -> list[Text]:
    """Return a column of the dictionary."""
    return [Text(f"{row['indicator']}, {column}", row[column]) for row in reference.rows("indicator")]


def written() -> Mapping[str, list[Text]]:
    """Return the texts of each surface that needs no release."""
    told = [*RENDERINGS.parent.glob("report_tables.py"), *_files(RENDERINGS, "*.py")]
    return {
        "definities": definitions("definitie_kort"),
        "precieze definities": definitions("definitie"),
        "sjablonen": _all(_files(RENDERINGS, "*.jinja"), of_template),
        "scripts": _all(_files(RENDERINGS, "*.js"), of_script),
        "zinnen": _all(told, of_code),
        "documenten": _all(_dutch_pages(professional=False), of_page),
        "vakdocumenten": _all(_dutch_pages(professional=True), of_page),
        "berichten": [*_all(_files(WATCH, "*.py"), of_code), *_all(_files(WATCH, "*.jinja"), of_template)],
    }


def line(name: str, figure: Figure) -> str:
    return f"{name:22} {figure.score:5.1f}  {figure.sentences:4} zinnen  {figure.words:4.1f} woorden per zin  {figure.syllables:.2f} lettergrepen per woord"


if __name__ == "__main__":
    for name, texts in written().items():
        print(line(name, readability(texts)))
