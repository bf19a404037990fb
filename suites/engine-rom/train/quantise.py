"""Float inputs to codes, by the rule that hil uses for float inputs of a case."""

import numpy as np


def to_codes(x, scale, zero_point):
    """clamp(round(x / scale), ties away from zero, + zero point); x float32, scale float32, the division in float64."""
    ratio = np.asarray(x, np.float64) / np.float64(np.float32(scale))
    return np.clip(np.sign(ratio) * np.floor(np.abs(ratio) + 0.5) + zero_point, -128, 127).astype(np.int8)
