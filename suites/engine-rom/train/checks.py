"""What a converted model must be before it may be committed. Each failure ends the run."""

import numpy as np

import convert
import dataset
import network
import settings
from graph import Graph


def check(data, trained):
    if len(data) > settings.MOST_MODEL_BYTES:
        raise SystemExit(f"the model has {len(data)} bytes, at most {settings.MOST_MODEL_BYTES} are allowed")
    graph = Graph(data)
    ops = [op for op, _, _ in graph.operators]
    if "UNIDIRECTIONAL_SEQUENCE_LSTM" not in ops or "FULLY_CONNECTED" not in ops or len(ops) > 3:
        raise SystemExit(f"the LSTM was not fused as expected: operators {ops}")
    hidden = graph.states()["hidden"]
    # With 0, clearing the state to zero bytes and resetting it to its zero point would be the same, and a test could not tell them apart.
    if hidden["zeroPoint"] == 0:
        raise SystemExit("the hidden state's zero point is 0; choose another seed")
    check_calibration(hidden, trained)
    output = graph.tensors[graph.outputs[0]]
    if output["dtype"] != "int8" or output["shape"] != [1, 1, 1]:
        raise SystemExit(f"want an int8 output of shape [1, 1, 1], got {output}")


def check_calibration(hidden, trained):
    """The range of the hidden state must be that of the running LSTM: if calibration reset the state at every sample, it would be narrower."""
    runs = network.hidden_states(trained, convert.calibration_inputs()[None])
    single = network.hidden_states(trained, dataset.as_coarse_as_int8(dataset.load_set("representative")[0]).reshape(-1, 1, settings.INPUTS))
    low = (-128 - hidden["zeroPoint"]) * hidden["scale"]
    high = (127 - hidden["zeroPoint"]) * hidden["scale"]
    print(f"hidden range: int8 {low:.3f}..{high:.3f}, running float {runs.min():.3f}..{runs.max():.3f}, reset at each sample {single.min():.3f}..{single.max():.3f}")
    slack = 0.02 * (runs.max() - runs.min())
    if not np.allclose([low, high], [min(runs.min(), 0), max(runs.max(), 0)], atol=slack):
        raise SystemExit("calibration did not see the hidden state of whole sequences")
