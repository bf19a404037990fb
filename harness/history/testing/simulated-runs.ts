import { caseVerdict, overallVerdict, type AttemptReport, type CaseReport, type Report, type ReportDevice, type RunSource } from '../../report/index.ts';
import { caseName, endedCase, meansOf, simulateCase, type CaseRun } from './simulated-case.ts';
import { DAY_MS, planSimulation, type Change, type SimulatedDevice, type SimulationOptions, type SimulationPlan } from './simulated-plan.ts';

export { SIMULATED_DEVICES, type SimulatedDevice, type SimulationOptions } from './simulated-plan.ts';

/** A figure of one case on one device that stepped at a commit of main. */
export interface PlantedStep {
  /** 'model' and 'compiler': that is what changed. Figures before and after another compiler are not alike. */
  readonly kind: Change['kind'];
  readonly suite: string;
  readonly case: string;
  readonly device: string;
  readonly metric: string;
  /** Without noise. */
  readonly before: number;
  readonly after: number;
  /** True where every change of the figure is one; false: noise is on it. */
  readonly exact: boolean;
  /** Commit that did it, and the one of the first night that shows it. */
  readonly commit: string;
  readonly seenIn: string;
  readonly seenOnDay: number;
}

export interface PlantedBreak {
  readonly kind: 'wrong-layer' | 'fault' | 'build';
  readonly suite: string;
  readonly case: string;
  /** null: on all of them. */
  readonly device: string | null;
  /** Wrong by itself. */
  readonly layer: number;
  /** Bad from the first of these to before the second (null: to the end). */
  readonly from: string;
  readonly until: string | null;
}

export interface Planted {
  readonly steps: readonly PlantedStep[];
  readonly breaks: readonly PlantedBreak[];
  /** Its cable is loose: bench errors, many healed by a retry. */
  readonly flaky: string | null;
  readonly quarantine: { readonly device: string; readonly from: string; readonly until: string } | null;
  readonly days: number;
  /** Commits of main, oldest first. */
  readonly commits: readonly string[];
}

export interface Simulation {
  readonly planted: Planted;
  /** Made as they are asked for, oldest first; the same every time. */
  readonly runs: () => Generator<Report, void>;
}

/**
 * Months of a project that does not exist, for tests and for figures of scale: every name says that it is simulated.
 * Nights run main on every bench; by day pull requests are run. All of it follows from the options.
 */
export function simulateRuns(options: SimulationOptions): Simulation {
  const plan = planSimulation(options);
  return { planted: plantedIn(plan), runs: () => runsOf(plan, options.runs) };
}

const suiteName = (suite: number): string => `sim-suite-${suite}`;

function* runsOf(plan: SimulationPlan, most: number): Generator<Report, void> {
  let made = 0;
  for (let day = 0; day < plan.days; day++) {
    for (const night of [false, true]) {
      for (let turn = 0; turn < (night ? 1 : plan.pullRequestRuns); turn++) {
        for (let suite = 0; suite < plan.suites; suite++) {
          for (const [place, bench] of plan.benches.entries()) {
            if (made++ >= most) return;
            const minute = night ? 24 * 60 + 77 : 9 * 60 + Math.floor((8 * 60 * turn) / plan.pullRequestRuns);
            const startedAtMs = plan.startMs + day * DAY_MS + (minute + suite * 7) * 60_000 + place * 1000 + plan.random.whole(0, 900, 'start', day, turn, suite, bench);
            yield simulatedRun(plan, { day, turn, night, suite, bench, startedAtMs });
          }
        }
      }
    }
  }
}

interface Slot { readonly day: number; readonly turn: number; readonly night: boolean; readonly suite: number; readonly bench: string; readonly startedAtMs: number }

