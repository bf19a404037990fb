import t from 'tap';
import fc from 'fast-check';
import type { Graph, Operator, Tensor } from '../../model/graph.ts';
import { ARENA_ALIGNMENT, planMemory as planWith, type MemoryPlan, type OperatorMemory } from './index.ts';

const tensorOf = (index: number, elements: number, more: Partial<Tensor> = {}): Tensor => ({
  index, name: `t${index}`, dtype: 'int8', shape: [elements], elements, quantisation: null, data: null, isVariable: false, ...more,
});
const operatorOf = (index: number, name: string, inputs: readonly number[], outputs: readonly number[]): Operator => ({
  index, code: 0, name, customName: '', version: 1, inputs, outputs, intermediates: [], options: {},
});

/** The plan in which every RESHAPE is a view. */
const planMemory = (graph: Graph): MemoryPlan => planWith(graph, graph.operators.map(({ name }) => ({ scratchBytes: 0, view: name === 'RESHAPE' })));

/** FC chain 0 -> 1 -> 2 -> 3 of the given sizes. */
function chain(sizes: readonly number[], ops: readonly string[] = []): Graph {
  return {
    name: '',
    tensors: sizes.map((size, index) => tensorOf(index, size)),
    operators: sizes.slice(1).map((_, k) => operatorOf(k, ops[k] ?? 'FULLY_CONNECTED', [k], [k + 1])),
    inputs: [0],
    outputs: [sizes.length - 1],
  };
}

t.test('memory of dead tensors is used again', async (t) => {
  const plan = planMemory(chain([100, 50, 50, 100, 4]));
  t.equal(plan.peakBytes, 150);
  t.equal(plan.peakAt, 0);
  t.equal(plan.arenaBytes, 176, 'of 304 bytes without reuse');
  t.comment(`arena ${plan.arenaBytes}, peak ${plan.peakBytes}`);
});

t.test('an output may lie over an input that is dead by then', async (t) => {
  const plan = planMemory(chain([64, 1, 1, 64]));
  t.equal(plan.arenaBytes, 80, 'the peak is 65 bytes');
});

t.test('RESHAPE shares the buffer of its input', async (t) => {
  const plan = planMemory(chain([8, 560, 560, 10], ['FULLY_CONNECTED', 'RESHAPE', 'FULLY_CONNECTED']));
  t.ok(plan.sameBuffer(1, 2));
  t.equal(plan.offsetOf(1), plan.offsetOf(2));
  t.notOk(plan.sameBuffer(0, 1));
});

t.test('RESHAPE from an input to an output is a copy', async (t) => {
  t.notOk(planMemory(chain([8, 8], ['RESHAPE'])).sameBuffer(0, 1));
  const two = planMemory(chain([8, 8, 8], ['RESHAPE', 'RESHAPE']));
  t.notOk(two.sameBuffer(0, 2));
});

t.test('an in-place operator uses the memory of an input that nothing needs afterwards', async (t) => {
  const inPlace = { scratchBytes: 0, inPlace: [{ output: 0, input: 0 }, { output: 0, input: 1 }] };
  const none = { scratchBytes: 0 };
  const plan = planWith(chain([8, 100, 100, 8]), [none, inPlace, none]);
  t.ok(plan.sameBuffer(1, 2));
  t.equal(plan.peakBytes, 108);
  t.notOk(planWith(chain([8, 50, 100, 8]), [none, inPlace, none]).sameBuffer(1, 2), 'a longer output does not fit');
  t.ok(planWith(chain([8, 100, 50, 8]), [none, inPlace, none]).sameBuffer(1, 2), 'a shorter one does');
  t.notOk(planWith(chain([8, 8]), [inPlace]).sameBuffer(0, 1), 'never from an input to an output of the network');
  // A residual: tensor 1 is read again by operator 2, which may then overwrite either of its inputs.
  const graph = chain([4, 64, 64, 64, 4]);
  const residual: Graph = { ...graph, operators: [...graph.operators.slice(0, 2), operatorOf(2, 'ADD', [1, 2], [3]), operatorOf(3, 'FULLY_CONNECTED', [3], [4])] };
  const shared = planWith(residual, [none, inPlace, inPlace, none]);
  t.notOk(shared.sameBuffer(1, 2), 'needed later');
  t.ok(shared.sameBuffer(1, 3) || shared.sameBuffer(2, 3));
  const twice: Graph = { ...graph, operators: [...graph.operators.slice(0, 2), operatorOf(2, 'ADD', [2, 2], [3]), operatorOf(3, 'FULLY_CONNECTED', [3], [4])] };
  t.ok(planWith(twice, [none, none, inPlace, none]).sameBuffer(2, 3), 'the same tensor twice is read element by element');
  const viewed: Graph = { ...graph, operators: [operatorOf(0, 'FULLY_CONNECTED', [0], [1]), operatorOf(1, 'RESHAPE', [1], [2]), operatorOf(2, 'ADD', [1, 2], [3]), operatorOf(3, 'FULLY_CONNECTED', [3], [4])] };
  t.notOk(planWith(viewed, [none, { scratchBytes: 0, view: true }, inPlace, none]).sameBuffer(2, 3), 'two views of one buffer may be read at different places');
});

