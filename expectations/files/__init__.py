"""The rules on the files to publish, evaluated on the staged files of a release: checks that Great Expectations cannot express.

Modelled on the data screener of England's Department for Education. The rules belong to the gates `publicatie` and `openbaar`
(`expectations.suites`), which each list theirs. The suites of those gates compare the candidate with the reference data; these rules check
the files as a reader gets them, against the contract of the published data only, and do not repeat checks of a suite.

Put here: a module of rules per subject. Keep out: rules on tables that are not published.
"""

from expectations.files import form, numbers, times, words
from expectations.files.rule import FileRule

RULES: tuple[FileRule, ...] = (*form.RULES, *words.RULES, *times.RULES, *numbers.RULES)
