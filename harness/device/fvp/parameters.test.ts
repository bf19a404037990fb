import t from 'tap';
import { fvpSpec } from '../testing/fvp.ts';
import { checkParameters, missingParameters, settingsFor } from './parameters.ts';

const fvp = fvpSpec.fvp!;
const mps3 = new Set(['core_clk.mul', 'cpu0.semihosting-enable', 'ethosu.num_macs', 'ethosu.extra_args', 'mps3_board.visualisation.disable-visualisation',
  ...[0, 1, 2, 5].flatMap((n) => ['mode', 'start_telnet', 'start_port'].map((part) => `mps3_board.telnetterminal${n}.${part}`))]);

t.test('those that the model has, and those that the driver needs', async (t) => {
  const { given, leftOut } = settingsFor(fvp, mps3, 5432);
  t.same(leftOut, ['no.such_parameter']);
  t.notOk(given.some((each) => each.startsWith('no.such_parameter')));
  for (const each of ['core_clk.mul=32000000', 'ethosu.num_macs=128', 'mps3_board.telnetterminal0.start_port=5432', 'mps3_board.telnetterminal0.mode=raw',
    'mps3_board.telnetterminal0.start_telnet=0', 'mps3_board.telnetterminal5.start_telnet=0', 'mps3_board.visualisation.disable-visualisation=1', 'cpu0.semihosting-enable=0']) t.ok(given.includes(each), each);
  t.notOk(given.some((each) => each.includes('--fast')), 'the NPU counts, unless the device file gives that up');
  t.notOk(given.some((each) => each.startsWith('mps3_board.telnetterminal1.start_port')));
});

t.test('an MPS4, and a fast NPU', async (t) => {
  const names = new Set(['vis_hdlcd.disable_visualisation', 'mps4_board.subsystem.cpu0.semihosting-enable', 'mps4_board.subsystem.ethosu.extra_args', 'mps4_board.telnetterminal0.start_telnet']);
  const { given } = settingsFor({ ...fvp, boardInstance: 'mps4_board', parameters: {}, npu: { ...fvp.npu, fast: true } }, names, 1);
  t.same(given, ['vis_hdlcd.disable_visualisation=1', 'mps4_board.subsystem.cpu0.semihosting-enable=0', 'mps4_board.subsystem.ethosu.extra_args=--fast',
    'mps4_board.telnetterminal0.start_telnet=0', 'mps4_board.telnetterminal0.start_port=1']);
});

t.test('another board, or no raw terminal', async (t) => {
  t.same(missingParameters(fvp, mps3), []);
  t.same(missingParameters({ ...fvp, boardInstance: 'mps4_board' }, mps3), ['mps4_board.telnetterminal0.start_port', 'mps4_board.telnetterminal0.mode']);
});

t.test('settings that a device file must not have', async (t) => {
  const check = (parameters: Record<string, string>, fast = false) => () => checkParameters('x', { ...fvp, parameters, npu: { ...fvp.npu, fast } });
  t.throws(check({ 'cpu0.semihosting-enable': '1' }), { kind: 'config', message: /semihosting/ });
  t.throws(check({ 'ethosu.extra_args': '--fast' }), { kind: 'config', message: /npu\.fast/ });
  t.throws(check({ 'mps3_board.uart0.out_file': '-' }), { kind: 'config', message: /out_file/ });
  t.doesNotThrow(check({ 'cpu0.semihosting-enable': '0' }));
  t.doesNotThrow(check({ 'ethosu.extra_args': '--fast' }, true));
});
