"""The base of all errors that a person can do something about.

Put here: nothing but that base. Keep out: the errors themselves; each stands in the module that raises it.
"""


class LeerplichtError(Exception):
    """An error whose message is one Dutch sentence for the person who started the command or the run; it never holds an identifier."""
