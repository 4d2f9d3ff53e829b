"""The lake → the warehouse: a new DuckDB file built by dbt, moved into place when its gate is green, and the commands that read it.

`space` checks free disk space, `build` runs dbt in this process, `nights` publishes the finished file to analysts and keeps the last seven.
`read` opens it; `shell`, `explain` and `console` are the user interface. Put here: building and reading the file. Keep out: its contents
(`dbt_project/`) and Dagster.
"""
