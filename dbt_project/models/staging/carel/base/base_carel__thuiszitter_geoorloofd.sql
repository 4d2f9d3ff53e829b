{{ versies("carel", "thuiszitter_geoorloofd") }}
