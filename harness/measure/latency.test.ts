import t from 'tap';
import { latencySummary, layerCosts } from './latency.ts';

/** Two ticks are three units. */
const clock = { unit: 'cycles', quality: 'hardware', numerator: 3, denominator: 2 } as const;

t.test('summary in the unit of the device, whatever the order', async (t) => {
  t.same(latencySummary([10, 4, 2], clock), { median: 6, min: 3, max: 15, n: 3 });
  t.same(latencySummary([10, 2, 4, 6], clock), { median: 7.5, min: 3, max: 15, n: 4 });
  t.throws(() => latencySummary([], clock), { kind: 'bench', code: 'measure.no-ticks' });
});

t.test('layers, less their stamps, against the whole', async (t) => {
  // Layer 0: one call in each of two samples; layer 1: two calls each; layer 2 never ran. A stamp takes 2 ticks.
  const times = { samples: 2, stampTicks: 2, layers: [{ sum: 24, min: 10, max: 14, calls: 2 }, { sum: 48, min: 11, max: 13, calls: 4 }, { sum: 0, min: 4294967295, max: 0, calls: 0 }] };
  const result = layerCosts(times, [30, 34], clock);
  t.same(result.layers[0], { value: 15, min: 12, max: 18, callsPerInvocation: 1 });
  t.same(result.layers[1], { value: 30, min: 13.5, max: 16.5, callsPerInvocation: 2 });
  t.same(result.layers[2], { value: null, min: null, max: null, callsPerInvocation: 0 });
  t.equal(result.layersSum, 45);
  t.equal(result.layersTotal, 48);
  t.throws(() => layerCosts({ ...times, samples: 0 }, [1], clock), { code: 'measure.no-ticks' });
});

t.test('a layer shorter than its stamp costs nothing, not less', async (t) => {
  const times = { samples: 1, stampTicks: 5, layers: [{ sum: 4, min: 4, max: 4, calls: 1 }] };
  t.equal(layerCosts(times, [4], clock).layers[0]?.value, 0);
});
