{{ versies("carel", "meldingdossier") }}
