"""What the public reads of a real release: every page of the portal and every factsheet that the night made, whatever they are called."""

import dutch
import pytest
import texts
from conftest import Night
from texts import Text

from orchestration.publication.renderings import source

LEAST = {"portaal": 5, "factsheets": 3}  # pages
ENOUGH = 10  # sentences of a page, for a score of its own


@pytest.fixture(scope="module")
def pages(night: Night) -> dict[str, dict[str, list[Text]]]:
    """Return the texts of each page, by surface: what stands in the folder of the portal, and what stands beside it."""
    release = source.read((night.lake.published("openbaar") / "current").resolve())
    folder = night.lake.renderings_of("openbaar", release.release)
    found: dict[str, dict[str, list[Text]]] = {"portaal": {}, "factsheets": {}}
    for path in sorted(folder.rglob("*.html")):
        name = path.relative_to(folder)
        surface = "portaal" if name.parts[0] == "portaal" else "factsheets"
        found[surface][str(name)] = list(texts.of_html(path.name, path.read_text(encoding="utf-8")))
    return found


@pytest.mark.parametrize("surface", ["portaal", "factsheets"])
def test_the_public_can_read_every_page(surface: str, pages: dict[str, dict[str, list[Text]]]) -> None:
    own = pages[surface]
    assert len(own) >= LEAST[surface]
    for name, read in own.items():
        dutch.tell(name, read)
        figure = dutch.readability(read)
        assert figure.sentences < ENOUGH or figure.score >= dutch.lowest(), name
    together = [text for read in own.values() for text in read]
    dutch.tell(surface, together)
    assert dutch.surfaces()[surface].complaints(together) == []
