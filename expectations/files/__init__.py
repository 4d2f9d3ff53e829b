"""The rules on the files that go out, evaluated on the very files of a release: what Great Expectations cannot say.

In the spirit of the data screener of England's Department for Education. The rules belong to the gates `publicatie` and `openbaar`
(`expectations.suites`), which name their own. The suites of those gates compare the candidate with the reference data; these rules look
at the files as a reader gets them, with the contract of what is published and nothing else, and state nothing that a suite states.

Put here: a module per subject of rules. Keep out: what must hold of tables that are not published.
"""

from expectations.files import form, numbers, times, words
from expectations.files.rule import FileRule

RULES: tuple[FileRule, ...] = (*form.RULES, *words.RULES, *times.RULES, *numbers.RULES)
