"""Writes `dcat.jsonld`: the record of a release for data catalogues, conforming to DCAT-AP-NL 3, in JSON-LD.

It holds the name of the release and the publisher, so it is written once the name is known, and the name does not depend on it. URLs are
relative, so the record stays valid when the folder is copied to a web server. Put here: the record. Keep out: the machine-readable
description of the files (`datapackage.py`).
"""

import json
from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

from orchestration.publication import datapackage, parquet
from orchestration.settings import Settings

FILE = "dcat.jsonld"

CONTEXT = {
    "dcat": "http://www.w3.org/ns/dcat#",
    "dct": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "spdx": "http://spdx.org/rdf/terms#",
    "vcard": "http://www.w3.org/2006/vcard/ns#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
EUROPE = "http://publications.europa.eu/resource/authority"
ACCESS = {"intern": "NON_PUBLIC", "openbaar": "PUBLIC"}
GEMEENTE = "https://identifier.overheid.nl/tooi/id/gemeente/gm"
MEDIA = "https://www.iana.org/assignments/media-types/"
LANGUAGE = {"@id": f"{EUROPE}/language/NLD", "@type": "dct:LinguisticSystem"}
THEME = {"@id": f"{EUROPE}/data-theme/EDUC", "@type": "skos:Concept"}
THEME_NAME = "Onderwijs, cultuur en sport"
FIRST_DAY, LAST_DAY = (8, 1), (7, 31)  # of a schooljaar


def describe(folder: Path, release: str, zone: str, kennisdatum: datetime, settings: Settings) -> bytes:
    """Return the record of a release.

    Args:
        folder: Folder of its files, including `datapackage.json`.
        release: Its name.
        zone: `intern` or `openbaar`.
        kennisdatum: The latest kennisdatum of its deliveries.
        settings: Gives the publisher, the contact address and the licence.
    """
    package = json.loads((folder / datapackage.FILE).read_text(encoding="utf-8"))
    figures = parquet.read(folder, "kerncijfers", columns=["gemeente_code", "gemeente", "schooljaar"])
    names = {row["gemeente_code"]: row["gemeente"] for row in figures if row["gemeente_code"].isdigit()}
    code = settings.publisher or settings.gemeenten[0]
    publisher = {"@id": GEMEENTE + code, "@type": "foaf:Agent", "foaf:name": _dutch(f"Gemeente {names.get(code, code)}")}
    years = sorted(row["schooljaar"] for row in figures)
    record = {
        "@context": CONTEXT,
        "@id": "./",
        "@type": "dcat:Dataset",
        "dct:identifier": f"{package['name']}/{release}",
        "dct:title": _dutch(package["title"]),
        "dct:description": _dutch(package["description"]),
        "dcat:keyword": [_dutch(word) for word in package["keywords"]],
        "dcat:version": release,
        "dct:modified": {"@type": "xsd:dateTime", "@value": kennisdatum.isoformat()},
        "dct:language": LANGUAGE,
        "dcat:theme": THEME | {"skos:prefLabel": _dutch(THEME_NAME)},
        "dct:accessRights": {"@id": f"{EUROPE}/access-right/{ACCESS[zone]}", "@type": "dct:RightsStatement"},
        "dct:publisher": publisher,
        "dct:creator": {"@id": publisher["@id"]},
        "dcat:contactPoint": _contact(f"Gemeente {names.get(code, code)}", settings.contact),
        "dct:spatial": [{"@id": GEMEENTE + area, "@type": "dct:Location"} for area in sorted(names)],
        "dct:temporal": _period(years[0], years[-1]),
        "dcat:distribution": [_distribution(resource, settings.licence) for resource in package["resources"]],
    }
    return json.dumps(record, ensure_ascii=False, indent=2).encode() + b"\n"


def _distribution(resource: Mapping[str, Any], licence: str) -> dict[str, Any]:
    path = {"@id": resource["path"]}
    return {
        "@id": f"#{resource['path']}",
        "@type": "dcat:Distribution",
        "dct:title": _dutch(resource["path"]),
        **({"dct:description": _dutch(resource["description"])} if "description" in resource else {}),
        "dcat:accessURL": path,
        "dcat:downloadURL": path,
        "dct:conformsTo": {"@id": datapackage.FILE, "@type": "dct:Standard"},
        "dct:language": {"@id": LANGUAGE["@id"]},
        "dct:license": {"@id": licence, "@type": "dct:LicenseDocument"},
        "dcat:mediaType": {"@id": MEDIA + resource["mediatype"], "@type": "dct:MediaType"},
        "dcat:byteSize": {"@type": "xsd:nonNegativeInteger", "@value": str(resource["bytes"])},
        "spdx:checksum": {
            "@type": "spdx:Checksum",
            "spdx:algorithm": {"@id": "spdx:checksumAlgorithm_sha256", "@type": "spdx:ChecksumAlgorithm"},
            "spdx:checksumValue": {"@type": "xsd:hexBinary", "@value": resource["hash"].removeprefix("sha256:")},
        },
    }


def _contact(name: str, address: str | None) -> dict[str, Any]:
    found: dict[str, Any] = {"@type": ["vcard:Organization", "vcard:Kind"], "vcard:fn": _dutch(name)}
    if address is None:
        return found
    is_page = address.startswith("https://")
    return found | ({"vcard:hasURL": {"@id": address}} if is_page else {"vcard:hasEmail": {"@id": f"mailto:{address}"}})


def _period(first: str, last: str) -> dict[str, Any]:
    begin, end = date(int(first[:4]), *FIRST_DAY), date(int(last[-4:]), *LAST_DAY)
    return {"@type": "dct:PeriodOfTime", "dcat:startDate": _day(begin), "dcat:endDate": _day(end)}


def _day(day: date) -> dict[str, str]:
    return {"@type": "xsd:date", "@value": day.isoformat()}


def _dutch(text: str) -> dict[str, str]:
    return {"@language": "nl", "@value": text}
