"""Trains, converts, checks, runs the oracle and writes the suite's files. Called by make.mjs, after the data were generated."""

import os

# Before TensorFlow is imported: Keras 3's LSTM is not fused by the converter, and oneDNN sums in an order of its own.
os.environ["TF_USE_LEGACY_KERAS"] = "1"
os.environ["TF_ENABLE_ONEDNN_OPTS"] = "0"
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"

import argparse
import time

import numpy as np

import card
import checks
import convert
import dataset
import fit
import network
import oracle
import settings
from graph import Graph


def errors(predicted, tests):
    """RMSE in Nm: {sequence: value} and over all steps of all sequences."""
    each = {name: fit.rmse(predicted[name].ravel(), torque.ravel()) for name, (_, torque) in tests.items()}
    whole = fit.rmse(np.concatenate([predicted[n].ravel() for n in tests]), np.concatenate([t.ravel() for _, t in tests.values()]))
    return each, whole


def main():
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--weights", help="take these weights (.h5) instead of training")
    weights = arguments.parse_args().weights
    started = time.monotonic()
    fit.be_deterministic()
    trained, validation_nm = fit.reload(weights) if weights else fit.fit()
    trained.save_weights(settings.DATA / "trained.weights.h5")
    minutes = (time.monotonic() - started) / 60
    data = convert.to_int8(trained)
    checks.check(data, trained)
    settings.MODEL.parent.mkdir(exist_ok=True)
    settings.MODEL.write_bytes(data)

    tests, graph = dataset.load_tests(), Graph(data)
    output = graph.tensors[graph.outputs[0]]
    floats = {n: network.predict_nm(trained, x.reshape(1, -1, settings.INPUTS)) for n, (x, _) in tests.items()}
    codes = {n: oracle.write_oracle(data, graph, n, x) for n, (x, _) in tests.items()}
    int8 = {n: (c.astype(np.float64) - output["zeroPoint"]) * output["scale"] for n, c in codes.items()}
    card.write(data, graph, dict(validation=validation_nm, float=errors(floats, tests), int8=errors(int8, tests), minutes=minutes))


if __name__ == "__main__":
    main()
