"""The scrubber: how text that somebody else wrote may appear in a message, a log, a table, or a name of a file.

Text enters in two places: the name of a folder, file, sheet or column, and the content of a cell. A name is kept, with every BSN and
onderwijsnummer in it masked (`scrub`). The content of a cell that was rejected is kept only where it is as short as a code or is a date;
otherwise its shape is kept (`code_or_shape`): a name, an address or a number of any length does not survive that.

All functions work on the same plain form of a text (`plain`): NFKC, without invisible characters, every digit of any script as 0–9.

Put here: finding and masking. Keep out: which text is scrubbed when; what carries text does that itself (`errors.LeerplichtError`, the
ledger's entries, the log of a run). The eleven test of whole columns is in `deliveries.identifiers`.
"""

import re
import unicodedata
from collections.abc import Iterator

MASK = "[negen cijfers]"
DIGITS = 9
FEWEST = 7  # digits of a number of nine of which a spreadsheet dropped the zeros in front
WEIGHTS = (9, 8, 7, 6, 5, 4, 3, 2, -1)
LONGEST_SHAPE = 40
LONGEST_CODE, MOST_DIGITS, MOST_LETTERS = 10, 6, 2

RUN = re.compile(r"[0-9]+")
ENOUGH = re.compile(rf"(?:[0-9][^0-9]*){{{DIGITS}}}")
LISTED = ",;"  # with a space they separate the numbers of a list, without it perhaps the parts of one number
# hashes, ids of runs and times: their digits are no number
OPAQUE = re.compile(
    r"(?<![0-9A-Za-z])(?:[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9a-f]{64}|[0-9a-f]{40}|[0-9a-f]{32})(?![0-9A-Za-z])"
    r"|(?<=[@~])[0-9a-f]{8,12}(?![0-9A-Za-z])"
    r"|[0-9]{1,2}:[0-9]{2}(?::[0-9]{2}(?:[.,][0-9]+)?)?"
)
YEAR, PART = r"(?:(?:19|20)[0-9]{2}|9999)", r"(?:0?[0-3]?[0-9])"
DAY = rf"(?:{YEAR}([-/.]){PART}\1{PART}|{PART}([-/.]){PART}\2(?:{YEAR}|[0-9]{{2}}))"
TIME = r"(?:[0-9]{1,2}:[0-9]{2}(?::[0-9]{2}(?:[.,][0-9]{1,6})?)?|[0-9]{1,2}\.[0-9]{2}(?:\.[0-9]{2})?)(?:Z|[+-][0-9]{2}:?[0-9]{2})?"
MOMENT = re.compile(rf"(?:{DAY}(?:[T ]+{TIME})?|{TIME}|{YEAR} ?[-/] ?(?:{YEAR}|[0-9]{{2}}))")
COMPACT_DAY = re.compile(r"(?:19|20)[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])")
CODE_SIGNS = "-+=<>.,/% "


def plain(text: str) -> str:
    """Return a text in the form in which identifiers are looked for."""
    return text if text.isascii() else "".join(map(_plain, unicodedata.normalize("NFKC", text)))


def _plain(sign: str) -> str:
    if sign.isascii() or sign.isalpha():
        return sign
    match unicodedata.category(sign):
        case "Nd":
            return str(unicodedata.decimal(sign))
        case "Cf" | "Mn":
            return ""
        case "Pd":
            return "-"
        case "Zs":
            return " "
    return sign


def is_identifier(digits: str) -> bool:
    """Return whether nine digits are a BSN or an onderwijsnummer by the eleven test."""
    remainder = sum(weight * int(digit) for weight, digit in zip(WEIGHTS, digits, strict=True)) % 11
    return (remainder == 0 and digits.strip("0") != "") or (remainder == 5 and digits.startswith("10"))


def has_identifier(text: str) -> bool:
    """Return whether a text holds a BSN or an onderwijsnummer, in any spelling."""
    return next(_found(plain(text)), None) is not None


def scrub(text: str) -> str:
    """Return a text with every BSN and onderwijsnummer masked, in any spelling; a text without one is returned unchanged."""
    searched = plain(text)
    kept, end = [], 0
    for start, stop in _found(searched):
        kept += [searched[end:start], MASK]
        end = stop
    return "".join([*kept, searched[end:]]) if kept else text


def could_identify(text: str) -> bool:
    """Return whether a number of a source could be a BSN or an onderwijsnummer, with or without its zeros in front and separators."""
    runs = RUN.findall(plain(text))
    return any(FEWEST <= len(run) <= DIGITS and is_identifier(run.zfill(DIGITS)) for run in (*runs, "".join(runs)))


