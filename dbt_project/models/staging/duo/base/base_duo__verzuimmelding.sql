{{ versies("duo", "verzuimmelding", met_tijdstip=true) }}
