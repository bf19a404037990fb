import type { ReportDevice } from '../../report/index.ts';
import { keyedRandom, type KeyedRandom } from './keyed-random.ts';

export interface SimulatedDevice extends ReportDevice {
  /** Computer that it hangs on: a run has the devices of one. */
  readonly bench: string;
}

export interface SimulationOptions {
  /** Default 1. */
  readonly seed?: number;
  /** How many runs; they are spread over as many days as it takes. */
  readonly runs: number;
  /** Default 2. */
  readonly suites?: number;
  /** Default 3. */
  readonly casesPerSuite?: number;
  /** Layers of each case; default 5. */
  readonly layers?: number;
  /** Default: {@link SIMULATED_DEVICES}. */
  readonly devices?: readonly SimulatedDevice[];
  /** First day, default 2026-01-05. */
  readonly startDay?: string;
  /** Runs of pull requests between two nights, for each suite on each bench; default 1. */
  readonly pullRequestRuns?: number;
}

const device = (id: string, core: string, megahertz: number, bench: string): SimulatedDevice =>
  ({ id, kind: id.startsWith('qemu') ? 'qemu' : 'serial', core, clockHz: megahertz * 1e6, simulated: id.startsWith('qemu'), bench });

/** Three benches: emulated cores, and two racks of boards. */
export const SIMULATED_DEVICES: readonly SimulatedDevice[] = [
  device('qemu-m0', 'cortex-m0', 25, 'sim-ci'), device('qemu-m4', 'cortex-m4', 25, 'sim-ci'), device('qemu-m55', 'cortex-m55', 25, 'sim-ci'),
  device('sim-nucleo-1', 'cortex-m4', 100, 'sim-rack-a'), device('sim-disco-2', 'cortex-m7', 216, 'sim-rack-a'),
  device('sim-nucleo-3', 'cortex-m33', 110, 'sim-rack-b'), device('sim-disco-4', 'cortex-m7', 216, 'sim-rack-b'),
];

/** A change of the code or the tools that came with one commit of main. */
export interface Change {
  readonly kind: 'latency' | 'flash' | 'stack' | 'energy' | 'model' | 'compiler';
  readonly commit: number;
  /** null: all (a compiler). */
  readonly target: { readonly suite: number; readonly case: number } | null;
  /** Of kind 'energy': the one board; else null, all. */
  readonly device: string | null;
  /** New mean over old one. */
  readonly factor: number;
}

/** Commits of main, from the first to before the second, in which something is broken. */
export interface Broken {
  readonly kind: 'wrong-layer' | 'fault' | 'build';
  readonly from: number;
  readonly until: number;
  readonly suite: number;
  readonly case: number;
  /** Wrong by itself; those after it inherit. */
  readonly layer: number;
  /** null: on all. */
  readonly device: string | null;
}

export interface SimulatedCommit {
  readonly id: string;
  readonly day: number;
  readonly committedAtMs: number;
  readonly subject: string;
}

export interface SimulationPlan {
  readonly random: KeyedRandom;
  readonly startMs: number;
  readonly days: number;
  readonly suites: number;
  readonly casesPerSuite: number;
  readonly layers: number;
  readonly devices: readonly SimulatedDevice[];
  readonly benches: readonly string[];
  readonly pullRequestRuns: number;
  readonly commits: readonly SimulatedCommit[];
  /** By day: the newest commit of main at its night. */
  readonly heads: readonly number[];
  readonly changes: readonly Change[];
  readonly broken: readonly Broken[];
  readonly quarantine: { readonly device: string; readonly fromDay: number; readonly untilDay: number } | null;
  /** A board whose cable is loose. */
  readonly flaky: string | null;
}

export const DAY_MS = 86_400_000;
const SUBJECTS = ['Kernels: unroll the inner loop', 'Quantiser: per-channel scales', 'Docs', 'Agent: smaller buffers', 'Clean-up', 'Planner: reuse buffers', 'Tests', 'Requantise in 32 bits'];

