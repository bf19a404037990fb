import t from 'tap';
import { HilError } from '../errors.ts';
import { parseModel } from '../model/index.ts';
import { writeModel } from '../model/writer/index.ts';
import type { GraphDescription, ModelDescription, TensorDescription } from '../model/writer/index.ts';
import { prepareReference } from '../reference/index.ts';
import { checkManifest } from '../runtimes/check-manifest.ts';
import { generateC } from './index.ts';
import { buildDriver, runDriver, writeFolder } from './testing/native.ts';

const int8 = (name: string, data?: number[]): TensorDescription => ({ name, dtype: 'int8', shape: [1, 3], quantisation: { scale: 0.1, zeroPoint: 3 }, ...(data === undefined ? {} : { data }) });
const handle: TensorDescription = { name: 'h', dtype: 'resource', shape: [] };
const varHandle = { op: 'VAR_HANDLE', inputs: [], outputs: ['h'], options: { shared_name: 'v' } };
const first: GraphDescription = { tensors: [handle, int8('c', [10, -20, 30])], operators: [varHandle, { op: 'ASSIGN_VARIABLE', inputs: ['h', 'c'], outputs: [] }], inputs: [], outputs: [] };
/** v := x + v with a first value of v, shown as the output. */
const remembering: ModelDescription = {
  tensors: [int8('x'), handle, int8('old'), int8('y')],
  operators: [
    { op: 'CALL_ONCE', inputs: [], outputs: [], options: { init_subgraph_index: 1 } }, varHandle, { op: 'READ_VARIABLE', inputs: ['h'], outputs: ['old'] },
    { op: 'ADD', inputs: ['x', 'old'], outputs: ['y'] }, { op: 'ASSIGN_VARIABLE', inputs: ['h', 'y'], outputs: [] },
  ],
  inputs: ['x'], outputs: ['y'], subgraphs: [first],
};
const model = parseModel(writeModel(remembering));
const network = generateC(model, { name: 'remembering' });
const inputs = Uint8Array.from([1, 2, 3, 4, 5, 6, 7, 8, 9]);

/** Outputs of the reference for the three samples, with or without a reset before each. */
function expected(reset: boolean): number[][] {
  const runner = prepareReference(model);
  return [0, 1, 2].map((sample) => {
    if (reset) runner.reset();
    runner.tensors[0]!.set([...inputs.subarray(3 * sample, 3 * sample + 3)] as never);
    runner.invoke();
    return [...(runner.tensors[3] as Int8Array)];
  });
}

const folder = await writeFolder(network.files);
t.teardown(() => folder.remove());
const program = await buildDriver(folder.path, network.manifest, ['-std=c99', '-O1'], 'x');
const runs = { tapped: await runDriver(program, 'tapped', inputs, network.manifest), reset: await runDriver(program, 'reset', inputs, network.manifest) };

t.test('layers without anything to show join the next, and the manifest fits the model', async (t) => {
  t.same(network.manifest.layers.map(({ op, covers, taps }) => [op, covers, taps.map(({ tensor }) => tensor)]),
    [['CALL_ONCE+VAR_HANDLE+READ_VARIABLE', [0, 1, 2], [2]], ['ADD', [3], [3]], ['ASSIGN_VARIABLE', [4], [3]]]);
  t.same(network.manifest.state.map(({ tensor, bytes }) => [tensor, bytes]), [[null, 3], [null, 1]], 'the variable, and whether its first value is set');
  t.equal(network.manifest.memory.stateBytes, 4);
  t.doesNotThrow(() => checkManifest(network.manifest, model));
});

t.test('a variable lives on, and a reset takes it back to its first value', async (t) => {
  const outputs = (run: (typeof runs)['reset']): number[][] => run.map((invocation) => [...new Int8Array(Uint8Array.from(invocation.outputs[0]!).buffer)]);
  t.same(outputs(runs.tapped), expected(false));
  t.same(outputs(runs.reset), expected(true));
  t.notSame(expected(false)[1], expected(true)[1], 'the state matters');
  t.same(runs.tapped[2]!.calls.at(-1)!.views[0], runs.tapped[2]!.outputs[0], 'ASSIGN_VARIABLE shows what the variable holds');
});

t.test('what can be no sequence of layers is refused by name', async (t) => {
  const refused = (change: Partial<ModelDescription>, message: RegExp): void => {
    try {
      generateC(parseModel(writeModel({ ...remembering, ...change })), { name: 'net' });
      t.fail(`accepted: ${String(message)}`);
    } catch (error) {
      t.ok(error instanceof HilError && error.kind === 'config');
      t.match((error as Error).message, message);
    }
  };
  refused({ subgraphs: [] }, /Operator 0 \(CALL_ONCE\).*there is no graph 1/);
  refused({ subgraphs: [{ ...first, operators: [{ op: 'CALL_ONCE', inputs: [], outputs: [], options: { init_subgraph_index: 1 } }] }] }, /graph 1, operator 0 CALL_ONCE: graph 1 calls itself/);
  refused({ subgraphs: [{ tensors: [int8('a'), int8('b')], operators: [{ op: 'MAX_POOL_2D', inputs: ['a'], outputs: ['b'] }], inputs: ['a'], outputs: ['b'] }] }, /graph 1, operator 0 MAX_POOL_2D/);
  refused({ inputs: ['x', 'h'], operators: remembering.operators.filter(({ op }) => op !== 'VAR_HANDLE') }, /Tensor 1 is a handle/);
  refused({ tensors: [...remembering.tensors, { ...handle, name: 'k' }], operators: [...remembering.operators, { op: 'RESHAPE', inputs: ['h'], outputs: ['k'] }] }, /RESHAPE.*handle of a variable/);
  refused({ operators: remembering.operators.slice(0, 4), subgraphs: [{ ...first, operators: [varHandle] }] }, /READ_VARIABLE.*no handle of a variable that is assigned/);
});
