import { setTimeout as sleep } from 'node:timers/promises';
import { HilError } from '../../errors.ts';
import type { Usability } from '../device.ts';
import { findTool } from '../find-tool.ts';
import type { FlasherContext } from '../flashers/index.ts';
import { lastLines } from '../flashers/flash-errors.ts';
import { deadlineIn, howItEnded, runTool } from '../flashers/run-tool.ts';
import { cancelled } from '../session.ts';
import type { PowerSpec } from '../spec.ts';

/** No variable names these programs: the device file does. */
const NO_VARIABLE = '';

export async function probePower({ off, on }: PowerSpec, env: NodeJS.ProcessEnv): Promise<Usability> {
  const programs = [...new Set([off[0]!, on[0]!])];
  const tools = await Promise.all(programs.map(async (program) => ({ program, tool: await findTool(NO_VARIABLE, [program], env) })));
  const missing = tools.filter(({ tool }) => tool === null).map(({ program }) => (
    { what: `the program that switches the power, ${program}, was not found`, howToGet: `Install ${program}, or give its full path in power of the device file.` }
  ));
  return { usable: missing.length === 0, found: tools.flatMap(({ tool }) => (tool === null ? [] : [`power by ${tool.path}`])), missing };
}

/**
 * Off, a while, on. On is tried even where the wait is cut short by an abort, so that no board stays dark.
 * @throws HilError 'bench' power.no-tool, power.failed; 'cancelled'
 */
export async function cyclePower(power: PowerSpec, options: FlasherContext & { readonly signal: AbortSignal; readonly workDir: string; readonly timeoutMs: number }): Promise<void> {
  const { deviceId, env, signal, workDir, timeoutMs } = options;
  const run = async (which: 'off' | 'on', argv: readonly string[], until: AbortSignal): Promise<void> => {
    const [program, ...args] = argv as [string, ...string[]];
    const tool = await findTool(NO_VARIABLE, [program], env);
    if (tool === null) {
      throw new HilError('bench', 'power.no-tool', `device ${deviceId}: the program that switches the power ${which}, ${program}, was not found`, {
        hint: `Install ${program}, or give its full path in power.${which} of the device file.`,
      });
    }
    const failed = (how: string, said: string, cause?: unknown): HilError => new HilError('bench', 'power.failed', `device ${deviceId}: switching the power ${which}: ${how}${said}`, {
      hint: `Try it by hand: ${argv.join(' ')}`, cause,
    });
    const result = await runTool(options, program, { file: tool.path, args, cwd: workDir }, { signal: until, deadline: deadlineIn(timeoutMs) }).catch((error: unknown) => {
      throw error instanceof HilError && error.code === 'flash.timeout' ? failed(`${program} did not end within ${timeoutMs} ms (timeouts.startMs)`, '', error) : error;
    });
    if (result.exitCode !== 0) throw failed(howItEnded(result), `; it said: ${lastLines(result.output)}`);
  };
  try {
    await run('off', power.off, signal);
    await sleep(power.offMs, undefined, { signal }).catch(() => undefined);
  } finally {
    await run('on', power.on, new AbortController().signal);
  }
  if (signal.aborted) throw cancelled(deviceId);
}
