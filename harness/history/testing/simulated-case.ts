import type { HilError } from '../../errors.ts';
import { caseVerdict, type AttemptReport, type CaseDraft, type CaseReport, type LayerReport, type TensorReport } from '../../report/index.ts';
import type { Change, SimulatedDevice, SimulationPlan } from './simulated-plan.ts';

const SAMPLES = 400;
const OPS = ['CONV_2D', 'DEPTHWISE_CONV_2D', 'ADD', 'UNIDIRECTIONAL_SEQUENCE_LSTM', 'FULLY_CONNECTED'];
/** Of the mean. A board's counter hardly varies; what a shunt reads does. */
export const NOISE = { latency: 0.003, energy: 0.015 };
const PICOJOULES = 60;

export interface CaseKey { readonly suite: number; readonly case: number; readonly device: SimulatedDevice }

/** What a run adds to what its commit says. */
export interface CaseRun extends CaseKey {
  /** Place in the commits of main: its own, or that of the base of a pull request. */
  readonly commit: number;
  /** What the change of a pull request, or of files that are in no commit, does to the time. */
  readonly slower: number;
  /** Layer that such a change makes wrong, or null. */
  readonly wrongLayer: number | null;
  /** Different for each run: noise comes from it. */
  readonly run: string;
  /** What such a change is called, '' for main: other code is another image. */
  readonly variant: string;
}

export const caseName = (suite: number, which: number): string => `${['torque', 'keyword', 'person', 'anomaly', 'pump', 'valve'][(suite * 2 + which) % 6]}-${suite}${which}`;

/** True means, without noise, of a case at a commit of main. */
export function meansOf(plan: SimulationPlan, { suite, case: which, device }: CaseKey, commit: number): { latency: number; flash: number; stack: number; energyFactor: number; model: number; compiler: number; applied: readonly Change[] } {
  const { random } = plan;
  const applied = plan.changes.filter((change) => change.commit <= commit && (change.target === null || (change.target.suite === suite && change.target.case === which)) && (change.device === null || change.device === device.id));
  const factor = (...kinds: readonly Change['kind'][]): number => applied.reduce((product, change) => (kinds.includes(change.kind) ? product * change.factor : product), 1);
  const weight = { 'cortex-m0': 3.1, 'cortex-m4': 1.2, 'cortex-m7': 1, 'cortex-m33': 1.1, 'cortex-m55': 0.4 }[device.core] ?? 1;
  return {
    latency: Math.round((20_000 + 180_000 * random.uniform('latency', suite, which)) * weight * (device.simulated ? 1 : 1.35) * factor('latency', 'model', 'compiler')),
    flash: Math.round((16_000 + 60_000 * random.uniform('flash', suite, which)) * factor('flash', 'model', 'compiler')),
    stack: 8 * Math.round((50 + 60 * random.uniform('stack', suite, which)) * factor('stack')),
    energyFactor: factor('energy'), model: applied.filter(({ kind }) => kind === 'model').length, compiler: applied.filter(({ kind }) => kind === 'compiler').length, applied,
  };
}

export function simulateCase(plan: SimulationPlan, given: CaseRun): { draft: CaseDraft; wrong: boolean; fault: boolean; build: boolean } {
  const { random } = plan;
  const { suite, case: which, device, commit, run } = given;
  const means = meansOf(plan, given, commit);
  const exact = device.simulated;
  const latency = Math.round(means.latency * given.slower * (exact ? 1 : 1 + NOISE.latency * random.normal(run, which, device.id, 'latency')));
  const energy = (means.latency * given.slower * PICOJOULES * means.energyFactor * (exact ? 1 : 1 + NOISE.energy * random.normal(run, which, device.id, 'energy'))) / 1e6;
  const broken = plan.broken.find((one) => one.suite === suite && one.case === which && one.from <= commit && commit < one.until && (one.device === null || one.device === device.id));
  const wrongLayer = given.wrongLayer ?? (broken?.kind === 'wrong-layer' ? broken.layer : null);
  const model = random.hex(64, 'model', suite, which, means.model);
  const compiler = `arm-none-eabi-gcc ${12 + means.compiler}.2.1`;
  const image = random.hex(64, 'image', suite, which, device.core, commit === 0 ? 0 : means.applied.length, broken?.kind ?? '', given.variant, compiler);
  const quality = exact ? 'modelled' : 'hardware';
  const unit = exact ? 'instructions' : 'cycles';
  const layers = layersOf(plan, given, { latency, unit, quality, wrongLayer });
  const off = wrongLayer === null ? 0 : 1 + random.whole(10, 60, 'wrong output', suite, which, wrongLayer);
  const draft: CaseDraft = {
    name: caseName(suite, which), device: device.id, durationMs: random.whole(900, 2600, run, which, device.id, 'duration'), reasons: [],
    model: { file: `models/${caseName(suite, which)}_int8.tflite`, sha256: model }, generator: { name: 'hil', version: '0.1.0' },
    image: { sha256: image, buildId: image.slice(0, 32), compiler, flags: [`-mcpu=${device.core}`, '-mthumb', '-O2', '-ffp-contract=off'], cached: given.variant === '' },
    profile: 'tflm', samples: SAMPLES, sequences: [{ name: 'ramp', samples: SAMPLES / 2 }, { name: 'idle', samples: SAMPLES / 2 }], layers,
    outputs: [{ name: 'out', compared: SAMPLES * 4, mismatched: off, maxAbsDiff: off === 0 ? 0 : 2,
      metrics: [{ name: 'RMSE', kind: 'rmse', value: Number((4 + random.uniform('rmse', suite, which, means.model)).toFixed(4)), unit: 'N m', max: 8, passed: true }] }],
    tolerances: [], determinism: [],
    latency: { unit, quality, median: latency, min: latency, max: Math.round(latency * (exact ? 1 : 1.01)), n: SAMPLES, layersSum: null, layersTotal: null }, latencyReason: '',
    counters: [{ name: unit, value: latency, unit, quality }],
    memory: { flashBytes: means.flash, ramBytes: 9_000 + 8 * plan.layers, networkFlashBytes: means.flash - 9_000, networkRamBytes: 512, arenaBytes: 1_024 + 256 * which, stackBytes: means.stack, stackBoundBytes: null },
    energy: { value: Number(energy.toFixed(6)), unit: 'uJ', quality: exact ? 'modelled' : 'measured', source: exact ? `${PICOJOULES} pJ an instruction (simulated run)` : 'simulated shunt' }, energyReason: '',
    link: { bytesToDevice: 30_000, bytesFromDevice: 90_000, resent: 0, damaged: 0, seconds: 1.5 },
    fault: null, log: [], npu: { used: false, operators: 0, of: plan.layers }, plots: [], endCode: null,
  };
  return { draft, wrong: wrongLayer !== null, fault: broken?.kind === 'fault', build: broken?.kind === 'build' };
}

