"""Collects what people read, by folder: a page, script or message that somebody adds is read without being named.

Put here: reading text out of HTML, templates, scripts, modules and pages of documentation. Keep out: measuring it (`dutch.py`).
"""

import ast
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from lxml import html

from expectations import published, reference
from orchestration.settings import PROJECT

DOCS = PROJECT / "docs"
GUIDE = DOCS / "schrijfwijzer.md"
PUBLICATION = PROJECT / "orchestration" / "publication"
RENDERINGS = PUBLICATION / "renderings"
WATCH = PROJECT / "orchestration" / "watch"
ANYTHING = "0"  # stands for what is filled in: a figure, a name, a code

INLINE = {"a", "abbr", "b", "code", "em", "i", "kbd", "small", "span", "strong", "sub", "sup", "time"}
UNREAD = {"script", "style", "svg", "title"}
SPOKEN = ("aria-label", "alt", "placeholder")
PROFESSIONAL = "data-lezers"  # marks a part of a page that is for professionals

HOLE = r"\$\{(?:[^{}`]|`(?:\\.|[^`\\])*`|\{[^{}]*\})*\}"  # what is filled in in a template of a script, one level deep
STRING = re.compile(
    r"//[^\n]*|/\*.*?\*/|(?<=[(,=:\[!&|?{};])\s*/(?![/*])(?:\\.|\[(?:\\.|[^\]\\])*\]|[^/\\\n])+/"  # no strings: comments, patterns
    rf"|\"((?:\\.|[^\"\\\n])*)\"|'((?:\\.|[^'\\\n])*)'|`((?:\\.|{HOLE}|[^`\\])*)`",
    re.DOTALL,
)
CODE = re.compile(r"[={}\\^$]|</?\w|--|\b(?:select|from|where|default-src)\b")


@dataclass(frozen=True)
class Text:
    """A piece of text that stands by itself: a paragraph, a heading, a cell, a message."""

    place: str
    words: str


def clean(text: str) -> str:
    """Return a text with single spaces."""
    return re.sub(r"\s+", " ", text.replace("\u00ad", "")).strip()


def is_prose(text: str) -> bool:
    """Return whether a string is prose: two words or more and nothing of code in it, or one word with a capital, as a heading."""
    spoken = [word for word in text.split() if re.fullmatch(r"[(‘“]?[^\W\d_]{2,}[-’\w]*[.,:;?!)’”]*", word)]
    return bool(re.fullmatch(r"[A-Z][a-z]{3,}", text)) or (len(spoken) > 1 and not CODE.search(text))


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
    """Append the texts in an element, of which each that is not inline stands by itself."""
    if not isinstance(element.tag, str) or element.tag in UNREAD:
        return
    spoken = [[said] for name in SPOKEN if (said := element.get(name))]
    apart = bool(spoken) or element.tag not in INLINE
    found += [*spoken, []] if apart else []
    found[-1].append(ANYTHING if element.tag == "code" else element.text or "")
    for child in element if element.tag != "code" else ():
        _flow(child, found)
        found[-1].append(child.tail or "")
    found += [[]] if apart else []


