import type { Tensor } from '../../../../model/graph.ts';
import type { LayerEvidence } from '../../../evidence.ts';
import type { Cause } from '../../causes.ts';
import type { Family } from '../family.ts';
import type { Change, Place } from '../place.ts';
import type { NamedChange } from '../placed.ts';
import { axisOrders } from './axis-orders.ts';
import { axisShifts, flatShifts } from './axis-shifts.ts';
import { fillsOf } from './fills.ts';
import { distinct, elementsOf, move, stridesOf, type Movement } from './movement.ts';
import { addressLines, reversals, wordOrders } from './reversals.ts';

type Caused = Movement & { readonly cause: Cause };

/** With few elements every order says the same. */
const LEAST_ELEMENTS = 4;

/** Values that are right and in the wrong place. */
export const moved: readonly Family[] = [
  family('order of axes', (shape, { kind }) => as(kind === 'output' ? 'layout.output' : kind === 'input' ? 'layout.input' : 'layout.weights', axisOrders(shape))),
  family('shift', shiftsAt),
  family('first batch', (shape, place, evidence) => (place.kind !== 'constant' && isBatched(shape, evidence) ? as('batch.ignored', firstBatch(shape)) : [])),
  family('reverse order', (shape) => as('steps.order', reversals(shape))),
  family('order within words', (shape) => as('steps.order', wordOrders(shape))),
  family('address line', (shape) => as('memory.stuck-bit', addressLines(shape))),
];

function family(name: string, movements: (shape: readonly number[], place: Place, evidence: LayerEvidence) => Iterable<Caused>): Family {
  return {
    name,
    changes: (place, evidence) => {
      const shape = shapeOf(place);
      return shape === null ? [] : (distinct(movements(shape, place, evidence), elementsOf(shape)) as Caused[]).flatMap((movement) => filled(movement, shape, place, evidence));
    },
  };
}

/** Of the first tensor; constants of one axis are not layouts, and their shifts are other causes (of biases, of scales). */
function shapeOf({ kind, tensors: [tensor] }: Place): readonly number[] | null {
  const { shape } = tensor as Tensor;
  return elementsOf(shape) < LEAST_ELEMENTS || (kind === 'constant' && shape.filter((size) => size > 1).length < 2) ? null : shape;
}

/** A movement, once for each thing that may lie in its gap. Tensors of another shape than the place's first cannot be moved so. */
function filled(movement: Caused, shape: readonly number[], place: Place, evidence: LayerEvidence): NamedChange[] {
  const { cause, text } = movement;
  const from = (i: number): number => movement.from(i);
  const inShape = (change: Change): Change => (data, tensor, sample) => (String(tensor.shape) === String(shape) ? change(data, tensor, sample) : null);
  if (movement.leavesGap !== true) return [{ cause, text, from, change: inShape((data) => move(data, movement, null)) }];
  return fillsOf(place, evidence, movement.cause).map((fill) => ({
    cause, text: `${text}, ${fill.text}`, from,
    change: inShape((data, tensor, sample) => {
      const gap = fill.at(tensor, sample, data);
      return gap === null ? null : move(data, movement, gap);
    }),
  }));
}

function* as(cause: Cause, movements: Iterable<Movement>): Iterable<Caused> {
  for (const movement of movements) yield { ...movement, cause };
}

/** The last axis holds the channels, all before it rows, columns, steps and batches. */
function* shifts(shape: readonly number[]): Iterable<Caused & { readonly axis: number | null }> {
  const last = shape.length - 1;
  for (let axis = last; axis >= 0; axis--) for (const movement of axisShifts(shape, axis)) yield { ...movement, cause: axis === last ? 'offset.channel' : 'offset.row', axis };
  for (const movement of flatShifts(shape)) yield { ...movement, cause: movement.step % (shape[last] ?? 1) === 0 ? 'offset.row' : 'offset.channel', axis: movement.step % (stridesOf(shape)[0] ?? 1) === 0 ? 0 : null };
}

/** Of two batches, the first again is a shift too: that has another name. What PAD writes is off where it pads on the other side. */
function* shiftsAt(shape: readonly number[], { kind }: Place, evidence: LayerEvidence): Iterable<Caused> {
  const isPad = kind === 'output' && PADS.has(evidence.layer.op);
  for (const { axis, ...movement } of shifts(shape)) {
    if (axis === 0 && kind !== 'constant' && isBatched(shape, evidence)) continue;
    yield isPad ? { ...movement, cause: 'padding.side' } : movement;
  }
}

const PADS: ReadonlySet<string> = new Set(['PAD', 'PADV2', 'MIRROR_PAD']);

function* firstBatch(shape: readonly number[]): Iterable<Movement> {
  const batch = stridesOf(shape)[0] as number;
  yield { text: 'every batch is the first', from: (i) => i % batch };
}

/** The first axis of all that goes in is as long: that of the batches. */
export function isBatched([batches]: readonly number[], evidence: LayerEvidence): boolean {
  const graph = evidence.model.subgraphs[0];
  const inputs = [...(evidence.samples[0]?.inputs.keys() ?? [])].map((tensor) => graph?.tensors[tensor]?.shape ?? []);
  return batches !== undefined && batches > 1 && inputs.length > 0 && inputs.every((shape) => shape.length > 1 && shape[0] === batches);
}
