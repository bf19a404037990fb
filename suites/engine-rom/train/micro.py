"""Child process of oracle.py: runs a model in TensorFlow Lite Micro on one sequence.

Usage: micro.py IN.npz OUT.npz keep|plain. IN holds `model`, `codes` [sample, ...] and `want` (tensor indices); OUT one array per
wanted tensor, `t<index>` [sample, ...]. "keep" keeps all tensors apart in memory; "plain" is the interpreter as an application has it,
which can only read the output. A process of its own, because a fault of the library must not end the training run, and because the heap
pattern (MALLOC_PERTURB_) is set at the start of a process.
"""

import sys

import numpy as np
from tflite_micro import runtime

ARENA_BYTES = 1 << 20


def main(source, target, mode):
    job = np.load(source)
    config = runtime.InterpreterConfig
    keep = config.kPreserveAllTensors if mode == "keep" else config.kAllocationRecording
    # A new interpreter is a reset one: hidden state at its zero point, cell state at 0.
    interpreter = runtime.Interpreter.from_bytes(job["model"].tobytes(), arena_size=ARENA_BYTES, intrepreter_config=keep)
    want = [int(i) for i in job["want"]]
    seen = {i: [] for i in want}
    for row in job["codes"]:
        interpreter.set_input(row, 0)
        interpreter.invoke()
        for i in want:
            value = interpreter.GetTensor(i, 0)["tensor_data"] if mode == "keep" else interpreter.get_output(0)
            seen[i].append(np.array(value, copy=True))
    np.savez(target, **{f"t{i}": np.stack(v) for i, v in seen.items()})


if __name__ == "__main__":
    main(*sys.argv[1:4])
