import t from 'tap';
import { fvpStandIn } from '../../device/testing/fvp.ts';
import { hil, reportOf, scratch, suiteDir } from './hil.ts';

// No FVP is here: a stand-in takes its place, with a real QEMU behind it that runs the real image (see its first lines).
t.setTimeout(280_000);
const run = (out: string, env: Readonly<Record<string, string>>) => hil(['run', suiteDir, '--device', 'fvp-u55', '--json', '--out', out], { env, timeoutMs: 200_000 });

t.test('the suite passes on an FVP that loses what comes too fast; inputs go by the side door', async (t) => {
  const done = await run(scratch(t), { HIL_FVP: fvpStandIn, FVP_STAND_IN: 'overrun=87:16' });
  t.equal(done.code, 0, done.stderr);
  const [one] = reportOf(done).cases;
  t.match(one, { verdict: 'pass', device: 'fvp-u55', npu: { used: false, operators: 0, of: 2 }, latency: { unit: 'instructions', quality: 'modelled' } });
  t.ok(one!.layers.flatMap((layer) => layer.tensors).every((tensor) => tensor.compared > 0 && tensor.mismatched === 0));
  t.ok(one!.reasons.some((reason) => /bytes of inputs were loaded by the model/.test(reason)), one!.reasons.join('; '));
  t.ok(one!.link!.bytesToDevice < 10_000, 'and not over the UART');
});

t.test('without an FVP: exit code 4, and how to get one', async (t) => {
  const done = await run(scratch(t), { HIL_FVP: '/nonexistent/fvp' });
  t.equal(done.code, 4);
  t.match(reportOf(done).cases[0]!.reasons.join('\n'), /--i-agree-to-the-contained-eula/);
});

t.test('a model that stops by itself, with exit code 0: the bench failed, not the network', async (t) => {
  const done = await run(scratch(t), { HIL_FVP: fvpStandIn, FVP_STAND_IN: 'stops=400,overrun=1000' });
  t.equal(done.code, 4);
  t.match(reportOf(done).cases[0], { verdict: 'bench-error', reasons: [/Simulated time has been exceeded/] });
});
