import t from 'tap';
import { createHash } from 'node:crypto';
import { plan } from '../data/plan.ts';
import type { EngineInput } from '../plant/engine.ts';
import { SAMPLE_RATE_HZ } from '../plant/simulate.ts';
import { EXCITATION_SAMPLES, POINTS_PER_SEQUENCE } from './excitation.ts';
import { IDLE, profile, SLEW_PER_S } from './profile.ts';
import { AXES, normalise } from './space.ts';
import { TEST_SAMPLES } from './test-sequences.ts';

const all = plan();
const rowOf = (u: EngineInput): string => Float32Array.from(normalise(u)).join();
const hashOf = (inputs: readonly EngineInput[]): string => createHash('sha256').update(inputs.map(rowOf).join(';')).digest('hex');
const others = [...all.training, ...all.validation, ...all.representative];
const idleRow = rowOf(IDLE);

t.test('a step is as steep as the slew rate, a ramp is straight, a dwell holds', (t) => {
  const out = profile(2, [
    { target: { throttlePercent: 42, sparkDegBtdc: 30 }, rampSamples: 0, samples: 6 },
    { target: { speedRpm: 1000 }, rampSamples: 4, samples: 6 },
  ]);
  t.strictSame(out.map((u) => u.throttlePercent), [2, 2, 12, 22, 32, 42, 42, 42, 42, 42, 42, 42, 42, 42]);
  t.strictSame(out.map((u) => u.sparkDegBtdc).slice(0, 4), [12, 12, 30, 30], 'timing jumps');
  t.strictSame(out.map((u) => u.speedRpm).slice(8), [925, 950, 975, 1000, 1000, 1000]);
  t.end();
});

t.test('no test sequence is among the others: by content', (t) => {
  const seen = new Set(others.flatMap((s) => [hashOf(s.inputs), hashOf(s.inputs.slice(0, TEST_SAMPLES))]));
  for (const s of all.test) t.notOk(seen.has(hashOf(s.inputs)), s.name);
  t.ok(seen.has(hashOf(all.training[3]?.inputs ?? [])), 'the check finds a sequence that is there');
  t.equal(new Set(all.test.map((s) => hashOf(s.inputs))).size, all.test.length, 'all differ');
  t.end();
});

t.test('no test sequence shares a design point with the others', (t) => {
  const used = new Set(others.flatMap((s) => s.points));
  for (const s of all.test) {
    t.ok(s.points.length > 0, `${s.name} visits points`);
    t.strictSame(s.points.filter((p) => used.has(p)), [], s.name);
  }
  const mine = all.test.flatMap((s) => s.points);
  t.equal(new Set(mine).size, mine.length, 'nor with another test sequence');
  t.end();
});

t.test('not even one sample beyond idle is shared', (t) => {
  const rows = new Set(others.flatMap((s) => s.inputs.map(rowOf)));
  t.ok(rows.has(idleRow), 'all start at idle');
  for (const s of all.test) t.strictSame(s.inputs.map(rowOf).filter((r) => r !== idleRow && rows.has(r)), [], s.name);
  t.end();
});

t.test('training visits each of its points once a pass, and the sets stay apart', (t) => {
  const counts = new Map<number, number>();
  for (const s of all.training) for (const p of s.points) counts.set(p, (counts.get(p) ?? 0) + 1);
  t.equal(counts.size, all.splits.training.length);
  t.equal(new Set(counts.values()).size, 1);
  const trained = new Set(counts.keys());
  for (const s of [...all.validation, ...all.representative]) if (s.points.some((p) => trained.has(p))) t.fail('a point of training in another set');
  t.end();
});

t.test('every sequence starts at idle, has its length, and keeps to ranges and slew rates', (t) => {
  let steps = 0;
  let ramps = 0;
  let dwells = 0;
  for (const s of [...others, ...all.test]) {
    t.strictSame(s.inputs[0], IDLE);
    s.inputs.forEach((u, k) => {
      const before = s.inputs[k - 1] ?? u;
      if (AXES.some(({ key, low, high }) => u[key] < low || u[key] > high)) t.fail(`out of range: ${JSON.stringify(u)}`);
      if (AXES.some(({ key }) => Math.abs(u[key] - before[key]) > SLEW_PER_S[key] / SAMPLE_RATE_HZ + 1e-9)) t.fail(`too fast: ${JSON.stringify([before, u])}`);
      const change = Math.abs(u.throttlePercent - before.throttlePercent);
      if (change === 0) dwells++;
      else if (change > 9.99) steps++;
      else ramps++;
    });
  }
  t.ok(others.every((s) => s.inputs.length === EXCITATION_SAMPLES && s.points.length === POINTS_PER_SEQUENCE));
  t.ok(all.test.every((s) => s.inputs.length === TEST_SAMPLES));
  t.ok(steps > 1000 && ramps > 10_000 && dwells > 100_000, `${steps} steps, ${ramps} ramp and ${dwells} dwell samples of the throttle`);
  t.end();
});