/** What the layers of a case have in common. */
interface LayerTotals { readonly latency: number; readonly unit: string; readonly quality: 'modelled' | 'hardware'; readonly wrongLayer: number | null }

/** Layers share the time in fixed parts; what a change of the code adds is in the first. */
function layersOf(plan: SimulationPlan, given: CaseRun, totals: LayerTotals): LayerReport[] {
  const weights = Array.from({ length: plan.layers }, (_, at) => 0.3 + plan.random.uniform('share', given.suite, given.case, at));
  const all = weights.reduce((sum, one) => sum + one, 0);
  const growth = plan.changes.reduce((product, change) => (change.kind === 'latency' && change.commit <= given.commit && change.target?.suite === given.suite && change.target.case === given.case ? product * change.factor : product), given.slower);
  const before = totals.latency / growth;
  return weights.map((weight, index) => layer(plan, given, index, { ...totals, cost: Math.round((0.97 * before * weight) / all + (index === 0 ? totals.latency - before : 0)) }));
}

function layer({ random }: SimulationPlan, { suite, case: which, device }: CaseRun, index: number, { cost: value, unit, quality, wrongLayer }: LayerTotals & { readonly cost: number }): LayerReport {
  const op = OPS[(index + suite + which) % OPS.length]!;
  const elements = 16 * (1 + ((index * 7 + which) % 6));
  const compared = elements * SAMPLES;
  const own = wrongLayer === index;
  const differs = wrongLayer !== null && wrongLayer <= index;
  const mismatched = differs ? Math.ceil(compared * 0.03 * (own ? 1 : 0.6) * (1 + random.uniform('wrong', suite, which, index))) : 0;
  const first = { sequence: 'ramp', sample: 3 + index, step: 3 + index, index: [0, 5], expected: 17, got: 16 };
  const tensor: TensorReport = {
    tensor: index + 10, name: `block_${index}/out`, role: 'output', dtype: 'int8', shape: [1, elements], by: differs ? 'values' : 'digest', compared, mismatched, lowerBound: false,
    maxAbsDiff: differs ? 2 : 0, diffUnit: 'lsb', histogram: differs ? { '-1': mismatched - 1, '2': 1 } : {}, firstMismatch: differs ? first : null,
  };
  return {
    index, op, name: `block_${index}/out`, covers: [index], ran: 'cpu', compared, mismatched, maxAbsDiff: tensor.maxAbsDiff, tensors: [tensor],
    own: wrongLayer === null ? null : { compared, mismatched: own ? mismatched : 0, maxAbsDiff: own ? 2 : 0, samples: SAMPLES, first: own ? first : null },
    from: [index - 1], diagnosis: own ? [{ cause: 'rounding.single', text: 'rounds once instead of twice', wrong: mismatched, explained: mismatched, contradicted: 0, samples: 8, rank: 1 }] : [], where: null,
    cost: { value, unit, quality, macs: elements * 64, bytes: elements * 66, energyUj: device.simulated ? (value * PICOJOULES) / 1e6 : null },
  };
}

/** A case that ended before its end: nothing of it was compared. */
export function endedCase(draft: CaseDraft, error: Pick<HilError, 'kind' | 'message' | 'code'>, attempts: readonly AttemptReport[] = []): CaseReport {
  const early: CaseDraft = {
    ...draft, samples: 0, sequences: [], layers: [], outputs: [], latency: null, latencyReason: 'the case ended early', counters: [], energy: null, energyReason: 'no latency to model it from',
    endCode: error.code, link: null, memory: error.kind === 'build' ? null : draft.memory, image: error.kind === 'build' ? null : draft.image,
  };
  return { ...caseVerdict(early, { ended: error, metrics: [], broken: [], skipReason: null }), ...(attempts.length === 0 ? {} : { attempts }) };
}