def of_template(path: Path) -> Iterator[Text]:
    """Yield the texts of a template of HTML, those of every branch and in every argument."""
    source = re.sub(r"\{#.*?#\}", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
    for tag in re.findall(r"\{[%{].*?[%}]\}", source, flags=re.DOTALL):
        yield from (Text(path.name, said) for said in re.findall(r'"([^"<>]*)"', tag) if " " in said or said[:1].isupper())
    source = re.sub(r"\{%-?\s*(?!if|endif).*?%\}", "<p></p>", source, flags=re.DOTALL)
    source = re.sub(r"\{\{.*?\}\}", ANYTHING, re.sub(r"\{%.*?%\}", "", source, flags=re.DOTALL), flags=re.DOTALL)
    if clean(source):
        yield from of_html(path.name, f"<div>{source}</div>")


def of_script(path: Path) -> Iterator[Text]:
    """Yield the texts in a script: its strings that are prose."""
    yield from (Text(path.name, said) for said in map(clean, _strings(path.read_text(encoding="utf-8"))) if is_prose(said))


def _strings(source: str) -> Iterator[str]:
    for match in STRING.finditer(source):
        said = next((group for group in match.groups() if group), "")
        if source.startswith(".split(", match.end()):
            continue  # a list of words
        yield re.sub(HOLE, ANYTHING, said, flags=re.DOTALL)
        for hole in re.findall(HOLE, said, flags=re.DOTALL):
            yield from _strings(hole[2:-1])


def of_code(path: Path) -> Iterator[Text]:
    """Yield the texts in a module: its strings that are prose, except docstrings and what the command line says when it refuses."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    unread = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    unread |= {id(part) for node in ast.walk(tree) if isinstance(node, ast.Raise) for part in ast.walk(node)}
    unread |= {id(part) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in node.values}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant | ast.JoinedStr) and id(node) not in unread:
            said = clean(re.sub(r"\{[^{}]*\}", ANYTHING, _said(node)))
            if is_prose(said):
                yield Text(f"{path.name}:{node.lineno}", said)


def _said(node: ast.Constant | ast.JoinedStr) -> str:
    if isinstance(node, ast.JoinedStr):
        return "".join(str(part.value) if isinstance(part, ast.Constant) else ANYTHING for part in node.values)
    return node.value if isinstance(node.value, str) else ""


def of_page(path: Path) -> Iterator[Text]:
    """Yield the texts of a page of documentation, without what is code."""
    source = re.sub(r"```.*?```", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
    source = re.sub(r"^(?: {4}|\t).*$", "", source, flags=re.MULTILINE)
    source = re.sub(r"`[^`\n]*`", ANYTHING, source)
    source = re.sub(r"!?\[([^\]]*)\]\([^)]*\)", r"\1", source)
    for block in re.split(r"\n\s*\n|\n(?=\s*[-*|#] ?|\d+\. )|(?<=\|)\n", source):
        for cell in block.strip().strip("|").split(" | ") if block.lstrip().startswith("|") else [block]:
            said = clean(re.sub(r"^[\s#>*|-]+|\*\*|(?<!\w)\*|\*(?!\w)", "", cell.strip()))
            if re.search(r"\w", said):
                yield Text(path.name, said)


@cache
def tables(path: Path) -> Mapping[str, Sequence[Sequence[str]]]:
    """Return the rows of each table of a page of documentation, by the heading of its first column."""
    found: dict[str, list[list[str]]] = {}
    rows: list[list[str]] | None = None
    for line in path.read_text(encoding="utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        if not line.startswith("|"):
            rows = None
        elif rows is None:
            rows = found.setdefault(cells[0], [])
        elif set(line) - set("|-: "):
            rows.append(cells)
    return found


def written() -> Mapping[str, list[Text]]:
    """Return the texts of each surface that needs no release."""
    columns = [(table, column) for table in published.load().tables for column in table.columns]
    return {
        "definities": _definitions("definitie_kort"),
        "precieze definities": _definitions("definitie"),
        "sjablonen": _all(_files(RENDERINGS, "*.jinja"), of_template),
        "scripts": _all(_files(RENDERINGS, "*.js"), of_script),
        "zinnen": _all([PUBLICATION / "report_tables.py", *_files(RENDERINGS, "*.py")], of_code),
        "documenten": _all(_pages(professional=False), of_page),
        "vakdocumenten": _all(_pages(professional=True), of_page),
        "kolommen": [Text(f"{table.name}.{column.name}", column.description) for table, column in columns],
        "berichten": [*_all(_files(WATCH, "*.py"), of_code), *_all(_files(WATCH, "*.jinja"), of_template)],
    }


def _definitions(column: str) -> list[Text]:
    return [Text(f"{row['indicator']}, {column}", row[column]) for row in reference.rows("indicator")]


def _all(paths: Iterable[Path], texts_of: Callable[[Path], Iterator[Text]]) -> list[Text]:
    return [text for path in paths for text in texts_of(path)]


def _files(folder: Path, pattern: str) -> list[Path]:
    """Return our own files in a folder and its folders, without those of others."""
    return sorted(path for path in folder.rglob(pattern) if not {"vendor", "node_modules"} & {*path.parts})


def _pages(*, professional: bool) -> list[Path]:
    """Return the pages of documentation in Dutch: which the guide does not name as for professionals, is for everybody."""
    theirs = {name.strip("` ") for names, _ in tables(GUIDE)["voor vakmensen"] for name in names.split(",")}
    return [path for path in _files(DOCS, "*.md") if path != GUIDE and (path.stem in theirs) == professional and is_dutch(path)]


def is_dutch(path: Path) -> bool:
    """Return whether a page is in Dutch, and not in English."""
    found = [word for text in of_page(path) for word in text.words.lower().split()]
    return sum(map(found.count, ("de", "het", "een", "niet"))) > sum(map(found.count, ("the", "a", "of", "not")))
