{{ geleverde_rijen("carel", "vrijstelling") }}
