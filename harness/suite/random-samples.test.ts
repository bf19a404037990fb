import t from 'tap';
import type { DType, Tensor } from '../model/graph.ts';
import { randomSamples } from './random-samples.ts';

const tensorOf = (dtype: DType, elements: number): Tensor => ({ index: 0, name: '', dtype, shape: [elements], elements, quantisation: null, data: null, isVariable: false });

t.test('the same seed gives the same samples, another one others', async (t) => {
  const inputs = [tensorOf('int8', 50), tensorOf('int16', 20)];
  const a = randomSamples({ samples: 3, seed: 'a' }, inputs);
  t.equal(a.length, 3 * (50 + 40));
  t.same(a, randomSamples({ samples: 3, seed: 'a' }, inputs));
  t.notSame(a, randomSamples({ samples: 3, seed: 'b' }, inputs));
});

t.test('codes span their type and meet its ends', async (t) => {
  for (const [dtype, array, least, greatest] of [['int8', Int8Array, -128, 127], ['int16', Int16Array, -32768, 32767], ['bool', Uint8Array, 0, 1], ['int32', Int32Array, -20000, 20000]] as const) {
    const values = new array(Uint8Array.from(randomSamples({ samples: 4, seed: 'x' }, [tensorOf(dtype, 500)])).buffer);
    t.equal(Math.min(...values), least, dtype);
    t.equal(Math.max(...values), greatest, dtype);
  }
  const floats = new Float32Array(randomSamples({ samples: 1, seed: 'x' }, [tensorOf('float32', 500)]).buffer);
  t.ok(floats.every((value) => Math.abs(value) <= 4) && floats.some((value) => value < -3) && floats.some((value) => value > 3));
});

t.test('given values stand where they are given', async (t) => {
  const bytes = randomSamples({ samples: 2, seed: 'x' }, [tensorOf('int32', 3)], (sample, _input, index) => (index === 1 ? 100 + sample : undefined));
  const values = new Int32Array(bytes.buffer);
  t.same([values[1], values[4]], [100, 101]);
});
