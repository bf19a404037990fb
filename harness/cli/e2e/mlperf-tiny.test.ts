/** The suite of models that are named by URL: filled from a folder, exact on the devices, and clear where a model is missing. */
import t from 'tap';
import { existsSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { SHARED } from '../../codegen/testing/goldens.ts';
import { hil, reportOf, root, scratch } from './hil.ts';

const suite = path.join(root, 'suites/mlperf-tiny');
const models = path.join(SHARED, 'models');
const MACS = { 'keyword-spotting': 2_656_768, 'image-classification': 12_501_632, 'anomaly-detection': 264_192, 'visual-wake-words': 7_489_664 };
/** Elements that layers show in one sample: numbers of the models, so that a layer that is left out is seen. */
const SHOWN = { 'keyword-spotting': 72_152, 'image-classification': 114_836, 'anomaly-detection': 1_672, 'visual-wake-words': 232_068 };

t.setTimeout(280_000);

t.test('a model that is not there: exit 2, where to get it and its hash', async (t) => {
  const empty = scratch(t);
  const run = await hil(['run', suite, '--device', 'host'], { env: { HIL_MODEL_CACHE: empty } });
  t.equal(run.code, 2);
  t.match(run.stderr, /https:\/\/raw\.githubusercontent\.com\/mlcommons\/tiny\/[0-9a-f]{40}\/\S+\/kws_ref_model\.tflite with SHA-256 aeea436800704fce17b17292e4412630ad856e9d777c044c64ef748a880bd0ae/);
  t.match(run.stderr, /hil models/);
});

t.test('every model, every layer', { skip: existsSync(models) ? false : `the models are not in ${models}; hil models suites/mlperf-tiny gets them` }, async (t) => {
  const cache = path.join(scratch(t), 'models');
  mkdirSync(cache);
  const env = { HIL_MODEL_CACHE: cache };
  t.equal((await hil(['models', suite, '--from', models], { env })).code, 0);
  const run = await hil(['run', suite, '--device', 'host,qemu-m55,qemu-m4,qemu-m0', '--json', '--out', path.join(cache, 'out')], { env, timeoutMs: 270_000 });
  t.equal(run.code, 0, run.stderr);
  const { cases } = reportOf(run);
  t.equal(cases.length, 16);
  for (const one of cases) {
    const name = one.name as keyof typeof SHOWN;
    t.equal(one.verdict, 'pass', `${name} on ${one.device}: ${one.reasons.join('; ')}`);
    t.equal(one.layers.reduce((sum, layer) => sum + layer.compared, 0), one.samples * SHOWN[name], `${name} on ${one.device}: elements`);
    t.equal(one.layers.reduce((sum, layer) => sum + layer.cost.macs, 0), MACS[name]);
    t.ok((one.memory?.stackBoundBytes ?? Infinity) < 2000 && (one.memory?.stackBytes ?? 0) > 0, `stack ${one.memory?.stackBytes}, bound ${one.memory?.stackBoundBytes}`);
    t.comment(`${name} on ${one.device}: ${one.latency?.median} ${one.latency?.unit}, arena ${one.memory?.arenaBytes} B, network flash ${one.memory?.networkFlashBytes} B`);
  }
});
