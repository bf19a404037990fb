import t from 'tap';
import type { CaseReport, Verdict } from './report.ts';
import { caseReport, failCase, FAULT, layer, output, report, tensor } from './testing/sample-reports.ts';
import { caseVerdict, exitCode, finishReport, guardVacuous, overallVerdict, refuseVacuous, type VerdictFacts } from './verdict.ts';

const none: VerdictFacts = { ended: null, metrics: [], broken: [], skipReason: null };

t.test('a case', async (t) => {
  t.equal(caseVerdict(caseReport(), none).verdict, 'pass');
  t.same(caseVerdict(caseReport({ reasons: ['a note'] }), none).reasons, ['a note']);
  const wrong = caseVerdict({ ...failCase(), reasons: [] }, none);
  t.equal(wrong.verdict, 'fail');
  t.match(wrong.reasons, [/^layer 0 .* is wrong by itself: 1488 of 86400 elements, first in sequence [^,]+, step \d+, element \[[\d,]+\] \(1 more layer differs\)/, /^output torque: 64 of/, /RMSE is 9.12 N m, limit 8 N m/]);
  t.match(caseVerdict(caseReport(), { ...none, broken: ['flash 20 KiB is over its budget of 16 KiB'] }), { verdict: 'fail', reasons: [/budget/] });
  t.match(caseVerdict(caseReport(), { ...none, skipReason: 'quarantined' }), { verdict: 'skipped', reasons: ['quarantined'] });
  t.match(caseVerdict(caseReport({ fault: FAULT }), { ...none, ended: { kind: 'bench', message: 'the stream closed' } }), { verdict: 'fail', reasons: [/^fault in layer 1 FULLY_CONNECTED/] });
  for (const [kind, verdict] of [['target', 'fail'], ['build', 'build-error'], ['bench', 'bench-error'], ['config', 'bench-error'], ['cancelled', 'interrupted']] as const) {
    t.match(caseVerdict(caseReport(), { ...none, ended: { kind, message: 'why' } }), { verdict, reasons: ['why'] }, kind);
  }
  t.match(caseVerdict({ ...failCase(), reasons: [] }, { ...none, ended: { kind: 'bench', message: 'gone' } }), { verdict: 'bench-error', reasons: ['gone', /^before that: layer 0/] });
});

t.test('a pass that proves nothing is refused', async (t) => {
  t.same(guardVacuous(caseReport()), []);
  const empties: [string, Partial<CaseReport>, Verdict][] = [
    ['no samples', { samples: 0 }, 'bench-error'],
    ['samples not a number', { samples: Number.NaN }, 'bench-error'],
    ['an empty sequence', { sequences: [{ name: 'a', samples: 0 }] }, 'bench-error'],
    ['no layers', { layers: [] }, 'bench-error'],
    ['layers of which none is exposed', { layers: [layer({ tensors: [], compared: 0 })] }, 'bench-error'],
    ['a layer with taps and nothing compared', { layers: [layer({ compared: 0 })] }, 'bench-error'],
    ['a tensor of which nothing was compared', { layers: [layer({ tensors: [tensor(), tensor({ tensor: 16, compared: 0 })] })] }, 'bench-error'],
    ['a layer that was not executed', { layers: [layer({ ran: 'not executed' })] }, 'fail'],
    ['a tensor that differs under a layer that does not', { layers: [layer({ tensors: [tensor({ mismatched: 1 })], mismatched: 0 })] }, 'fail'],
    ['a layer that differs', { layers: [layer({ mismatched: 1 })] }, 'fail'],
    ['a count that is not a number', { layers: [layer({ mismatched: Number.NaN })] }, 'fail'],
    ['no outputs', { outputs: [] }, 'bench-error'],
    ['outputs only, and none', { scope: 'outputs', layers: [], outputs: [] }, 'bench-error'],
    ['outputs only, and nothing of one compared', { scope: 'outputs', layers: [], outputs: [output(), output({ compared: 0 })] }, 'bench-error'],
    ['outputs only, and not of every sample', { scope: 'outputs', layers: [], samples: 5, outputs: [output({ compared: 4 })] }, 'bench-error'],
    ['outputs only, and one differs', { scope: 'outputs', layers: [], outputs: [output({ mismatched: 1 })] }, 'fail'],
    ['outputs only, with layers', { scope: 'outputs' }, 'bench-error'],
    ['an output of which nothing was compared', { outputs: [output({ compared: 0 })] }, 'bench-error'],
    ['an output that differs', { outputs: [output({ mismatched: 1 })] }, 'fail'],
    ['a metric that is not a number', { outputs: [metric(Number.NaN, true)] }, 'fail'],
    ['a metric over its limit that claims to pass', { outputs: [metric(9, true)] }, 'fail'],
    ['a metric that did not pass', { outputs: [metric(1, false)] }, 'fail'],
    ['a fault', { fault: FAULT }, 'fail'],
  ];
  for (const [name, changes, verdict] of empties) {
    const refused = refuseVacuous(caseReport(changes));
    t.equal(refused.verdict, verdict, name);
    t.ok(refused.reasons.length > 0, `${name}: says why`);
    t.equal(finishReport(report([caseReport(changes)])).verdict, verdict, `${name}: also in the end`);
  }
  t.match(refuseVacuous(caseReport(), ['peak error']), { verdict: 'bench-error', reasons: [/peak error was asked for/] });
  t.same(guardVacuous(caseReport(), ['torque RMSE']), []);
});

