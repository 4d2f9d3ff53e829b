{{ versies("carel", "vrijstelling") }}
