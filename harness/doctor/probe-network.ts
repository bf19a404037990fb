import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { NetworkPackage } from '../runtimes/index.ts';

/** Bytes of its input and of its output. */
export const PROBE_BYTES = 16;
const ROUNDS = 64;

/** What the network below makes of an input. */
export function probeOutput(input: Uint8Array): Uint8Array {
  return input.map((value) => {
    let result = value;
    for (let round = 0; round < ROUNDS; round += 1) result = (result * 5 + 1) & 0xff;
    return result;
  });
}

/** As small as a network can be, with enough to do that a counter must move; the loop stays, because its values are volatile. */
const SOURCE = `#include "hil_network.h"
static uint8_t in[${PROBE_BYTES}], out[${PROBE_BYTES}];
static const hil_buffer inputs[] = {{in, sizeof in}}, outputs[] = {{out, sizeof out}};
static const uint16_t first_tap[] = {0};
static int32_t invoke(void *ctx, hil_tap_fn tap) {
  hil_view view = {out, sizeof out};
  for (unsigned i = 0; i < sizeof in; i++) {
    volatile uint8_t value = in[i];
    for (int round = 0; round < ${ROUNDS}; round++) value = (uint8_t)(value * 5u + 1u);
    out[i] = value;
  }
  return tap != 0 && tap(ctx, 0, 0, &view, 1) != 0 ? HIL_STOPPED : HIL_OK;
}
const hil_network hil_network_doctor = {"doctor", {0}, 1, 1, first_tap, 0, 0, 0, invoke, inputs, 1, outputs, 1, 0, 0, 0, 0};
`;

/** A network for the image that the doctor starts. @param dir own, existing folder */
export async function writeProbeNetwork(dir: string): Promise<NetworkPackage> {
  await writeFile(join(dir, 'doctor.c'), SOURCE);
  const tensor = { tensor: null, name: 'bytes', dtype: 'uint8', shape: [PROBE_BYTES], bytes: PROBE_BYTES, scale: null, zeroPoint: null } as const;
  return {
    root: dir,
    manifest: {
      schema: 'hil-network/1', name: 'doctor', symbol: 'hil_network_doctor', model: { sha256: '0'.repeat(64) }, generator: { name: 'hil doctor', version: '1' },
      inputs: [tensor], outputs: [tensor], state: [],
      layers: [{ index: 0, op: 'DOCTOR', name: 'bytes', covers: [], taps: [{ ...tensor, role: 'output', conversion: { kind: 'identity' } }] }],
      memory: { arenaBytes: 0, constantBytes: 0, stateBytes: 0 },
      build: { sources: ['doctor.c'], objects: [], libraries: [], includeDirs: [], defines: {}, flags: [], link: 'c' },
    },
  };
}
