"""Reads what data/generate.ts wrote."""

import json

import numpy as np

import settings


def load_set(name):
    """(inputs [sequence, sample, 4] in model units, torque [sequence, sample] in Nm)."""
    return np.load(settings.DATA / f"{name}.input.npy"), np.load(settings.DATA / f"{name}.torque.npy")


def load_tests():
    """{name: (inputs [sample, 1, 1, 4], torque [sample, 1, 1] in Nm)}, in the order of the plan."""
    return {t["name"]: (np.load(settings.SEQUENCES / f"{t['name']}.input.npy"),
                        np.load(settings.SEQUENCES / f"{t['name']}.torque.npy")) for t in plan()["test"]}


def plan():
    return json.loads((settings.DATA / "plan.json").read_text())


def as_coarse_as_int8(inputs):
    """Rounds inputs to the grid that the model's int8 input will have."""
    half = settings.INPUT_CODES / 2
    return (np.round(inputs * half) / half).astype(np.float32)
