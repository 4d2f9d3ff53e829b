"""The base class of all errors that the user can resolve.

Put here: only that base class. Keep out: the errors themselves; each is defined in the module that raises it.
"""

from orchestration.scrub import scrub


class LeerplichtError(Exception):
    """An error whose message is one Dutch sentence for the user who started the command or run; it never holds a personal identifier."""

    def __init__(self, *words: object) -> None:
        super().__init__(*(scrub(word) if isinstance(word, str) else word for word in words))
