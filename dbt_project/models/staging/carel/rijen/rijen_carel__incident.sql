{{ geleverde_rijen("carel", "incident") }}
