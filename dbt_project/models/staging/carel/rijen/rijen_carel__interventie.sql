{{ geleverde_rijen("carel", "interventie") }}
