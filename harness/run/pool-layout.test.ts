import fc from 'fast-check';
import t from 'tap';
import { planPool, type PoolNeeds } from './pool-layout.ts';

const needs = fc.record<PoolNeeds>({
  poolBytes: fc.integer({ min: 256, max: 1 << 22 }), inputBytes: fc.integer({ min: 1, max: 30_000 }), outputBytes: fc.integer({ min: 1, max: 5000 }),
  stateBytes: fc.integer({ min: 0, max: 5000 }), taps: fc.integer({ min: 0, max: 120 }), layers: fc.integer({ min: 1, max: 100 }), longestSequence: fc.integer({ min: 1, max: 100_000 }),
});

t.test('parts lie in the pool, apart from each other, and hold what the modes write', async (t) => {
  let planned = 0;
  fc.assert(fc.property(needs, (each) => {
    let layout;
    try {
      layout = planPool(each, 'x');
    } catch {
      return true;
    }
    planned++;
    const { batch, inOffset, outOffset, stateOffset, auxOffset, auxBytes } = layout;
    return batch >= 1 && batch <= each.longestSequence && inOffset + batch * each.inputBytes <= outOffset && outOffset + batch * each.outputBytes <= stateOffset
      && stateOffset + each.stateBytes <= auxOffset && auxOffset + auxBytes <= each.poolBytes
      && auxBytes >= 8 * each.taps + 1 && auxBytes >= 16 + 24 * each.layers && auxBytes >= 4 * batch;
  }), { numRuns: 2000 });
  t.ok(planned > 500, `${planned} layouts were checked`);
});

t.test('a pool that is too small is the bench\'s error', async (t) => {
  t.throws(() => planPool({ poolBytes: 300, inputBytes: 200, outputBytes: 10, stateBytes: 96, taps: 4, layers: 2, longestSequence: 300 }, 'tiny'), { kind: 'bench', message: /tiny.*300 bytes/ });
});
