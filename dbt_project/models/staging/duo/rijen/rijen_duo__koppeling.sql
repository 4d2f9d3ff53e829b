{{ geleverde_rijen("duo", "koppeling") }}
