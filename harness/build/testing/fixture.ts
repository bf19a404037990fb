import { chmod, copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { NetworkManifest, NetworkPackage } from '../../runtimes/manifest.ts';
import { buildImage } from '../build-image.ts';
import type { BuildRequest, BuildStep, BuiltImage } from '../build-image.ts';
import { firmwareDir } from '../board.ts';
import type { BoardSpec } from '../board.ts';

type Test = { teardown(fn: () => unknown): unknown };

export async function tempDir(t: Test): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'hil-build-'));
  t.teardown(() => rm(dir, { recursive: true, force: true, maxRetries: 5 }));
  return dir;
}

/** A network in C by hand: one input and one output of 4 int8, out = in + OFFSET. */
export const networkSource = `#include "hil_network.h"
#include "offset.h"
static int8_t in[4], out[4];
static const hil_buffer inputs[] = {{in, 4}}, outputs[] = {{out, 4}};
static const uint16_t first_tap[] = {0};
static int32_t invoke(void *ctx, hil_tap_fn tap) {
  for (int i = 0; i < 4; i++) out[i] = (int8_t)(in[i] + OFFSET);
  hil_view view = {out, 4};
  return tap != 0 && tap(ctx, 0, 0, &view, 1) != 0 ? HIL_STOPPED : HIL_OK;
}
const hil_network hil_network_adder = {"adder", {0}, 1, 1, first_tap, 0, 0, 0, invoke, inputs, 1, outputs, 1, 0, 0, 0, 0};
`;

const tensor = { tensor: null, name: 'x', dtype: 'int8', shape: [4], bytes: 4, scale: 1, zeroPoint: 0 } as const;

export function manifest(more: Partial<NetworkManifest> = {}): NetworkManifest {
  return {
    schema: 'hil-network/1', name: 'adder', symbol: 'hil_network_adder', model: { sha256: '0'.repeat(64) },
    generator: { name: 'hand', version: '1' }, inputs: [tensor], outputs: [tensor], state: [],
    layers: [{ index: 0, op: 'ADD', name: 'x', covers: [0], taps: [{ ...tensor, role: 'output', conversion: { kind: 'identity' } }] }],
    memory: { arenaBytes: 0, constantBytes: 0, stateBytes: 0 },
    build: { sources: ['net.c'], objects: [], libraries: [], includeDirs: ['include'], defines: {}, flags: [], link: 'c' }, ...more,
  };
}

export async function writeFiles(root: string, files: Readonly<Record<string, string>>): Promise<void> {
  for (const [name, text] of Object.entries(files)) {
    await mkdir(join(root, name, '..'), { recursive: true });
    await writeFile(join(root, name), text);
  }
}

export async function writeNetwork(root: string, more: Partial<NetworkManifest> = {}): Promise<NetworkPackage> {
  await writeFiles(root, { 'net.c': networkSource, 'include/offset.h': '#define OFFSET 1\n' });
  return { manifest: manifest(more), root };
}

/** A firmware as small as can be, so that a build takes a fraction of a second. Prints its build id. */
export async function writeFirmware(dir: string): Promise<{ firmwareDir: string; board: BoardSpec }> {
  await writeFiles(dir, {
    'agent/agent.c': '#include "agent.h"\nuint32_t agent_networks(void) { return hil_network_count; }\n',
    'agent/agent.h': '#include "hil_network.h"\nuint32_t agent_networks(void);\n',
    'agent/hil_network.h': await readFile(join(firmwareDir, 'agent/hil_network.h'), 'utf8'),
    'boards/tiny/main.c': '#include <stdio.h>\n#include "agent.h"\n#include "vendor.h"\nint main(void) { printf("%s %u %d\\n", HIL_BUILD_ID_HEX, (unsigned)agent_networks() * TINY, VENDOR); return hil_networks[0]->invoke(0, 0); }\n',
    'boards/tiny/link.ld': '/* added to the default script */\nPROVIDE(tiny_marker = 1);\n',
    'vendor/vendor.h': '#define VENDOR 1\n',
  });
  const board: BoardSpec = {
    schema: 'hil-board/1', id: 'tiny', core: 'native', toolchain: 'host-gcc', sources: ['main.c'], includeDirs: [], linkerScript: null,
    cpuFlags: ['-isystem', join(dir, 'vendor')], ldFlags: [join(dir, 'boards/tiny/link.ld')], defines: { TINY: '1' }, root: join(dir, 'boards/tiny'),
  };
  return { firmwareDir: dir, board };
}

/** Builds, and lists what was compiled. */
export async function build(request: Omit<BuildRequest, 'signal'> & { signal?: AbortSignal }): Promise<BuiltImage & { steps: BuildStep[]; compiled: string[] }> {
  const steps: BuildStep[] = [];
  const image = await buildImage({ signal: new AbortController().signal, onStep: (step) => steps.push(step), ...request });
  return { ...image, steps, compiled: steps.filter((step) => step.name === 'compile').map((step) => step.detail) };
}

/** A small firmware, a small network and a cache folder. */
export async function setUp(t: Test) {
  const dir = await tempDir(t);
  const fw = await writeFirmware(join(dir, 'fw'));
  return { dir, ...fw, package: await writeNetwork(join(dir, 'net')), cacheDir: join(dir, 'cache') };
}

/** A copy of the counting compiler in the test's own folder. */
export async function countingCompiler(dir: string) {
  const path = join(dir, 'counting-gcc.mjs');
  await copyFile(fileURLToPath(new URL('./counting-gcc.mjs', import.meta.url)), path);
  await chmod(path, 0o755);
  const calls = async (): Promise<string[][]> => (await readFile(join(dir, 'calls.log'), 'utf8').catch(() => '')).trim().split('\n').filter(Boolean).map((line) => JSON.parse(line) as string[]);
  const compiles = async (): Promise<number> => (await calls()).filter((args) => args.includes('-c') || args.includes('-o')).length;
  return { env: { ...process.env, HIL_HOST_GCC: path }, compiles };
}
