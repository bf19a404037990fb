import t from 'tap';
import { isLockup, isNoise, isTooOld, missingMachine, optionValue, parseQemuVersion } from './qemu-quirks.ts';

t.test('versions', async (t) => {
  t.same(parseQemuVersion('QEMU emulator version 7.2.22 (Debian 1:7.2+dfsg-7+deb12u18)\nCopyright'), { text: 'QEMU emulator version 7.2.22', major: 7, minor: 2 });
  t.equal(parseQemuVersion('QEMU emulator version 10.0.13 (Debian)')?.major, 10);
  t.equal(parseQemuVersion('qemu-img version 7.2.0'), null);
  t.equal(parseQemuVersion(''), null);
  const old = (version: string): boolean => isTooOld(parseQemuVersion(`QEMU emulator version ${version}`)!);
  t.same(['6.2.0', '7.1.0', '7.2.0', '8.0.0', '10.0.2'].map(old), [true, true, false, false, false]);
});

t.test('text', async (t) => {
  t.match(missingMachine('olimex-stm32-h405'), /8\.0 or newer/);
  t.equal(missingMachine('mine'), 'QEMU with the machine mine');
  t.ok(isNoise('qemu-system-arm: Timer with delta zero, disabling'));
  t.notOk(isNoise('qemu-system-arm: warning: nic lan9118.0 has no peer'));
  t.ok(isLockup("qemu: fatal: Lockup: can't escalate 3 to HardFault (current priority -1)"));
  t.notOk(isLockup('Lockups are rare'));
  t.equal(optionValue('/a,b/c'), '/a,,b/c');
});
