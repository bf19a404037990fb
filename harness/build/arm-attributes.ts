import { HilError } from '../errors.ts';
import { EM_ARM, SHT_ARM_ATTRIBUTES } from './elf.ts';
import type { Elf } from './elf.ts';

/** Values of Tag_CPU_arch (Arm ABI addenda, "build attributes"), by the names that readelf gives them. */
const ARCHITECTURES: Readonly<Record<number, string>> = {
  9: 'v6K', 10: 'v7', 11: 'v6-M', 12: 'v6S-M', 13: 'v7E-M', 14: 'v8-A', 15: 'v8-R', 16: 'v8-M.baseline', 17: 'v8-M.mainline',
  21: 'v8.1-M.mainline',
};

/** What a core runs. A later architecture would be an image that the real core cannot execute. */
const ALLOWED: Readonly<Record<string, readonly string[]>> = {
  'cortex-m0': ['v6-M', 'v6S-M'],
  'cortex-m0plus': ['v6-M', 'v6S-M'],
};

const TAG_CPU_ARCH = 6;
/** Tags whose value is a text; of the others, odd ones above 32 are texts too. */
const isText = (tag: number): boolean => tag === 4 || tag === 5 || tag === 67 || (tag > 32 && tag % 2 === 1);

/** Tag_CPU_arch of an Arm ELF by name ('v6S-M', ...), or null where it has none. */
export function armArchitecture(elf: Elf): string | null {
  const data = elf.sections.find((section) => section.type === SHT_ARM_ATTRIBUTES)?.data;
  if (data === undefined || data[0] !== 0x41) return null;
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  // 'A', then vendor sections: length u32, vendor name, then sub-subsections: tag, length u32, attributes.
  for (let at = 1; at + 4 < data.length;) {
    const length = view.getUint32(at, true);
    if (length < 5 || at + length > data.length) return null;
    const end = at + length;
    const nameEnd = data.indexOf(0, at + 4);
    if (nameEnd < 0 || nameEnd >= end) return null;
    if (Buffer.from(data.subarray(at + 4, nameEnd)).toString('latin1') === 'aeabi') {
      const arch = fileArchitecture(data.subarray(nameEnd + 1, end));
      if (arch !== null) return ARCHITECTURES[arch] ?? `number ${arch}`;
    }
    at = end;
  }
  return null;
}

/** The attribute in the sub-subsection for the whole file (tag 1). */
function fileArchitecture(data: Uint8Array): number | null {
  if (data.length < 6 || data[0] !== 1) return null;
  const size = new DataView(data.buffer, data.byteOffset, data.byteLength).getUint32(1, true);
  const end = Math.min(size, data.length);
  let at = 5;
  const uleb = (): number => {
    let value = 0;
    for (let shift = 0; at < end && shift < 28; shift += 7) {
      const byte = data[at++]!;
      value |= (byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
    at = end;
    return -1;
  };
  while (at < end) {
    const tag = uleb();
    if (tag === TAG_CPU_ARCH) return uleb();
    if (tag === 32) uleb(); // Tag_compatibility: a number, then a text
    if (tag === 32 || isText(tag)) {
      const zero = data.indexOf(0, at);
      at = zero < 0 ? end : zero + 1;
    } else {
      uleb();
    }
  }
  return null;
}

/**
 * Refuses an image that the device's core could not execute though the simulated one can (Armv7-M code on the machine
 * that plays a Cortex-M0).
 * @param expected what the board says, for cores that this file has no list for
 * @throws HilError 'build' build.wrong-architecture
 */
export function checkArchitecture(elf: Elf, core: string, expected: string | null): void {
  const allowed = ALLOWED[core] ?? (expected === null ? undefined : [expected]);
  if (allowed === undefined) return;
  const found = elf.machine === EM_ARM ? armArchitecture(elf) : null;
  if (found !== null && allowed.includes(found)) return;
  throw new HilError('build', 'build.wrong-architecture', `the image is for ${found ?? 'an unknown architecture'}, but ${core} needs ${allowed.join(' or ')}`, {
    hint: "Check the compiler flags of the board (cpuFlags), of the network, and for which core its objects and libraries were built.",
    facts: { core, found, allowed },
  });
}
