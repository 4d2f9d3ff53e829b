"""A run that is killed at any moment: partial results are ignored, the next run completes it, and the reading process ends with it."""

import subprocess
import sys
import time
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from leveringen import Landing, melding

from orchestration.deliveries import ledger
from orchestration.deliveries.ledger import LedgerEntry

RUN = """
import sys
from pathlib import Path
from orchestration.deliveries import ingest
from orchestration.settings import Settings
root = Path(sys.argv[1])
settings = Settings(lake=root / "meer", key_file=root / "sleutel" / "geheim.key")
print("klaar", flush=True)
ingest.ingest(settings, "duo", "proef", report=lambda entry: print(entry.levering, flush=True))
"""
DELIVERIES = 12


def landing_with_deliveries(root: Path) -> Landing:
    landing = Landing(root)
    for number in range(DELIVERIES):
        rows = [melding(1000 * number + n, UREN="x" if n % 100 == 0 else "1") for n in range(800)]
        landing.meldingen(f"n{number:02d}", rows, kennisdatum=f"2025-03-{number + 1:02d}T02:00:00+01:00")
    return landing


def run(root: Path) -> "subprocess.Popen[str]":
    process = subprocess.Popen([sys.executable, "-c", RUN, str(root)], stdout=subprocess.PIPE, text=True)
    assert process.stdout and process.stdout.readline() == "klaar\n"
    return process


def plain(entry: LedgerEntry) -> dict[str, object]:
    return entry.model_dump(exclude={"gezien", "run"})


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Landing:
    landing = landing_with_deliveries(tmp_path_factory.mktemp("heel"))
    landing.ingest()
    return landing


@pytest.mark.parametrize("after", [0.0, 0.5, 0.7, 0.9, 1.1])
def test_a_killed_run_is_completed_by_the_next(whole: Landing, tmp_path: Path, after: float):
    landing = landing_with_deliveries(tmp_path)
    (tmp_path / "sleutel").mkdir(mode=0o700)
    key = tmp_path / "sleutel" / "geheim.key"
    key.write_bytes((whole.root / "sleutel" / "geheim.key").read_bytes())
    key.chmod(0o600)
    process = run(tmp_path)
    time.sleep(after)
    process.kill()
    process.wait()
    done = ledger.read(landing.lake, "duo")
    for entry in done:
        assert all(pq.read_table(landing.lake.rows / str(entity.rijen)).num_rows == entity.geladen for entity in entry.entiteiten)
    landing.ingest()
    expected = ledger.read(whole.lake, "duo")
    assert [plain(entry) for entry in ledger.read(landing.lake, "duo")] == [plain(entry) for entry in expected]
    for zone, other in ((landing.lake.rows, whole.lake.rows), (landing.lake.quarantine, whole.lake.quarantine)):
        files = {path.relative_to(zone): path.read_bytes() for path in zone.rglob("*.parquet")}
        assert files == {path.relative_to(other): path.read_bytes() for path in other.rglob("*.parquet")}


@pytest.mark.skipif(not Path("/proc/self/task").is_dir(), reason="asks Linux which processes there are")
def test_the_reading_process_ends_with_the_run(tmp_path: Path):
    landing_with_deliveries(tmp_path)
    process = run(tmp_path)
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children")
    until = time.monotonic() + 10
    while not (found := children.read_text().split()) and time.monotonic() < until:
        time.sleep(0.01)
    process.kill()
    process.wait()
    assert found
    while any(Path(f"/proc/{pid}").exists() for pid in found) and time.monotonic() < until:
        time.sleep(0.05)
    assert not any(Path(f"/proc/{pid}").exists() for pid in found)
