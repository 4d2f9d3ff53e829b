"""The lake → the warehouse: a DuckDB file built beside the old one by dbt, put in place when the gate let it through, and the ways into it.

`space` refuses when the disk is too full, `build` runs dbt in this process, `nights` puts the finished file where analysts open it and
keeps the last seven. `read` opens it; `shell`, `explain` and `console` are for a person. Put here: how the file is made and read. Keep out:
what is in it (`dbt_project/`) and Dagster.
"""
