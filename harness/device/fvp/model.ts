import { execa } from 'execa';
import { stat } from 'node:fs/promises';
import { HilError } from '../../errors.ts';
import type { FoundTool } from '../find-tool.ts';
import { licenceRefusal, parseVersion } from './output.ts';
import { parseParameterNames } from './parameters.ts';

/** What a model tells of itself. */
export interface Model {
  /** '11.16.24 (Nov 4 2021)'; null where it does not say. */
  readonly version: string | null;
  readonly parameters: ReadonlySet<string>;
}

export interface AskOptions {
  /** For messages. */
  readonly deviceId: string;
  readonly env: NodeJS.ProcessEnv;
  /** For each of the two questions. */
  readonly timeoutMs: number;
}

/** A list of all parameters has some thousand lines. */
const MOST_CHARACTERS = 8_000_000;

const known = new Map<string, Promise<Model>>();

/**
 * Asks a model for its version and its parameters, which differ between releases; once a program, as it lies on the disk.
 * @throws HilError 'bench' device.fvp-licence, device.fvp-silent, device.no-fvp
 */
export async function askModel(tool: FoundTool, options: AskOptions): Promise<Model> {
  const { mtimeMs, size } = await stat(tool.realPath).catch((cause: unknown) => {
    throw new HilError('bench', 'device.no-fvp', `device ${options.deviceId}: cannot read ${tool.realPath}`, { cause });
  });
  const key = `${tool.path}\0${tool.realPath}\0${mtimeMs}\0${size}`;
  const asked = known.get(key);
  if (asked !== undefined) return asked;
  const asking = ask(tool, options);
  known.set(key, asking);
  // A refusal may be mended (a licence) without a change of the program.
  asking.catch(() => known.delete(key));
  return asking;
}

async function ask(tool: FoundTool, options: AskOptions): Promise<Model> {
  const [version, list] = await Promise.all([output(tool, '--version', options), output(tool, '-l', options)]);
  const parameters = parseParameterNames(list);
  if (parameters.size === 0) {
    throw new HilError('bench', 'device.fvp-silent', `device ${options.deviceId}: ${tool.path} -l lists no parameters${quote(list)}`, {
      hint: 'Is it an FVP, and does it start by hand? A missing library would show there.',
    });
  }
  return { version: parseVersion(version), parameters };
}

async function output(tool: FoundTool, argument: string, options: AskOptions): Promise<string> {
  const { deviceId, env, timeoutMs } = options;
  const result = await execa(tool.path, [argument], {
    env, reject: false, timeout: timeoutMs, killDescendants: true, stdin: 'ignore', all: true, maxBuffer: MOST_CHARACTERS,
  });
  const text = typeof result.all === 'string' ? result.all : '';
  // The exit status tells nothing: it is 0 in most failures.
  const refusal = licenceRefusal(text);
  if (refusal !== null) throw licenceError(deviceId, refusal);
  if (result.timedOut) {
    throw new HilError('bench', 'device.fvp-silent', `device ${deviceId}: ${tool.path} ${argument} did not answer within ${timeoutMs} ms (timeouts.startMs)`, {
      hint: 'Is the computer overloaded, or does the model wait for a licence server?',
    });
  }
  return text;
}

export function licenceError(deviceId: string, refusal: string): HilError {
  return new HilError('bench', 'device.fvp-licence', `device ${deviceId}: the model refuses to run for its licence's sake: ${refusal.slice(0, 300)}`, {
    hint: 'Activate the licence for this user on this computer (armlm activate; it is kept in ~/.armlm), or install the Ecosystem FVP, which needs none.',
  });
}

/** The end of a text, for a message. */
export function quote(text: string): string {
  const end = text.trim().split('\n').slice(-4).join(' / ').slice(-600);
  return end === '' ? ' (it printed nothing)' : `; it printed: ${end}`;
}
