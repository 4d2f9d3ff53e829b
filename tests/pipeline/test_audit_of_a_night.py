"""The audit log of two nights on the example: both are in it, every release names a line of it, and it holds nothing of a person."""

import json
from collections import Counter

import pytest
from conftest import Night, copy_of

from orchestration import audit
from orchestration.audit import What
from orchestration.publication import manifest, register

ABOUT = {"run", "taak", "ketens", "nacht", "was", "zone", "release", "hash", "naam", "opdracht", "afloop", "door"}
OF_EACH_LINE = {"op", "wat", "gebruiker", "uid", "machine", "vorige", "sha256"}


def test_both_nights_are_in_it_from_begin_to_end(night: Night):
    lines = [line.content for line in audit.lines(night.lake)]
    runs = {line["run"] for line in lines if line["wat"] == What.RUN_BEGONNEN and line["taak"] == "nacht"}
    assert len(runs) == 2
    assert runs <= {
        line["run"] for line in lines if line["wat"] == What.RUN_GEEINDIGD and line["afloop"] in ("gepubliceerd", "niets_nieuws")
    }
    counted = Counter(line["wat"] for line in lines)
    assert counted[What.MAGAZIJN_GEWISSELD] == 2
    assert counted[What.GEPUBLICEERD] == 2  # intern and openbaar; the second night publishes the same bytes
    assert [line["opdracht"] for line in lines if line["wat"] == What.OPDRACHT][:2] == ["run", "run"]


def test_it_holds_nothing_but_what_it_may_hold(night: Night):
    for line in audit.lines(night.lake):
        assert line.content.keys() - OF_EACH_LINE - {"aangemeld_als", "aangemeld_uid"} <= ABOUT


def test_each_release_names_a_line_of_it_and_a_cut_is_noticed(night: Night, tmp_path):
    anchors = register.audit_heads(night.lake)
    assert {name.split("/")[0] for name in anchors} == {"intern", "openbaar"}
    assert audit.verify(night.lake, anchors)
    cut = copy_of(night, tmp_path).lake
    published = next(line for line in audit.lines(cut) if line.content["wat"] == What.GEPUBLICEERD and line.content["zone"] == "openbaar")
    chain = cut.auditlog / f"{published.chain}.jsonl"
    chain.write_bytes(b"".join(chain.read_bytes().splitlines(keepends=True)[: published.number - 2]))
    audit.verify(cut, {})
    with pytest.raises(audit.AuditError, match="de regel die release openbaar/"):
        audit.verify(cut, anchors)


def test_the_head_in_a_public_manifest_says_nothing_else(night: Night):
    folder = night.lake.published("openbaar") / "current"
    head = json.loads((folder / manifest.MANIFEST).read_text())[manifest.AUDITLOG]
    assert len(head) == 64
    assert int(head, 16) >= 0
