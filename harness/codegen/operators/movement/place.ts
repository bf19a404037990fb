import { strides } from './strided.ts';

/** An axis along which a box can lie in several places of a tensor. */
export interface MovableAxis {
  readonly axis: number;
  /** Elements of the tensor from one place to the next. */
  readonly stride: number;
  readonly last: number;
}

export const movableAxes = (shape: readonly number[], box: readonly number[]): MovableAxis[] =>
  strides(shape).flatMap((stride, axis) => (box[axis] === shape[axis] ? [] : [{ axis, stride, last: (shape[axis] as number) - (box[axis] as number) }]));

/** C statements that define `place`, the element at which the box begins: the indices at `start`, clamped so that it lies inside. */
export const placeStatements = (start: string, axes: readonly MovableAxis[]): string[] => [
  'int32_t place = 0;',
  ...axes.map(({ axis, stride, last }) => `place += (${start}[${axis}] < 0 ? 0 : ${start}[${axis}] > ${last} ? ${last} : (int32_t)${start}[${axis}]) * ${stride};`),
];
