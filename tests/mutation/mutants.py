"""`make mutants`: alter each model's SQL in one place at a time, and check whether its unit tests detect it.

Put here: the run, the report and the list of known survivors. Keep out: the alterations (`alterations.py`), running a mutant (`trial.py`).

    python tests/mutation/mutants.py [model …]

prints per model the number of mutants, how many the unit tests killed, how many do not run (also killed), which survived, and how many
of those `survivors.yml` lists with a reason. It fails if less than 95 % of the unlisted mutants are killed, or if the list is outdated.
"""

import multiprocessing
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import yaml
from trial import Verdict, judge, reads_files
from unit_tests import Model, compiled

SURVIVORS = Path(__file__).with_name("survivors.yml")
AIM = 95  # percentage of the unlisted mutants
COLUMNS = ("mutants", "killed", "error", "survived", "listed", "share")


@dataclass(frozen=True)
class Survivor:
    """A mutant that no unit test can detect, with the reason."""

    model: str
    before: str
    after: str
    reason: str

    def describes(self, verdict: Verdict) -> bool:
        """Return whether this entry describes the mutant."""
        return (self.model, self.before, self.after) == (verdict.model, verdict.mutant.before, verdict.mutant.after)


def main(arguments: Sequence[str]) -> int:
    """Run the mutants of all or the given models; return 1 if too many survive or the list is wrong."""
    begun = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        models = compiled(Path(folder), arguments)
    left_out = [model for model in models if reads_files(model)]
    verdicts = run([model for model in models if model not in left_out])
    listed = [survivor for survivor in survivors() if survivor.model in {model.name for model in models}]
    complaints = outdated(listed, verdicts)
    write(report(verdicts, listed))
    write(f"not altered, as they read files, which a unit test cannot give: {', '.join(model.name for model in left_out) or 'none'}")
    write(f"{sum(len(model.tests) for model in models)} unit tests, {time.monotonic() - begun:.0f} s")
    for complaint in complaints:
        write(f"survivors.yml: {complaint}")
    return 1 if complaints or share(verdicts, listed) < AIM else 0


def run(models: Sequence[Model]) -> list[Verdict]:
    """Run the mutants of all models on all cores, the longest first; return the results by model."""
    with ProcessPoolExecutor(mp_context=multiprocessing.get_context("spawn")) as pool:
        judged = pool.map(judge, sorted(models, key=lambda model: -len(model.sql) * (1 + len(model.tests))))
        return sorted((verdict for verdicts in judged for verdict in verdicts), key=lambda verdict: verdict.model)


def survivors(path: Path = SURVIVORS) -> list[Survivor]:
    """Read the list of survivors."""
    return [
        Survivor(model, mutant["before"], mutant["after"], entry["reason"])
        for entry in yaml.safe_load(path.read_text())
        for mutant in entry["mutants"]
        for model in mutant["models"]
    ]


def outdated(listed: Iterable[Survivor], verdicts: Sequence[Verdict]) -> list[str]:
    """Return the errors in the list: an entry that does not match one mutant, or that a unit test kills."""
    complaints = []
    for survivor in listed:
        outcomes = [verdict.outcome for verdict in verdicts if survivor.describes(verdict)]
        name = f"{survivor.model}: {survivor.before} → {survivor.after}"
        if len(outcomes) != 1:
            complaints.append(f"{name} is {len(outcomes)} mutants, not one")
        elif outcomes != ["survived"]:
            complaints.append(f"{name} is {outcomes[0]}, not survived")
    return complaints


def share(verdicts: Sequence[Verdict], listed: Sequence[Survivor] = ()) -> float:
    """Return the killed mutants as a percentage of the unlisted ones."""
    counts = Counter(_outcome(verdict, listed) for verdict in verdicts)
    total = counts.total() - counts["listed"]
    return 100 * (counts["killed"] + counts["error"]) / total if total else 100.0


def report(verdicts: Sequence[Verdict], listed: Sequence[Survivor]) -> str:
    """Return the table per model, the shares, and the unlisted survivors."""
    models = sorted({verdict.model for verdict in verdicts})
    lines = [_row("model", COLUMNS)]
    lines += [_counts(model, [verdict for verdict in verdicts if verdict.model == model], listed) for model in models]
    lines += [
        _counts("total", verdicts, listed),
        f"killed of all: {share(verdicts):.1f} %; of those not listed: {share(verdicts, listed):.1f} %",
    ]
    for verdict in verdicts:
        if _outcome(verdict, listed) == "survived":
            lines.append(f"survived: {verdict.model}:{verdict.mutant.line}  {verdict.mutant.before}  →  {verdict.mutant.after}")
    return "\n".join(lines)


def write(text: str) -> None:
    """Print."""
    sys.stdout.write(f"{text}\n")


def _outcome(verdict: Verdict, listed: Iterable[Survivor]) -> str:
    is_listed = verdict.outcome == "survived" and any(survivor.describes(verdict) for survivor in listed)
    return "listed" if is_listed else verdict.outcome


def _counts(name: str, verdicts: Sequence[Verdict], listed: Sequence[Survivor]) -> str:
    counts = Counter(_outcome(verdict, listed) for verdict in verdicts)
    columns = [len(verdicts), *(counts[outcome] for outcome in COLUMNS[1:-1])]
    return _row(name, [*columns, f"{share(verdicts, listed):.1f} %"])


def _row(name: str, columns: Iterable[object]) -> str:
    return f"{name:<30}" + "".join(f"{column:>10}" for column in columns)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
