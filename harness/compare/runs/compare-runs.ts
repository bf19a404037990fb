import { readRegularFile } from '../../read-regular-file.ts';
import { parseReport, type CaseReport, type LayerReport, type Report } from '../../report/index.ts';
import { badInput } from '../dumps/dump.ts';
import { buildDifference, deviceDifference, figuresOf, type CaseOnDevice } from './figures.ts';
import { inputNotes } from './input-notes.ts';
import type { CaseDiff, RunDiff, RunSide } from './run-diff.ts';

const REPORT_BYTES = 512 << 20;

/** @throws HilError 'config' diff.unreadable, report.invalid */
export async function readReport(file: string): Promise<Report> {
  let bytes: Buffer;
  try {
    bytes = await readRegularFile(file, REPORT_BYTES);
  } catch (cause) {
    throw badInput('unreadable', `cannot read ${file}: ${(cause as Error).message}`);
  }
  return parseReport(bytes.toString('utf8'), file);
}

interface Named { readonly label: string; readonly report: Report }

/**
 * Compares two runs case by case: a case is the same one if its name and device are, or its name alone where each run has it once.
 * @throws HilError 'config' diff.nothing where they have no case in common, or none compared an element
 */
export function compareRuns(a: Named, b: Named): RunDiff {
  const pairs = pairsOf(a.report.cases, b.report.cases);
  const both = pairs.filter((pair): pair is [CaseReport, CaseReport] => pair[0] !== null && pair[1] !== null);
  if (both.length === 0) throw badInput('nothing', `nothing to compare: ${a.label} and ${b.label} have no case in common`);
  if (both.every(([x, y]) => comparedIn(x) + comparedIn(y) === 0)) throw badInput('nothing', `nothing to compare: no case of ${a.label} and ${b.label} compared an element`);
  const cases = pairs.map(([x, y]) => caseDiff(x === null ? null : on(a.report, x), y === null ? null : on(b.report, y)));
  const notes = [
    ...(a.report.suite.name === b.report.suite.name ? [] : [`the runs are of different suites: ${a.report.suite.name} / ${b.report.suite.name}`]),
    ...inputNotes(a.report.run.command, b.report.run.command),
  ];
  return { schema: 'hil-diff/1', kind: 'runs', equal: cases.every(({ equal }) => equal), a: sideOf(a), b: sideOf(b), cases, notes };
}

const sideOf = ({ label, report }: Named): RunSide => ({ label, id: report.run.id, suite: report.suite.name, verdict: report.verdict, cases: report.cases.length });
const on = (report: Report, one: CaseReport): CaseOnDevice => ({ report: one, device: report.devices.find(({ id }) => id === one.device) });
const comparedIn = ({ layers, outputs }: CaseReport): number => [...layers, ...outputs].reduce((sum, { compared }) => sum + compared, 0);

function pairsOf(a: readonly CaseReport[], b: readonly CaseReport[]): [CaseReport | null, CaseReport | null][] {
  const keyOf = ({ name, device }: CaseReport): string => JSON.stringify([name, device]);
  const left = new Map(b.map((one) => [keyOf(one), one]));
  const times = (cases: readonly CaseReport[], name: string): number => cases.filter((one) => one.name === name).length;
  const pairs = a.map((one): [CaseReport | null, CaseReport | null] => {
    const alone = times(a, one.name) === 1 && times(b, one.name) === 1;
    const other = left.get(keyOf(one)) ?? (alone ? b.find(({ name }) => name === one.name) : undefined);
    if (other !== undefined) left.delete(keyOf(other));
    return [one, other ?? null];
  });
  return [...pairs, ...[...left.values()].map((one): [null, CaseReport] => [null, one])];
}

