"""The lock files: the pipeline's contains exactly what the pipeline needs; development and Spark use the same versions."""

import importlib.metadata
import re
import tomllib

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from orchestration.settings import PROJECT

RUNTIME, DEVELOPMENT, SPARK = "requirements.lock", "requirements-dev.lock", "requirements-spark.lock"


def locked(name: str) -> dict[Requirement, set[str]]:
    """Return the hashes of each pin in a lock file."""
    unfolded = (PROJECT / name).read_text().replace("\\\n", " ")
    pins = (line.partition(" --hash") for line in unfolded.splitlines())
    return {Requirement(pin): set(re.findall(r"sha256:[0-9a-f]{64}", rest)) for pin, _, rest in pins}


def here(name: str) -> dict[str, str]:
    """Return the version of each package in a lock file for this machine."""
    pins = [pin for pin in locked(name) if pin.marker is None or pin.marker.evaluate()]
    return {canonicalize_name(pin.name): str(pin.specifier) for pin in pins}


def needed(requirement: Requirement, found: set[tuple[str, str]]) -> set[tuple[str, str]]:
    """Return the dependencies of an installed package on this machine, itself included, with each requested extra."""
    name = canonicalize_name(requirement.name)
    for extra in {"", *requirement.extras} - {extra for known, extra in found if known == name}:
        found.add((name, extra))
        for text in importlib.metadata.requires(name) or ():
            further = Requirement(text)
            if further.marker is None or further.marker.evaluate({"extra": extra}):
                needed(further, found)
    return found


def test_the_lock_of_the_pipeline_holds_what_it_needs_and_nothing_else():
    groups = tomllib.loads((PROJECT / "pyproject.toml").read_text())["dependency-groups"]
    found: set[tuple[str, str]] = set()
    for text in groups["runtime"]:
        needed(Requirement(text), found)
    assert {name for name, _ in found} == set(here(RUNTIME))


def test_development_has_the_pins_and_the_hashes_of_the_pipeline():
    pipeline, development = locked(RUNTIME), locked(DEVELOPMENT)
    assert all(pipeline.values())
    assert pipeline.items() <= development.items()
    assert len(development) > len(pipeline) > 100


def test_spark_changes_no_version_and_adds_only_its_own():
    spark, development = locked(SPARK), here(DEVELOPMENT)
    assert all(spark.values())
    assert here(SPARK).items() - development.items() == {(name, here(SPARK)[name]) for name in here(SPARK).keys() - development.keys()}
    connect = {"googleapis-common-protos", "grpcio-status", "zstandard"}
    assert here(SPARK).keys() - development.keys() == {"dbt-spark", "py4j", "pyspark", "sqlparams", *connect}


def test_this_environment_is_the_one_that_is_locked():
    installed = {canonicalize_name(found.name): f"=={found.version}" for found in importlib.metadata.distributions()}
    assert here(DEVELOPMENT).items() <= installed.items()


def test_what_is_installed_of_the_project_asks_for_the_pins_of_the_lock():
    asked = [Requirement(text) for text in importlib.metadata.requires("leerplicht") or ()]
    extras = [pin for pin in asked if "extra ==" in str(pin.marker)]
    assert {str(pin) for pin in asked if pin not in extras} == {str(pin) for pin in locked(RUNTIME)}
    assert (
        extras and {canonicalize_name(pin.name): str(pin.specifier) for pin in extras}.items() <= (here(DEVELOPMENT) | here(SPARK)).items()
    )
