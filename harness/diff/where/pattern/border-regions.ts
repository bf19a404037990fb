import type { Region } from './region.ts';

/** The frame of the image, as deep as the wrong elements need it; none where the tensor is no image or they reach its middle. */
export function borderRegions(shape: readonly number[], positions: readonly number[]): Region[] {
  const [rows, columns, channels] = [shape.at(-3) ?? 1, shape.at(-2) ?? 1, shape.at(-1) ?? 1];
  if (shape.length < 3 || rows < 3 || columns < 3) return [];
  const depthOf = (flat: number): number => {
    const position = Math.floor(flat / channels);
    const [row, column] = [Math.floor(position / columns) % rows, position % columns];
    return Math.min(row, rows - 1 - row, column, columns - 1 - column);
  };
  let depth = 0;
  for (const flat of positions) depth = Math.max(depth, depthOf(flat) + 1);
  const inside = Math.max(0, rows - 2 * depth) * Math.max(0, columns - 2 * depth);
  if (inside === 0) return [];
  const outer = shape.slice(0, -3).reduce((product, size) => product * size, 1);
  return [{ words: depth === 1 ? 'only the borders' : `only the borders, ${depth} deep`, size: outer * (rows * columns - inside) * channels, alternatives: depth, plural: true, has: (flat) => depthOf(flat) < depth }];
}
