"""dbt's choice of a macro per engine, for the linter alone: any expression will do."""

from collections.abc import Callable


def dispatch(macro_name: str, macro_namespace: str = "") -> Callable[..., str]:
    """Give a function that renders as a call of its name."""
    return lambda *arguments: f"{macro_namespace}_{macro_name}({', '.join(part for part in arguments if isinstance(part, str))})"
