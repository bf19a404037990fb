import { readFile } from 'node:fs/promises';
import { preloadArea } from '../build/index.ts';
import type { Device, Preload } from '../device/index.ts';
import type { PlannedSequence } from './planned-case.ts';

/**
 * From so many input bytes on they go by the side door. An FVP's UART holds one byte, so it is slow; QEMU's takes about 30 kB/s,
 * and there the link is worth testing too.
 */
const WORTHWHILE_BYTES = { fvp: 2048, qemu: 256 * 1024, host: Infinity, serial: Infinity } as const;

/** Inputs that lie in the target's preload memory from its start, and where. */
export interface PreloadedInputs {
  readonly preload: readonly Preload[];
  /** Offset in the preload of bytes that are part of a sequence's codes (the very array, not a copy); null: they are not there. */
  find(part: Uint8Array): number | null;
}

/**
 * Puts the sequences' inputs one after the other into the image's preload area, as many as it holds whole.
 * @returns null where the device has no side door, the image no area, or the inputs are few
 * @throws HilError 'bench' build.bad-elf
 */
export async function planPreload(device: Device, elf: string, sequences: readonly PlannedSequence[]): Promise<PreloadedInputs | null> {
  const total = sequences.reduce((sum, { codes }) => sum + codes.length, 0);
  if (device.preloads !== true || total < WORTHWHILE_BYTES[device.spec.kind]) return null;
  const area = preloadArea(await readFile(elf));
  if (area === null) return null;
  const placed: { codes: Uint8Array; offset: number }[] = [];
  let used = 0;
  for (const { codes } of sequences) {
    if (used + codes.length > area.bytes) continue;
    placed.push({ codes, offset: used });
    used += codes.length;
  }
  const bytes = new Uint8Array(used);
  for (const { codes, offset } of placed) bytes.set(codes, offset);
  return {
    preload: used === 0 ? [] : [{ address: area.address, bytes }],
    find(part) {
      const home = placed.find(({ codes }) => codes.buffer === part.buffer && part.byteOffset >= codes.byteOffset && part.byteOffset + part.length <= codes.byteOffset + codes.length);
      return home === undefined ? null : home.offset + part.byteOffset - home.codes.byteOffset;
    },
  };
}
