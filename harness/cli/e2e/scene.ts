import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { validateReport } from '../../report/index.ts';
import type { CaseReport, Report } from '../../report/index.ts';
import { engineModel, hil, root, scratch, startHil, suiteDir, type HilRun } from './hil.ts';

/** What a run left: its output, its report, and what should not be there. */
export interface SceneRun extends HilRun {
  readonly out: string;
  /** report.json of the output folder; null where there is none. */
  readonly report: Report | null;
  /** Processes, locks, temporary folders and half-written reports that outlived the command: [] is right. */
  readonly left: readonly string[];
  file(name: string): string;
}

export interface SceneRunOptions {
  readonly env?: Readonly<Record<string, string>>;
  /** Called once for each process that hil starts, or that these start. */
  readonly onProcess?: (process: SeenProcess) => void;
  readonly out?: string;
}

export interface SeenProcess {
  readonly pid: number;
  readonly startTime: string;
  readonly command: string;
}

type Teardown = { teardown: (work: () => void) => void };

/** Longest wait for processes to end after the command did: the keeper ends a moment later than its hil. */
const ENDING_MS = 5_000;
const WATCH_MS = 30;
const REPORT_FILES = ['junit.xml', 'report.html', 'report.json', 'report.tap', 'summary.md'];

/** A place of its own for hil: locks, temporary files, output and devices, none of it shared with anything else. */
export class Scene {
  readonly dir: string;
  readonly home: string;
  readonly #tmp: string;
  readonly #devices: string;
  #runs = 0;

