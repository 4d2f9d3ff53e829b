"""Disclosure control: what `openbaar` shows, so that nobody can work out a small count from all that is public; see docs/openbaar.md.

`signs.py` says what is shown of a count on its own: itself, `<5`, or a multiple of five near it (`rounding.py`). `facts.py` ties counts
by their definitions, and `view.py` says what is public of them all. `protect.py` hides more until there is an alternative
(`alternatives.py`, `program.py`) for every small count; `estimate.py` shows what follows from the rest. `shown.py` writes the rows,
`openbaar.py` and `proof.py` do all of that for a release.
"""
