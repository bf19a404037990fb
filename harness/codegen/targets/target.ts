import type { KernelSet } from './kernel-set.ts';
import { dspKernels } from './dsp/index.ts';
import { heliumKernels } from './helium/index.ts';
import { portableKernels } from './portable/index.ts';

/**
 * What the instruction set of a core offers a kernel. thumb1: no long multiply, no DSP (M0, M0+, M23). plain: long multiply (M3, and
 * any host). dsp: 16-bit SIMD (M4, M7, M33). helium: 128-bit vectors (M55, M85).
 */
export type Isa = 'thumb1' | 'plain' | 'dsp' | 'helium';

export interface Target {
  /** As a device file names it, e.g. 'cortex-m55'; anything unknown is 'plain'. */
  readonly core: string;
  readonly isa: Isa;
  /** Best first; the last one does everything. */
  readonly kernels: readonly KernelSet[];
}

const ISA: Readonly<Record<string, Isa>> = {
  'cortex-m0': 'thumb1', 'cortex-m0plus': 'thumb1', 'cortex-m1': 'thumb1', 'cortex-m23': 'thumb1',
  'cortex-m4': 'dsp', 'cortex-m7': 'dsp', 'cortex-m33': 'dsp', 'cortex-m35p': 'dsp',
  'cortex-m55': 'helium', 'cortex-m85': 'helium', 'cortex-m52': 'helium',
};

const KERNELS: Readonly<Record<Isa, readonly KernelSet[]>> = {
  thumb1: [portableKernels],
  plain: [portableKernels],
  dsp: [dspKernels, portableKernels],
  helium: [heliumKernels, portableKernels],
};

/** The target for a core; null and unknown cores get portable C. */
export function targetOf(core: string | null): Target {
  const isa = ISA[core ?? ''] ?? 'plain';
  return { core: core ?? 'any', isa, kernels: KERNELS[isa] };
}