/** What happens in a simulated project, all of it known before the first run is made. */
export function planSimulation(options: SimulationOptions): SimulationPlan {
  const { seed = 1, suites = 2, casesPerSuite = 3, layers = 5, devices = SIMULATED_DEVICES, pullRequestRuns = 1 } = options;
  const random = keyedRandom(seed);
  const benches = [...new Set(devices.map(({ bench }) => bench))];
  const days = Math.max(1, Math.ceil(options.runs / (suites * benches.length * (1 + pullRequestRuns))));
  const startMs = Date.parse(`${options.startDay ?? '2026-01-05'}T00:00:00Z`);
  const { commits, heads } = planCommits(random, startMs, days);
  const boards = devices.filter(({ simulated }) => !simulated);
  const someDevice = (...key: readonly (string | number)[]): string => devices[random.whole(0, devices.length - 1, ...key)]!.id;
  const some = (...key: readonly (string | number)[]) => ({ suite: random.whole(0, suites - 1, ...key, 'suite'), case: random.whole(0, casesPerSuite - 1, ...key, 'case') });
  /** The commit of that part of all days, at which something happens: the last one of a day that has any. */
  const commitAt = (part: number): number => Math.max(1, heads[Math.min(days - 1, Math.max(0, Math.round(part * days)))]!);

  const kinds: readonly Change['kind'][] = ['latency', 'flash', 'compiler', 'energy', 'model', 'stack', 'latency'];
  const changeCount = days < 10 ? 0 : Math.max(kinds.length, Math.round(days / 25));
  const changes = Array.from({ length: changeCount }, (_, which): Change => {
    const kind = kinds[which % kinds.length]!;
    const board = boards[random.whole(0, Math.max(0, boards.length - 1), 'change', which, 'board')];
    const better = random.uniform('change', which, 'better') < 0.2;
    const size = { latency: 0.03 + 0.05 * random.uniform('change', which), flash: 0.02, stack: 0.08, energy: 0.09, model: 0.12, compiler: 0.02 }[kind];
    return {
      kind: kind === 'energy' && board === undefined ? 'latency' : kind, commit: commitAt(0.12 + (0.8 * (which + 0.2 * random.uniform('change', which, 'when'))) / changeCount),
      target: kind === 'compiler' ? null : some('change', which), device: kind === 'energy' && board !== undefined ? board.id : null, factor: better ? 1 - size : 1 + size,
    };
  });
  const brokenKinds: readonly Broken['kind'][] = ['wrong-layer', 'wrong-layer', 'build', 'wrong-layer', 'fault'];
  const brokenCount = days < 10 ? 0 : Math.max(3, Math.round(days / 20));
  const broken = Array.from({ length: brokenCount }, (_, which): Broken => {
    const day = Math.min(days - 2, Math.floor(days * (0.08 + (0.88 * which) / brokenCount)));
    const nights = random.whole(1, 3, 'broken', which, 'nights');
    return {
      kind: brokenKinds[which % brokenKinds.length]!, ...some('broken', which), layer: random.whole(0, Math.max(0, layers - 2), 'broken', which, 'layer'),
      from: heads[day]!, until: Math.max(heads[day]! + 1, heads[Math.min(days - 1, day + nights)]!), device: random.uniform('broken', which, 'one') < 0.4 ? someDevice('broken', which, 'device') : null,
    };
  });
  return {
    random, startMs, days, suites, casesPerSuite, layers, devices, benches, pullRequestRuns, commits, heads, changes, broken,
    quarantine: boards.length === 0 || days < 10 ? null : { device: boards.at(-1)!.id, fromDay: Math.floor(days * 0.6), untilDay: Math.ceil(days * 0.7) },
    flaky: boards[0]?.id ?? null,
  };
}

/** One to four commits on a working day, none on Saturdays and Sundays. */
function planCommits(random: KeyedRandom, startMs: number, days: number): { commits: SimulatedCommit[]; heads: number[] } {
  const commits: SimulatedCommit[] = [];
  const heads: number[] = [];
  for (let day = 0; day < days; day++) {
    const weekday = new Date(startMs + day * DAY_MS).getUTCDay();
    const count = weekday === 0 || weekday === 6 ? (day === 0 ? 1 : 0) : random.whole(1, 4, 'commits', day);
    for (let which = 0; which < count; which++) {
      const committedAtMs = startMs + day * DAY_MS + Math.floor((8 + (10 * (which + random.uniform('commit time', day, which))) / count) * 3600) * 1000;
      commits.push({ id: random.hex(40, 'commit', day, which), day, committedAtMs, subject: SUBJECTS[random.whole(0, SUBJECTS.length - 1, 'subject', day, which)]! });
    }
    heads.push(commits.length - 1);
  }
  return { commits, heads };
}
