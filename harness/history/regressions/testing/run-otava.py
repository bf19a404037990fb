"""Apache Otava's change points of many series, so that the bench can compare.

Reads from standard input one JSON object: {"series": [[...], ...], "levels": [0.001, ...], "online": true}
Writes to standard output, for each series and level, the change points as [index, values known when it was first seen].
Online, each night is judged with the values known then, as a nightly job would; else all values at once.
"""

import json
import sys

from otava.analysis import compute_change_points

# A change point that moves by so many values is the same one, reported again.
SAME = 5
# Otava's own window of 50 with its step of 25 makes values further back than this not matter to the newest change point.
LEAST = 4


def nightly(values, level):
    found = []
    for seen in range(LEAST, len(values) + 1):
        points, _ = compute_change_points(values[:seen], window_len=50, max_pvalue=level, min_magnitude=0.0)
        for point in points:
            if all(abs(point.index - index) > SAME for index, _ in found):
                found.append([int(point.index), seen])
    return found


def at_once(values, level):
    points, _ = compute_change_points(values, window_len=50, max_pvalue=level, min_magnitude=0.0)
    return [[int(point.index), len(values)] for point in points]


def main():
    asked = json.load(sys.stdin)
    find = nightly if asked["online"] else at_once
    json.dump([[find(values, level) for level in asked["levels"]] for values in asked["series"]], sys.stdout)


if __name__ == "__main__":
    main()
