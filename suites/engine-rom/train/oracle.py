"""Runs the int8 model in the TensorFlow Lite Micro wheel and writes every tensor of every step: the independent oracle of the suite.

Format, per sequence: <name>.json describes <name>.tflm.bin; invocation k starts at k * invocationBytes, a tensor at its `offset` in it,
little-endian, row-major, every tensor aligned to 8. State rows are the values after the invocation. Each sequence starts from a reset.
"""

import hashlib
import importlib.metadata
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np

import settings
from quantise import to_codes

PACKAGES = ("tflite-micro", "tensorflow-cpu", "numpy", "flatbuffers")


def run_micro(data, codes, want, mode="keep", heap_pattern=0):
    """{tensor index: [sample, ...]} from a child process."""
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder) / "in.npz", Path(folder) / "out.npz"
        np.savez(source, model=np.frombuffer(data, np.uint8), codes=codes, want=np.array(want))
        child = [sys.executable, str(Path(__file__).with_name("micro.py")), str(source), str(target), mode]
        ended = subprocess.run(child, env=dict(os.environ, MALLOC_PERTURB_=str(heap_pattern)), capture_output=True, text=True, timeout=300)
        if ended.returncode != 0:
            raise SystemExit(f"the oracle's process ended with {ended.returncode}:\n{ended.stderr[-2000:]}")
        with np.load(target) as found:
            return {i: found[f"t{i}"] for i in want}


def write_oracle(data, graph, name, inputs):
    """Writes one sequence's files; gives the model's output codes [sample, ...]."""
    rows, block = graph.records()
    entry = graph.tensors[graph.inputs[0]]
    codes = to_codes(inputs, entry["scale"], entry["zeroPoint"])
    want = [r["index"] for r in rows]
    kept = run_micro(data, codes, want)
    poisoned = run_micro(data, codes, want, heap_pattern=85)
    plain = run_micro(data, codes, graph.outputs, mode="plain")
    checks = dict(poisonRun="ok" if all(np.array_equal(kept[i], poisoned[i]) for i in want) else "differs",
                  inputsIntact=bool(np.array_equal(kept[graph.inputs[0]], codes)),
                  sameOutputsAsPlainRun=all(bool(np.array_equal(kept[i], plain[i])) for i in graph.outputs))
    if checks != dict(poisonRun="ok", inputsIntact=True, sameOutputsAsPlainRun=True):
        raise SystemExit(f"{name}: the oracle contradicts itself: {checks}")
    blob = bytearray(block * len(codes))
    for k in range(len(codes)):
        for r in rows:
            raw = np.ascontiguousarray(kept[r["index"]][k])
            if raw.nbytes != r["bytes"] or str(raw.dtype) != r["dtype"]:
                raise SystemExit(f"{name}: tensor {r['index']} came as {raw.dtype}{raw.shape}, the file says {r['dtype']}{r['shape']}")
            at = k * block + r["offset"]
            blob[at:at + r["bytes"]] = raw.tobytes()
    head = dict(model=settings.MODEL.stem, sha256=hashlib.sha256(data).hexdigest(), case=name, invocations=len(codes), stateful=True,
                invocationBytes=block, versions={p: importlib.metadata.version(p) for p in PACKAGES}, inputs=graph.inputs,
                outputs=graph.outputs, oracles={"tflm": f"{name}.tflm.bin"}, refused={}, checks={"tflm": checks})
    settings.ORACLE.mkdir(exist_ok=True)
    (settings.ORACLE / f"{name}.tflm.bin").write_bytes(blob)
    tensors = ",\n  ".join(json.dumps(r) for r in rows)
    (settings.ORACLE / f"{name}.json").write_text(json.dumps(head, indent=1)[:-2] + ',\n "tensors": [\n  ' + tensors + "\n ]\n}\n")
    return kept[graph.outputs[0]]
