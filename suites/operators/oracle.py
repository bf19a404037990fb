"""Runs TFLM's or LiteRT's reference kernels over a folder of jobs.

usage: oracle.py FOLDER

FOLDER/jobs.json is a list of {name, oracle, model, inputs, samples, inputTypes, outputs}: 'tflm' or 'litert', and file names in
FOLDER; `inputs` holds the inputs of all samples one after the other. For every job there is FOLDER/<name>.out afterwards (the outputs of all samples, in the graph's order), or
FOLDER/<name>.err with the reason. Each job runs in a process of its own: a failing check inside an oracle aborts.
"""
import json
import os
import sys

import numpy as np

ARENA_BYTES = 4 << 20


class Tflm:
    """A model on TFLM's reference kernels."""

    def __init__(self, model):
        from tflite_micro import runtime

        self.interpreter = runtime.Interpreter.from_bytes(model, arena_size=ARENA_BYTES)

    def input_details(self, k):
        return self.interpreter.get_input_details(k)

    def set_input(self, values, k):
        self.interpreter.set_input(values, k)

    def invoke(self):
        self.interpreter.invoke()

    def get_output(self, k):
        return self.interpreter.get_output(k)


class LiteRt:
    """A model on LiteRT's reference kernels, without delegates."""

    def __init__(self, model):
        from ai_edge_litert.interpreter import Interpreter, OpResolverType

        self.interpreter = Interpreter(model_content=model, experimental_op_resolver_type=OpResolverType.BUILTIN_REF)
        self.interpreter.allocate_tensors()

    def input_details(self, k):
        return self.interpreter.get_input_details()[k]

    def set_input(self, values, k):
        self.interpreter.set_tensor(self.input_details(k)["index"], values)

    def invoke(self):
        self.interpreter.invoke()

    def get_output(self, k):
        return self.interpreter.get_tensor(self.interpreter.get_output_details()[k]["index"])


ORACLES = {"tflm": Tflm, "litert": LiteRt}


def run(folder, job):
    with open(os.path.join(folder, job["model"]), "rb") as file:
        model = file.read()
    with open(os.path.join(folder, job["inputs"]), "rb") as file:
        data = file.read()
    interpreter = ORACLES[job["oracle"]](model)
    result = bytearray()
    at = 0
    for _ in range(job["samples"]):
        for k in range(len(job["inputTypes"])):
            details = interpreter.input_details(k)
            # An empty tuple is how TFLM's wheel shows a scalar.
            shape = tuple(details["shape"])
            dtype = np.dtype(details["dtype"])
            count = int(np.prod(shape, dtype=np.int64))
            values = np.frombuffer(data, dtype=dtype, count=count, offset=at).reshape(shape)
            at += count * dtype.itemsize
            interpreter.set_input(values, k)
        interpreter.invoke()
        for k in range(job["outputs"]):
            result += np.ascontiguousarray(interpreter.get_output(k)).tobytes()
    if at != len(data):
        raise RuntimeError(f"used {at} of {len(data)} bytes of input")
    with open(os.path.join(folder, job["name"] + ".out"), "wb") as file:
        file.write(bytes(result))


def attempt(folder, job):
    """Runs one job in a child; what the oracle prints on standard error is its reason."""
    log = os.path.join(folder, job["name"] + ".log")
    pid = os.fork()
    if pid == 0:
        descriptor = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
        os.dup2(descriptor, 2)
        os.dup2(descriptor, 1)
        status = 1
        try:
            run(folder, job)
            status = 0
        except BaseException as error:  # pylint: disable=broad-except
            os.write(2, repr(error).encode())
        os._exit(status)
    _, status = os.waitpid(pid, 0)
    if status != 0:
        with open(log, "rb") as file:
            text = file.read().decode(errors="replace").strip()
        with open(os.path.join(folder, job["name"] + ".err"), "w", encoding="utf-8") as file:
            file.write(text or f"ended with wait status {status}")


def main():
    folder = sys.argv[1]
    with open(os.path.join(folder, "jobs.json"), encoding="utf-8") as file:
        jobs = json.load(file)
    for job in jobs:
        attempt(folder, job)


main()
