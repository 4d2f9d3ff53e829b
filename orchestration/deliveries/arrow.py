"""Arrow, numpy and mypy together: untyped compute kernels, and Arrow booleans as numpy masks. Keep out: any rule."""

from typing import Any

import numpy as np
import pyarrow.compute

pc: Any = pyarrow.compute  # the stubs reject plain Python values as arguments; the kernels accept them


def as_mask(values: Any) -> np.ndarray:
    """Return a boolean Arrow array as a numpy mask; null becomes false."""
    if values.null_count:
        values = pc.fill_null(values, False)
    return np.array(values.to_numpy(zero_copy_only=False), dtype=bool)
