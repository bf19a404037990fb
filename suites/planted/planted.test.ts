/** The table of `npm run diagnosis` on QEMU: every planted defect, and a part of the mutations. */
import { availableParallelism } from 'node:os';
import t from 'tap';
import { examineDevices } from '../../harness/build/index.ts';
import { loadDevices } from '../../harness/device/index.ts';
import { controls, planted } from './matrix.ts';
import { measure, tableLines } from './measure.ts';
import { mutations } from './mutations/index.ts';
import { namedFirst } from './score.ts';

const DEVICE = 'qemu-m3';
/** Of the mutations of the command's default; one in each recipe at least. */
const MUTATIONS = 40;
/** What is reached and must not be lost: raise it with what is gained. The aims, 95 % and none, decide the exit code of the command. */
const REACHED = { namedFirst: 0.85, culpritsWrong: 10 };

t.setTimeout(900_000);
// All awaiting is done before the first assertion: tap ends the file's test at the first idle moment after it.
const [found] = (await examineDevices((await loadDevices()).filter(({ id }) => id === DEVICE)));
const skip = found?.usable === true ? false : `${DEVICE}: ${found?.missing.map(({ what }) => what).join('; ') ?? 'no such device'}`;
const measured = skip === false ? await measure([...controls(), ...planted(), ...mutations(MUTATIONS)], { device: DEVICE, jobs: Math.min(2, availableParallelism()), keep: null, onLine: () => undefined }) : null;

t.test('planted defects and mutations', { skip }, async (t) => {
  if (measured === null) return t.fail('nothing was measured');
  t.same(measured.brokenControls, [], 'naive kernels without a defect are bit-exact');
  t.ok(measured.planted.cases >= 250 && measured.mutations.cases >= MUTATIONS, `${measured.planted.cases} defects and ${measured.mutations.cases} mutations`);
  const table = tableLines(measured, { all: false }).join('\n');
  const totals = [measured.planted, measured.mutations];
  const sum = (count: (of: (typeof totals)[number]) => number): number => totals.reduce((all, of) => all + count(of), 0);
  t.equal(sum(({ wrong }) => wrong), 0, `false claims\n${table}`);
  t.equal(sum(({ unchanged }) => unchanged), 0, `everything changes a value\n${table}`);
  t.equal(measured.mutations.culprit, measured.mutations.cases, `the layer of every mutation is found\n${table}`);
  t.ok(measured.planted.culprit >= measured.planted.cases - REACHED.culpritsWrong, `culprit layers: ${measured.planted.culprit} of ${measured.planted.cases}\n${table}`);
  t.ok(namedFirst(measured.planted) >= REACHED.namedFirst, `named first: ${namedFirst(measured.planted)}\n${table}`);
});
