import t from 'tap';
import { chargePerCycleKg, cyclesPerS, inductionLagS, volumetricEfficiency } from './cylinder.ts';
import { burnedShare, exhaustTemperatureK, indicatedWorkJ, mbtDegBtdc, relativeLoad, sparkEfficiency } from './combustion.ts';
import { flowFunction, LINEAR_PRESSURE_RATIO, orificeFlowKgPerS } from './gas.ts';
import { frictionMepPa, lostWorkJ } from './losses.ts';
import { throttleAreaM2, throttleFlowKgPerS } from './throttle.ts';
import { compressorFlowKgPerS, compressorPowerW, turbinePowerW, wastegateOpening } from './turbo.ts';

t.test('compressible flow is choked below the critical ratio, continuous at the linear part, and never runs backwards', (t) => {
  const choked = flowFunction(0.2, 1.4);
  // Heywood: the choked flow function of air is sqrt(g) (2 / (g + 1))^((g + 1) / (2 (g - 1))) = 0.6847.
  t.ok(Math.abs(choked - 0.6847) < 1e-4, `choked ${choked}`);
  t.equal(flowFunction(0.4, 1.4), choked);
  t.ok(flowFunction(0.8, 1.4) < choked);
  const [below, above] = [flowFunction(LINEAR_PRESSURE_RATIO - 1e-9, 1.4), flowFunction(LINEAR_PRESSURE_RATIO + 1e-9, 1.4)];
  t.ok(Math.abs(below - above) < 1e-6, 'no jump where the straight line begins');
  t.equal(flowFunction(1, 1.4), 0);
  t.equal(flowFunction(1.3, 1.4), 0);
  t.end();
});

t.test('a choked orifice passes the textbook mass flow', (t) => {
  const flow = orificeFlowKgPerS({ areaM2: 1e-4, upstreamPa: 101_325, downstreamPa: 30_000, upstreamK: 298, gasConstantJPerKgK: 287, gamma: 1.4 });
  // 0.0404 p A / sqrt(T) in SI units for air.
  t.ok(Math.abs(flow / ((0.0404 * 101_325 * 1e-4) / Math.sqrt(298)) - 1) < 2e-3, `${flow} kg/s`);
  t.end();
});

t.test('the throttle opens monotonically from a leak to its bore', (t) => {
  let last = 0;
  for (let percent = 0; percent <= 100; percent += 1) {
    const area = throttleAreaM2(percent);
    t.ok(area > last, `${percent} %`);
    last = area;
  }
  t.ok(throttleAreaM2(0) < 0.01 * last);
  t.ok(throttleFlowKgPerS(10, 101_325, 40_000) > throttleFlowKgPerS(5, 101_325, 40_000));
  t.end();
});

t.test('the cylinders draw in less with residual gas and more with manifold pressure', (t) => {
  t.ok(volumetricEfficiency(3000, 30_000, 101_325) < volumetricEfficiency(3000, 90_000, 101_325));
  t.ok(volumetricEfficiency(3800, 90_000, 101_325) > volumetricEfficiency(1000, 90_000, 101_325));
  t.ok(chargePerCycleKg(3000, 90_000, 101_325) > 2 * chargePerCycleKg(3000, 45_000, 101_325), 'more than in proportion');
  t.equal(cyclesPerS(3000), 25);
  t.equal(inductionLagS(3000), 0.02);
  t.end();
});

t.test('spark efficiency peaks at MBT, and MBT comes earlier with speed and later with load', (t) => {
  for (const [speed, charge] of [[1000, 5e-4], [3000, 1e-3], [5500, 2.5e-3]] as const) {
    const mbt = mbtDegBtdc(speed, relativeLoad(charge));
    t.ok(mbt > 5 && mbt < 45, `MBT ${mbt} deg`);
    const best = indicatedWorkJ(speed, mbt, charge);
    let angleOfMost = Number.NaN;
    let most = -Infinity;
    for (let angle = -5; angle <= 60; angle += 0.25) {
      const work = indicatedWorkJ(speed, angle, charge);
      if (work > most) [most, angleOfMost] = [work, angle];
    }
    t.ok(Math.abs(angleOfMost - mbt) <= 0.125, `most work at ${angleOfMost} deg`);
    t.ok(best >= most);
  }
  t.equal(sparkEfficiency(25, 25), 1);
  t.equal(sparkEfficiency(15, 25), sparkEfficiency(35, 25));
  // Heywood's common curve: about 3 % of torque at 10 deg, about 10 to 15 % at 20 deg.
  t.ok(Math.abs(sparkEfficiency(15, 25) - 0.97) < 0.01);
  t.ok(Math.abs(sparkEfficiency(5, 25) - 0.87) < 0.03);
  t.ok(mbtDegBtdc(5000, 0.6) > mbtDegBtdc(1500, 0.6));
  t.ok(mbtDegBtdc(3000, 1.5) < mbtDegBtdc(3000, 0.4));
  t.end();
});

t.test('a starved charge stops burning; a late spark heats the exhaust', (t) => {
  t.ok(burnedShare(0.05) < 0.1);
  t.ok(burnedShare(0.25) > 0.99);
  t.ok(exhaustTemperatureK(3000, 0, 1e-3) > exhaustTemperatureK(3000, 30, 1e-3) + 50);
  t.end();
});

t.test('friction rises with speed; boost above back pressure gives work back', (t) => {
  t.ok(frictionMepPa(6000) > frictionMepPa(3000));
  t.ok(frictionMepPa(2000) > 80_000 && frictionMepPa(2000) < 150_000, 'about 1 bar at 2000 rpm');
  t.ok(lostWorkJ(3000, 150_000, 120_000) < lostWorkJ(3000, 90_000, 120_000));
  t.end();
});

t.test('compressor and turbine obey their maps', (t) => {
  t.ok(compressorFlowKgPerS(10_000, 120_000) > compressorFlowKgPerS(10_000, 140_000), 'a speed line falls');
  t.ok(compressorFlowKgPerS(12_000, 140_000) > compressorFlowKgPerS(10_000, 140_000), 'a faster line is higher');
  t.equal(compressorFlowKgPerS(2000, 200_000), 0, 'no flow instead of surge');
  t.ok(compressorFlowKgPerS(0, 95_000) > 0, 'a standing wheel lets air through');
  const [flow, boost] = [compressorFlowKgPerS(12_000, 150_000), 150_000];
  const least = flow * 1005 * 298 * ((boost / 101_325) ** (0.4 / 1.4) - 1);
  t.ok(compressorPowerW(12_000, boost, flow) > least, 'takes more than loss-free compression');
  t.ok(turbinePowerW(10_000, 180_000, 105_000, 1100, 0.08) < 0.08 * 1170 * 1100 * (1 - (105 / 180) ** (0.33 / 1.33)), 'gives less than loss-free expansion');
  t.equal(turbinePowerW(10_000, 100_000, 105_000, 1100, 0.08), 0);
  t.equal(wastegateOpening(30, 120_000), 0.3);
  t.equal(wastegateOpening(0, 400_000), 1, 'the spring opens it against any command');
  t.end();
});
