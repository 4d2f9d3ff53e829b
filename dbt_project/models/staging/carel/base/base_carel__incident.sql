{{ versies("carel", "incident") }}
