{{ geleverde_rijen("carel", "meldingdossier") }}
