{{ geleverde_rijen("carel", "verlofaanvraag") }}
