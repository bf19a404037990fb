"""Milliseconds of processor time that TFLM's reference kernels need for one inference.

usage: tflm-speed.py MODEL SECONDS    (an interpreter with the packages of suites/operators/requirements.txt)
"""
import sys
import time

import numpy as np
from tflite_micro import runtime


def main():
    model, seconds = sys.argv[1], float(sys.argv[2])
    interpreter = runtime.Interpreter.from_file(model, arena_size=4 << 20)
    details = interpreter.get_input_details(0)
    random = np.random.default_rng(1)
    interpreter.set_input(random.integers(-128, 128, size=tuple(details["shape"]), dtype=np.int8), 0)
    chunk = 1
    count = 0
    begin = time.process_time()
    used = 0.0
    while used < seconds:
        for _ in range(chunk):
            interpreter.invoke()
        count += chunk
        chunk = min(2 * chunk, 1000) if used < seconds / 100 else chunk
        used = time.process_time() - begin
    print(1000 * used / count)


main()
