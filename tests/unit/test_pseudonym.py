"""The key file and the pseudonyms."""

import base64
import hashlib
import hmac
import json
import stat
from pathlib import Path

import pyarrow as pa
import pytest

from orchestration.deliveries.pseudonym import Pseudonymiser, PseudonymKeyError, load_key
from orchestration.lake import Lake


def test_a_pseudonym_is_a_truncated_hmac():
    for key in (bytes(range(64)), bytes(100)):
        made = Pseudonymiser(key)
        hashes = [hmac.new(key, f"bsn:{number}".encode(), hashlib.sha256).digest() for number in ("123456782", "012345672")]
        expected = [base64.b64encode(whole).decode()[:12].replace("+", ".").replace("/", "_") for whole in hashes]
        column = made.column("bsn", pa.array(["123456782", None, "012345672", "123456782"]))
        assert column.to_pylist() == [expected[0], None, expected[1], expected[0]]
        assert made.one("bsn", "123456782") == expected[0] != made.one("onderwijsnummer", "123456782")
    assert made.column("bsn", pa.array([None], pa.string())).to_pylist() == [None]


def test_a_key_is_created_once_and_is_private(tmp_path: Path):
    path, lake = tmp_path / "map" / "sleutel", Lake(tmp_path / "meer")
    key = load_key(path, lake)
    assert len(key) >= 64
    assert key == load_key(path, lake) == path.read_bytes()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert [other.name for other in path.parent.iterdir()] == ["sleutel"]
    assert key not in lake.key_check.read_bytes() and key.hex().encode() not in lake.key_check.read_bytes()


def test_a_key_that_cannot_be_used(tmp_path: Path):
    path, lake = tmp_path / "map" / "sleutel", Lake(tmp_path / "meer")
    load_key(path, lake)
    path.chmod(0o640)
    with pytest.raises(PseudonymKeyError, match="leesbaar voor anderen"):
        load_key(path, lake)
    path.chmod(0o600)
    path.write_bytes(bytes(64))
    with pytest.raises(PseudonymKeyError, match="andere sleutel"):
        load_key(path, lake)
    path.write_bytes(bytes(63))
    with pytest.raises(PseudonymKeyError, match="korter"):
        load_key(path, lake)
    path.unlink()
    with pytest.raises(PseudonymKeyError, match="ontbreekt"):
        load_key(path, lake)
    with pytest.raises(PseudonymKeyError, match="gepubliceerde zone"):
        load_key(lake.published("intern") / "sleutel", lake)


def test_a_lake_with_longer_pseudonyms_is_refused(tmp_path: Path):
    path, lake = tmp_path / "map" / "sleutel", Lake(tmp_path / "meer")
    key = load_key(path, lake)
    earlier = hmac.digest(key, b"leerplicht:sleutelcontrole", "sha256").hex()
    lake.key_check.write_text(json.dumps({"vingerafdruk": earlier}))
    with pytest.raises(PseudonymKeyError, match="een oudere leerplicht"):
        load_key(path, lake)


def test_a_key_in_a_folder_writable_by_others(tmp_path: Path):
    folder = tmp_path / "open"
    folder.mkdir()
    folder.chmod(0o777)
    with pytest.raises(PseudonymKeyError, match="anderen schrijven"):
        load_key(folder / "sleutel", Lake(tmp_path / "meer"))
