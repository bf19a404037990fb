import type { EmitContext } from '../../context.ts';
import { CopyTables, elementBytes, runsOf, type StridedCopy } from './strided.ts';
import type { Pattern } from './pattern.ts';

/** A stretch of the output: runs that a copy puts there in ascending order, and one value everywhere else. */
export interface PaddedCopy extends StridedCopy {
  /** First element of the stretch, and its length. `to` of the copy counts from the output's first element. */
  readonly start: number;
  readonly length: number;
}

/** C statements of nn_fill.h for such stretches. */
export function paddedStatements(context: EmitContext, pieces: readonly PaddedCopy[], { statements, expression }: Pattern): string[] {
  const tables = new CopyTables();
  const calls = pieces.map((piece, k) => {
    const { input, output, start, length, from = 0, to = 0 } = piece;
    const bytes = elementBytes(output);
    const runs = runsOf(piece, true, [start, length]);
    const place = start === 0 ? context.pointer(output) : `&${context.pointer(output)}[${start}]`;
    if (piece.axes.some(({ count }) => count === 0)) return `nn_fill(${place}, ${length * bytes}, ${expression}, ${runs.unit});`;
    tables.lines.push(`static const nn_pad pad_${k} = {${tables.initialiser(runs)}, ${(to - start) * bytes}, ${length * bytes}};`);
    return `nn_run_pad(&pad_${k}, ${expression}, ${from === 0 ? context.operand(input) : `&${context.operand(input)}[${from}]`}, ${place});`;
  });
  return [...tables.lines, ...statements, ...calls];
}
