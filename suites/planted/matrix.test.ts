/** What is planted, before anything runs: every cause is there, every defect changes the C, and what the planter looks for in generated C is found. */
import t from 'tap';
import { CAUSES } from '../../harness/diff/hypotheses/causes.ts';
import { productMultiplier } from '../../harness/numerics/index.ts';
import { DEFECTS } from './defects/index.ts';
import { controls, planted } from './matrix.ts';
import { tellingScales } from './models/telling-scales.ts';
import { mutations } from './mutations/index.ts';
import { matches } from './only.ts';
import { changeConstants, constantArrays } from './plant/constants.ts';
import { fuse } from './plant/fuse.ts';
import { replaceOnce } from './plant/private-kernels.ts';
import { CORE, writeNetwork } from './plant/write-network.ts';

t.setTimeout(60_000);
const cases = [...controls(), ...planted(), ...mutations(60)];

t.test('every cause is planted, and named by nothing else than its id', async (t) => {
  const expected = new Set(DEFECTS.flatMap(({ causes }) => causes));
  t.same(Object.keys(CAUSES).filter((cause) => !expected.has(cause as never)), []);
  t.equal(new Set(DEFECTS.map(({ id }) => id)).size, DEFECTS.length, 'no two defects have one id');
});

t.test('the matrix is wide', async (t) => {
  const cells = new Set(cases.filter(({ kind }) => kind === 'planted').map(({ operator, what }) => `${operator} ${what}`));
  t.ok(cells.size >= 250, `${cells.size} cells`);
  t.equal(new Set(cases.map(({ network }) => network)).size, cases.length, 'every network has a name of its own');
  t.equal(new Set(cases.map(({ name }) => name)).size, cases.length);
});

t.test('every defect and every mutation changes the C of its network', async (t) => {
  const plain = new Map<string, string>();
  const same = cases.filter(({ kind }) => kind !== 'control').filter(({ model, network, files }) => {
    const untouched = [...writeNetwork(model.model, network, () => null)];
    plain.set(network, '');
    return untouched.every(([name, text]) => files.get(name) === text) && untouched.length === files.size;
  });
  t.same(same.map(({ name }) => name), []);
  t.equal(plain.size, cases.length - controls().length);
});

t.test('mutations are the same each time, and the first ones of more', async (t) => {
  const some = mutations(20);
  t.same(some.map(({ name }) => name), cases.filter(({ kind }) => kind === 'mutation').slice(0, 20).map(({ name }) => name));
  t.same(some.map(({ files }) => [...files.values()].join('')), mutations(20).map(({ files }) => [...files.values()].join('')));
});

t.test('telling scales: factors on different sides of a tie in each arithmetic', async (t) => {
  const { input, output, channels } = tellingScales(1, 9, 1 / 8);
  const at = (scale: number, arithmetic: 'double' | 'float32-product' | 'float32'): number => productMultiplier(input, scale, output, arithmetic);
  const isTie = (real: number): boolean => Number.isInteger(real * 2 ** 12);
  t.ok(channels.some((scale) => isTie(at(scale, 'double'))), 'ties');
  for (const [a, b] of [['double', 'float32-product'], ['double', 'float32'], ['float32-product', 'float32']] as const) t.ok(channels.some((scale) => at(scale, a) !== at(scale, b)), `${a} and ${b}`);
});

t.test('the planter says where generated C is not what it looks for', async (t) => {
  const { model } = controls()[1]!;
  const files = writeNetwork(model.model, 'net', () => null);
  t.throws(() => replaceOnce(files, 'net.c', 'no such text', ''), /stands 0 times in net.c/);
  t.throws(() => replaceOnce(files, 'net.c', 'void', ''), /stands \d+ times/);
  t.throws(() => changeConstants(files, 'net', () => false, ({ values }) => values), /no such array/);
  t.throws(() => fuse(files, 'net', 99), /cannot be fused/);
  t.ok(constantArrays(files.get('net_weights.c') ?? '').every(({ values }) => values.length > 0 && values.every(Number.isInteger)));
  t.equal(CORE, 'cortex-m3');
});

t.test('globs', async (t) => {
  t.ok(matches('CONV_2D *', 'CONV_2D bias-missing (branch, layer 0)'));
  t.ok(matches('*bias*', 'CONV_2D bias-missing (branch, layer 0)'));
  t.notOk(matches('CONV_2D', 'CONV_2D bias-missing (branch, layer 0)'));
  t.notOk(matches('conv.2d*', 'CONV_2D bias'));
});
