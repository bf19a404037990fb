import { HilError } from '../errors.ts';
import type { Graph, Model, Operator } from '../model/index.ts';
import { roundingProfile } from '../numerics/index.ts';
import type { RoundingProfile } from '../numerics/index.ts';
import { OperatorContext, UNSUPPORTED } from './context.ts';
import type { Kernel } from './context.ts';
import { Engine } from './fast/engine.ts';
import { ModelGraphs } from './graphs.ts';
import { allocateTensors, resetState } from './memory.ts';
import { referenceOf, supportedOperators } from './registry.ts';
import type { ReferenceRunner, TensorData } from './runner.ts';

/** An operator of a model that the reference cannot run, and why. */
export interface UnsupportedOperator {
  readonly index: number;
  /** Schema name, or the name of a custom operator (untrusted text). */
  readonly op: string;
  readonly reason: string;
}

/** 'fast': WebAssembly where an operator has it; 'plain': the definition of every operator. Both give the same. */
export type Path = 'fast' | 'plain';

/**
 * A runner for the model's main graph: all multipliers, offsets and tables are made here, so that invoke() only computes.
 * State has its start value, activations hold poison until something writes them.
 * @param profile a rounding profile or the name of one
 * @throws HilError 'config': numerics.profile; reference.unsupported naming the first operator without a reference, facts
 *   {operator, op, reason, unsupported, supported}
 */
export function prepareReference(model: Model, profile: string | RoundingProfile = 'tflm', path: Path = 'fast'): ReferenceRunner {
  const rounding = typeof profile === 'string' ? roundingProfile(profile) : profile;
  const graph = mainGraph(model);
  const tensors = allocateTensors(graph);
  const engine = path === 'fast' && Engine.available ? new Engine() : null;
  const graphs = graphsOf(model, rounding, engine);
  const prepared = prepareAll(graph, tensors, rounding, engine, graphs);
  const unsupported = prepared.filter((entry) => typeof entry !== 'function');
  if (unsupported[0] !== undefined) throw unsupportedError(unsupported[0], unsupported);
  engine?.seal();
  const kernels = prepared as Kernel[];
  return {
    model, graph, profile: rounding.name, tensors,
    reset: () => {
      resetState(graph, tensors);
      graphs.reset();
    },
    invoke: () => {
      for (let i = 0; i < kernels.length; i++) (kernels[i] as Kernel)();
    },
    runOperator: (index) => {
      const kernel = kernels[index];
      if (kernel === undefined) throw new RangeError(`operator ${index} of ${kernels.length}`);
      kernel();
    },
  };
}

/**
 * Every operator of the main graph that prepareReference would refuse, in order; [] where it would not refuse.
 * @throws HilError 'config' numerics.profile
 */
export function unsupportedIn(model: Model, profile: string = 'tflm'): readonly UnsupportedOperator[] {
  const graph = mainGraph(model);
  const rounding = roundingProfile(profile);
  return prepareAll(graph, allocateTensors(graph), rounding, null, graphsOf(model, rounding, null)).filter((entry) => typeof entry !== 'function');
}

/** Graphs that operators call are refused by their first operator without a reference. */
function graphsOf(model: Model, rounding: RoundingProfile, engine: Engine | null): ModelGraphs {
  return new ModelGraphs(model, (graph, tensors, graphs) => prepareAll(graph, tensors, rounding, engine, graphs).map((entry) => {
    if (typeof entry === 'function') return entry;
    const reason = `graph '${graph.name}', operator ${entry.index} ${entry.op}: ${entry.reason}`;
    throw new HilError('config', UNSUPPORTED, reason, { facts: { reason } });
  }));
}

function mainGraph(model: Model): Graph {
  const graph = model.subgraphs[0];
  if (graph === undefined) throw new HilError('config', 'reference.no-graph', 'the model has no graph');
  return graph;
}

function prepareAll(graph: Graph, tensors: readonly TensorData[], rounding: RoundingProfile, engine: Engine | null, graphs: ModelGraphs): (Kernel | UnsupportedOperator)[] {
  return graph.operators.map((operator) => {
    const op = operator.name === 'CUSTOM' ? operator.customName : operator.name;
    const reference = operator.name === 'CUSTOM' ? null : referenceOf(operator.name);
    if (reference === null) return { index: operator.index, op, reason: 'there is no reference for this operator' };
    return prepareOne(operator, () => reference.prepare(new OperatorContext(graph, operator, tensors, rounding, engine, graphs)));
  });
}

function prepareOne(operator: Operator, prepare: () => Kernel): Kernel | UnsupportedOperator {
  try {
    return prepare();
  } catch (error) {
    if (!(error instanceof HilError) || error.code !== UNSUPPORTED) throw error;
    return { index: operator.index, op: operator.name, reason: String(error.facts.reason) };
  }
}

function unsupportedError(first: UnsupportedOperator, all: readonly UnsupportedOperator[]): HilError {
  const supported = supportedOperators();
  const others = all.length === 1 ? '' : ` (and ${all.length - 1} more operators)`;
  const names = supported.map(({ name }) => name).join(', ');
  const own = supported.find(({ name }) => name === first.op);
  return new HilError('config', UNSUPPORTED, `operator ${first.index} ${first.op}: ${first.reason}${others}${own === undefined ? `; the reference supports ${names}` : ''}`, {
    facts: { operator: first.index, op: first.op, reason: first.reason, unsupported: all, supported: supported.map(({ name }) => name) },
    ...(own === undefined ? {} : { hint: `Supported of ${own.name}: ${own.supports}.` }),
  });
}
