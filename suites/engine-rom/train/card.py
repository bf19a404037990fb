"""Writes model_card.json, MODEL_CARD.md and suite.json, so that no figure in them is typed by hand."""

import hashlib
import importlib.metadata
import json
import platform
from pathlib import Path
from string import Template

import dataset
import settings

# The bound of the suite's metric: this times the measured error. Generated C that agrees with the oracle bit for bit has exactly the
# measured error, so the margin is for runtimes that round otherwise.
MARGIN = 1.1
PACKAGES = ("tensorflow-cpu", "tf_keras", "tflite-micro", "numpy", "flatbuffers")
COMMAND = "node suites/engine-rom/make.mjs"


def facts(data, graph, results):
    """Everything that the two cards say, as one JSON object."""
    plan = dataset.plan()
    entry, output = graph.tensors[graph.inputs[0]], graph.tensors[graph.outputs[0]]
    states = graph.states()
    per_float, all_float = results["float"]
    per_int8, all_int8 = results["int8"]
    return dict(
        schema="engine-rom-card/1", model=settings.MODEL.relative_to(settings.SUITE).as_posix(),
        sha256=hashlib.sha256(data).hexdigest(), bytes=len(data),
        rmseFloatNm=round(all_float, 4), rmseInt8Nm=round(all_int8, 4), rmseBoundNm=round(MARGIN * all_int8, 4),
        rmseValidationFloatNm=round(results["validation"], 4),
        sequences=[dict(name=t["name"], steps=plan["sets"]["test"]["samplesEach"], points=t["points"],
                        rmseFloatNm=round(per_float[t["name"]], 4), rmseInt8Nm=round(per_int8[t["name"]], 4)) for t in plan["test"]],
        torqueLsbNm=output["scale"], torqueRangeNm=[(-128 - output["zeroPoint"]) * output["scale"], (127 - output["zeroPoint"]) * output["scale"]],
        hiddenZeroPoint=states["hidden"]["zeroPoint"], hiddenScale=states["hidden"]["scale"], cellScale=states["cell"]["scale"],
        input=dict(scale=entry["scale"], zeroPoint=entry["zeroPoint"], shape=entry["shape"]),
        operators=[op for op, _, _ in graph.operators], tensors=graph.records()[0],
        units=settings.UNITS, epochs=settings.EPOCHS, batchSequences=settings.BATCH_SEQUENCES, seed=settings.SEED,
        firstLearningRate=settings.FIRST_LEARNING_RATE, data=plan,
        versions={p: importlib.metadata.version(p) for p in PACKAGES} | {"python": platform.python_version()}, command=COMMAND)


def table(rows):
    head, *rest = rows
    return "\n".join("| " + " | ".join(str(c) for c in r) + " |" for r in [head, ["---"] * len(head), *rest])


def markdown(f):
    plan = f["data"]
    values = dict(
        f, **{k: f"{f[k]:.2f}" for k in ("rmseFloatNm", "rmseInt8Nm", "rmseBoundNm", "rmseValidationFloatNm", "torqueLsbNm")},
        kilobytes=f"{f['bytes'] / 1024:.1f}", low=f"{f['torqueRangeNm'][0]:.0f}", high=f"{f['torqueRangeNm'][1]:.0f}",
        designSeed=plan["design"]["seed"], candidates=plan["design"]["candidates"], points=plan["design"]["points"],
        smallestDistance=f"{plan['design']['smallestDistance']:.3f}",
        axes=table([["input", "range", "unit", "model value"]] + [
            [i, f"{a['low']} .. {a['high']}", a["unit"], f"(x - {(a['low'] + a['high']) / 2:g}) / {(a['high'] - a['low']) / 2:g}"]
            for i, a in enumerate(plan["axes"])]),
        idle=", ".join(f"{plan['idle'][a['key']]} {a['unit']}" for a in plan["axes"]),
        sets=table([["set", "design points", "sequences", "steps each", "seed"]] + [
            [n, plan["design"]["splits"][n], s["sequences"], s["samplesEach"], plan["excitations"].get(n, {}).get("seed", "-")]
            for n, s in plan["sets"].items()]),
        errors=table([["test sequence", "steps", "float, Nm", "int8, Nm"]] + [
            [s["name"], s["steps"], f"{s['rmseFloatNm']:.2f}", f"{s['rmseInt8Nm']:.2f}"] for s in f["sequences"]] + [
            ["all", sum(s["steps"] for s in f["sequences"]), f"{f['rmseFloatNm']:.2f}", f"{f['rmseInt8Nm']:.2f}"]]),
        tensors=table([["tensor", "operator", "role", "shape", "type", "scale", "zero point"]] + [
            [t["index"], t["op"] or "-", t["role"], t["shape"], t["dtype"], f"{t['scale']:.6g}", t["zeroPoint"]] for t in f["tensors"]]),
        versions=", ".join(f"{k} {v}" for k, v in f["versions"].items()), operatorList=" -> ".join(f["operators"]))
    return Template((Path(__file__).parent / "MODEL_CARD.template.md").read_text()).substitute(values)


def suite(f):
    sequences = [dict(name=s["name"], input=f"sequences/{s['name']}.input.npy", truth=f"sequences/{s['name']}.torque.npy",
                      oracle=f"oracle/{s['name']}.json") for s in f["sequences"]]
    case = dict(name="engine-rom", model=dict(file=f["model"], sha256=f["sha256"]), generator="builtin", profile="tflm", sequences=sequences,
                metrics=[dict(name="torque-rmse", kind="rmse", unit="Nm", max=f["rmseBoundNm"])], sampleRateHz=f["data"]["sampleRateHz"])
    return dict(schema="hil-suite/1", name="engine-rom",
                description="Reduced-order model of a turbocharged spark-ignition engine: an int8 LSTM that predicts torque from engine "
                            "speed, ignition timing, throttle and wastegate, one 10 ms step an invocation.",
                cases=[case])


def write(data, graph, results):
    f = facts(data, graph, results)
    (settings.SUITE / "model_card.json").write_text(json.dumps(f, indent=1) + "\n")
    (settings.SUITE / "MODEL_CARD.md").write_text(markdown(f))
    (settings.SUITE / "suite.json").write_text(json.dumps(suite(f), indent=2) + "\n")
    print(f"RMSE: float {f['rmseFloatNm']:.2f} Nm, int8 {f['rmseInt8Nm']:.2f} Nm; hidden zero point {f['hiddenZeroPoint']}; {f['bytes']} bytes; "
          f"trained in {results['minutes']:.1f} min")
