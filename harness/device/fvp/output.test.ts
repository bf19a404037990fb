import fc from 'fast-check';
import t from 'tap';
import { isBanner, licenceRefusal, loadFailure, parseListening, parseVersion, stopReason } from './output.ts';
import { parseParameterNames } from './parameters.ts';

// The lines are those of public logs; see the facts named in the functions.
t.test('what a model says', async (t) => {
  t.same(parseListening('telnetterminal0: Listening for serial connection on port 5003'), { name: 'telnetterminal0', port: 5003 });
  t.same(parseListening('mps3_board.telnetterminal5: Listening for serial connection on port 5000'), { name: 'telnetterminal5', port: 5000 });
  for (const wrong of ['telnetterminal0: Listening for serial connection on port 0', 'telnetterminal0: Listening for serial connection on port 70000',
    'xtelnetterminal0: Listening for serial connection on port 5000', 'telnetterminal0: Listening for serial connection on port 5000 and more']) t.equal(parseListening(wrong), null, wrong);

  t.equal(parseVersion('\nFast Models [11.16.24 (Nov 4 2021)]\nCopyright 2000-2021 ARM Limited.'), '11.16.24 (Nov 4 2021)');
  t.equal(parseVersion('Fast Models [11.27.42]'), '11.27.42');
  t.equal(parseVersion('QEMU emulator version 7.2'), null);

  t.equal(licenceRefusal('a\nFatal: license error: The license found is assigned to another user.\n'), 'Fatal: license error: The license found is assigned to another user.');
  t.equal(licenceRefusal('the licence of this text is Apache-2.0'), null);

  t.match(loadFailure('Warning: Failed to write bytes at address range [0x00080000..0x002B2B07] when loading image "a.axf".'), /0x00080000/);
  t.equal(loadFailure('the agent failed to write bytes at address 0'), null);

  t.match(stopReason('\nInfo: Simulation is stopping. Reason: Cycle limit has been exceeded.\n'), /Cycle limit has been exceeded/);
  t.match(stopReason('Info: /OSCI/SystemC: Simulation stopped by user.\n'), /stopped/);
  t.match(stopReason('[warning ][main@0][01 ns] Simulation stopped by user'), /stopped/);
  t.equal(stopReason('Ethos-U rev 0'), null, 'from 11.27 on nothing is said');

  t.ok(['', '    Ethos-U rev 136b7d75 --- Apr 12 2023 13:44:01', '    (C) COPYRIGHT 2019-2023 Arm Limited', 'telnetterminal1: Listening for serial connection on port 5001'].every(isBanner));
  t.notOk(isBanner('sh: xterm: command not found'));
});

t.test('the list of parameters', async (t) => {
  const list = [
    '# instance.parameter=value       #(type, mode) default = \'def value\' : description : [min..max]', '#---',
    'core_clk.mul=0x17d7840      #(int, init-time) default = \'0x17d7840\' : Clock Rate Multiplier',
    'mps3_board.telnetterminal0.mode="telnet"  #(string, init-time) default = \'telnet\' : x=y', ' indented=1', '=1', 'no value', `${'a'.repeat(300)}=1`,
  ].join('\n');
  t.same([...parseParameterNames(list)], ['core_clk.mul', 'mps3_board.telnetterminal0.mode']);
});

t.test('any text: no exception, in time proportional to its length', async (t) => {
  const words = fc.constantFrom('telnetterminal0', ': Listening for serial connection on port ', '5000', 'Fast Models [', '11.16', ' (Nov', ')]', 'Fatal: ', 'license', ' ', '\n', '\0', '=',
    'Info: Simulation is stopping. Reason: ', 'has been exceeded', '.', 'Warning: ', 'failed to write bytes at address');
  const text = fc.oneof(fc.string({ maxLength: 300, unit: 'binary' }), fc.array(words, { maxLength: 30 }).map((parts) => parts.join('')));
  fc.assert(fc.property(text, (one) => {
    const terminal = parseListening(one);
    if (terminal !== null && !(terminal.port >= 1 && terminal.port <= 65_535)) return false;
    for (const parse of [parseVersion, licenceRefusal, loadFailure, stopReason]) {
      const found = parse(one);
      if (found !== null && found === '') return false;
    }
    isBanner(one);
    return [...parseParameterNames(one)].every((name) => !/[\s=]/.test(name));
  }), { numRuns: 500 });
  const begin = performance.now();
  for (const parse of [parseListening, parseVersion, licenceRefusal, loadFailure, stopReason, parseParameterNames]) {
    parse('telnetterminal0: Fast Models [11.' + '1 '.repeat(300_000));
    parse(' \t'.repeat(300_000) + 'x');
    parse('Info: Simulation is stopping. Reason: '.repeat(10_000));
    parse('a.'.repeat(300_000));
  }
  t.ok(performance.now() - begin < 5000);
});
