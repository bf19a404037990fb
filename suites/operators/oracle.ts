import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { existsSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { DEFAULT_SAMPLES } from './inputs.ts';
import type { OperatorCase, OracleName } from './case.ts';
import type { PreparedCase } from './prepared.ts';

/** What the oracle computed of one case. */
export interface OracleRecord {
  /** SHA-256 of the .tflite. */
  readonly model: string;
  /** SHA-256 of the inputs. */
  readonly inputs: string;
  /** Outputs of all samples, base64, in the graph's order; or why there are none. */
  readonly outputs: string | null;
  readonly refused?: string;
  /** Name and version of the oracle, where it is not that of the file. */
  readonly oracle?: string;
}

export interface OracleFile {
  /** Name and version of what computed all cases that name no other. */
  readonly oracle: string;
  readonly cases: Readonly<Record<string, OracleRecord>>;
}

/** Package with an oracle, and what people call it. */
const ORACLES: Readonly<Record<OracleName, { readonly distribution: string; readonly title: string }>> = {
  tflm: { distribution: 'tflite-micro', title: 'TFLM' }, litert: { distribution: 'ai-edge-litert', title: 'LiteRT' },
};
const DEFAULT_ORACLE: OracleName = 'tflm';

/** Whose values the case is compared with, for messages: 'TFLM' or 'LiteRT'. */
export const oracleTitle = ({ oracle = DEFAULT_ORACLE }: OperatorCase): string => ORACLES[oracle].title;

/** False where the values were recorded with another oracle than the case names. */
export const isOfOracle = ({ oracle = DEFAULT_ORACLE }: OperatorCase, record: OracleRecord): boolean =>
  (record.oracle === undefined ? oracle === DEFAULT_ORACLE : record.oracle.startsWith(`${ORACLES[oracle].distribution} `));

const fileOf = (family: string): URL => new URL(`./oracle/${family}.json`, import.meta.url);

/** Names and versions of all that computed the values. */
export const oraclesOf = ({ oracle, cases }: OracleFile): string[] => [...new Set([oracle, ...Object.values(cases).flatMap((record) => record.oracle ?? [])])];

/** The recorded values of a family, or null where none have been recorded. */
export function readOracle(family: string): OracleFile | null {
  return existsSync(fileOf(family)) ? (JSON.parse(readFileSync(fileOf(family), 'utf8')) as OracleFile) : null;
}

export async function writeOracle(family: string, file: OracleFile): Promise<void> {
  const lines = Object.entries(file.cases).map(([name, record]) => `  ${JSON.stringify(name)}: ${JSON.stringify(record)}`);
  await writeFile(fileOf(family), `{\n "oracle": ${JSON.stringify(file.oracle)},\n "cases": {\n${lines.join(',\n')}\n }\n}\n`);
}

/** Runs every case on its oracle. @param python an interpreter with the packages of requirements.txt */
export async function runOracle(python: string, cases: readonly PreparedCase[]): Promise<OracleFile> {
  const folder = await mkdtemp(join(tmpdir(), 'hil-oracle-'));
  try {
    const jobs = [];
    for (const { one, bytes, inputs, graph } of cases) {
      await writeFile(join(folder, `${one.name}.tflite`), bytes);
      await writeFile(join(folder, `${one.name}.in`), inputs);
      jobs.push({ name: one.name, oracle: one.oracle ?? DEFAULT_ORACLE, model: `${one.name}.tflite`, inputs: `${one.name}.in`, samples: one.samples ?? DEFAULT_SAMPLES,
        inputTypes: graph.inputs.map((index) => graph.tensors[index]?.dtype), outputs: graph.outputs.length });
    }
    await writeFile(join(folder, 'jobs.json'), JSON.stringify(jobs));
    const script = new URL('./oracle.py', import.meta.url).pathname;
    await execa(python, [script, folder], { timeout: 600_000 });
    const versions = { tflm: await versionOf(python, 'tflm'), litert: await versionOf(python, 'litert') };
    const records: Record<string, OracleRecord> = {};
    for (const { one, model, inputsSha256 } of cases) {
      const { oracle = DEFAULT_ORACLE } = one;
      const out = join(folder, `${one.name}.out`);
      const outputs = existsSync(out) ? (await readFile(out)).toString('base64') : null;
      const refused = outputs === null ? (await readFile(join(folder, `${one.name}.err`), 'utf8')).trim().split('\n').at(0)?.slice(0, 200) : undefined;
      records[one.name] = { model: model.sha256, inputs: inputsSha256, outputs, ...(refused === undefined ? {} : { refused }), ...(oracle === DEFAULT_ORACLE ? {} : { oracle: versions[oracle] }) };
    }
    return { oracle: versions[DEFAULT_ORACLE], cases: records };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function versionOf(python: string, oracle: OracleName): Promise<string> {
  const { distribution } = ORACLES[oracle];
  const { stdout } = await execa(python, ['-c', 'import importlib.metadata as m, sys; print(m.version(sys.argv[1]))', distribution]);
  return `${distribution} ${stdout.trim()}`;
}