function simulatedRun(plan: SimulationPlan, slot: Slot): Report {
  const { random } = plan;
  const { day, suite, bench, startedAtMs, night } = slot;
  const run = `${new Date(startedAtMs).toISOString().replace(/[-:]|\.\d+/g, '')}-${random.hex(4, 'run', startedAtMs, suite, bench)}`;
  const devices = plan.devices.filter((one) => one.bench === bench);
  const { source, commit, slower, wrongCase, variant } = whatIsRun(plan, slot, run);
  const interruptedAt = random.uniform(run, 'interrupted') < 0.004 ? random.whole(0, plan.casesPerSuite * devices.length - 1, run, 'interrupted at') : Infinity;
  const cases: CaseReport[] = [];
  for (const device of devices) {
    for (let which = 0; which < plan.casesPerSuite; which++) {
      const given: CaseRun = { suite, case: which, device, commit, slower: which === 0 ? slower : 1, wrongLayer: wrongCase === which ? Math.min(1, plan.layers - 1) : null, run, variant };
      cases.push(finishCase(plan, given, { day, interrupted: cases.length >= interruptedAt, startedAtMs }));
    }
  }
  const durationMs = cases.reduce((sum, one) => sum + one.durationMs, 0);
  return {
    schema: 'hil-report/1', verdict: overallVerdict(cases, cases.some(({ verdict }) => verdict === 'interrupted')),
    run: {
      id: run, startedAt: new Date(startedAtMs).toISOString(), durationMs, phases: [{ name: 'build', durationMs: Math.round(durationMs / 3) }, { name: 'compare', durationMs: Math.round(durationMs / 2) }],
      hilVersion: '0.1.0', command: ['hil', 'run', `suites/${suiteName(suite)}`, '--device', devices.map(({ id }) => id).join(',')],
      hostFingerprint: { os: 'simulated', arch: 'simulated', cpu: 'simulated', node: 'v24.0.0', tools: {} }, source: { ...source, bench, jobUrl: night ? `https://ci.example/jobs/${run}` : null },
    },
    devices: devices.map(({ bench: _, ...device }): ReportDevice => device),
    suite: { name: suiteName(suite), description: 'Simulated: nothing of it was run', file: `suites/${suiteName(suite)}/suite.json` }, cases,
  };
}

/** Main at night; by day a pull request, of which each is run three times and some are wrong or slow; and now and then files that are in no commit. */
function whatIsRun(plan: SimulationPlan, { day, turn, night, suite, bench }: Slot, run: string): { source: Omit<RunSource, 'bench' | 'jobUrl'>; commit: number; slower: number; wrongCase: number | null; variant: string } {
  const { random } = plan;
  const head = plan.heads[day]!;
  const main = plan.commits[night ? head : plan.heads[Math.max(0, day - 1)]!]!;
  const base = { commit: main.id, committedAt: new Date(main.committedAtMs).toISOString(), subject: main.subject, branch: 'main', dirty: false, pullRequest: null };
  if (night) return { source: base, commit: head, slower: 1, wrongCase: null, variant: '' };
  const commit = plan.heads[Math.max(0, day - 1)]!;
  if (random.uniform(run, 'dirty') < 0.01) return { source: { ...base, dirty: true }, commit, slower: 1.2, wrongCase: null, variant: `dirty ${run}` };
  const push = day * plan.pullRequestRuns + turn;
  const pullRequest = 100 + Math.floor(push / 3);
  const broken = random.uniform('pull request', pullRequest) < 0.12 && push % 3 < 2 && random.whole(0, plan.suites - 1, 'pull request suite', pullRequest) === suite;
  const slow = random.uniform('pull request slow', pullRequest) < 0.1;
  return {
    source: { ...base, commit: random.hex(40, 'push', push), committedAt: new Date(plan.startMs + day * DAY_MS + 8.5 * 3600_000).toISOString(), subject: `Pull request ${pullRequest}, push ${(push % 3) + 1}`, branch: `feature/${pullRequest}`, pullRequest },
    commit, slower: slow ? 1.04 : 1, wrongCase: broken ? random.whole(0, plan.casesPerSuite - 1, 'pull request case', pullRequest) : null, variant: slow || broken ? `${pullRequest} ${push} ${bench}` : '',
  };
}

