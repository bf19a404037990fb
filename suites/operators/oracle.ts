import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { existsSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { DEFAULT_SAMPLES } from './inputs.ts';
import type { PreparedCase } from './prepared.ts';

/** What TFLM computed of one case. */
export interface OracleRecord {
  /** SHA-256 of the .tflite. */
  readonly model: string;
  /** SHA-256 of the inputs. */
  readonly inputs: string;
  /** Outputs of all samples, base64, in the graph's order; or why there are none. */
  readonly outputs: string | null;
  readonly refused?: string;
}

export interface OracleFile {
  readonly oracle: string;
  readonly cases: Readonly<Record<string, OracleRecord>>;
}

const fileOf = (family: string): URL => new URL(`./oracle/${family}.json`, import.meta.url);

/** The recorded values of a family, or null where none have been recorded. */
export function readOracle(family: string): OracleFile | null {
  return existsSync(fileOf(family)) ? (JSON.parse(readFileSync(fileOf(family), 'utf8')) as OracleFile) : null;
}

export async function writeOracle(family: string, file: OracleFile): Promise<void> {
  const lines = Object.entries(file.cases).map(([name, record]) => `  ${JSON.stringify(name)}: ${JSON.stringify(record)}`);
  await writeFile(fileOf(family), `{\n "oracle": ${JSON.stringify(file.oracle)},\n "cases": {\n${lines.join(',\n')}\n }\n}\n`);
}

/** Runs the cases on TFLM. @param python an interpreter that can import tflite_micro */
export async function runOracle(python: string, cases: readonly PreparedCase[]): Promise<OracleFile> {
  const folder = await mkdtemp(join(tmpdir(), 'hil-oracle-'));
  try {
    const jobs = [];
    for (const { one, bytes, inputs, graph } of cases) {
      await writeFile(join(folder, `${one.name}.tflite`), bytes);
      await writeFile(join(folder, `${one.name}.in`), inputs);
      jobs.push({ name: one.name, model: `${one.name}.tflite`, inputs: `${one.name}.in`, samples: one.samples ?? DEFAULT_SAMPLES,
        inputTypes: graph.inputs.map((index) => graph.tensors[index]?.dtype), outputs: graph.outputs.length });
    }
    await writeFile(join(folder, 'jobs.json'), JSON.stringify(jobs));
    const script = new URL('./oracle.py', import.meta.url).pathname;
    await execa(python, [script, folder], { timeout: 600_000 });
    const version = await execa(python, ['-c', 'import importlib.metadata as m; print(m.version("tflite-micro"))']);
    const records: Record<string, OracleRecord> = {};
    for (const { one, model, inputsSha256 } of cases) {
      const out = join(folder, `${one.name}.out`);
      const outputs = existsSync(out) ? (await readFile(out)).toString('base64') : null;
      const refused = outputs === null ? (await readFile(join(folder, `${one.name}.err`), 'utf8')).trim().split('\n').at(0)?.slice(0, 200) : undefined;
      records[one.name] = { model: model.sha256, inputs: inputsSha256, outputs, ...(refused === undefined ? {} : { refused }) };
    }
    return { oracle: `tflite-micro ${version.stdout.trim()}`, cases: records };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
