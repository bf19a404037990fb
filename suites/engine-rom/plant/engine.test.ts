import t from 'tap';
import { IDLE } from '../doe/profile.ts';
import type { EngineInput } from './engine.ts';
import { derivative, flows, torqueNm } from './engine.ts';
import { CHARGE_TEMPERATURE_K, GAS_CONSTANT_AIR_J_PER_KGK, MANIFOLD_VOLUME_M3 } from './parameters.ts';
import { rungeKutta, settle, simulate } from './simulate.ts';

const at = (speedRpm: number, throttlePercent: number, wastegatePercent: number, sparkDegBtdc = 25): EngineInput => ({
  speedRpm,
  sparkDegBtdc,
  throttlePercent,
  wastegatePercent,
});
/** From a warm idle a steady state takes a few seconds; settling from a standstill as the generator does would take the test a minute on a slow machine. */
const idle = settle(IDLE);
const steady = (u: EngineInput) => settle(u, idle, 10);
const steadyNm = (u: EngineInput): number => torqueNm(u, steady(u));

t.test('the engine idles: near no torque at a plausible manifold pressure, in equilibrium', (t) => {
  const x = idle;
  const torque = torqueNm(IDLE, x);
  t.ok(Math.abs(torque) < 3, `${torque} Nm`);
  t.ok(x.manifoldPa > 20_000 && x.manifoldPa < 40_000, `${x.manifoldPa} Pa`);
  const d = derivative(IDLE, x);
  t.ok(Math.abs(d.manifoldPa) < 1, 'manifold pressure stands still');
  t.ok(Math.abs(d.boostPa) < 1 && Math.abs(d.exhaustPa) < 10);
  t.ok(Math.abs(d.turboRadPerS) < 0.01, `shaft ${d.turboRadPerS} rad/s2`);
  const f = flows(IDLE, x);
  t.ok(Math.abs(f.throttleKgPerS - f.cylinderKgPerS) < 1e-8, 'what goes in goes on');
  t.end();
});

t.test('steady torque rises with the throttle', (t) => {
  for (const [speed, gate] of [[1500, 100], [3000, 0], [5000, 50]] as const) {
    let last = -Infinity;
    for (const throttle of [0, 4, 8, 14, 20, 30, 45, 65, 100]) {
      const torque = steadyNm(at(speed, throttle, gate));
      t.ok(torque > last, `${speed} rpm, ${throttle} %: ${torque.toFixed(1)} Nm`);
      last = torque;
    }
  }
  t.end();
});

t.test('full load is that of a 1.8 l turbo engine', (t) => {
  const torque = steadyNm(at(4000, 100, 0));
  t.ok(torque > 230 && torque < 310, `${torque} Nm with the wastegate shut`);
  const aspirated = steadyNm(at(3000, 100, 100));
  t.ok(aspirated > 110 && aspirated < 170, `${aspirated} Nm with it open`);
  t.end();
});

t.test('opening the wastegate lowers boost', (t) => {
  let last = Infinity;
  for (const gate of [0, 10, 25, 50, 100]) {
    const { boostPa } = steady(at(3500, 80, gate));
    t.ok(boostPa < last, `${gate} %: ${Math.round(boostPa)} Pa`);
    last = boostPa;
  }
  t.ok(last < 108_000, 'hardly any boost left when it is open');
  t.end();
});

t.test('motoring on the closed throttle brakes, more so at speed', (t) => {
  const [slow, fast] = [steadyNm(at(1500, 0, 100)), steadyNm(at(5500, 0, 100))];
  t.ok(slow < -10, `${slow} Nm`);
  t.ok(fast < slow - 10 && fast > -90, `${fast} Nm`);
  t.end();
});

t.test('the manifold conserves mass', (t) => {
  const u = at(2500, 60, 10);
  const stepS = 1e-4;
  let state = steady(at(2500, 6, 10));
  const mass = (pa: number): number => (pa * MANIFOLD_VOLUME_M3) / (GAS_CONSTANT_AIR_J_PER_KGK * CHARGE_TEMPERATURE_K);
  const before = mass(state.manifoldPa);
  let balance = 0;
  let through = 0;
  for (let i = 0; i < 3000; i++) {
    const next = rungeKutta(u, state, stepS);
    const [a, b] = [flows(u, state), flows(u, next)];
    balance += (stepS / 2) * (a.throttleKgPerS - a.cylinderKgPerS + b.throttleKgPerS - b.cylinderKgPerS);
    through += stepS * a.cylinderKgPerS;
    state = next;
  }
  const stored = mass(state.manifoldPa) - before;
  t.ok(stored > 1e-3, 'the step filled the manifold');
  t.ok(Math.abs(stored - balance) < 1e-4 * through, `stored ${stored} kg, balance ${balance} kg`);
  t.end();
});

/** Samples until `values` have covered 63 % of the way from their first to their last. */
function riseSamples(values: readonly number[]): number {
  const [first = 0, last = 0] = [values[0], values.at(-1)];
  return values.findIndex((v) => Math.abs(v - first) >= 0.63 * Math.abs(last - first));
}

t.test('boost lags: its time constant is far above that of manifold filling', (t) => {
  const cruise = at(3000, 10, 0);
  const start = steady(cruise);
  const tipIn = simulate(Array.from({ length: 600 }, () => at(3000, 100, 0)), start);
  const boost = riseSamples([start.boostPa, ...tipIn.states.map((s) => s.boostPa)]);
  const small = simulate(Array.from({ length: 100 }, () => at(3000, 11, 0)), start);
  const manifold = riseSamples([start.manifoldPa, ...small.states.map((s) => s.manifoldPa)]);
  t.ok(boost > 5 * manifold, `boost ${boost} samples, manifold ${manifold}`);
  t.ok(boost > 40 && boost < 400, 'the lag is that of a small turbocharger');
  const torques = tipIn.torqueNm;
  t.ok((torques[30] ?? 0) < 0.75 * (torques.at(-1) ?? 0), 'after 0.3 s the torque is still the naturally aspirated one');
  t.end();
});

t.test('half the integration step changes nothing that matters', (t) => {
  const u = at(5500, 100, 0);
  let [coarse, fine] = [idle, idle];
  for (let i = 0; i < 400; i++) coarse = rungeKutta(u, coarse, 5e-4);
  for (let i = 0; i < 800; i++) fine = rungeKutta(u, fine, 2.5e-4);
  const difference = Math.abs(torqueNm(u, coarse) - torqueNm(u, fine));
  t.ok(difference < 0.01, `${difference} Nm`);
  t.end();
});

t.test('every corner of the input space stays finite and plausible', (t) => {
  for (const speed of [800, 6000]) for (const throttle of [0, 100]) for (const gate of [0, 100]) for (const spark of [-5, 45]) {
    const u = at(speed, throttle, gate, spark);
    const x = settle(u, idle, 5);
    const torque = torqueNm(u, x);
    t.ok(torque > -90 && torque < 310, `${JSON.stringify(u)}: ${torque} Nm`);
    t.ok(x.boostPa < 220_000 && x.manifoldPa > 4000 && x.turboRadPerS < 20_000);
  }
  t.end();
});
