import type { FaultReport as WireFault } from '../link/index.ts';
import type { FaultReport } from '../report/index.ts';
import type { NetworkManifest } from '../runtimes/manifest.ts';
import { exceptionName, faultAddress, faultFlags, hex32 } from './fault-registers.ts';
import type { PlannedSequence } from './planned-case.ts';

/** Turns an address into function, file and line; null where the image does not know it. */
export type ResolvePc = (address: number) => Promise<{ readonly function: string; readonly file: string; readonly line: number } | null>;

/** Layer of the manifest that a device's layer number means, for the report. */
export function layerAt(manifest: NetworkManifest, index: number | null): FaultReport['layer'] {
  const layer = index === null ? undefined : manifest.layers[index];
  return layer === undefined ? null : { index: layer.index, op: layer.op, name: layer.name };
}

/** Sequence and step of a sample counted over the case. */
export function placeOf(sequences: readonly PlannedSequence[], sample: number | null): { sequence: string | null; step: number | null } {
  if (sample === null) return { sequence: null, step: null };
  let first = 0;
  for (const sequence of sequences) {
    if (sample < first + sequence.samples) return { sequence: sequence.name, step: sample - first };
    first += sequence.samples;
  }
  return { sequence: null, step: null };
}

/** What a FAULT or HANG frame says, in words and resolved to source lines. */
export async function faultReport(kind: 'fault' | 'hang', fault: WireFault, manifest: NetworkManifest, sequences: readonly PlannedSequence[],
  tickHz: number, resolve: ResolvePc): Promise<FaultReport> {
  const registers: Record<string, string> = {};
  // A host process tells its program counter only; the other fields of the frame mean nothing there.
  if (!fault.hostSignal) {
    for (const group of [fault.registers, fault.v7, fault.v8]) {
      for (const [name, value] of Object.entries(group ?? {})) registers[name] = hex32(value as number);
    }
    Object.assign(registers, { excReturn: hex32(fault.excReturn), msp: hex32(fault.msp), psp: hex32(fault.psp) });
  }
  const flags = faultFlags(fault.v7, fault.v8);
  const { pc } = fault;
  const place = pc === null ? null : await resolve(pc).catch(() => null);
  const address = faultAddress(fault.v7);
  const seconds = tickHz > 0 ? fault.elapsedTicks / tickHz : 0;
  const text = kind === 'hang'
    ? `an invocation did not end within ${seconds.toFixed(2)} s of device time`
    : `${exceptionName(fault.kind, fault.hostSignal)}${flags.length > 0 ? `: ${flags.join(', ')}` : ''}${address === null ? '' : ` at address ${hex32(address)}`}${fault.pcGuessed ? ' (the place is guessed from what is left of the stack)' : ''}`;
  const sample = fault.sample;
  return {
    kind, text, registers, flags,
    pc: pc === null ? null : { address: hex32(pc), function: place?.function || null, file: place?.file || null, line: place?.line || null },
    layer: layerAt(manifest, fault.layer), sample, ...placeOf(sequences, sample),
  };
}

/**
 * The core locked up (a fault in the fault handler): the simulator says so, the agent no longer can.
 * @param batchStart first sample of the batch that was running: more is not known of the place.
 */
export function lockupReport(text: string, batchStart: number | null, sequences: readonly PlannedSequence[]): FaultReport {
  const { sequence } = placeOf(sequences, batchStart);
  return { kind: 'lockup', text: `the core locked up${sinceText(sequences, batchStart)}: ${text}`, registers: {}, flags: [], pc: null, layer: null, sequence, sample: null, step: null };
}

/** ", in sequence s at step 300 or later": what is known of the place where the target went without a word. */
export function sinceText(sequences: readonly PlannedSequence[], batchStart: number | null): string {
  const { sequence, step } = placeOf(sequences, batchStart);
  return sequence === null ? '' : `, in sequence ${sequence} at step ${step} or later`;
}
