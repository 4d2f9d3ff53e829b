"""The base class of all errors that the user can resolve, and what may be kept of any other error.

Put here: only those. Keep out: the errors themselves; each is defined in the module that raises it.
"""

import errno
import os
import traceback
from typing import ClassVar

from orchestration.outcome import Afloop
from orchestration.scrub import scrub

# a full or failing disk, also as SQLite, DuckDB and dbt quote it
DISK = (
    *(os.strerror(number) for number in (errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EIO)),
    "database or disk is full",
    "attempt to write a readonly database",
    "disk I/O error",
)


class LeerplichtError(Exception):
    """An error whose message is one Dutch sentence for the user who started the command or run; it never holds a personal identifier.

    `afloop` says how a command or run ends that it stops.
    """

    afloop: ClassVar[Afloop] = Afloop.MISLUKT

    def __init__(self, *words: object) -> None:
        super().__init__(*(scrub(word) if isinstance(word, str) else word for word in words))


def unexpected(problem: BaseException) -> str:
    """Return the type of an error and where it was raised, for a message or a log: its own text may quote delivered data."""
    frames = traceback.extract_tb(problem.__traceback__)
    place = f", {frames[-1].filename.rpartition('/')[2]}:{frames[-1].lineno}" if frames else ""
    return f"{type(problem).__name__}{place}"


def afloop_of(problem: BaseException) -> Afloop:
    """Return how a command or run ends that this error stops."""
    if isinstance(problem, LeerplichtError):
        return problem.afloop
    if isinstance(problem, PermissionError):
        return Afloop.INSTELLING
    if isinstance(problem, FileNotFoundError | NotADirectoryError | IsADirectoryError):
        return Afloop.BESCHADIGD
    if is_about_disk(str(problem)):
        return Afloop.SCHIJF
    is_known = isinstance(problem, OSError) or _is_about_storage(problem) or _is_about_version(problem)
    return Afloop.MISLUKT if is_known else Afloop.FOUT


def is_about_disk(message: str) -> bool:
    """Return whether a message of any library says that the disk is full, read-only or failing."""
    return any(sign in message for sign in DISK)


def _is_about_storage(problem: BaseException | None) -> bool:
    """Return whether it is the database in which Dagster keeps its records that failed, itself or in an error of Dagster."""
    from sqlalchemy.exc import SQLAlchemyError

    while problem and not isinstance(problem, SQLAlchemyError):
        problem = problem.__cause__ or problem.__context__
    return problem is not None


def _is_about_version(problem: BaseException) -> bool:
    """Return whether the warehouse lacks what was asked: after an update, until a night made a new one; or a mistake in our SQL."""
    from duckdb import BinderException, CatalogException

    return isinstance(problem, BinderException | CatalogException)


def sentence(problem: BaseException, where: str) -> str:
    """Return an error as one sentence for the user.

    Args:
        problem: The error.
        where: The step or the command that it stopped.
    """
    if isinstance(problem, LeerplichtError):
        return str(problem)
    if isinstance(problem, OSError):
        return scrub(f"{where}: {problem.strerror or type(problem).__name__}: {problem.filename or 'het meer'}")
    if is_about_disk(str(problem)):
        return f"{where}: de schijf is vol, alleen te lezen of defect ({unexpected(problem)})"
    if _is_about_storage(problem):
        said = "de database waarin Dagster zijn runs bijhoudt, antwoordt niet; kijk of die van LEERPLICHT_DAGSTER_STORAGE draait"
        return f"{said} ({unexpected(problem)})"
    if _is_about_version(problem):
        said = "het magazijn heeft niet wat deze versie vraagt; maakte een andere versie het, draai dan eerst leerplicht run"
        return f"{where}: {said} ({unexpected(problem)})"
    return f"onbekende fout in {where} ({unexpected(problem)})"
