/** The table of `npm run diagnosis` on QEMU, and its aims: every planted defect, and a part of the mutations. */
import { availableParallelism } from 'node:os';
import t from 'tap';
import { examineDevices } from '../../harness/build/index.ts';
import { loadDevices } from '../../harness/device/index.ts';
import { controls, planted } from './matrix.ts';
import { measure, tableLines } from './measure.ts';
import { mutations } from './mutations/index.ts';

const DEVICE = 'qemu-m3';
/** Of the mutations of the command's default; one in each recipe at least. */
const MUTATIONS = 40;

t.setTimeout(900_000);
// All awaiting is done before the first assertion: tap ends the file's test at the first idle moment after it.
const [found] = (await examineDevices((await loadDevices()).filter(({ id }) => id === DEVICE)));
const skip = found?.usable === true ? false : `${DEVICE}: ${found?.missing.map(({ what }) => what).join('; ') ?? 'no such device'}`;
const measured = skip === false ? await measure([...controls(), ...planted(), ...mutations(MUTATIONS)], { device: DEVICE, jobs: Math.min(2, availableParallelism()), keep: null, onLine: () => undefined }) : null;

t.test('planted defects and mutations', { skip }, async (t) => {
  if (measured === null) return t.fail('nothing was measured');
  t.same(measured.brokenControls, [], 'naive kernels without a defect are bit-exact');
  t.ok(measured.planted.cases >= 250 && measured.mutations.cases >= MUTATIONS, `${measured.planted.cases} defects and ${measured.mutations.cases} mutations`);
  // The table goes with a failure, and with nothing else.
  t.same(measured.missed, [], 'named first 95 %, every culprit layer found, no false claim', { table: tableLines(measured, { all: false }) });
});