function caseDiff(a: CaseOnDevice | null, b: CaseOnDevice | null): CaseDiff {
  const [comparedA, comparedB] = [a, b].map((side) => (side === null ? 0 : comparedIn(side.report))) as [number, number];
  const known = { name: (a ?? b)?.report.name ?? '', deviceA: a?.report.device ?? null, deviceB: b?.report.device ?? null, comparedA, comparedB };
  if (a === null || b === null) return { ...known, equal: false, conditions: [], figures: [], changes: [a === null ? 'only in B' : 'only in A'] };
  const conditions = conditionsOf(a, b);
  const changes = [...changesOf(a.report, b.report), ...(comparedA === 0 || comparedB === 0 ? ['nothing was compared with the reference'] : [])];
  const figures = figuresOf(a, b);
  // Another model is another question, whatever its answer.
  const otherModel = a.report.model?.sha256 !== b.report.model?.sha256;
  return { ...known, conditions, changes, figures, equal: changes.length === 0 && !otherModel && figures.every(({ changed }) => !changed) };
}

/** What was run otherwise in the two. */
function conditionsOf(a: CaseOnDevice, b: CaseOnDevice): string[] {
  const [x, y] = [a.report, b.report];
  const changed = (what: string, before: string, after: string): string[] => (before === after ? [] : [`${what} ${before} -> ${after}`]);
  const generator = ({ generator: one }: CaseReport): string => (one === null ? 'none' : `${one.name} ${one.version}`);
  const build = buildDifference(x, y);
  const device = deviceDifference(a.device, b.device);
  return [
    ...changed('model', x.model?.sha256.slice(0, 12) ?? 'none', y.model?.sha256.slice(0, 12) ?? 'none'), ...changed('profile', x.profile, y.profile),
    ...changed('samples', String(x.samples), String(y.samples)), ...changed('generator', generator(x), generator(y)), ...changed('device', x.device, y.device),
    ...(build === '' ? [] : [build]), ...(device === '' ? [] : [device]),
  ];
}

function changesOf(a: CaseReport, b: CaseReport): string[] {
  const changes = a.verdict === b.verdict ? [] : [`verdict ${a.verdict} -> ${b.verdict}${b.reasons[0] === undefined ? '' : `: ${b.reasons[0]}`}`];
  const outputs = new Map(b.outputs.map((output) => [output.name, output]));
  for (const output of a.outputs) {
    const other = outputs.get(output.name);
    if (other === undefined) changes.push(`output ${output.name}: only in A`);
    else if (output.mismatched !== other.mismatched || !Object.is(output.maxAbsDiff, other.maxAbsDiff)) changes.push(`output ${output.name}: ${output.mismatched} -> ${other.mismatched} elements differ from the reference, max |d| ${output.maxAbsDiff} -> ${other.maxAbsDiff}`);
    outputs.delete(output.name);
  }
  for (const name of outputs.keys()) changes.push(`output ${name}: only in B`);
  for (let i = 0; i < Math.max(a.layers.length, b.layers.length); i++) changes.push(...layerChanges(a.layers[i], b.layers[i]));
  return changes;
}

function layerChanges(a: LayerReport | undefined, b: LayerReport | undefined): string[] {
  const layer = a ?? b;
  if (layer === undefined) return [];
  const head = `layer ${layer.index} ${layer.op}: `;
  if (a === undefined || b === undefined) return [`${head}only in ${a === undefined ? 'B' : 'A'}`];
  if (a.op !== b.op) return [`${head}is ${b.op} in B`];
  const own = ({ own: one }: LayerReport): string => (one === null ? 'not measured' : String(one.mismatched));
  const causes = ({ diagnosis }: LayerReport): string => [...new Set(diagnosis.filter(({ rank }) => rank === 1).map(({ text }) => text))].join('; or ');
  const changes: string[] = [];
  if (a.ran !== b.ran) changes.push(`${a.ran} -> ${b.ran}`);
  if (a.mismatched !== b.mismatched || !Object.is(a.maxAbsDiff, b.maxAbsDiff)) changes.push(`mismatched ${a.mismatched} -> ${b.mismatched}, max |d| ${a.maxAbsDiff} -> ${b.maxAbsDiff}`);
  if (own(a) !== own(b)) changes.push(`own error ${own(a)} -> ${own(b)}`);
  if (causes(a) !== causes(b)) changes.push(`cause: ${causes(a) === '' ? 'none' : causes(a)} -> ${causes(b) === '' ? 'none' : causes(b)}`);
  return changes.length === 0 ? [] : [head + changes.join('; ')];
}
