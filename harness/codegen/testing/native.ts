import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import type { NetworkManifest } from '../../runtimes/manifest.ts';

/** Warnings that generated C is free of. */
export const WARNINGS = ['-Wall', '-Wextra', '-Wconversion', '-Wpedantic', '-Werror'];
export const AGENT_INCLUDE = fileURLToPath(new URL('../../../firmware/agent', import.meta.url));
export const DRIVER = fileURLToPath(new URL('./driver.c', import.meta.url));
const TIMEOUT_MS = 60_000;

export interface GeneratedFolder {
  readonly path: string;
  remove(): Promise<void>;
}

/** Writes files (relative path -> text) into a new temporary folder. */
export async function writeFolder(files: ReadonlyMap<string, string>): Promise<GeneratedFolder> {
  const path = await mkdtemp(join(tmpdir(), 'hil-codegen-'));
  await mkdir(path, { recursive: true });
  for (const [name, text] of files) await writeFile(join(path, name), text);
  return { path, remove: () => rm(path, { recursive: true, force: true }) };
}

/** Compiles the network's sources one by one to objects; returns their paths. Throws execa's error with gcc's messages. */
export async function compileObjects(compiler: string, folder: string, manifest: NetworkManifest, flags: readonly string[], tag: string): Promise<string[]> {
  const include = ['-I', AGENT_INCLUDE, ...manifest.build.includeDirs.flatMap((dir) => ['-I', join(folder, dir)])];
  return await Promise.all(manifest.build.sources.map(async (source) => {
    const object = join(folder, `${source}.${tag}.o`);
    await execa(compiler, [...WARNINGS, ...manifest.build.flags, ...flags, ...include, '-c', join(folder, source), '-o', object], { timeout: TIMEOUT_MS });
    return object;
  }));
}

/** The driver with the network, as a host program; returns its path. */
export async function buildDriver(folder: string, manifest: NetworkManifest, flags: readonly string[], tag: string): Promise<string> {
  return await linkDriver(folder, [manifest.symbol], await compileObjects('gcc', folder, manifest, flags, tag), flags, tag);
}

/** The table by which the driver finds networks. */
export const networkTableText = (symbols: readonly string[]): string => `#include "hil_network.h"
${symbols.map((symbol) => `extern const hil_network ${symbol};`).join('\n')}
const hil_network *const hil_networks[] = {${symbols.map((symbol) => `&${symbol}`).join(', ')}};
const uint32_t hil_network_count = ${symbols.length};
`;

/** The driver with the networks of these symbols, which it knows by their index here; returns its path. */
export async function linkDriver(folder: string, symbols: readonly string[], objects: readonly string[], flags: readonly string[], tag: string): Promise<string> {
  const table = join(folder, `networks.${tag}.c`);
  await writeFile(table, networkTableText(symbols));
  const program = join(folder, `driver.${tag}`);
  const sanitisers = flags.filter((flag) => flag.startsWith('-fsanitize'));
  await execa('gcc', ['-std=c99', ...WARNINGS, ...sanitisers, '-I', AGENT_INCLUDE, DRIVER, table, ...objects, '-o', program], { timeout: TIMEOUT_MS });
  return program;
}

/** One invocation as the driver reports it. */
export interface Invocation {
  readonly calls: readonly { readonly layer: number; readonly occurrence: number; readonly views: readonly Uint8Array[] }[];
  readonly status: number;
  /** One a manifest output, one a manifest state. */
  readonly outputs: readonly Uint8Array[];
  readonly state: readonly Uint8Array[];
}

/** Runs the driver over the samples in `inputs`. Throws where it fails or writes anything to standard error (sanitisers do). */
export async function runDriver(program: string, mode: string, inputs: Uint8Array, manifest: NetworkManifest, index = 0): Promise<Invocation[]> {
  const result = await execa(program, [mode, String(index)], { input: inputs, encoding: 'buffer', stripFinalNewline: false, timeout: TIMEOUT_MS, maxBuffer: 1 << 30 });
  if (result.stderr.length > 0) throw new Error(new TextDecoder().decode(result.stderr));
  return parseRecords(result.stdout, manifest);
}

function parseRecords(bytes: Uint8Array, manifest: NetworkManifest): Invocation[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = 0;
  const number = (): number => {
    at += 4;
    return view.getUint32(at - 4, true);
  };
  const take = (count: number): Uint8Array => {
    if (at + count > bytes.length) throw new Error('the driver stopped in the middle of a record');
    at += count;
    return bytes.slice(at - count, at);
  };
  const invocations: Invocation[] = [];
  while (at < bytes.length) {
    const calls = [];
    for (let layer = number(); layer !== 0xffffffff; layer = number()) {
      const occurrence = number();
      const views = Array.from({ length: number() }, () => take(number()));
      calls.push({ layer, occurrence, views });
    }
    const status = number();
    invocations.push({ calls, status, outputs: manifest.outputs.map((port) => take(port.bytes)), state: manifest.state.map((port) => take(port.bytes)) });
  }
  return invocations;
}
