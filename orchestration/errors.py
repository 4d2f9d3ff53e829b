"""The base class of all errors that the user can resolve, and what may be kept of any other error.

Put here: only those. Keep out: the errors themselves; each is defined in the module that raises it.
"""

import traceback

from orchestration.scrub import scrub


class LeerplichtError(Exception):
    """An error whose message is one Dutch sentence for the user who started the command or run; it never holds a personal identifier."""

    def __init__(self, *words: object) -> None:
        super().__init__(*(scrub(word) if isinstance(word, str) else word for word in words))


def unexpected(problem: BaseException) -> str:
    """Return the type of an error and where it was raised, for a message or a log: its own text may quote delivered data."""
    frames = traceback.extract_tb(problem.__traceback__)
    place = f", {frames[-1].filename.rpartition('/')[2]}:{frames[-1].lineno}" if frames else ""
    return f"{type(problem).__name__}{place}"
