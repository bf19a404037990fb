import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { NetworkManifest, NetworkPackage } from '../../runtimes/manifest.ts';

/** First input byte that makes the network misbehave; any other: each output is its input plus 1. */
export const ENDLESS = 0x7e;
export const CRASH = 0x7d;

const source = `#include "hil_network.h"
static int8_t in[4], out[4];
static const hil_buffer inputs[] = {{in, 4}}, outputs[] = {{out, 4}};
static const uint16_t first_tap[] = {0};
static int32_t invoke(void *ctx, hil_tap_fn tap) {
  if (in[0] == ${ENDLESS}) for (volatile int i = 0;; i++) {}
  if (in[0] == ${CRASH}) __builtin_trap();
  for (int i = 0; i < 4; i++) out[i] = (int8_t)(in[i] + 1);
  hil_view view = {out, 4};
  return tap != 0 && tap(ctx, 0, 0, &view, 1) != 0 ? HIL_STOPPED : HIL_OK;
}
const hil_network hil_network_conform = {"conform", {0}, 1, 1, first_tap, 0, 0, 0, invoke, inputs, 1, outputs, 1, 0, 0, 0, 0};
`;

/** Writes a network of 4 bytes in and 4 out that hangs or crashes on demand. */
export async function writeConformanceNetwork(root: string): Promise<NetworkPackage> {
  await mkdir(root, { recursive: true });
  await writeFile(join(root, 'net.c'), source);
  const tensor = { tensor: null, name: 'x', dtype: 'int8', shape: [4], bytes: 4, scale: 1, zeroPoint: 0 } as const;
  const manifest: NetworkManifest = {
    schema: 'hil-network/1', name: 'conform', symbol: 'hil_network_conform', model: { sha256: '0'.repeat(64) },
    generator: { name: 'conformance', version: '1' }, inputs: [tensor], outputs: [tensor], state: [],
    layers: [{ index: 0, op: 'ADD', name: 'x', covers: [0], taps: [{ ...tensor, role: 'output', conversion: { kind: 'identity' } }] }],
    memory: { arenaBytes: 0, constantBytes: 0, stateBytes: 0 },
    build: { sources: ['net.c'], objects: [], libraries: [], includeDirs: [], defines: {}, flags: [], link: 'c' },
  };
  return { manifest, root };
}
