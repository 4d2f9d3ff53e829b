"""Who publishes a rendering: name, colours, logo, contact, licence and address, from the settings; and how to cite the figures.

The figures are the same whoever sends them, so no release holds this. Put here: what all renderings show of the sender. Keep out: checking
a colour or a logo (`orchestration.brand`), and laying it out.
"""

import base64
import hashlib
import json
from dataclasses import asdict, dataclass

from expectations import reference
from orchestration import brand
from orchestration.publication.renderings import names
from orchestration.publication.renderings.source import Source
from orchestration.settings import Settings

TITLE = "Leerplicht in cijfers"
CALLED = {"voorlopig": "voorlopige cijfers", "definitief": "definitieve cijfers"}
ENDINGS = {brand.SVG: "svg", brand.PNG: "png"}
# by the end of the address, without scheme and slash
LICENCES = {
    "creativecommons.org/publicdomain/zero/1.0": "CC0 1.0: u mag de cijfers vrij gebruiken",
    "creativecommons.org/licenses/by/4.0": "CC BY 4.0: u mag de cijfers gebruiken als u ons noemt",
    "creativecommons.org/licenses/by-sa/4.0": "CC BY-SA 4.0: gebruiken mag als u ons noemt en net zo deelt",
    "standaarden.overheid.nl/owms/terms/geslotenlicentie": "Geen open licentie: vraag ons of u de cijfers mag overnemen",
}
GROUNDS, DARK_GROUNDS = ("#ffffff", "#f1f5f9"), ("#12171d", "#1d252e")  # what text and bars stand on, in the light and in the dark


@dataclass(frozen=True)
class Colours:
    """The colours of a sender, all `#rrggbb`; each is readable, or as a shape visible, where it stands.

    Args:
        main: The colour itself: white text is readable on it.
        main_dark: The same, for a dark screen.
        link: Text and shapes on white.
        link_dark: The same on a dark screen.
        muted: Shapes on white that stand back.
        muted_dark: The same on a dark screen.
        tint: A surface on white, for dark text.
        tint_dark: A surface on a dark screen, for light text.
    """

    main: str
    main_dark: str
    link: str
    link_dark: str
    muted: str
    muted_dark: str
    tint: str
    tint_dark: str

    @classmethod
    def of(cls, main: str) -> "Colours":
        """Derive all from the main colour, which has a contrast of 4.5 with white."""
        link = brand.until(main, brand.darkened, GROUNDS, brand.READABLE)
        link_dark = brand.until(main, brand.lightened, DARK_GROUNDS, 7)
        return cls(
            main=main,
            main_dark=brand.darkened(main, 0.35),
            link=link,
            link_dark=link_dark,
            muted=_faintest(link, brand.WHITE, GROUNDS),
            muted_dark=_faintest(link_dark, brand.BLACK, DARK_GROUNDS),
            tint=brand.mixed(main, brand.WHITE, 0.94),
            tint_dark=brand.mixed(main, DARK_GROUNDS[1], 0.9),
        )


@dataclass(frozen=True)
class Logo:
    """A logo.

    Args:
        content: Its bytes.
        media: `image/svg+xml` or `image/png`.
    """

    content: bytes
    media: str

    @property
    def file(self) -> str:
        """A name for its file: `logo.svg`."""
        return f"logo.{ENDINGS[self.media]}"

    @property
    def uri(self) -> str:
        """The logo itself, as an address for a page that needs no other file."""
        return f"data:{self.media};base64,{base64.b64encode(self.content).decode()}"


@dataclass(frozen=True)
class Sender:
    """Who publishes.

    Args:
        name: What they are called.
        colours: Their colours.
        logo: Their logo, if any.
        contact: An e-mail address or https page for questions, if any.
        licence: The address of the licence of the figures.
        address: Where the portal stands, ending in `/`; None if it is not known.
    """

    name: str
    colours: Colours
    logo: Logo | None
    contact: str | None
    licence: str
    address: str | None

    @classmethod
    def of(cls, settings: Settings) -> "Sender":
        """Return the sender that the settings give, which are checked."""
        code = settings.publisher or settings.gemeenten[0]
        named = {row["gemeente_code"]: row["gemeente"] for row in reference.rows("gemeente")}
        logo = Logo(settings.logo.read_bytes(), brand.check_logo(settings.logo)) if settings.logo else None
        return cls(
            name=settings.publisher_name or f"Gemeente {named.get(code, code)}",
            colours=Colours.of(settings.colour),
            logo=logo,
            contact=settings.contact,
            licence=settings.licence,
            address=settings.portal_address,
        )

    @property
    def contact_link(self) -> str | None:
        """The contact as the address of a link."""
        if self.contact is None:
            return None
        return self.contact if self.contact.startswith("https://") else f"mailto:{self.contact}"

    @property
    def licence_name(self) -> str:
        """What the licence means, in words; its address if it is not a known one."""
        place = self.licence.partition("://")[2].removeprefix("www.").removesuffix("/deed.nl").rstrip("/")
        return LICENCES.get(place, self.licence)

    @property
    def sha256(self) -> str:
        """The hash of all of it, by which a rendering of another sender is recognised."""
        told = asdict(self) | {"logo": self.logo.uri if self.logo else None}
        return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()

    def absolute(self, page: str) -> str:
        """Return the full address of a page of the portal; only its name if it is not known where the portal stands."""
        return f"{self.address or ''}{page}"

    def citation(self, source: Source, page: str = "", year: str | None = None) -> str:
        """Return how to refer to the figures of a release, as one line of text.

        Args:
            source: The release.
            page: The page of the portal that is cited, with the choice in it; empty for the portal.
            year: The schooljaar that is cited; None for the last one.
        """
        schooljaar = source.years(year, at_most=1)
        parts = [
            f"{self.name}, {TITLE}",
            f"schooljaar {schooljaar[-1]}" if schooljaar else "",
            CALLED[source.status],
            f"stand van {names.day_of(source.kennisdatum)}",
            f"versie {source.release}",
        ]
        where = f". {self.absolute(page)}" if self.address else "."
        return ", ".join(filter(None, parts)) + where


def _faintest(colour: str, other: str, grounds: tuple[str, ...]) -> str:
    """Mix a colour with as much of another as leaves it visible on each ground."""
    steps = (brand.mixed(colour, other, step / 50) for step in range(45, -1, -1))
    return next((one for one in steps if all(brand.contrast(one, ground) >= brand.VISIBLE for ground in grounds)), colour)
