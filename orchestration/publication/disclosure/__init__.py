"""Disclosure control: which counts `openbaar` withholds, and the proof that nobody can work out a small one from all that is public.

`system.py` says what an attacker knows in general: whole numbers and facts about them; `knowledge.py` says which facts our figures have;
`memory.py` which ones earlier releases add. `suppress.py` chooses what to withhold, `certificate.py` proves it without a solver,
`mask.py` writes what is left, and `openbaar.py` and `proof.py` do all of that for a release.
"""
