import type { FaultReport as WireFault } from '../link/index.ts';
import type { FaultReport } from '../report/index.ts';
import type { NetworkManifest } from '../runtimes/manifest.ts';
import { faultFlags, faultText, hex32 } from './fault-registers.ts';
import type { PlannedSequence } from './planned-case.ts';

/** Turns an address into function, file and line; null where the image does not know it. */
export type ResolvePc = (address: number) => Promise<{ readonly function: string; readonly file: string; readonly line: number } | null>;

/** FAULT's kinds beside the exception numbers (docs/protocol.md). */
const KIND_ASSERT = 0x100;
const KIND_EXIT = 0x101;
/** FAULT's network where nothing was being run. */
const NO_NETWORK = 0xffff;
/** A link register at or above this is no place in code, but an exception return. */
const EXC_RETURN = 0xff000000;

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

/**
 * What a FAULT or HANG frame says, in words and resolved to source lines.
 * @param printed the line that the device printed just before: the message of an assert(); untrusted
 */
export async function faultReport(kind: 'fault' | 'hang', fault: WireFault, printed: string | null, manifest: NetworkManifest,
  sequences: readonly PlannedSequence[], tickHz: number, resolve: ResolvePc): Promise<FaultReport> {
  const called = !fault.hostSignal && (fault.kind === KIND_ASSERT || fault.kind === KIND_EXIT);
  const pc = fault.pc === null ? null : await place(fault.pc, fault.pc, resolve);
  const sample = fault.network === NO_NETWORK ? null : fault.sample;
  return {
    kind: !called ? kind : fault.kind === KIND_ASSERT ? 'assert' : 'exit',
    text: called ? callText(fault.kind, printed) : kind === 'hang' ? hangText(fault, tickHz)
      : `${faultText(fault)}${fault.pcGuessed ? ' (the place is guessed from what is left of the stack)' : ''}`,
    registers: called || fault.hostSignal ? {} : registersOf(fault),
    flags: faultFlags(fault.v7, fault.v8),
    pc, caller: called || pc?.function == null ? null : await callerOf(fault, pc.function, resolve),
    layer: layerAt(manifest, fault.layer), sample, ...placeOf(sequences, sample),
  };
}

type Place = NonNullable<FaultReport['pc']>;

/** @param look where the instruction is that counts; `address` is what the report shows */
async function place(address: number, look: number, resolve: ResolvePc): Promise<Place> {
  const found = await resolve(look).catch(() => null);
  return { address: hex32(address), function: found?.function || null, file: found?.file || null, line: found?.line || null };
}

/**
 * Who called the function that failed: the link register tells, unless that function has called others itself (then it
 * points into the function itself) or uses the register for something else (then into no code).
 */
async function callerOf(fault: WireFault, within: string, resolve: ResolvePc): Promise<Place | null> {
  const lr = fault.registers?.lr ?? 0;
  if (fault.hostSignal || (lr & 1) === 0 || lr >= EXC_RETURN) return null;
  const returnsTo = lr & ~1;
  const caller = await place(returnsTo, returnsTo - 2, resolve); // in the call: what follows it may be another line, or function
  return caller.function === null || caller.function === within ? null : caller;
}

/** A host process tells its program counter only; the other fields of the frame mean nothing there. */
function registersOf(fault: WireFault): Record<string, string> {
  const registers: Record<string, string> = {};
  for (const group of [fault.registers, fault.v7, fault.v8]) {
    for (const [name, value] of Object.entries(group ?? {})) registers[name] = hex32(value as number);
  }
  return Object.assign(registers, { excReturn: hex32(fault.excReturn), msp: hex32(fault.msp), psp: hex32(fault.psp) });
}

function hangText(fault: WireFault, tickHz: number): string {
  const seconds = tickHz > 0 ? fault.elapsedTicks / tickHz : 0;
  return `an invocation did not end within ${seconds.toFixed(2)} s of device time`;
}

/** The message as the device printed it; its file is left out, the report has a better one. */
function callText(kind: number, printed: string | null): string {
  if (kind === KIND_ASSERT) return /^(assertion ".*" failed): file "/.exec(printed ?? '')?.[1] ?? 'an assert() failed';
  return /^(?:abort\(\)|exit\(-?\d+\)) was called$/.exec(printed ?? '')?.[0] ?? 'abort() or exit() was called';
}

/**
 * The target went without telling where it was: a lockup (a fault in the fault handler), a reset, a death that only its text tells of.
 * @param batchStart first sample of the batch that was running: more is not known of the place.
 */
export function endReport(kind: 'lockup' | 'reset' | 'crash', text: string, batchStart: number | null, sequences: readonly PlannedSequence[]): FaultReport {
  const { sequence } = placeOf(sequences, batchStart);
  return { kind, text: `${text}${sinceText(sequences, batchStart)}`, registers: {}, flags: [], pc: null, caller: null, layer: null, sequence, sample: null, step: null };
}

/** ", in sequence s at step 300 or later": what is known of the place where the target went without a word. */
export function sinceText(sequences: readonly PlannedSequence[], batchStart: number | null): string {
  const { sequence, step } = placeOf(sequences, batchStart);
  return sequence === null ? '' : `, in sequence ${sequence} at step ${step} or later`;
}
