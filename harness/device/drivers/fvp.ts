import { access, constants, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import type { Socket } from 'node:net';
import { join } from 'node:path';
import { HilError } from '../../errors.ts';
import { LinkStream, PacedWriter } from '../../link/index.ts';
import type { Device, DeviceSession, Image, Preload, StartOptions, Usability } from '../device.ts';
import { findFvp, HOW_TO_GET_FVP, libraryPaths } from '../fvp/find.ts';
import { askModel } from '../fvp/model.ts';
import type { Model } from '../fvp/model.ts';
import { isBanner, stopReason } from '../fvp/output.ts';
import { checkParameters, missingParameters, settingsFor } from '../fvp/parameters.ts';
import { ModelText, openTerminal } from '../fvp/terminal.ts';
import { findTool } from '../find-tool.ts';
import type { FoundTool } from '../find-tool.ts';
import type { Keeper } from '../keeper.ts';
import { cancelled, notAttachable, openSession, throwIfAborted } from '../session.ts';
import type { DeviceSpec, FvpSpec } from '../spec.ts';
import { startTargetProcess } from '../target-process.ts';
import type { TargetProcess } from '../target-process.ts';

const PROBE_MS = 20_000;
/** The first byte of a telnet option; the next is the offer or demand. */
const TELNET_IAC = 0xff;

export interface FvpOptions {
  readonly env?: NodeJS.ProcessEnv;
  readonly keeper?: Keeper;
}

/**
 * One of Arm's Fixed Virtual Platforms of a Corstone, its UART0 as a byte stream. Its exit status says nothing (0 in most
 * failures), and its texts differ between releases: what counts is what comes over the link.
 * @throws HilError 'config' for settings that a device file must not have
 */
export function createFvpDevice(spec: DeviceSpec, options: FvpOptions = {}): Device {
  const { fvp } = spec;
  if (fvp === undefined) throw new HilError('config', 'device.invalid', `device ${spec.id}: $.fvp is missing`);
  checkParameters(spec.id, fvp);
  const env = options.env ?? process.env;

  /** @throws HilError 'bench' where the program is no such model */
  const ask = async (tool: FoundTool, timeoutMs: number): Promise<{ model: Model; toolEnv: NodeJS.ProcessEnv }> => {
    const toolEnv = { ...env, ...await libraryPaths(tool, env) };
    const model = await askModel(tool, { deviceId: spec.id, env: toolEnv, timeoutMs });
    const missing = missingParameters(fvp, model.parameters);
    if (missing.length === 0) return { model, toolEnv };
    throw new HilError('bench', 'device.fvp-wrong-model', `device ${spec.id}: ${tool.path} has no parameter ${missing.join(', ')}`, {
      hint: `It is another model than ${fvp.programs.join(', ')}, or a release too old to give its UART as raw bytes: install a newer one.`,
    });
  };

  return {
    spec,
    preloads: true,

    async probe(): Promise<Usability> {
      const search = await findFvp(fvp.programs, env);
      const unusable = (found: readonly string[], what: string, howToGet: string): Usability => ({ usable: false, found, missing: [{ what, howToGet }] });
      if ('missing' in search) return unusable([], search.missing, HOW_TO_GET_FVP);
      try {
        const { model } = await ask(search.tool, PROBE_MS);
        return { usable: true, found: [describe(search.tool, model)], missing: [] };
      } catch (error) {
        if (!(error instanceof HilError)) throw error;
        return unusable([search.tool.path], error.message, error.hint ?? HOW_TO_GET_FVP);
      }
    },

    async start(image: Image | 'attached', start: StartOptions): Promise<DeviceSession> {
      throwIfAborted(start.signal, spec.id);
      if (image === 'attached') throw notAttachable(spec.id);
      const search = await findFvp(fvp.programs, env);
      if ('missing' in search) throw new HilError('bench', 'device.no-fvp', `device ${spec.id}: ${search.missing}`, { hint: HOW_TO_GET_FVP });
      await access(image.elf, constants.R_OK).catch((cause: unknown) => {
        throw new HilError('bench', 'device.bad-image', `device ${spec.id}: cannot read the image ${image.elf}`, { cause });
      });
      const { tool } = search;
      const { model, toolEnv } = await unlessAborted(ask(tool, spec.timeouts.startMs), start.signal, spec.id);
      const { given, leftOut } = settingsFor(fvp, model.parameters, await freePort());
      const data = await preloadArguments(start.preload ?? [], start.workDir);
      // Standard output is held back in blocks when it is no terminal: without this the terminals' lines come late, or never.
      const stdbuf = await findTool('', ['stdbuf'], env);
      const text = new ModelText(spec.id, (line) => {
        if (!isBanner(line)) start.onText?.(line);
      });
      let target: TargetProcess | null = null;
      try {
        throwIfAborted(start.signal, spec.id);
        const command = [...(stdbuf === null ? [] : [stdbuf.path, '-oL', '-eL']), tool.path, ...given.flatMap((each) => ['-C', each]), ...data, '-a', image.elf];
        target = await startTargetProcess({
          file: command[0]!, args: command.slice(1), cwd: start.workDir, env: toolEnv, linkOnStdio: false, onText: (line) => text.take(line),
          ...(options.keeper ? { keeper: options.keeper } : {}),
        });
        const socket = await openTerminal({ deviceId: spec.id, target, text, startMs: spec.timeouts.startMs, signal: start.signal, buffered: stdbuf === null });
        return session(spec, fvp, target, socket, text, start.signal, notes(tool, model, leftOut, start.preload ?? []));
      } catch (error) {
        await target?.stop();
        throw start.signal.aborted ? cancelled(spec.id) : error;
      }
    },
  };
}

function session(spec: DeviceSpec, fvp: FvpSpec, target: TargetProcess, socket: Socket, text: ModelText, signal: AbortSignal, notes: readonly string[]): DeviceSession {
  const pace = new PacedWriter(socket);
  const stream = new LinkStream(socket, pace);
  text.onFailure = (error) => stream.destroy(error);
  socket.once('data', (bytes: Buffer) => {
    if (bytes[0] !== TELNET_IAC || bytes.length < 3 || bytes[1]! < 251) return;
    stream.destroy(new HilError('bench', 'device.fvp-telnet', `device ${spec.id}: the terminal speaks telnet though ${fvp.boardInstance}.telnetterminal0.mode=raw was asked for`, {
      hint: 'Install another release of the FVP.',
    }));
  });
  const open = openSession(spec.id, target, stream, signal);
  const ended = open.ended.then((end) => {
    const reason = stopReason(end.text);
    return reason === null ? end : { ...end, reason };
  });
  return { stream: open.stream, stop: open.stop, ended, pace, notes };
}

function describe(tool: FoundTool, model: Model): string {
  return `${model.version === null ? 'a model that does not tell its version' : `Fast Models ${model.version}`} (${tool.path})`;
}

function notes(tool: FoundTool, model: Model, leftOut: readonly string[], preload: readonly Preload[]): string[] {
  const bytes = preload.reduce((sum, each) => sum + each.bytes.length, 0);
  return [
    describe(tool, model),
    ...(leftOut.length === 0 ? [] : [`settings that this release of the model does not have were left out: ${leftOut.join(', ')}`]),
    ...(bytes === 0 ? [] : [`${bytes} bytes of inputs were loaded by the model (--data), not sent over the UART`]),
  ];
}

/** One file a preload, below the run's own folder. */
async function preloadArguments(preload: readonly Preload[], workDir: string): Promise<string[]> {
  const each = await Promise.all(preload.map(async ({ address, bytes }, index) => {
    const file = join(workDir, `preload-${index}.bin`);
    await writeFile(file, bytes);
    return ['--data', `${file}@0x${address.toString(16)}`];
  }));
  return each.flat();
}

/** A TCP port that is free now. Another program may take it first: then the model takes the next, and says so. */
async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}

async function unlessAborted<T>(work: Promise<T>, signal: AbortSignal, deviceId: string): Promise<T> {
  work.catch(() => undefined);
  const over = new AbortController();
  const aborted = new Promise<never>((_, reject) => signal.addEventListener('abort', () => reject(cancelled(deviceId)), { once: true, signal: over.signal }));
  try {
    return await Promise.race([work, aborted]);
  } finally {
    over.abort();
  }
}