  constructor(t: Teardown) {
    this.dir = scratch(t);
    this.home = path.join(this.dir, 'home');
    this.#tmp = path.join(this.dir, 'tmp');
    this.#devices = path.join(this.dir, 'devices');
    for (const folder of [this.home, this.#tmp, this.#devices]) mkdirSync(folder);
  }

  /** A device like another, with some fields changed: `quick` timeouts, a limit. @returns its id */
  device(id: string, like: string, change: Readonly<Record<string, unknown>>): string {
    const spec = JSON.parse(readFileSync(path.join(root, 'devices', `${like}.json`), 'utf8')) as Record<string, unknown>;
    writeFileSync(path.join(this.#devices, `${id}.json`), JSON.stringify({ ...spec, ...change, id }));
    return id;
  }

  /** An executable script. @returns its path */
  program(name: string, text: string): string {
    const file = path.join(this.dir, name);
    writeFileSync(file, text, { mode: 0o755 });
    return file;
  }

  /** Runs `hil ARGS --out FOLDER` to its end and looks at everything it left. */
  async run(args: readonly string[], options: SceneRunOptions = {}): Promise<SceneRun> {
    const out = options.out ?? path.join(this.dir, `out${++this.#runs}`);
    const env = {
      HIL_HOME: this.home, HIL_DEVICES: this.#devices, TMPDIR: this.#tmp, NODE_COMPILE_CACHE: path.join(tmpdir(), 'node-compile-cache'), ...options.env,
    };
    const running = startHil([...args, '--out', out], { env });
    const seen = new Map<string, SeenProcess>();
    let over = false;
    const watching = (async () => {
      while (!over) {
        for (const one of descendants(running.pid ?? 0)) {
          // A process shows its parent's command line until it has started its own program.
          const key = `${one.pid} ${one.startTime} ${one.command}`;
          if (!seen.has(key)) options.onProcess?.(one);
          seen.set(key, one);
        }
        await sleep(WATCH_MS);
      }
    })();
    const result = await running;
    over = true;
    await watching;
    const left = [...await this.#processesLeft([...seen.values()]), ...this.#filesLeft(out)];
    const json = path.join(out, 'report.json');
    return {
      code: result.exitCode, signal: result.signal, stdout: String(result.stdout), stderr: String(result.stderr), out, left,
      report: existsSync(json) ? JSON.parse(readFileSync(json, 'utf8')) as Report : null,
      file: (name) => readFileSync(path.join(out, name), 'utf8'),
    };
  }

  async #processesLeft(seen: readonly SeenProcess[]): Promise<string[]> {
    const deadline = performance.now() + ENDING_MS;
    for (;;) {
      const left = [...seen.filter((one) => startTimeOf(one.pid) === one.startTime).map((one) => `process ${one.command}`),
        ...processesWith(`HIL_HOME=${this.home}`).map((command) => `process ${command}`)];
      if (left.length === 0 || performance.now() > deadline) return left;
      await sleep(50);
    }
  }

  #filesLeft(out: string): string[] {
    const list = (dir: string): string[] => (existsSync(dir) ? readdirSync(dir) : []);
    const left = list(path.join(this.home, 'locks')).map((name) => `lock ${name}`);
    for (const name of list(this.#tmp)) {
      const inside = /^hil-\d+$/.test(name) ? list(path.join(this.#tmp, name)) : [''];
      left.push(...inside.map((inner) => `temporary ${path.join(name, inner)}`));
    }
    const written = list(out);
    if (written.length === 0) return left;
    const missing = REPORT_FILES.filter((name) => !written.includes(name));
    if (missing.length > 0) left.push(`a report without ${missing.join(', ')}`);
    left.push(...written.filter((name) => /tmp|partial/i.test(name)).map((name) => `unfinished ${name}`));
    return left;
  }
}

/** The only case of a report, which must be valid. */
export function onlyCase(run: SceneRun): CaseReport {
  if (run.report === null) throw new Error(`there is no report; exit ${run.code}\n${run.stdout}\n${run.stderr}`);
  const problems = validateReport(run.report);
  if (problems.length > 0) throw new Error(`the report is not valid: ${problems.join('; ')}`);
  const [only] = run.report.cases;
  if (only === undefined || run.report.cases.length !== 1) throw new Error(`${run.report.cases.length} cases`);
  return only;
}

/** The engine suite with some of its sequences (300 steps each), in a folder of its own; without the metric, as most tests want. */
export function smallSuite(dir: string, sequences: readonly string[]): string {
  const suite = path.join(dir, 'suite');
  for (const folder of ['model', 'sequences', 'oracle']) mkdirSync(path.join(suite, folder), { recursive: true });
  const all = JSON.parse(readFileSync(path.join(suiteDir, 'suite.json'), 'utf8')) as { cases: { sequences: { name: string; truth?: string }[]; metrics?: unknown }[] };
  const [one] = all.cases;
  if (one === undefined) throw new Error('the suite has no case');
  one.sequences = one.sequences.filter((sequence) => sequences.includes(sequence.name));
  for (const sequence of one.sequences) delete sequence.truth;
  delete one.metrics;
  writeFileSync(path.join(suite, 'suite.json'), JSON.stringify(all));
  cpSync(engineModel, path.join(suite, 'model', path.basename(engineModel)));
  for (const name of sequences) {
    for (const file of [`sequences/${name}.input.npy`, `oracle/${name}.json`, `oracle/${name}.tflm.bin`]) cpSync(path.join(suiteDir, file), path.join(suite, file));
  }
  return suite;
}

/** hil's own C for the engine model, as a user gets it. @returns the folder */
export async function generateEngine(dir: string): Promise<string> {
  const folder = path.join(dir, 'generated');
  const run = await hil(['generate', engineModel, '--out', folder]);
  if (run.code !== 0) throw new Error(`hil generate: ${run.code}\n${run.stderr}`);
  return folder;
}

/** Replaces a text that must be there exactly once. */
export function edit(folder: string, file: string, from: string, to: string): void {
  const target = path.join(folder, file);
  const text = readFileSync(target, 'utf8');
  if (text.split(from).length !== 2) throw new Error(`${file}: ${JSON.stringify(from)} is there ${text.split(from).length - 1} times`);
  writeFileSync(target, text.replace(from, () => to));
}

/** 1-based number of the first line that holds a text. */
export function lineOf(folder: string, file: string, text: string): number {
  const at = readFileSync(path.join(folder, file), 'utf8').split('\n').findIndex((line) => line.includes(text));
  if (at < 0) throw new Error(`${file} has no line with ${JSON.stringify(text)}`);
  return at + 1;
}

function statOf(pid: number | string): { parent: number; startTime: string } | null {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'latin1');
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' || fields[0] === 'X' ? null : { parent: Number(fields[1]), startTime: fields[19] ?? '' };
  } catch {
    return null;
  }
}

function startTimeOf(pid: number): string {
  return statOf(pid)?.startTime ?? '';
}

const pids = (): number[] => readdirSync('/proc').filter((name) => /^\d+$/.test(name)).map(Number);

function textOf(pid: number, file: 'cmdline' | 'environ'): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return '';
  }
}

const commandOf = (pid: number): string => textOf(pid, 'cmdline').replaceAll('\0', ' ').trim();

/** Everything that a process has started, and what that has started. */
function descendants(ancestor: number): SeenProcess[] {
  const children = new Map<number, { pid: number; startTime: string }[]>();
  for (const pid of pids()) {
    const stat = statOf(pid);
    if (stat === null) continue;
    const siblings = children.get(stat.parent) ?? [];
    children.set(stat.parent, siblings);
    siblings.push({ pid, startTime: stat.startTime });
  }
  const found: SeenProcess[] = [];
  const queue = [ancestor];
  for (let pid = queue.pop(); pid !== undefined; pid = queue.pop()) {
    for (const child of children.get(pid) ?? []) {
      found.push({ ...child, command: commandOf(child.pid) });
      queue.push(child.pid);
    }
  }
  return found;
}

function processesWith(variable: string): string[] {
  return pids().filter((pid) => pid !== process.pid && textOf(pid, 'environ').split('\0').includes(variable)).map(commandOf);
}
