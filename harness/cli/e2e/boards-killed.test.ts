import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import t, { type Test } from 'tap';
import { fvpStandIn } from '../../device/testing/fvp.ts';
import type { CaseReport } from '../../report/index.ts';
import { boardBench, midRun, noBoard, type BoardBench } from './board-bench.ts';
import { engineModel } from './hil.ts';
import { until } from './sandbox.ts';

// hil is killed, or told to end, while it has a board, a flasher that hangs or an FVP (each of them a stand-in): nothing that it started
// goes on, and the device is free for the next run. For QEMU and the host: interrupts.test.ts.
t.setTimeout(280_000);

const LONG = 20_000;
/** From the death of hil until the last process that it started is gone. */
const SECONDS = 8_000;
const check = (device: string, samples: number): string[] => ['check', engineModel, '--samples', String(samples), '--device', device];

interface Scenario {
  readonly name: string;
  readonly device: string;
  readonly env: Readonly<Record<string, string>>;
  /** Among the command lines of what runs when hil is hit. */
  readonly runs: RegExp;
  /** Waits until it is in the middle of it. */
  readonly middle: (bench: BoardBench, child: ReturnType<BoardBench['start']>) => Promise<unknown>;
}

const running = (bench: BoardBench): string => bench.box.running().join('\n');

const scenarios: readonly Scenario[] = [
  { name: 'a board in mid-run', device: 'board', env: {}, runs: /main\.ts check/, middle: ({ box }, child) => midRun(child, box.out) },
  { name: 'a flasher that hangs', device: 'board', env: { HIL_STAND_IN_FAULT: 'hang' }, runs: /openocd [^]*sleep 600|sleep 600[^]*openocd /, middle: (bench) => until('the flasher', () => /sleep 600/.test(running(bench))) },
  { name: 'an FVP in mid-run', device: 'fvp-u55', env: { HIL_FVP: fvpStandIn }, runs: /qemu-system-arm/, middle: ({ box }, child) => midRun(child, box.out) },
];

async function gone(bench: BoardBench): Promise<void> {
  await until('the end of what hil started', () => bench.box.running().length === 0, SECONDS).catch((error: Error) => {
    throw new Error(`${error.message}:\n${running(bench)}`);
  });
}

/** The next run finds the device free, whatever was left. */
async function nextPasses(t: Test, bench: BoardBench, { device, env }: Scenario): Promise<void> {
  const run = await bench.run([...check(device, 4), '--out', bench.box.out], { env: { ...env, HIL_STAND_IN_FAULT: '' } });
  t.equal(run.code, 0, run.stdout + run.stderr);
  t.same(bench.box.running(), [], 'no process is left');
  t.same(bench.box.leftovers(), [], 'no lock, work folder or half-written file is left');
}

for (const scenario of scenarios) {
  for (const signal of ['SIGKILL', 'SIGINT'] as const) {
    t.test(`${scenario.name}, ${signal}`, { skip: noBoard }, async (t) => {
      const bench = await boardBench(t);
      const child = bench.start([...check(scenario.device, LONG), '--out', bench.box.out], { env: scenario.env });
      await scenario.middle(bench, child);
      t.match(running(bench), scenario.runs);
      child.kill(signal);
      const { exitCode, signal: by, stdout } = await child;
      if (signal === 'SIGKILL') {
        t.equal(by, 'SIGKILL');
        await gone(bench);
        const locks = path.join(bench.box.dir, 'home', 'locks');
        t.ok(existsSync(path.join(locks, `${scenario.device}.0.json`)), 'its lease is still there, to be taken over');
        t.notOk(existsSync(path.join(bench.box.out, 'report.json')), 'no half report');
      } else {
        t.equal(exitCode, 130, stdout);
        t.same(bench.box.running().filter((command) => !/keeper/.test(command)), [], 'no process is left');
        await gone(bench);
        t.same(bench.box.leftovers(), [], 'no lock, work folder or half-written file is left');
        const { cases: [one], verdict } = JSON.parse(readFileSync(path.join(bench.box.out, 'report.json'), 'utf8')) as { cases: [CaseReport]; verdict: string };
        t.match({ verdict, one }, { verdict: 'interrupted', one: { verdict: 'interrupted', reasons: [/^interrupted by SIGINT$/] } });
      }
      await nextPasses(t, bench, scenario);
    });
  }
}
