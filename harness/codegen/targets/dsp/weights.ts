/** Weights as firmware/kernels/nn_dsp_dot.h reads them: pairs of int8 as one 16-bit number, two pairs to a word. */

/** The taps of a row in steps of four, the last one filled up with zeros. */
export function stepsOf(row: Int8Array): number[][] {
  const steps: number[][] = [];
  for (let at = 0; at < row.length; at += 4) steps.push([0, 1, 2, 3].map((k) => row[at + k] ?? 0));
  return steps;
}

/** One word for four weights; null for pairs that leave 16 bits (-128 before a negative weight, which no converter writes). */
export function pairsWord([a = 0, b = 0, c = 0, d = 0]: readonly number[]): number | null {
  const halves = [256 * a + b, 256 * c + d];
  if (halves.some((half) => half < -0x8000)) return null;
  return (((halves[1] ?? 0) << 16) | ((halves[0] ?? 0) & 0xffff)) >>> 0;
}

/** Rows woven word by word: step 0 of every row, step 1 of every row, ... null where a row has no such words. */
export function weave(rows: readonly Int8Array[]): number[] | null {
  const words = rows.map((row) => stepsOf(row).map(pairsWord));
  const woven: number[] = [];
  for (let step = 0; step < (words[0]?.length ?? 0); step += 1) {
    for (const row of words) {
      const word = row[step] ?? null;
      if (word === null) return null;
      woven.push(word);
    }
  }
  return woven;
}

/** What the products of a row add that nn_dsp_dot.h leaves in the sum: 127 times every second weight. */
export const excess = (row: Int8Array): number => 127 * row.reduce((sum, w, tap) => (tap % 2 === 1 ? sum + w : sum), 0);

/** The taps that are computed four at a time. */
export const whole = (row: Int8Array): Int8Array => row.subarray(0, row.length - (row.length % 4));

/** Four rows as nn_dsp_rows4() takes them: woven, then each tap that is no whole step as a word with a byte a row. */
export function fourRows(rows: readonly Int8Array[]): number[] | null {
  const woven = weave(rows.map(whole));
  const rest = rows.map((row) => row.subarray(whole(row).length));
  return woven === null ? null : [...woven, ...Array.from(rest[0] ?? [], (_, k) => bytesWord(rest.map((row) => row[k] ?? 0)))];
}

/** One row as nn_dsp_row() takes it. */
export function oneRow(row: Int8Array): number[] | null {
  const words = weave([whole(row)]);
  const rest = row.subarray(whole(row).length);
  return words === null ? null : [...words, ...(rest.length === 0 ? [] : [bytesWord([...rest])])];
}

const bytesWord = (bytes: readonly number[]): number => bytes.reduce((word, byte, k) => word | ((byte & 0xff) << (8 * k)), 0) >>> 0;
