{{ versies("carel", "interventie") }}
