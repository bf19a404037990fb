import { HilError } from '../../errors.ts';
import { cancelled, throwIfAborted } from '../session.ts';
import { startTargetProcess } from '../target-process.ts';
import type { FlasherContext } from './flasher.ts';
import { flashError } from './flash-errors.ts';

export interface ToolCommand {
  /** As it should be started. */
  readonly file: string;
  readonly args: readonly string[];
  readonly cwd: string;
  /** Typed ahead into its standard input. Default: nothing, and no way to ask. */
  readonly input?: string;
}

export interface ToolRun {
  readonly exitCode: number | null;
  readonly signal: string | null;
  /** Standard output and standard error, the last OUTPUT_LIMIT characters. Untrusted. */
  readonly output: string;
}

const OUTPUT_LIMIT = 65_536;

/** A clock for several commands that share one limit. */
export interface Deadline {
  readonly ms: number;
  left(): number;
}

export function deadlineIn(ms: number): Deadline {
  const end = performance.now() + ms;
  return { ms, left: () => Math.max(0, end - performance.now()) };
}

/**
 * Runs a tool to its end, in a process group of its own: nothing of it is left when this settles, however it does.
 * @throws HilError 'bench' flash.timeout, device.cannot-start; 'cancelled' on abort
 */
export async function runTool(context: FlasherContext, tool: string, command: ToolCommand, limits: { readonly signal: AbortSignal; readonly deadline: Deadline }): Promise<ToolRun> {
  const { signal, deadline } = limits;
  throwIfAborted(signal, context.deviceId);
  let output = '';
  const take = (text: string): void => void (output = `${output}${text}`.slice(-OUTPUT_LIMIT));
  const typed = command.input !== undefined;
  const target = await startTargetProcess({
    file: command.file, args: command.args, cwd: command.cwd, env: context.env, linkOnStdio: typed, onText: (line) => take(`${line}\n`),
    ...(context.keeper ? { keeper: context.keeper } : {}),
  });
  if (typed) {
    target.stdout!.setEncoding('utf8').on('data', take).on('error', () => undefined);
    target.stdin!.on('error', () => undefined).end(command.input);
  }
  let why: 'abort' | 'timeout' | null = null;
  let stopping: Promise<void> | null = null;
  const stop = (reason: 'abort' | 'timeout') => (): void => {
    why ??= reason;
    stopping ??= target.stop();
    stopping.catch(() => undefined);
  };
  const onAbort = stop('abort');
  const timer = setTimeout(stop('timeout'), deadline.left());
  signal.addEventListener('abort', onAbort, { once: true });
  if (signal.aborted) onAbort();
  const end = await target.ended;
  clearTimeout(timer);
  signal.removeEventListener('abort', onAbort);
  await stopping;
  if ((why as string | null) === 'abort') throw cancelled(context.deviceId);
  if ((why as string | null) === 'timeout') throw flashError(context.deviceId, tool, 'timeout', `not done within ${deadline.ms} ms; its processes were ended`, { output });
  return { exitCode: end.exitCode, signal: end.signal, output };
}

/** How a run ended, for messages. */
export function howItEnded({ exitCode, signal }: ToolRun): string {
  return signal === null ? `it ended with status ${exitCode}` : `it was ended by ${signal}`;
}

/** Turns what the system says about files into a bench error. */
export async function orFlashError<T>(deviceId: string, tool: string, what: string, work: Promise<T>): Promise<T> {
  return work.catch((cause: unknown) => {
    if (cause instanceof HilError) throw cause;
    throw flashError(deviceId, tool, 'failed', `${what}: ${(cause as Error).message}`, { cause });
  });
}