t.test('scratch memory meets nothing that its operator reads or writes', async (t) => {
  const plan = planWith(chain([32, 32, 32]), [{ scratchBytes: 100 }, { scratchBytes: 0 }]);
  t.match(plan.scratch, [{ operator: 0, bytes: 100 }]);
  const [scratch = { offset: 0, bytes: 0 }] = plan.scratch;
  for (const tensor of [0, 1]) t.ok(plan.offsetOf(tensor) + 32 <= scratch.offset || scratch.offset + scratch.bytes <= plan.offsetOf(tensor), `tensor ${tensor}`);
  t.equal(scratch.offset % ARENA_ALIGNMENT, 0);
  t.equal(plan.peakBytes, 164);
});

t.test('state is outside the arena, constants nowhere', async (t) => {
  const graph = chain([16, 16]);
  const tensors = [...graph.tensors, tensorOf(2, 20, { isVariable: true, dtype: 'int16' }), tensorOf(3, 9, { data: new Uint8Array(9) })];
  const plan = planMemory({ ...graph, tensors, operators: [operatorOf(0, 'FULLY_CONNECTED', [0, 3, 2], [1])] });
  t.same(plan.state, [{ tensor: 2, bytes: 40 }]);
  t.equal(plan.stateBytes, 40);
  t.equal(plan.buffers.length, 2);
  t.throws(() => plan.offsetOf(3), { kind: 'config', code: 'codegen.no-buffer' });
});

t.test('a tensor without a size is refused', async (t) => {
  const graph = chain([4, 4]);
  t.throws(() => planMemory({ ...graph, tensors: [tensorOf(0, 4), tensorOf(1, 4, { dtype: 'string' })] }), { kind: 'config', code: 'codegen.tensor-size' });
});

/** Graphs whose operators read any activations before them; half of the operators are views or element-wise. */
const graphs = fc
  .array(fc.record({ size: fc.integer({ min: 1, max: 200 }), from: fc.array(fc.nat(), { minLength: 1, maxLength: 3 }), view: fc.nat(5) }), { minLength: 1, maxLength: 25 })
  .chain((steps) => fc.tuple(fc.constant(steps), fc.integer({ min: 1, max: 3 }), fc.nat()))
  .map(([steps, inputs, pick]): Graph => {
    const sizes = Array.from({ length: inputs }, (_, k) => 5 + 17 * k);
    const operators = steps.map(({ size, from, view }, index) => {
      const reads = from.map((n) => n % sizes.length);
      const alike = view <= 1 ? reads.slice(0, 1) : view === 2 ? reads.filter((tensor) => sizes[tensor] === sizes[reads[0] ?? 0]) : reads;
      sizes.push(view <= 2 ? (sizes[alike[0] ?? 0] ?? 1) : size);
      return operatorOf(index, ['RESHAPE', 'NEG', 'ADD'][view] ?? 'FULLY_CONNECTED', alike, [sizes.length - 1]);
    });
    const last = sizes.length - 1;
    const other = inputs + (pick % operators.length);
    return { name: '', tensors: sizes.map((size, i) => tensorOf(i, size)), operators, inputs: sizes.slice(0, inputs).map((_, i) => i), outputs: [...new Set([last, other])] };
  });