function finishCase(plan: SimulationPlan, given: CaseRun, { day, interrupted, startedAtMs }: { readonly day: number; readonly interrupted: boolean; readonly startedAtMs: number }): CaseReport {
  const { random, quarantine } = plan;
  const { device, run } = given;
  const { draft, fault, build } = simulateCase(plan, given);
  if (interrupted) return endedCase(draft, { kind: 'cancelled', code: 'cli.interrupted', message: 'interrupted by SIGTERM' });
  if (quarantine !== null && quarantine.device === device.id && quarantine.fromDay <= day && day < quarantine.untilDay) {
    const until = new Date(plan.startMs + quarantine.untilDay * DAY_MS).toISOString().slice(0, 10);
    const skipped = endedCase(draft, silent(device));
    return { ...skipped, verdict: 'skipped', reasons: [`counter stands still (quarantined until ${until}, by simulated bench team)`], endCode: null, durationMs: 0, image: null, memory: null };
  }
  if (build) return endedCase(draft, { kind: 'build', code: 'build.compile', message: 'arm-none-eabi-gcc: network.c:41:3: error: unknown type name' });
  const share = device.simulated ? 0.0005 : device.id === plan.flaky ? 0.06 : 0.002;
  const error = silent(device);
  const failures = [0, 1].filter((attempt) => random.uniform(run, given.case, device.id, 'bench', attempt) < (attempt === 0 ? share : 0.3)).length;
  const first = random.uniform(run, given.case, device.id, 'bench', 0) < share;
  const attempt: AttemptReport = { verdict: 'bench-error', code: error.code, reason: error.message, startedAt: new Date(startedAtMs).toISOString(), durationMs: 5200 };
  if (first && failures === 2) return endedCase(draft, error, [attempt]);
  if (fault) return { ...endedCase(draft, { kind: 'target', code: 'target.fault', message: 'HardFault: unaligned word load (UFSR.UNALIGNED)' }), ...(first ? { attempts: [attempt] } : {}) };
  return { ...caseVerdict(draft, { ended: null, metrics: ['RMSE'], broken: [], skipReason: null }), ...(first ? { attempts: [attempt] } : {}) };
}

const silent = ({ id }: SimulatedDevice) => ({ kind: 'bench', code: 'link.no-hello', message: `${id}: no HELLO within 5000 ms` }) as const;

function plantedIn(plan: SimulationPlan): Planted {
  const idOf = (commit: number): string => plan.commits[commit]!.id;
  const steps = plan.changes.flatMap((change) => {
    const seenOnDay = plan.heads.findIndex((head) => head >= change.commit);
    const common = { kind: change.kind, commit: idOf(change.commit), seenIn: idOf(plan.heads[seenOnDay]!), seenOnDay };
    const series = plan.devices.filter(({ id }) => change.device === null || change.device === id).flatMap((device) => Array.from({ length: plan.suites * plan.casesPerSuite }, (_, at) => (
      { suite: Math.floor(at / plan.casesPerSuite), case: at % plan.casesPerSuite, device })));
    return series.filter((one) => change.target === null || (change.target.suite === one.suite && change.target.case === one.case)).flatMap((key): PlantedStep[] => {
      const before = meansOf(plan, key, change.commit - 1);
      const after = meansOf(plan, key, change.commit);
      const exact = key.device.simulated;
      const counter = exact ? 'counter:instructions' : 'counter:cycles';
      const figures = [
        { metric: 'latency', before: before.latency, after: after.latency, exact }, { metric: counter, before: before.latency, after: after.latency, exact },
        { metric: 'energy', before: before.latency * before.energyFactor * 60e-6, after: after.latency * after.energyFactor * 60e-6, exact },
        { metric: 'flash', before: before.flash, after: after.flash, exact: true }, { metric: 'stack', before: before.stack, after: after.stack, exact: true },
      ];
      return figures.filter((one) => one.before !== one.after).map((one) => ({ ...common, suite: suiteName(key.suite), case: caseName(key.suite, key.case), device: key.device.id, ...one }));
    });
  });
  const dayText = (day: number): string => new Date(plan.startMs + day * DAY_MS).toISOString().slice(0, 10);
  return {
    steps, days: plan.days, flaky: plan.flaky, commits: plan.commits.map(({ id }) => id),
    breaks: plan.broken.map((one) => ({ kind: one.kind, suite: suiteName(one.suite), case: caseName(one.suite, one.case), device: one.device, layer: one.layer, from: idOf(one.from), until: plan.commits[one.until]?.id ?? null })),
    quarantine: plan.quarantine === null ? null : { device: plan.quarantine.device, from: dayText(plan.quarantine.fromDay), until: dayText(plan.quarantine.untilDay) },
  };
}
