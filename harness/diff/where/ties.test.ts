import { readFileSync } from 'node:fs';
import t from 'tap';
import { parseModel, type Graph } from '../../model/index.ts';
import { prepareReference, type TensorData } from '../../reference/index.ts';
import { unzip } from '../../suite/zip.ts';
import type { LayerEvidence } from '../evidence.ts';
import { whereWrong } from './where.ts';

const models = [...unzip(readFileSync(new URL('../../../suites/operators/models/products.zip', import.meta.url)))]
  .filter(([name]) => /^(conv-2d|depthwise-conv|fully-connected)/.test(name)).map(([, bytes]) => parseModel(bytes));

/** Elements in which the reference under another profile differs, and those of them at ties. @param shift added to every code that is not at the ends */
function differing(profile: string, shift = 0): { wrong: number; ties: number } {
  const sum = { wrong: 0, ties: 0 };
  for (const model of models) {
    const graph = model.subgraphs[0] as Graph;
    const [operator] = graph.operators;
    const tensor = operator?.outputs[0] ?? -1;
    if (graph.operators.length !== 1 || graph.tensors[tensor]?.dtype !== 'int8') continue;
    let runners;
    try {
      runners = [prepareReference(model), prepareReference(model, profile)] as const;
    } catch {
      // The profile has no arithmetic for this form of the operator.
      continue;
    }
    let state = 5;
    for (const index of graph.inputs) {
      const data = runners[0].tensors[index] as Int8Array;
      for (let i = 0; i < data.length; i++) data[i] = (state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff) >> 12;
      (runners[1].tensors[index] as Int8Array).set(data);
    }
    for (const runner of runners) runner.invoke();
    const got = (runners[1].tensors[tensor] as Int8Array).map((code) => (code > -100 && code < 100 ? code + shift : code));
    const evidence: LayerEvidence = {
      model, profile: 'tflm', layer: { index: 0, op: operator!.name, covers: [0] }, tensors: [{ tensor, role: 'output' }], clean: [], poison: null,
      samples: [{ at: { sequence: 's', sample: 0, step: 0 }, inputs: new Map(graph.inputs.map((index): [number, TensorData] => [index, runners[0].tensors[index]!])), expected: new Map([[tensor, runners[0].tensors[tensor]!]]), got: new Map([[tensor, got]]), earlier: [], others: new Map() }],
    };
    const where = whereWrong(evidence);
    sum.wrong += where?.wrong ?? 0;
    sum.ties += where?.atTies ?? 0;
  }
  return sum;
}

t.test('where roundings differ there is a tie, and elsewhere there is mostly none', async (t) => {
  for (const profile of ['cmsis-single', 'neon-double', 'litert-xnnpack', 'litert-ref']) {
    const { wrong, ties } = differing(profile);
    t.ok(wrong > (profile === 'litert-ref' ? 0 : 20), `${profile}: ${wrong} elements differ`);
    t.equal(ties, wrong, `${profile}: all of them at ties`);
  }
  const { wrong, ties } = differing('tflm', 1);
  t.ok(wrong > 1000 && ties < wrong / 4, `off by one for another reason: ${ties} of ${wrong} at ties`);
});
