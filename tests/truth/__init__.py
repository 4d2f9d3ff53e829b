"""Every published figure, counted in plain Python from persons and events: no file, no lake, no SQL.

Put here: an independent implementation of the indicator definitions, one subject a module. Keep out: anything of the pipeline. `figures`
returns the kerncijfers, `breakdowns` the uitsplitsingen, `breaks.reasons` the breaks between two schooljaren.
"""

from truth.counting import AREAS, YEARS, Value, counts_of_events, figures, is_available, published_years
from truth.parts import breakdowns
from truth.people import home
from truth.sources import Sources

__all__ = ["AREAS", "YEARS", "Sources", "Value", "breakdowns", "counts_of_events", "figures", "home", "is_available", "published_years"]
