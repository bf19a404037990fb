import { differsAtAll, layerState, STATE_WORDS } from './diagnosis/states.ts';
import type { AttemptReport, CaseReport, FaultReport, LayerReport, TensorReport, ToleranceReport, Verdict } from './report.ts';

/** Words and numbers that several writers share. Plain text, untrusted names NOT escaped: the writer escapes the whole. */

/** 1234567 -> "1 234 567" (thin enough for tables, unlike 1.23e6 it stays exact). Non-integers get four digits, from 1000 on none behind the point. */
export function number(value: number | null): string {
  if (value === null) return '-';
  if (!Number.isFinite(value)) return Number.isNaN(value) ? 'NaN' : value > 0 ? 'inf' : '-inf';
  if (!Number.isInteger(value) && Math.abs(value) >= 1000 && Math.abs(value) < 1e15) return number(Math.round(value));
  if (!Number.isInteger(value)) return Math.abs(value) >= 1e15 || Math.abs(value) < 1e-3 ? value.toExponential(3) : String(Number(value.toPrecision(4)));
  if (Math.abs(value) >= 1e15) return value.toExponential(3);
  return String(value).replace(/\B(?=(\d{3})+$)/g, ' ');
}

export function seconds(ms: number): string {
  return ms < 1000 ? `${Math.round(ms)} ms` : ms < 120_000 ? `${(ms / 1000).toFixed(1)} s` : `${Math.floor(ms / 60_000)} min ${Math.round((ms % 60_000) / 1000)} s`;
}

export function bytes(value: number): string {
  return value < 1024 ? `${value} B` : value < 1024 * 1024 ? `${(value / 1024).toFixed(1)} KiB` : `${(value / 1048576).toFixed(2)} MiB`;
}

export function plural(count: number, word: string): string {
  return `${number(count)} ${word}${count === 1 ? '' : 's'}`;
}

export const VERDICT_WORDS: Readonly<Record<Verdict, string>> = {
  pass: 'PASS', fail: 'FAIL', 'build-error': 'BUILD ERROR', 'bench-error': 'BENCH ERROR', skipped: 'SKIPPED', interrupted: 'INTERRUPTED',
};

/** "case on device" */
export function caseTitle(report: CaseReport): string {
  return `${report.name} on ${report.device}`;
}

/** "bench-error (link.no-hello) after 5.1 s: no HELLO within 5000 ms" */
export function attemptText({ verdict, code, reason, durationMs }: AttemptReport): string {
  return `${verdict} (${code}) after ${seconds(durationMs)}: ${reason}`;
}

export function layerTitle(layer: { readonly index: number; readonly op: string; readonly name: string }): string {
  return `layer ${layer.index} ${layer.op}${layer.name === '' ? '' : ` (${layer.name})`}`;
}

/** "layer 0 LSTM tensor 16 (state): sequence tip-in, step 37, element [0,5]: expected -3, got -4" */
export function mismatchText(layer: LayerReport, tensor: TensorReport): string | null {
  const first = tensor.firstMismatch;
  const what = `layer ${layer.index} ${layer.op} tensor ${tensor.tensor ?? '-'} (${tensor.role})`;
  if (first === null && layer.ran === 'not executed') return tensor.mismatched > 0 ? `${what}: was never shown` : null;
  if (first === null) return tensor.mismatched > 0 ? `${what}: ${tensor.lowerBound ? 'at least ' : ''}${plural(tensor.mismatched, 'element')} differ; values could not be fetched` : null;
  return `${what}: sequence ${first.sequence}, step ${first.step}, element [${first.index.join(',')}]: expected ${first.expected}, got ${first.got}`;
}

/** First mismatches of a case, at most one a tensor, layers that are wrong by themselves first. */
export function firstMismatches(report: CaseReport): string[] {
  const wrong = report.layers.filter((layer) => layer.mismatched > 0);
  const ordered = [...wrong.filter(wrongByItself), ...wrong.filter((layer) => !wrongByItself(layer))];
  return ordered.flatMap((layer) => layer.tensors.map((tensor) => mismatchText(layer, tensor)).filter((text) => text !== null));
}

export function wrongByItself(layer: LayerReport): boolean {
  return layer.mismatched > 0 && layer.own !== null && layer.own.mismatched > 0;
}

/** Elements of a layer that differ: "at least 3" where only digests could be had, "-" where the layer was never shown and so nothing was counted. */
export function mismatchedText({ ran, mismatched, tensors }: LayerReport): string {
  if (ran === 'not executed' && mismatched > 0) return '-';
  return mismatched > 0 && tensors.some((tensor) => tensor.lowerBound && tensor.mismatched > 0) ? `at least ${number(mismatched)}` : number(mismatched);
}

/** "own error: 12 elements", "inherited", "≈ differs, forgiven", what ran it where that is no CPU; "" where all is well, or nothing is known. */
export function layerNote(layer: LayerReport, tolerances: readonly ToleranceReport[]): string {
  const state = layerState(layer, tolerances);
  if (state === 'unrun') return layer.mismatched > 0 ? STATE_WORDS.unrun : layer.ran;
  const forgiven = state === 'tolerated' || state === 'forgiven' ? `${FORGIVEN_MARK} ${STATE_WORDS.forgiven}` : '';
  return [layer.ran === 'cpu' ? '' : layer.ran, forgiven, state === 'tolerated' || state === 'culprit' ? `own error: ${plural(layer.own?.mismatched ?? 0, 'element')}` : ownText(layer)].filter((part) => part !== '').join(', ');
}

