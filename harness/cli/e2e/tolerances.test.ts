import t from 'tap';
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { edit, generateEngine, onlyCase, Scene, smallSuite, type SceneRun } from './scene.ts';

// What a suite forgives, and what it judges by: the real command on C whose last layer is wrong by little.
t.setTimeout(200_000);
const scene = new Scene(t);
const suite = smallSuite(scene.dir, ['steps']);
const right = await generateEngine(scene.dir);
const wrong = path.join(scene.dir, 'wrong');
cpSync(right, wrong, { recursive: true });
edit(wrong, 'engine_rom_int8_weights.c', '  -50, -61, -18, -2, -5,', '  30, -61, -18, -2, -5,');
const given = JSON.parse(readFileSync(path.join(suite, 'suite.json'), 'utf8')) as { cases: [Record<string, unknown>] };
const reason = 'one weight is another';

async function run(c: string, change: Readonly<Record<string, unknown>>): Promise<SceneRun> {
  writeFileSync(path.join(suite, 'suite.json'), JSON.stringify({ ...given, cases: [{ ...given.cases[0], ...change }] }));
  return scene.run(['run', suite, '--c', c, '--device', 'host']);
}
const forgiving = (tolerance: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> => ({ tolerances: [{ layers: '1', reason, ...tolerance }] });

const exact = onlyCase(await run(wrong, {}));
const [, dense] = exact.layers;
const [differing, furthest] = [dense?.mismatched ?? 0, dense?.maxAbsDiff ?? 0];
const runs = {
  within: await run(wrong, forgiving({ lsb: furthest })), tooFar: await run(wrong, forgiving({ lsb: furthest - 1 })),
  budget: await run(wrong, forgiving({ elements: differing })), tooMany: await run(wrong, forgiving({ elements: differing - 1 })),
  elsewhere: await run(wrong, { tolerances: [{ operator: '*LSTM', lsb: furthest, reason }] }),
  unneeded: await run(right, forgiving({ operator: 'FULLY*', lsb: 1 })),
  nothing: await run(right, { tolerances: [{ layers: 'conv*', lsb: 1, reason }] }),
};

t.test('without a tolerance it fails', async (t) => {
  t.equal(exact.verdict, 'fail');
  t.ok(differing > 1 && furthest > 1, `${differing} elements, up to ${furthest} LSB`);
});

t.test('within: it passes, and says why it may', async (t) => {
  for (const [how, lsb, budget] of [['within', furthest, null], ['budget', null, { elements: differing }]] as const) {
    t.equal(runs[how].code, 0, how);
    const one = onlyCase(runs[how]);
    t.match(one, { verdict: 'pass', layers: [{ mismatched: 0 }, { mismatched: 0, maxAbsDiff: furthest }], outputs: [{ mismatched: 0, compared: 300 }] });
    t.same(one.tolerances, [{ scope: 'layer 1', layers: [1], lsb, budget, reason, used: { elements: differing, compared: 300, maxAbsDiff: furthest }, needed: true, kept: true }]);
    t.match(one.reasons.join('\n'), `not bit-exact: ${differing} of 300 elements differ within the tolerance for layer 1`);
    for (const text of [runs[how].stdout, runs[how].file('summary.md')]) t.match(text.replaceAll('\\', ''), reason);
  }
});

t.test('beyond: it fails', async (t) => {
  t.match([runs.tooFar.code, runs.tooMany.code, runs.elsewhere.code], [1, 1, 1]);
  const far = onlyCase(runs.tooFar);
  t.ok((far.layers[1]?.mismatched ?? 0) > 0 && (far.layers[1]?.mismatched ?? 0) < differing, 'only what is further off counts');
  t.match(far.tolerances, [{ kept: false, used: { elements: differing, maxAbsDiff: furthest } }]);
  t.match(onlyCase(runs.tooMany), { layers: [{}, { mismatched: differing }], outputs: [{ mismatched: differing }], tolerances: [{ kept: false }] });
  t.match(onlyCase(runs.tooMany).reasons.join('\n'), /tolerance for layer 1 \(any difference in \d+ elements of a layer\) is not kept/);
  t.match(onlyCase(runs.elsewhere), { layers: [{ mismatched: 0 }, { mismatched: differing }], tolerances: [{ needed: false }] });
});

t.test('not needed any more: it passes, and says so', async (t) => {
  t.equal(runs.unneeded.code, 0);
  t.match(onlyCase(runs.unneeded), { tolerances: [{ scope: 'layer 1 and operator FULLY*', needed: false, kept: true }] });
  t.match(runs.unneeded.stdout, 'tolerance for layer 1 and operator FULLY* is no longer needed: nothing differs there');
});

t.test('matches nothing: the suite is wrong, and nothing runs', async (t) => {
  t.same([runs.nothing.code, runs.nothing.report], [2, null]);
  t.match(runs.nothing.stderr, /tolerance 1 \(layer conv\*\) matches no layer of the model; it has layer 0 UNIDIRECTIONAL_SEQUENCE_LSTM .*, layer 1 FULLY_CONNECTED/);
});

t.test('judged by metrics: the limit decides, and nothing else', async (t) => {
  const metrics = (max: number, min: number): Readonly<Record<string, unknown>> => ({ judge: 'metrics', metrics: [{ name: 'distance', kind: 'l2r', against: 'reference', max }, { name: 'efficiency', kind: 'nse', against: 'reference', min }] });
  const kept = await run(wrong, metrics(0.5, 0.5));
  t.equal(kept.code, 0, kept.stdout);
  const one = onlyCase(kept);
  t.match(one, { verdict: 'pass', judge: 'metrics', layers: [{ mismatched: 0 }, { mismatched: differing }], outputs: [{ mismatched: differing, metrics: [{ passed: true, max: 0.5 }, { passed: true, min: 0.5 }] }] });
  t.match(one.reasons.join('\n'), /judged by metrics, not bit-exact/);
  t.notMatch(kept.file('junit.xml'), /<failure/, 'nothing that CI would show in red');
  t.notMatch(kept.file('report.tap'), /^\s*not ok/m);
  const [distance, efficiency] = one.outputs[0]?.metrics ?? [];
  t.ok((distance?.value ?? 0) > 0 && (efficiency?.value ?? 1) < 1, `l2r ${distance?.value}, nse ${efficiency?.value}`);
  const broken = await run(wrong, metrics(0.5, (1 + (efficiency?.value ?? 1)) / 2));
  t.equal(broken.code, 1);
  t.match(broken.stdout, /efficiency is 0\.\d+, limit at least 0\.\d+/);
});
