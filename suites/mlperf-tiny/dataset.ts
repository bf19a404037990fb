/**
 * node_modules/.bin/node suites/mlperf-tiny/dataset.ts FOLDER [--benchmark kws01|ic01|vww01|ad01] [--files N] [--out DIR]
 *
 * Turns a data set of MLPerf Tiny, as its runners have it (y_labels.csv and a .bin a row), into a suite: the inputs as one .npy, the
 * labels, and a suite.json that names the reference model. The data is not ours and stays out of the repository: `work/` is ignored by git.
 */
import { mkdirSync, readFileSync, realpathSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { HilError } from '../../harness/errors.ts';
import { encodeNpy } from '../../harness/suite/index.ts';

const HERE = path.dirname(fileURLToPath(import.meta.url));

/** As the firmware of the reference models takes them (docs/mlperf-tiny.md). */
const BENCHMARKS = {
  kws01: { case: 'keyword-spotting', shape: [1, 49, 10, 1], form: 'codes' },
  ic01: { case: 'image-classification', shape: [1, 32, 32, 3], form: 'unsigned' },
  vww01: { case: 'visual-wake-words', shape: [1, 96, 96, 3], form: 'unsigned' },
  ad01: { case: 'anomaly-detection', shape: [1, 640], form: 'windows' },
} as const;
export type Benchmark = keyof typeof BENCHMARKS;

interface Row { readonly file: string; readonly classes: number; readonly label: number; readonly bytes: number; readonly stride: number }

export interface MadeSuite {
  readonly dir: string;
  /** Of the data set, and of those in the suite. */
  readonly files: number;
  readonly chosen: number;
  readonly samples: number;
  /** Classes that none of the chosen files is of. */
  readonly missing: readonly number[];
}

/**
 * @param files so many, evenly spread over the data set; null: all
 * @param out folder for suite.json, the .npy and the labels
 * @throws HilError 'config' where the folder is no such data set
 */
export function makeSuite(folder: string, benchmark: Benchmark, files: number | null, out: string): MadeSuite {
  const { case: name, shape, form } = BENCHMARKS[benchmark];
  const all = readRows(folder);
  const count = files === null ? all.length : Math.min(files, all.length);
  const rows = Array.from({ length: count }, (_each, i) => all[Math.floor((i * all.length) / count)] as Row);
  const elements = shape.reduce<number>((a, b) => a * b, 1);
  const sampleBytes = form === 'windows' ? 4 * elements : elements;
  const parts = rows.map((row) => samplesOf(row, readFile(folder, row.file), sampleBytes, form));
  const data = Buffer.concat(parts.flat());
  const samples = data.length / sampleBytes;
  if (form === 'unsigned') for (let i = 0; i < data.length; i++) data[i] = (data[i] as number) ^ 0x80;
  const classes = new Set(rows.map(({ label }) => label));
  const missing = Array.from({ length: rows[0]?.classes ?? 0 }, (_each, k) => k).filter((k) => !classes.has(k));
  const dtype = form === 'windows' ? 'float32' : 'int8';
  mkdirSync(out, { recursive: true });
  write(out, `${benchmark}.npy`, encodeNpy({ dtype, shape: [samples, ...shape], data }));
  write(out, `${benchmark}.csv`, rows.map((row) => `${row.file},${row.classes},${row.label}${form === 'windows' ? `,${row.bytes},${row.stride}` : ''}\n`).join(''));
  write(out, 'suite.json', `${JSON.stringify(suiteJson(benchmark, name, form === 'windows', missing.length === 0), null, 2)}\n`);
  return { dir: out, files: all.length, chosen: rows.length, samples, missing };
}

/** A metric without a limit: what the checker of submissions asks for is its own business. */
function suiteJson(benchmark: Benchmark, name: string, reconstruction: boolean, area: boolean): unknown {
  const suite = JSON.parse(readFileSync(path.join(HERE, 'suite.json'), 'utf8')) as { readonly cases: readonly { readonly name: string; readonly model: unknown }[] };
  const model = suite.cases.find((one) => one.name === name)?.model;
  return {
    schema: 'hil-suite/1', name: `mlperf-tiny-${benchmark}`, description: `MLPerf Tiny ${benchmark}: the reference model on files of the data set.`,
    cases: [{
      name, model, generator: 'builtin', profile: 'tflm', ...(reconstruction ? { score: 'reconstruction' } : {}),
      sequences: [{ name: benchmark, input: `${benchmark}.npy`, labels: `${benchmark}.csv` }],
      metrics: [...(reconstruction ? [] : [{ name: 'top-1', kind: 'top-1' }]), ...(area ? [{ name: 'AUC', kind: 'auc' }] : [])],
    }],
  };
}

function samplesOf(row: Row, bytes: Buffer, sampleBytes: number, form: 'codes' | 'unsigned' | 'windows'): Buffer[] {
  if (form !== 'windows') {
    if (bytes.length !== sampleBytes) throw refused(`${row.file} has ${bytes.length} bytes, not ${sampleBytes}`);
    return [bytes];
  }
  if (row.bytes !== sampleBytes || !(row.stride > 0) || bytes.length < sampleBytes) throw refused(`${row.file}: windows of ${row.bytes} bytes, ${row.stride} apart, in ${bytes.length}; the model takes ${sampleBytes}`);
  return Array.from({ length: Math.floor((bytes.length - sampleBytes) / row.stride) + 1 }, (_each, k) => bytes.subarray(k * row.stride, k * row.stride + sampleBytes));
}

function readRows(folder: string): Row[] {
  const rows = readFile(folder, 'y_labels.csv').toString('utf8').split(/\r?\n/).filter((line) => line.trim() !== '').map((line, index): Row => {
    const [file = '', ...numbers] = line.split(',').map((cell) => cell.trim());
    const [classes = 0, label = -1, bytes = 0, stride = 0] = numbers.map(Number);
    if (path.basename(file) !== file || file === '' || !(label >= 0 && label < classes)) throw refused(`y_labels.csv, line ${index + 1}: expected file,classes,label`);
    return { file, classes, label, bytes, stride };
  });
  if (rows.length === 0) throw refused('y_labels.csv is empty');
  return rows;
}

function readFile(folder: string, name: string): Buffer {
  try {
    return readFileSync(path.join(folder, name));
  } catch (cause) {
    throw refused(`cannot read ${path.join(folder, name)}: ${(cause as Error).message}`);
  }
}

const refused = (why: string): HilError => new HilError('config', 'dataset.refused', why, { hint: 'Give the folder of one data set: y_labels.csv and the .bin files that it names.' });

/** Whole or not at all. */
function write(out: string, name: string, data: string | Uint8Array): void {
  const temporary = path.join(out, `.tmp-${process.pid}-${name}`);
  writeFileSync(temporary, data);
  renameSync(temporary, path.join(out, name));
}

function main(): void {
  const { values, positionals: [folder] } = parseArgs({ allowPositionals: true, options: { benchmark: { type: 'string' }, files: { type: 'string' }, out: { type: 'string' } } });
  if (folder === undefined) throw refused('usage: dataset.ts FOLDER [--benchmark kws01|ic01|vww01|ad01] [--files N] [--out DIR]');
  const benchmark = values.benchmark ?? path.basename(path.resolve(folder));
  if (!Object.hasOwn(BENCHMARKS, benchmark)) throw refused(`${JSON.stringify(benchmark)} is no data set: --benchmark is one of ${Object.keys(BENCHMARKS).join(', ')}`);
  if (values.files !== undefined && !/^[1-9]\d{0,6}$/.test(values.files)) throw refused(`--files: expected a whole number, got ${values.files}`);
  const made = makeSuite(folder, benchmark as Benchmark, values.files === undefined ? null : Number(values.files), values.out ?? path.join(HERE, 'work', benchmark));
  process.stdout.write(`${made.chosen} of ${made.files} files, ${made.samples} samples: hil run ${path.relative(process.cwd(), made.dir)}\n`);
  if (made.missing.length > 0) process.stdout.write(`no AUC: no file of class ${made.missing.join(', ')}\n`);
}

if (process.argv[1] !== undefined && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  try {
    main();
  } catch (error) {
    process.stderr.write(`${error instanceof HilError ? [error.message, error.hint].filter((line) => line !== '').join('\n') : String(error)}\n`);
    process.exitCode = 2;
  }
}
