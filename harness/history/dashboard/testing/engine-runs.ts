import type { CaseReport, Report } from '../../../report/index.ts';
import { endedCase } from '../../testing/simulated-case.ts';
import { failCase, passCase, report } from '../../../report/testing/sample-reports.ts';
import { runAt } from './built-site.ts';

const DAY = 86_400_000;

/** Of what the tests look for, each once. */
export const ENGINE = { suite: 'engine', case: 'torque', board: 'board-a', flaky: 'board-b', days: 24, compilerDay: 12, redDay: 22 } as const;

/**
 * 24 nights of one case: on board-a the compiler changes at night 12 and the last two nights fail; board-b fails as a bench every third
 * night; board-c is in quarantine; and one run of a pull request, which is red and does not count.
 * @param endMs the last night
 */
export function* engineRuns(endMs: number): Generator<Report> {
  for (let day = 0; day < ENGINE.days; day++) {
    const commit = (day + 1).toString(16).padStart(40, 'c');
    const good = named(passCase(), ENGINE.board, day, 20_000 + (day >= 8 ? 900 : 0));
    const torque = day < ENGINE.redDay ? good : named(failCase(), ENGINE.board, day, 20_900);
    const other = named(passCase(), ENGINE.flaky, day, 31_000);
    const second = day % 3 === 2 ? endedCase(other, { kind: 'bench', code: 'link.no-hello', message: 'board-b: no HELLO within 5000 ms' }) : other;
    const third: CaseReport = { ...endedCase(named(passCase(), 'board-c', day, 1), { kind: 'bench', code: 'x', message: 'x' }), verdict: 'skipped', endCode: null, reasons: ['loose cable (quarantined until 2099-01-31, by ana)'] };
    yield whole([torque, second, third], `night-${day}`, endMs - (ENGINE.days - 1 - day) * DAY, { commit, subject: `Change ${day}`, jobUrl: `https://ci.example/jobs/${day}` });
  }
  yield whole([named(failCase(), ENGINE.board, 99, 50_000)], 'request', endMs + 1000, { commit: 'f'.repeat(40), pullRequest: 12, branch: 'feature' });
}

function whole(cases: readonly CaseReport[], id: string, atMs: number, source: Parameters<typeof runAt>[3]): Report {
  const devices = cases.map(({ device }) => ({ id: device, kind: 'qemu' as const, core: 'cortex-m4', clockHz: 25e6, simulated: true }));
  return runAt({ ...report(cases), devices, suite: { name: ENGINE.suite, description: '', file: null } }, id, atMs, source);
}

function named(one: CaseReport, device: string, day: number, latency: number): CaseReport {
  const compiler = day < ENGINE.compilerDay ? 'arm-none-eabi-gcc 12.2.1' : 'arm-none-eabi-gcc 13.2.1';
  return { ...one, name: ENGINE.case, device, image: { sha256: day.toString(16).padStart(64, '0'), buildId: String(day), compiler, flags: ['-O2'], cached: false },
    latency: { unit: 'instructions', quality: 'modelled', median: latency, min: latency, max: latency, n: 3, layersSum: null, layersTotal: null } };
}
