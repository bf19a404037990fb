import { HilError } from '../errors.ts';
import type { InputFile } from './input-file.ts';

/** Whose samples the samples of a sequence are, and of which class those files are. */
export interface Labels {
  readonly files: readonly { readonly name: string; readonly label: number }[];
  /** Index in `files` of each sample. */
  readonly fileOf: Int32Array;
}

/** No data set of this kind has more classes, or more files. */
const MOST_CLASSES = 65_536;
const MOST_ROWS = 10_000_000;

/**
 * Reads the truth of a labelled data set. One row a sample, `file,label` or, as MLPerf Tiny's y_labels.csv has it, `file,classes,label`; samples of one
 * file bear its name. With five columns (`file,classes,label,bytes,stride`, also its form) a row is a file of as many samples as each of the others.
 * Lines that are empty or begin with # are passed over, and a first row whose label is no number.
 * @throws HilError 'config' with the line
 */
export function parseLabels({ name, bytes }: InputFile, samples: number): Labels {
  const refuse = (why: string, facts = {}): never => { throw new HilError('config', 'input.labels', `${name}: ${why}`, { hint: 'One row a sample: file,label or file,classes,label, with the label as a number from 0.', facts: { file: name, ...facts } }); };
  const rows: { readonly name: string; readonly label: number }[] = [];
  let columns = 0;
  let text = '';
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    refuse('is not UTF-8 text');
  }
  text.split(/\r\n|\n|\r/).forEach((line, index) => {
    if (line.trim() === '' || line.startsWith('#')) return;
    const cells = line.split(',').map((cell) => cell.trim());
    const at = `line ${index + 1}`;
    if (columns === 0) {
      columns = cells.length;
      if (![2, 3, 5].includes(columns)) refuse(`${at} has ${columns} columns, not 2, 3 or 5`);
      if (!/^\d+$/.test(cells[labelColumn(columns)] ?? '')) return;
    }
    if (cells.length !== columns) refuse(`${at} has ${cells.length} columns, the lines before it ${columns}`);
    const [file = '', classes] = cells;
    const label = cells[labelColumn(columns)] ?? '';
    if (file === '' || file.length > 300) refuse(`${at}: the file's name is empty or too long`);
    if (!/^\d{1,6}$/.test(label) || Number(label) >= MOST_CLASSES) refuse(`${at}: ${JSON.stringify(label.slice(0, 40))} is no label`);
    if (columns > 2 && (!/^\d{1,6}$/.test(classes ?? '') || Number(label) >= Number(classes))) refuse(`${at}: label ${label} of ${JSON.stringify(classes?.slice(0, 40))} classes`);
    if (rows.length >= MOST_ROWS) refuse(`holds more than ${MOST_ROWS} rows`);
    rows.push({ name: file, label: Number(label) });
  });
  const each = columns === 5 ? samples / rows.length : 1;
  if (rows.length === 0) refuse('holds no label');
  if (!Number.isInteger(each) || rows.length * each !== samples) refuse(`${rows.length} rows for ${samples} samples`, { expected: samples, got: rows.length });
  return byFile(rows, each, refuse);
}

const labelColumn = (columns: number): number => (columns === 2 ? 1 : 2);

function byFile(rows: readonly { readonly name: string; readonly label: number }[], each: number, refuse: (why: string) => never): Labels {
  const index = new Map<string, number>();
  const files: { name: string; label: number }[] = [];
  const fileOf = new Int32Array(rows.length * each);
  rows.forEach((row, r) => {
    let at = index.get(row.name);
    if (at === undefined) {
      index.set(row.name, (at = files.length));
      files.push(row);
    } else if (each > 1) {
      refuse(`${JSON.stringify(row.name)} comes twice`);
    } else if (files[at]?.label !== row.label) {
      refuse(`${JSON.stringify(row.name)} has label ${files[at]?.label} and label ${row.label}`);
    }
    fileOf.fill(at, r * each, (r + 1) * each);
  });
  return { files, fileOf };
}