/** Stands beside what differs and is forgiven: neither a tick nor a cross. */
export const FORGIVEN_MARK = '≈';

/** " (≈ differs, forgiven)" behind an output that does, else "". */
export function outputForgivenText(output: CaseReport['outputs'][number]): string {
  return output.mismatched === 0 && differsAtAll(output) ? ` (${FORGIVEN_MARK} ${STATE_WORDS.forgiven})` : '';
}

/** "own error", "inherited", or "" where that was not measured. */
export function ownText(layer: LayerReport): string {
  if (layer.mismatched === 0 || layer.own === null) return '';
  return layer.own.mismatched > 0 ? `own error: ${plural(layer.own.mismatched, 'element')}` : 'inherited from an earlier layer';
}

export function npuText(report: CaseReport): string {
  const { used, operators, of } = report.npu;
  return used ? `NPU used, ${operators} of ${of} operators` : `NPU not used, 0 of ${of} operators`;
}

export function latencyText(report: CaseReport): string {
  const { latency } = report;
  if (latency === null) return `not measured${report.latencyReason === '' ? '' : `: ${report.latencyReason}`}`;
  return `median ${number(latency.median)}, min ${number(latency.min)}, max ${number(latency.max)} ${latency.unit} (${latency.quality}, n=${latency.n})`;
}

/** @param brief only the first sentence of where the figures come from, for a line on a terminal. */
export function energyText(report: CaseReport, brief = false): string {
  const { energy } = report;
  if (energy === null) return `not known${report.energyReason === '' ? '' : `: ${report.energyReason}`}`;
  return `${number(energy.value)} ${energy.unit} (${energy.quality}; ${brief ? energy.source.split(/(?<=\.)\s/)[0] ?? '' : energy.source})`;
}

export function memoryText(report: CaseReport): string {
  const { memory } = report;
  if (memory === null) return 'not known';
  const measured = memory.stackBytes === null ? 'not measured' : bytes(memory.stackBytes);
  const stack = memory.stackBoundBytes === null ? measured : `${measured} (the network at most ${bytes(memory.stackBoundBytes)} by its call graph)`;
  const network = (share: number | null): string => (share === null ? '' : `network ${bytes(share)}, `);
  return `flash ${bytes(memory.flashBytes)} (${network(memory.networkFlashBytes)}the rest agent and board), RAM ${bytes(memory.ramBytes)} (${network(memory.networkRamBytes)}of it arena ${bytes(memory.arenaBytes)}), stack ${stack}`;
}

export function linkText(report: CaseReport): string {
  const { link } = report;
  if (link === null) return 'not used';
  return `${bytes(link.bytesToDevice)} to the device, ${bytes(link.bytesFromDevice)} from it, ${link.resent} resent, ${link.damaged} damaged, ${link.seconds.toFixed(1)} s`;
}

/** "limit 8 N m", "limit at least 0.9"; '' where a metric has none. */
export function limitText({ max, min = null, unit }: CaseReport['outputs'][number]['metrics'][number]): string {
  const parts = [...(max === null ? [] : [`${number(max)} ${unit}`.trimEnd()]), ...(min === null ? [] : [`at least ${number(min)} ${unit}`.trimEnd()])];
  return parts.length === 0 ? '' : `limit ${parts.join(', ')}`;
}

/** Whether everything was compared: only then do parts say anything that look right. A fault ends a case that fails before. */
export function ranToItsEnd(report: CaseReport): boolean {
  return (report.verdict === 'pass' || report.verdict === 'fail') && report.samples >= report.sequences.reduce((sum, each) => sum + each.samples, 0);
}

/** Where and what, in lines; registers last. */
export function faultLines(fault: FaultReport): string[] {
  const lines = [`${fault.kind}: ${fault.text}`];
  if (fault.pc !== null) {
    const { address, file, line } = fault.pc;
    lines.push(`at ${fault.pc.function ?? '(no symbol)'}${file === null ? '' : ` ${file}:${line ?? '?'}`}, PC ${address}`);
  }
  if (fault.caller?.function != null) lines.push(`called from ${fault.caller.function}${fault.caller.file === null ? '' : ` ${fault.caller.file}:${fault.caller.line ?? '?'}`}`);
  const when = [fault.layer === null ? null : `in ${layerTitle(fault.layer)}`, fault.sequence === null ? null : `sequence ${fault.sequence}`,
    fault.step === null ? null : `step ${fault.step}`, fault.sample === null ? null : `sample ${fault.sample}`].filter((part) => part !== null);
  if (when.length > 0) lines.push(when.join(', '));
  if (fault.flags.length > 0) lines.push(`flags ${fault.flags.join(' ')}`);
  const registers = Object.entries(fault.registers).map(([name, value]) => `${name} ${value}`);
  for (let at = 0; at < registers.length; at += 4) lines.push(registers.slice(at, at + 4).join('  '));
  return lines;
}