def printable(text: str) -> str:
    """Replace control, direction and invisible characters by the replacement character."""
    return text if text.isprintable() else "".join(sign if sign.isprintable() else "�" for sign in text)


def safe_text(text: str, longest: int = 80) -> str:
    """Return a delivered name as it may appear in a message: printable, truncated, and identifiers masked."""
    shown = printable(scrub(text))
    return shown if len(shown) <= longest else f"{shown[: longest - 3]}…"


def shape(text: str, longest: int = LONGEST_SHAPE) -> str:
    """Return what a text looks like: each digit as 9, each letter as x."""
    signs = unicodedata.normalize("NFKC", text[:longest])
    return printable("".join("9" if sign.isdecimal() else "x" if sign.isalnum() else sign for sign in signs))


def code_or_shape(text: str, *, is_date: bool = False, allowed: tuple[str, ...] = ()) -> str:
    """Return a rejected value if it can be shown, otherwise its shape.

    Shown are a date or a time, an allowed code that is only spelled otherwise, and a text as short as a code: at most six digits and two
    letters.

    Args:
        text: The delivered value.
        is_date: Whether eight digits are a date too.
        allowed: The codes of the column.
    """
    if MOMENT.fullmatch(text) or (is_date and COMPACT_DAY.fullmatch(text)):
        return text
    if _letters(text) and _letters(text) in map(_letters, allowed):
        return printable(text)
    return text if _is_short(text) else shape(text)


def _is_short(text: str) -> bool:
    digits, letters = (sum(map(is_kind, text)) for is_kind in (str.isdecimal, str.isalpha))
    known = text.isascii() and len(text) <= LONGEST_CODE and all(sign.isalnum() or sign in CODE_SIGNS for sign in text)
    return known and digits <= MOST_DIGITS and letters <= MOST_LETTERS


def _letters(text: str) -> str:
    return "".join(sign for sign in plain(text).casefold() if sign.isalpha())


def _found(text: str) -> Iterator[tuple[int, int]]:
    """Yield where the identifiers of a plain text are: nine digits in one run, or in runs with one and the same separator."""
    if not ENOUGH.search(text):
        return
    text = OPAQUE.sub(lambda match: "x" * len(match[0]), text)
    runs = list(RUN.finditer(text))
    first = 0
    while first < len(runs):
        last = _last(text, runs, first)
        if last is not None:
            yield runs[first].start(), runs[last].end()
            first = last
        first += 1


def _last(text: str, runs: list[re.Match[str]], first: int) -> int | None:
    """Return the last of the runs that begin at `first` and together are an identifier; None if they are not."""
    parts = [runs[first][0]]
    separator = ""
    for place in range(first + 1, len(runs) + 1):
        count = sum(map(len, parts))
        if count >= DIGITS:
            alone = not _is_other_number(parts, separator, _chain(text, runs, first, separator))
            return place - 1 if count == DIGITS and is_identifier("".join(parts)) and alone else None
        gap = _separator(text[runs[place - 1].end() : runs[place].start()]) if place < len(runs) else ""
        if not gap or (separator and gap != separator):
            return None
        separator = gap
        parts.append(runs[place][0])
    return None


def _separator(gap: str) -> str:
    """Return the one sign that separates two runs of digits, a space for spaces; an empty text if anything else does."""
    sign = gap.strip(" ") or gap[:1]
    if len(sign) != 1 or sign.isalnum() or sign in ":\n" or (sign in LISTED and sign != gap):
        return ""
    return sign


def _chain(text: str, runs: list[re.Match[str]], first: int, separator: str) -> list[str]:
    """Return all runs around `first` with the same separator."""
    start = end = first
    while separator and start and _separator(text[runs[start - 1].end() : runs[start].start()]) == separator:
        start -= 1
    while separator and end + 1 < len(runs) and _separator(text[runs[end].end() : runs[end + 1].start()]) == separator:
        end += 1
    return [run[0] for run in runs[start : end + 1]]


def _is_other_number(parts: list[str], separator: str, chain: list[str]) -> bool:
    """Return whether nine digits are certainly something else: a date with a number, an amount with decimals, a count above a billion."""
    if len(parts) == 1:
        return False
    dated = "".join(parts[:-1])
    if len(parts[-1]) == 1 and COMPACT_DAY.fullmatch(dated) and [len(part) for part in parts[:-1]] in ([8], [4, 2, 2]):
        return True
    if separator in ".," and len(parts) == 2 and len(parts[1]) <= 2:
        return True
    return separator in ".," and len(chain) > len(parts) and len(chain[0]) <= 3 and all(len(part) == 3 for part in chain[1:])
