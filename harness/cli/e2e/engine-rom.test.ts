import { cpSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import t from 'tap';
import { validateReport } from '../../report/index.ts';
import { hil, reportOf, scratch, suiteDir } from './hil.ts';

const SEQUENCES = 6;
const STEPS = 300;

t.setTimeout(280_000);

t.test('the suite passes on host, M55, M4 and M0, with every layer and state compared', async (t) => {
  const out = scratch(t);
  const run = await hil(['run', suiteDir, '--device', 'host,qemu-m55', '--device', 'qemu-m4,qemu-m0', '--json', '--out', out]);
  t.equal(run.code, 0, run.stderr);
  const report = reportOf(run);
  t.same(validateReport(report), []);
  t.equal(report.verdict, 'pass');
  t.same(report.cases.map((one) => one.device), ['host', 'qemu-m55', 'qemu-m4', 'qemu-m0']);
  const card = JSON.parse(readFileSync(path.join(suiteDir, 'model_card.json'), 'utf8')) as { rmseInt8Nm: number };
  for (const one of report.cases) {
    t.equal(one.samples, SEQUENCES * STEPS);
    const tensors = one.layers.flatMap((layer) => layer.tensors);
    t.same(tensors.map((tensor) => [tensor.role, tensor.compared]), [['output', 32 * 1800], ['state', 32 * 1800], ['state', 32 * 1800], ['output', 1800]]);
    t.ok(tensors.every((tensor) => tensor.mismatched === 0 && tensor.by === 'digest'));
    const [metric] = one.outputs[0]!.metrics;
    t.ok(metric!.passed && Math.abs(metric!.value - card.rmseInt8Nm) < 0.005, `torque error ${metric!.value} Nm, as in the model card`);
    t.equal(one.link!.resent, 0);
    t.equal(one.plots.length, SEQUENCES);
    t.match(one.npu, { used: false, operators: 0, of: 2 });
    if (one.device === 'host') t.match(one, { energy: null, energyReason: /\S/, latency: { unit: 'us' } });
    else {
      t.match(one, { energy: { quality: 'modelled' }, latency: { unit: 'instructions', quality: 'modelled', n: 256 } });
      t.ok(one.memory!.stackBytes! > 50 && one.memory!.flashBytes > 6000, 'memory is measured');
      const { layersSum, layersTotal } = one.latency!;
      t.ok(Math.abs(layersSum! - layersTotal!) / layersTotal! < 0.01, `the layers' ${layersSum} explain the total of ${layersTotal}`);
    }
  }
  for (const file of ['report.json', 'report.html', 'junit.xml', 'report.tap', 'summary.md', 'transcript.ndjson', 'images/engine-rom.qemu-m55.elf', 'generated/engine-rom.host/engine_rom_int8.c']) {
    t.ok(existsSync(path.join(out, file)), file);
  }
  t.notOk(existsSync(path.join(out, '.hil-tmp')), 'nothing temporary is left');
});

t.test('two runs agree exactly, and the second builds nothing', async (t) => {
  const [first, second] = [reportOf(await hil(['run', suiteDir, '--json', '--out', scratch(t)])), reportOf(await hil(['run', suiteDir, '--json', '--out', scratch(t)]))];
  t.same(second.cases[0]!.latency, first.cases[0]!.latency);
  t.same(second.cases[0]!.layers.map((layer) => layer.cost.value), first.cases[0]!.layers.map((layer) => layer.cost.value));
  t.equal(second.cases[0]!.image!.cached, true);
  t.equal(second.cases[0]!.image!.sha256, first.cases[0]!.image!.sha256);
  t.same(second.cases[0]!.memory, first.cases[0]!.memory);
});

t.test('an oracle that differs from the reference says nothing about the device: bench error', async (t) => {
  const suite = path.join(scratch(t), 'suite');
  for (const part of ['suite.json', 'model', 'sequences', 'oracle']) cpSync(path.join(suiteDir, part), path.join(suite, part), { recursive: true });
  const bin = path.join(suite, 'oracle/ramps.tflm.bin');
  const bytes = readFileSync(bin);
  bytes[144 * 10 + 72] = bytes[144 * 10 + 72]! ^ 1; // step 10, first byte of the cell state
  writeFileSync(bin, bytes);
  const run = await hil(['run', suite, '--device', 'host', '--out', scratch(t)]);
  t.equal(run.code, 4);
  t.match(run.stdout, /reference differs from the oracle .*ramps.*step 10, tensor 16 \(state/);
});

t.test('a torque error above the bound fails, although every bit is right', async (t) => {
  const suite = path.join(scratch(t), 'suite');
  for (const part of ['suite.json', 'model', 'sequences', 'oracle']) cpSync(path.join(suiteDir, part), path.join(suite, part), { recursive: true });
  const file = path.join(suite, 'suite.json');
  const json = JSON.parse(readFileSync(file, 'utf8')) as { cases: { metrics: { max: number }[] }[] };
  json.cases[0]!.metrics[0]!.max = 1.5;
  writeFileSync(file, JSON.stringify(json));
  const run = await hil(['run', suite, '--device', 'host', '--json', '--out', scratch(t)]);
  t.equal(run.code, 1);
  const [one] = reportOf(run).cases;
  t.equal(one!.layers.reduce((sum, layer) => sum + layer.mismatched, 0), 0);
  t.match(one!.reasons[0], /torque-rmse is 1\.65/);
});

