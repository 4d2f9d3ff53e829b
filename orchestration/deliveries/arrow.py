"""What pyarrow lacks for typing whole columns: kernels that mypy lets be called, and Arrow booleans as numpy.

Put here: the border between Arrow, numpy and the type checker. Keep out: any rule.
"""

from typing import Any

import numpy as np
import pyarrow.compute

pc: Any = pyarrow.compute  # the stubs refuse plain Python values as arguments, which the kernels take


def as_mask(values: Any) -> np.ndarray:
    """A boolean Arrow array as numpy; null is false."""
    if values.null_count:
        values = pc.fill_null(values, False)
    return np.array(values.to_numpy(zero_copy_only=False), dtype=bool)
