"""A backup is whole, apart from its key, and is put back as it was or not at all."""

import stat
from pathlib import Path

import pytest
from conftest import snapshot
from leveringen import Landing, melding

from orchestration import backup
from orchestration.backup import BackupError
from orchestration.deliveries import ledger
from orchestration.deliveries.pseudonym import PseudonymKeyError
from orchestration.lake import Lake
from orchestration.lake.files import replace_link
from orchestration.settings import Settings


@pytest.fixture
def held(landing: Landing) -> Landing:
    landing.meldingen("20250303", [melding(1), melding(2, VERZUIMSOORT="V9")])
    landing.ingest(max_rejected_rows=1000)
    release = landing.lake.published("intern") / "releases" / "r1"
    release.mkdir(parents=True)
    (release / "kerncijfers.parquet").write_bytes(b"cijfers")
    replace_link(landing.lake.published("intern") / "current", release)
    for left_out in (landing.lake.dbt_target / "manifest.json", landing.lake.warehouse_night("20250101T000000.000000Z")):
        left_out.parent.mkdir(parents=True, exist_ok=True)
        left_out.write_bytes(b"kan opnieuw")
    return landing


def elsewhere(tmp_path: Path) -> Settings:
    return Settings(lake=tmp_path / "terug", key_file=tmp_path / "andere" / "geheim.key")


def test_what_is_put_back_is_what_was_copied(held: Landing, tmp_path: Path):
    copy, key = tmp_path / "kopie", tmp_path / "kluis.key"
    made = backup.backup(held.settings(), copy, key)
    again = backup.restore(elsewhere(tmp_path), copy, key)
    assert made == again and made.deliveries == 1
    lake = Lake(tmp_path / "terug")
    before, after = (
        {path.relative_to(root): path.read_bytes() for path in root.rglob("*") if path.is_file()} for root in (held.lake.root, lake.root)
    )
    assert after == {path: content for path, content in before.items() if path.parts[0] not in ("werk", "warehouse")}
    assert (lake.published("intern") / "current").is_symlink()
    assert (lake.published("intern") / "current").resolve().is_relative_to(lake.root)
    assert ledger.read(lake) == ledger.read(held.lake)
    assert (tmp_path / "andere" / "geheim.key").read_bytes() == held.settings().key_file.read_bytes()
    assert stat.S_IMODE(key.stat().st_mode) == stat.S_IMODE((tmp_path / "andere" / "geheim.key").stat().st_mode) == 0o600
    assert stat.S_IMODE(copy.stat().st_mode) == stat.S_IMODE(lake.root.stat().st_mode) == 0o700
    secret = held.settings().key_file.read_bytes()
    assert not [path for path in copy.rglob("*") if path.is_file() and secret in path.read_bytes()]
    assert [path.name for path in tmp_path.glob(".*")] == []


def test_a_damaged_backup_is_not_put_back(held: Landing, tmp_path: Path):
    copy, key = tmp_path / "kopie", tmp_path / "kluis.key"
    backup.backup(held.settings(), copy, key)
    for path in [path for path in copy.rglob("*") if path.is_file() and path.name != "SHA256SUMS" and path.stat().st_size]:
        whole = path.read_bytes()
        path.write_bytes(bytes([whole[0] ^ 1]) + whole[1:])
        with pytest.raises(BackupError, match="beschadigd"):
            backup.restore(elsewhere(tmp_path), copy, key)
        path.write_bytes(whole)
    (copy / "meer" / "extra").write_bytes(b"")
    with pytest.raises(BackupError, match="beschadigd: extra"):
        backup.restore(elsewhere(tmp_path), copy, key)
    (copy / "meer" / "extra").unlink()
    assert not (tmp_path / "terug").exists()


def test_where_a_backup_cannot_come_or_be_put_back(held: Landing, tmp_path: Path):
    copy, key, settings = tmp_path / "kopie", tmp_path / "kluis.key", held.settings()
    for folder, file, reason in (
        (held.lake.root / "kopie", key, "in het meer zelf"),
        (copy, copy / "sleutel", "niet in de map"),
        (held.root / "sleutel", key, "bestaat al"),
        (copy, settings.key_file, "bestaat al"),
    ):
        with pytest.raises(BackupError, match=reason):
            backup.backup(settings, folder, file)
    backup.backup(settings, copy, key)
    before = snapshot(held.lake.root)
    with pytest.raises(BackupError, match="staat al iets"):
        backup.restore(settings, copy, key)
    with pytest.raises(BackupError, match="geen reservekopie"):
        backup.restore(elsewhere(tmp_path), tmp_path, key)
    with pytest.raises(BackupError, match="geef met --key"):
        backup.restore(elsewhere(tmp_path), copy, tmp_path / "nergens")
    other = tmp_path / "andere" / "geheim.key"
    other.parent.mkdir()
    other.write_bytes(bytes(64))
    with pytest.raises(PseudonymKeyError, match="een andere sleutel"):
        backup.restore(elsewhere(tmp_path), copy, key)
    key.write_bytes(bytes(64))
    with pytest.raises(PseudonymKeyError):
        backup.restore(elsewhere(tmp_path), copy, key)
    assert snapshot(held.lake.root) == before
    assert not (tmp_path / "terug").exists()
