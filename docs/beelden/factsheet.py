"""Makes the pictures in `docs/factsheet.md` again: both pages of the factsheet of the largest gemeente, and a slide of it.

`factsheet-voorheen.png` is how the first page was before there were two, and is not made again. `make beelden` calls this, after `make run`
has published the example.
"""

from pathlib import Path
from tempfile import TemporaryDirectory

from orchestration.lake import Lake
from orchestration.publication.renderings import brief, factsheet_pdf, folder, slides
from orchestration.publication.renderings.sender import Sender
from orchestration.settings import Settings

HERE = Path(__file__).parent
PIXELS_PER_INCH = 100

sender = Sender.of(Settings())
release, _ = folder.read(Lake.of(Settings()), "openbaar", "current")
choice = folder.choose(release)
gemeente = choice.gemeenten[0]
sheet = brief.make(release, (gemeente,), choice.year, sender, f"factsheet-{gemeente.code}-{folder.LONG}")
for name, page in zip(("factsheet.png", "factsheet-achterkant.png"), factsheet_pdf.pages(sheet, sender, PIXELS_PER_INCH), strict=True):
    (HERE / name).write_bytes(page)
with TemporaryDirectory() as place:
    slides.write(Path(place), release, (gemeente,), choice.year, sender)
    (HERE / "dia.png").write_bytes(next(Path(place).glob("*totaal_jongeren.png")).read_bytes())
