"""Makes `factsheet.png` again, the picture in `docs/factsheet.md`: the first page of the factsheet of all gemeenten together.

`make beelden` calls it, after `make run` has published the example.
"""

from pathlib import Path

from orchestration.lake import Lake
from orchestration.publication import report_tables
from orchestration.publication.renderings import factsheet, factsheet_pdf, folder
from orchestration.settings import Settings

PIXELS_PER_INCH = 120

release, _ = folder.read(Lake.of(Settings()), "openbaar", "current")
sheet = factsheet.make(release, report_tables.areas(release.figures), folder.choose(release).year)
factsheet_pdf.picture(Path(__file__).with_suffix(".png"), sheet, PIXELS_PER_INCH)
