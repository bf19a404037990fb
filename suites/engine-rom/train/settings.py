"""Every number that shapes the trained model, and the paths of the suite."""

from pathlib import Path

SUITE = Path(__file__).resolve().parent.parent
DATA = SUITE / "work" / "data"
SEQUENCES = SUITE / "sequences"
ORACLE = SUITE / "oracle"
MODEL = SUITE / "model" / "engine_rom_int8.tflite"

SEED = 4
UNITS = 32
EPOCHS = 260
BATCH_SEQUENCES = 32
FIRST_LEARNING_RATE = 1e-2
# The cosine schedule ends at this share of the first rate.
LAST_LEARNING_RATE_SHARE = 0.003
GRADIENT_NORM_LIMIT = 1.0

# Training target = (torque - centre) / half range; folded back into the last layer before conversion.
TORQUE_CENTRE_NM = 100.0
TORQUE_HALF_RANGE_NM = 100.0

# Codes from -1 to 1 of the model's int8 inputs: training sees inputs as coarse as the device does.
INPUT_CODES = 255

INPUTS = 4
MOST_MODEL_BYTES = 12 * 1024
