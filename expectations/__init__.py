"""Data validation: the contracts, the rules of the gates, and the gates that evaluate them."""

import warnings

# Great Expectations imports pyspark where the extra `spark` is installed, which warns on the screen about a pandas that no gate gives it
warnings.filterwarnings("ignore", "PySpark does not yet fully support pandas", FutureWarning)
