"""All cases, in the order of the docs."""

import bad_csv
import bad_manifests
import bad_rows
import bad_workbooks
import bad_xml

GROUPS = {
    "Map en levering.json": bad_manifests.CASES,
    "CSV": bad_csv.CASES,
    "XML": bad_xml.CASES,
    "XLSX": bad_workbooks.CASES,
    "Rijen": bad_rows.CASES,
}
CASES = tuple(case for group in GROUPS.values() for case in group)