t.test('judged by metrics: what differs decides nothing, limits do', async (t) => {
  const differing = { judge: 'metrics', layers: [layer({ mismatched: 5, tensors: [tensor({ mismatched: 5 })] })] } as const;
  const of = (value: number, limits: { readonly max?: number | null; readonly min?: number }, passed = true): ReturnType<typeof output> =>
    output({ mismatched: 3, metrics: [{ name: 'top', kind: 'top-1', value, unit: '', max: null, ...limits, passed }] });
  t.match(caseVerdict(caseReport({ ...differing, outputs: [of(0.95, { min: 0.9 })] }), { ...none, metrics: ['top'] }), { verdict: 'pass' });
  t.match(caseVerdict(caseReport({ ...differing, outputs: [of(0.8, { min: 0.9 }, false)], reasons: [] }), none), { verdict: 'fail', reasons: [/^output [^:]+: top is 0.8, limit at least 0.9$/] });
  const refused: [string, Partial<CaseReport>, Verdict][] = [
    ['under its limit that claims to pass', { ...differing, outputs: [of(0.8, { min: 0.9 })] }, 'fail'],
    ['no number', { ...differing, outputs: [of(Number.NaN, { min: 0.9 })] }, 'fail'],
    ['no limit', { ...differing, outputs: [of(1, {})] }, 'bench-error'],
    ['no metric', { ...differing, outputs: [output({ metrics: [] })] }, 'bench-error'],
    ['no sample', { ...differing, samples: 0, outputs: [of(1, { min: 0.9 })] }, 'bench-error'],
    ['a layer that was not executed', { judge: 'metrics', layers: [layer({ ran: 'not executed', mismatched: 5 })], outputs: [of(1, { min: 0.9 })] }, 'fail'],
    ['counts that are no numbers', { judge: 'metrics', layers: [layer({ mismatched: Number.NaN })], outputs: [of(1, { min: 0.9 })] }, 'fail'],
    ['values decide', { layers: differing.layers, outputs: [of(1, { min: 0.9 })] }, 'fail'],
  ];
  for (const [name, changes, verdict] of refused) t.equal(refuseVacuous(caseReport(changes)).verdict, verdict, name);
  t.match(refuseVacuous(caseReport({ ...differing, outputs: [of(1, { min: 0.9 })] }), ['top', 'other']), { verdict: 'bench-error', reasons: [/other was asked for and not computed/] });
});

t.test('a layer that was not shown may have been executed; counts that are known by digests are the least', async (t) => {
  const least = [tensor({ mismatched: 1, lowerBound: true })];
  t.match(caseVerdict(caseReport({ layers: [layer({ ran: 'not executed', tensors: least }), layer({ index: 1, tensors: least })] }), none).reasons,
    [/^layer 0 UNI\w+ was not executed or not shown: its tap was never called$/, /^layer 1 UNI\w+ is wrong: at least 1 of 28800 elements$/]);
});

t.test('what may be empty', async (t) => {
  t.same(guardVacuous(caseReport({ scope: 'outputs', layers: [] })), [], 'layers, where the device shows none');
  t.same(guardVacuous(caseReport({ layers: [layer({ tensors: [], compared: 0 }), layer()] })), [], 'a layer that the generator does not expose');
  t.same(guardVacuous(caseReport({ layers: [layer({ tensors: [tensor(), tensor({ tensor: null, compared: 0 })] })] })), [], 'a view without a counterpart');
  t.same(guardVacuous(caseReport({ layers: [layer({ tensors: [tensor(), tensor({ shape: [0, 4], compared: 0 })] })] })), [], 'a tensor without elements');
});

t.test('a run and its exit code', async (t) => {
  const of = (...verdicts: Verdict[]): Verdict => overallVerdict(verdicts.map((verdict) => ({ verdict })));
  const table: [Verdict[], Verdict, number][] = [
    [['pass', 'pass'], 'pass', 0], [['pass', 'skipped'], 'pass', 0], [['pass', 'bench-error'], 'bench-error', 4], [['bench-error', 'build-error', 'pass'], 'build-error', 3],
    [['build-error', 'fail', 'bench-error'], 'fail', 1], [['fail', 'interrupted'], 'interrupted', 130], [['skipped', 'skipped'], 'skipped', 4], [[], 'bench-error', 4],
  ];
  for (const [verdicts, verdict, code] of table) {
    t.equal(of(...verdicts), verdict, verdicts.join());
    t.equal(exitCode(of(...verdicts)), code, verdicts.join());
  }
  t.equal(overallVerdict([{ verdict: 'pass' }], true), 'interrupted', 'interrupted between two cases');
  t.equal(finishReport(report([caseReport()]), { interrupted: true }).verdict, 'interrupted');
});

function metric(value: number, passed: boolean): ReturnType<typeof output> {
  return output({ metrics: [{ name: 'torque RMSE', kind: 'rmse', value, unit: 'N m', max: 8, passed }] });
}
