import t from 'tap';
import { cos32, exp32, expm1OfNegative32, log32, logistic32, sin32, sqrt32, tanh32 } from '../index.ts';

const bits = new DataView(new ArrayBuffer(4));
const fromBits = (word: number): number => {
  bits.setUint32(0, word >>> 0);
  return bits.getFloat32(0);
};
const toBits = (x: number): number => {
  bits.setFloat32(0, x);
  return bits.getUint32(0);
};

/** Size of the last place of a float32 near `value`. */
function lastPlace(value: number): number {
  const magnitude = Math.min(Math.abs(value), 3.4028234663852886e38);
  return Math.max(2 ** -149, 2 ** (Math.floor(Math.log2(Math.max(magnitude, 2 ** -126))) - 23));
}

/** Greatest error over the float32 numbers from `first` to `last`, in units in the last place of the exact value. */
function worst(own: (x: number) => number, exact: (x: number) => number, first: number, last: number): number {
  let greatest = 0;
  const [from, to] = [toBits(first), toBits(last)];
  for (let k = 0; k <= 60_000; k++) {
    const x = fromBits(from + Math.floor(((to - from) * k) / 60_000));
    greatest = Math.max(greatest, Math.abs(own(x) - exact(x)) / lastPlace(exact(x)));
  }
  return greatest;
}

const FUNCTIONS: readonly (readonly [string, (x: number) => number, (x: number) => number, number, number, number])[] = [
  ['exp', exp32, Math.exp, 1e-10, 88.72, 0.9],
  ['exp', exp32, Math.exp, -1e-10, -103, 0.9],
  ['exp - 1', expm1OfNegative32, Math.expm1, -1e-30, -100, 1.4],
  ['tanh', tanh32, Math.tanh, 1e-30, 20, 1.3],
  ['tanh', tanh32, Math.tanh, -1e-30, -20, 1.3],
  ['logistic', logistic32, (x) => 1 / (1 + Math.exp(-x)), 1e-10, 30, 1.6],
  ['logistic', logistic32, (x) => 1 / (1 + Math.exp(-x)), -1e-10, -9, 2.0],
  ['log', log32, Math.log, 1e-45, 3.4e38, 0.8],
  ['log', log32, Math.log, 0.5, 2, 0.85],
  ['sqrt', sqrt32, Math.sqrt, 1e-45, 3.4e38, 0.5],
  ['sin', sin32, Math.sin, 1e-30, 3.4e38, 1.5],
  ['sin', sin32, Math.sin, -0.1, -300, 1.5],
  ['cos', cos32, Math.cos, 1e-30, 3.4e38, 1.5],
];

t.test('errors in units in the last place', async (t) => {
  for (const [name, own, exact, first, last, bound] of FUNCTIONS) {
    const error = worst(own, exact, first, last);
    t.ok(error <= bound, `${name} from ${first} to ${last}: ${error.toFixed(3)} <= ${bound}`);
  }
});

t.test('the ends', async (t) => {
  const same = (got: number, wanted: number, what: string): void => { t.ok(Object.is(got, wanted), `${what} is ${got}`); };
  for (const f of [exp32, expm1OfNegative32, logistic32, tanh32, log32, sqrt32, sin32, cos32]) same(f(Number.NaN), Number.NaN, `${f.name} of NaN`);
  same(exp32(Infinity), Infinity, 'exp of infinity');
  same(exp32(-Infinity), 0, 'exp of minus infinity');
  same(exp32(0), 1, 'exp of 0');
  same(expm1OfNegative32(-Infinity), -1, 'expm1 of minus infinity');
  same(tanh32(-0), 0, 'tanh of minus zero');
  same(tanh32(-Infinity), -1, 'tanh of minus infinity');
  same(logistic32(-Infinity), 0, 'logistic of minus infinity');
  same(log32(0), -Infinity, 'log of 0');
  same(log32(-0), -Infinity, 'log of minus zero');
  same(log32(-1), Number.NaN, 'log of -1');
  same(log32(1), 0, 'log of 1');
  same(sqrt32(-0), -0, 'sqrt of minus zero');
  same(sqrt32(-1), Number.NaN, 'sqrt of -1');
  same(sin32(Infinity), Number.NaN, 'sin of infinity');
  same(cos32(0), 1, 'cos of 0');
});
