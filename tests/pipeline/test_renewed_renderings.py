"""A night makes the renderings of `openbaar` again when another sender signs them, and only then; the figures stay the same."""

from pathlib import Path

import pytest
from conftest import Night, copy_of

from orchestration.publication import altered
from orchestration.publication.renderings import folder
from orchestration.publication.renderings.sender import Sender
from orchestration.settings import Settings


def test_another_sender_is_seen_and_the_same_one_changes_nothing(night: Night, tmp_path: Path):
    there = copy_of(night, tmp_path)
    [place] = there.lake.renderings_of("openbaar", "").glob("[!.]*/")
    before = Settings(lake=there.root)
    assert altered.renew_renderings(there.lake, before) == []
    figures = {path.name: path.read_bytes() for path in (place / "portaal" / "onderdelen" / "cijfers").iterdir()}
    settings = Settings(lake=there.root, colour="#7a1f5c", publisher_name="Leerplicht Hengelo en Borne")
    [sentence] = altered.renew_renderings(there.lake, settings)
    assert sentence == f"de weergaven van {place.name} waren van een andere afzender en zijn opnieuw gemaakt"
    assert folder.is_whole(place) and folder.is_by(place, Sender.of(settings)) and not folder.is_by(place, Sender.of(before))
    assert "--kop: #7a1f5c" in (place / "portaal" / "onderdelen" / "kleuren.css").read_text()
    assert "Leerplicht Hengelo en Borne" in (place / "portaal" / "index.html").read_text()
    assert {path.name: path.read_bytes() for path in (place / "portaal" / "onderdelen" / "cijfers").iterdir()} == figures
    assert altered.renew_renderings(there.lake, settings) == []


def test_renderings_that_cannot_be_made_again_stay_and_stop_no_night(night: Night, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    there = copy_of(night, tmp_path)
    [place] = there.lake.renderings_of("openbaar", "").glob("[!.]*/")

    def fail(*_: object) -> None:
        raise OSError("de schijf is vol")

    monkeypatch.setattr(folder, "_make", fail)
    [sentence] = altered.renew_renderings(there.lake, Settings(lake=there.root, colour="#7a1f5c"))
    assert sentence.startswith(f"de weergaven van {place.name} zijn niet opnieuw gemaakt (OSError")
    assert folder.is_whole(place)
