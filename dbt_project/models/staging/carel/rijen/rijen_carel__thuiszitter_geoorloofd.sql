{{ geleverde_rijen("carel", "thuiszitter_geoorloofd") }}
