"""The screener: rules that every file of a release must keep, looked at on the very files that go out.

In the spirit of the data screener of England's Department for Education. It is the last gate. What the gates before it state (`suites/`)
is not stated again: they look at the candidate beside the reference data; the screener looks at the files as a reader gets them, with
the contract of what is published and nothing else.

Put here: a module per subject of rules. Keep out: what must hold of tables that are not published.
"""
