"""The scrubber, on generated lines of logs and messages: no identifier passes, and ordinary lines are left as they are.

`LINES=10000` generates that many.
"""

import hashlib
import os
import uuid
from datetime import UTC, datetime, timedelta
from random import Random

import pytest
from canaries import Search, canaries

from orchestration.errors import LeerplichtError
from orchestration.scrub import MASK, code_or_shape, could_identify, has_identifier, safe_text, scrub, shape

LINES = int(os.environ.get("LINES", "2000"))
PERSONS = canaries(200)
PERSON = PERSONS[7]


def ordinary(random: Random) -> str:
    """Return a line as a night, a command or a library writes it."""
    moment = datetime(2015, 1, 1, tzinfo=UTC) + timedelta(seconds=random.randrange(500_000_000), microseconds=random.randrange(1_000_000))
    count, money = random.randrange(10_000_000), random.randrange(10_000_000)
    digest = hashlib.sha256(str(moment).encode()).hexdigest()
    run = uuid.UUID(int=random.getrandbits(128))
    dotted = f"{count:,}".replace(",", ".")
    return random.choice((
        f"{moment.isoformat()} [{run}] duo lezen: klaar in {random.random() * 100:.2f} s",
        f"de kennisdatum {moment:%Y-%m-%dT%H:%M:%S.%f+02:00} ligt na {moment:%d-%m-%Y} en voor {moment:%Y%m%d}",
        f"verzuimmelding: {count} van {count + 812} rijen afgewezen ({dotted} records, {count}, {money})",
        f"bedrag € {money:,}".replace(",", ".") + f",{random.randrange(100):02d}, of {money}.{random.randrange(100):02d} euro",
        f"data_lake/lake/rijen/duo/verzuimmelding/{digest[:40]}.parquet, sha256 {digest}",
        f"lake/grootboek/duo/{moment:%Y%m%dT%H%M%S}-{random.randrange(2, 99):02d}@{digest[:12]}.json",
        f"melding {moment.year}{random.randrange(1_000_000):06d} van schooljaar {moment.year}-{moment.year + 1}, gemeente 0164",
        f"werk/dagster/storage/{run}/compute_logs/{run.hex}.err",
        f"het lezen vraagt meer geheugen dan {random.randrange(1, 4096)} MiB; groter dan {random.randrange(1, 4) << 30} bytes",
        f"levering {moment:%Y%m%d}-{random.randrange(9)}: {moment:%Y/%m/%d} {moment:%H:%M}, {moment:%d.%m.%Y}, week {moment:%Y-W%W}",
        f"kerncijfers: {random.randrange(2000)} · {random.randrange(100)},{random.randrange(100):02d}% · 2.147.483.648 · 127.0.0.1:3000",
        f'{{"tijd": "{moment.isoformat()}", "run": "{run}", "seconden": {random.random() * 9:.2f}, "aantallen": [{count}, 812, 100, 250]}}',
    ))  # fmt: skip


def test_ordinary_lines_are_left_as_they_are():
    random = Random(15)
    masked = [line for line in (ordinary(random) for _ in range(LINES)) if scrub(line) != line]
    assert len(masked) < LINES / 1000, masked[:5]


def test_no_identifier_passes():
    random, search = Random(16), Search(PERSONS)
    for number in range(LINES):
        person = PERSONS[number % len(PERSONS)]
        spelled = person.onderwijsnummer if number % 7 == 0 else random.choice(person.spellings)
        around = random.choice(("{} {}", "{}: {}", "{} ({})", "{}/{}", "{}_{}", "{}={};", "{}M{}", "{}\t'{}'", "{}\n{}\n", "{} – {}–"))
        line = around.format(ordinary(random), spelled)
        assert number % 10 or search.text(line), line
        assert not search.text(scrub(line)), (line, scrub(line))


def test_an_error_and_a_name_are_scrubbed():
    for spelled in PERSON.spellings:
        assert MASK in str(LeerplichtError(f"van {spelled}.csv")) and MASK in safe_text(f"{spelled}.csv")


def test_a_text_without_an_identifier_is_returned_as_it_is():
    for text in ("ｆｕｌｌｗｉｄｔｈ １２", "123456789", "", "één € – 12"):
        assert scrub(text) == text
        assert not has_identifier(text)


def test_only_the_identifier_is_masked():
    assert scrub(f"van {PERSON.bsn[:4]}.{PERSON.bsn[4:6]}.{PERSON.bsn[6:]}, 12 rijen") == f"van {MASK}, 12 rijen"
    assert scrub(f"2025-{PERSON.bsn}-1 en {PERSON.onderwijsnummer}") == f"2025-{MASK}-1 en {MASK}"


@pytest.mark.parametrize(
    "text", ["V5", "r", "9TB", "16KN01", "164", "-1", "=1+1", "1.000,5", "2025-02-30", "24:00:00", "2023-2025", "Te Laat"]
)
def test_a_code_and_a_date_are_shown(text: str):
    assert code_or_shape(text, allowed=("te_laat",)) == text


@pytest.mark.parametrize(
    "text", [*PERSON.spellings, PERSON.bsn[1:], PERSON.name, PERSON.with_birth, "Jansen", "Bo 5-5-2010", "12-34-5678", "1\u202e6"]
)
def test_of_anything_else_the_shape_is_shown(text: str):
    shown = code_or_shape(text, allowed=("te_laat",))
    assert not set(shown) & set("012345678abcdefghijklmnopqrstuvwyzABJS"), shown
    assert len(shown) <= 40 and shown.isprintable()


def test_the_shape_of_a_text_has_no_letter_or_digit_of_it():
    assert shape("Piet 12 – É ٣ ①") == "xxxx 99 – x 9 9"


def test_numbers_that_could_be_an_identifier():
    short = next(person.bsn.lstrip("0") for person in PERSONS if person.bsn.startswith("0"))
    assert all(map(could_identify, [PERSON.bsn, f"M{PERSON.bsn}", f"{PERSON.bsn}-1", short, f"I{short}", PERSON.onderwijsnummer]))
    assert not any(map(could_identify, ["2025900001", "M1", "I000004", "20250303-02", f"{int(PERSON.bsn) + 1:09d}", ""]))
