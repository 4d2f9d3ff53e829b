{{ versies("carel", "verlofaanvraag") }}