/** What the operators of `graphs` ask for. */
const needsOf = (graph: Graph): OperatorMemory[] => graph.operators.map(({ name, inputs, index }) => ({
  scratchBytes: name === 'FULLY_CONNECTED' ? (index * 7) % 40 : 0,
  view: name === 'RESHAPE',
  inPlace: name === 'NEG' || name === 'ADD' ? inputs.map((_, input) => ({ output: 0, input })) : [],
}));

/**
 * Runs the graph on a model of the arena that knows, for every byte, whose content it holds, and tells of the first operator or
 * reader that finds another's. Written without the planner's notion of lifetimes.
 */
function firstClobber(graph: Graph, plan: MemoryPlan): string | null {
  const owner = new Array<string>(Math.max(plan.arenaBytes, 1)).fill('');
  const content = new Map<number, string>();
  const store = (tensor: number, label: string): void => {
    content.set(tensor, label);
    owner.fill(label, plan.offsetOf(tensor), plan.offsetOf(tensor) + (graph.tensors[tensor]?.elements ?? 0));
  };
  const intact = (tensor: number): boolean => {
    const at = plan.offsetOf(tensor);
    return owner.slice(at, at + (graph.tensors[tensor]?.elements ?? 0)).every((label) => label === content.get(tensor));
  };
  for (const tensor of graph.inputs) store(tensor, `input ${tensor}`);
  for (const { index, name, inputs, outputs } of graph.operators) {
    for (const tensor of inputs) if (!intact(tensor)) return `operator ${index} reads a clobbered t${tensor}`;
    const [from = 0] = inputs;
    for (const { operator, offset, bytes } of plan.scratch) if (operator === index) owner.fill(`scratch of ${index}`, offset, offset + bytes);
    for (const tensor of inputs) if (!intact(tensor)) return `the scratch memory of operator ${index} covers t${tensor}`;
    for (const tensor of outputs) {
      const isView = name === 'RESHAPE' && plan.sameBuffer(from, tensor);
      if (isView) content.set(tensor, content.get(from) ?? '');
      else store(tensor, `t${tensor} of ${index}`);
      // Element-wise operators may use the whole of an input's place, but no part of it shifted.
      const elementwise = (input: number): boolean => (name === 'NEG' || name === 'ADD') && plan.offsetOf(input) === plan.offsetOf(tensor);
      for (const input of inputs) if (!isView && !elementwise(input) && !intact(input)) return `operator ${index} writes over its input t${input}`;
    }
  }
  for (const tensor of graph.outputs) if (!intact(tensor)) return `output t${tensor} is clobbered`;
  return null;
}

t.test('property: no tensor is written over while it is needed', async (t) => {
  let graphsSeen = 0;
  let reused = 0;
  let overwritten = 0;
  fc.assert(
    fc.property(graphs, (graph) => {
      const plan = planWith(graph, needsOf(graph));
      graphsSeen += 1;
      overwritten += graph.operators.filter(({ name, inputs, outputs }) => (name === 'NEG' || name === 'ADD') && inputs.some((input) => plan.sameBuffer(input, outputs[0] ?? -1))).length;
      if (plan.arenaBytes < plan.buffers.reduce((sum, buffer) => sum + buffer.bytes, 0)) reused += 1;
      if (plan.buffers.some((buffer) => buffer.offset % ARENA_ALIGNMENT !== 0 || buffer.offset + buffer.bytes > plan.arenaBytes)) return false;
      const clobber = firstClobber(graph, plan);
      if (clobber !== null) throw new Error(clobber);
      return plan.arenaBytes >= plan.peakBytes;
    }),
    { numRuns: 500 },
  );
  t.ok(graphsSeen >= 500);
  t.ok(reused > 50, `${reused} plans use memory again`);
  t.ok(overwritten > 100, `${overwritten} operators run over an input`);
});

t.test('the check above can fail', async (t) => {
  const graph = chain([32, 32, 32]);
  const plan = planMemory(graph);
  const broken: MemoryPlan = { ...plan, offsetOf: () => 0, sameBuffer: () => false };
  t.type(firstClobber(graph, broken), 'string');
});
