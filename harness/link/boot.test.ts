import t from 'tap';
import { HilError } from '../errors.ts';
import { decodeBoot, resetMeaning } from './boot.ts';
import { FieldWriter } from './fields.ts';
import { encodeFrame } from './frame.ts';
import { ANSWER, REQUEST } from './protocol.ts';
import { openLink } from './session.ts';
import type { Link } from './link.ts';
import { AgentDouble } from './testing/agent-double.ts';
import type { DoubleOptions } from './testing/agent-double.ts';
import { FakeClock } from './testing/fake-clock.ts';
import { runPlan } from './testing/run-plan.ts';

const POWER_ON = 1, PIN = 2, SOFTWARE = 4, WATCHDOG = 8, BROWN_OUT = 16, LOCKUP = 32, DEBUGGER = 64;
const ID = '00112233445566778899aabbccddeeff';
const payload = (causes: number): Buffer => new FieldWriter(20).u16(causes).u16(0).hex(ID).done();
const boot = (causes: number): Buffer => encodeFrame(ANSWER.boot, 0, payload(causes));

t.test('BOOT, and who is to blame for it', (t) => {
  t.strictSame(decodeBoot(payload(0)), { causes: [], buildId: ID });
  t.strictSame(decodeBoot(payload(0xff7f)).causes, ['power-on', 'reset pin', 'software', 'watchdog', 'brown-out', 'lockup', 'debugger']);
  t.strictSame(decodeBoot(Buffer.concat([payload(SOFTWARE), Buffer.alloc(4)])).causes, ['software'], 'a later agent may say more');
  t.throws(() => decodeBoot(Buffer.alloc(19)), { name: 'MalformedError' });

  for (const [causes, kind, code, what] of [
    [POWER_ON, 'bench', 'link.power-lost', /power-on/], [POWER_ON | BROWN_OUT | PIN, 'bench', 'link.power-lost', /power-on/],
    [BROWN_OUT, 'bench', 'link.brown-out', /brown-out/], [BROWN_OUT | WATCHDOG | PIN, 'bench', 'link.brown-out', /brown-out/],
    [WATCHDOG | PIN, 'target', 'target.reset', /watchdog/], [LOCKUP | SOFTWARE, 'target', 'target.reset', /locked up/],
    [PIN, 'bench', 'link.reset-from-outside', /reset pin/], [DEBUGGER | PIN, 'bench', 'link.reset-from-outside', /debugger/],
  ] as const) {
    for (const running of [true, false]) {
      const meaning = resetMeaning(decodeBoot(payload(causes)), running, ID);
      t.match(meaning, { kind, code }, `causes ${causes}`);
      t.match(meaning.what, what);
    }
  }
  for (const causes of [SOFTWARE, SOFTWARE | PIN]) {
    t.match(resetMeaning(decodeBoot(payload(causes)), true, ID), { kind: 'target', code: 'target.reset', what: /SYSRESETREQ/ });
    t.match(resetMeaning(decodeBoot(payload(causes)), false, null), { kind: 'target', code: 'target.reset', what: /SYSRESETREQ/ }, 'over and over before HELLO: what runs at its start');
    t.match(resetMeaning(decodeBoot(payload(causes)), false, ID), { kind: 'bench', code: 'link.reset-from-outside', what: /as debug probes do/ });
  }
  t.match(resetMeaning(decodeBoot(payload(SOFTWARE)), true, 'ff'.repeat(16)), { kind: 'bench', code: 'link.reset-from-outside', what: /flashed with another image/ });
  t.match(resetMeaning(decodeBoot(payload(0)), true, ID), { kind: 'target', code: 'target.reset' });
  t.match(resetMeaning(decodeBoot(payload(0)), false, null), { kind: 'bench', code: 'link.reset-from-outside' });
  t.end();
});

interface Bench { readonly agent: AgentDouble; readonly clock: FakeClock; readonly opening: Promise<Link> }
function open(options: DoubleOptions, helloTimeoutMs = 2000): Bench {
  const agent = new AgentDouble(options);
  const clock = new FakeClock();
  const opening = openLink(agent, { deviceId: 'b7', signal: new AbortController().signal, clock, helloTimeoutMs, replyTimeoutMs: 500, silenceMs: 5000 });
  opening.catch(() => {});
  return { agent, clock, opening };
}

async function failure(work: Promise<unknown>, clock: FakeClock, ms: number): Promise<HilError> {
  const caught = work.then(() => undefined, (error: unknown) => error);
  await clock.advance(ms);
  const error = await caught;
  if (!(error instanceof HilError)) throw new Error(`no HilError but ${String(error)}`);
  return error;
}

t.test('a BOOT before the first answer belongs to the start', async (t) => {
  let lost = 2;
  const { agent, clock, opening } = open({ misbehave: (frame) => (frame.type === REQUEST.hello && lost-- > 0 ? [boot(PIN)] : 'serve') });
  agent.push(boot(POWER_ON));
  await clock.advance(500);
  const link = await opening;
  t.equal(link.failure, undefined);
  t.equal(link.stats.stale, 0);
  await link.close();
});

t.test('a BOOT in the middle of a session ends it', async (t) => {
  for (const [causes, inRun, kind, code] of [
    [SOFTWARE, true, 'target', 'target.reset'], [WATCHDOG, false, 'target', 'target.reset'], [BROWN_OUT, true, 'bench', 'link.brown-out'],
    [POWER_ON, false, 'bench', 'link.power-lost'], [PIN, true, 'bench', 'link.reset-from-outside'],
    [0, true, 'target', 'target.reset'], [0, false, 'bench', 'link.reset-from-outside'],
  ] as const) {
    const { agent, clock, opening } = open({ misbehave: (frame) => (frame.type === (inRun ? REQUEST.run : REQUEST.read) ? [boot(causes)] : 'serve') });
    const link = await opening;
    const error = await failure(inRun ? link.run(runPlan()) : link.read(0, 4), clock, 1);
    t.match(error, { kind, code, facts: { running: inRun } }, `causes ${causes}, ${inRun ? 'RUN' : 'READ'}`);
    t.match(error.message, /^device b7: /);
    t.equal(link.failure, error);
    t.ok(agent.destroyed);
  }
});

t.test('starting again and again', async (t) => {
  const loops = async (causes: number, starts: number): Promise<HilError> => {
    const { agent, clock, opening } = open({ misbehave: () => [] });
    agent.push(boot(PIN)); // the flasher's
    for (let i = 1; i < starts; i++) agent.push(boot(causes));
    return failure(opening, clock, 2000);
  };
  const own = await loops(WATCHDOG, 4);
  t.match(own, { kind: 'target', code: 'target.reset-loop' });
  t.equal(own.message, 'device b7: it starts again and again (4 times within 2000 ms) and answers no HELLO; last, a watchdog reset the core');
  t.match(await loops(BROWN_OUT, 3), { kind: 'bench', code: 'link.brown-out' });
  t.match(await loops(0, 3), { kind: 'bench', code: 'link.reset-loop', message: /the chip does not tell why/ });
  const twice = await loops(SOFTWARE, 2);
  t.match(twice, { kind: 'bench', code: 'link.no-hello', message: /2 frames came, 2 of them BOOT, but none that answers/ }, 'flashing and opening the port are no loop');
});

t.test('what the device said of its death explains its silence', async (t) => {
  const cases: readonly (readonly [says: string, kind: string, code: string, message: RegExp])[] = [
    ['E BOD: Brownout detector was triggered\r\n\r\n', 'bench', 'link.brown-out', /before that ESP-IDF said "E BOD: Brownout detector was triggered"/],
    ['E: >>> ZEPHYR FATAL ERROR 0: CPU exception on CPU 0\nE: Current thread: 0x20000\n', 'target', 'target.crashed', /after Zephyr had said "E: >>> ZEPHYR FATAL ERROR 0/],
    ['\n++ MbedOS Error Info ++\nError Status: 0x80FF0100\n', 'target', 'target.crashed', /Mbed OS/],
    ['loading weights\nwaiting for \u00e4\n', 'bench', 'link.silent', /it printed last: "waiting for \\u00e4"/],
  ];
  for (const [says, kind, code, message] of cases) {
    let said = false;
    const die = (): readonly Uint8Array[] => {
      const words = said ? [] : [Buffer.from(says)];
      said = true;
      return words;
    };
    const { clock, opening } = open({ misbehave: (frame) => (frame.type === REQUEST.run ? die() : 'serve') });
    const link = await opening;
    t.match(await failure(link.run(runPlan()), clock, 30_000), { kind, code, message }, says);
  }

  const { agent, clock, opening } = open({ misbehave: (frame) => (frame.type === REQUEST.run ? [] : 'serve') });
  agent.push(Buffer.from('>>> ZEPHYR FATAL ERROR 0: CPU exception on CPU 0\n')); // of the image before, or got over
  const error = await failure((await opening).run(runPlan()), clock, 30_000);
  t.match(error, { kind: 'bench', code: 'link.silent' }, 'a device that answered after it did not die of it');
  t.notMatch(error.message, /ZEPHYR/);
});

t.test('what it printed instead of an answer to HELLO', async (t) => {
  for (const [says, code, message] of [
    ['Brownout detector was triggered\n', 'link.brown-out', /no answer to HELLO within 2000 ms; ESP-IDF said/],
    ['***** BUS FAULT *****\n', 'link.no-hello', /the firmware died at its start: Zephyr said "\*+ BUS FAULT \*+"/],
    ['rst:0xc (SW_CPU_RESET),boot:0x13 (SPI_FAST_FLASH_BOOT)\n'.repeat(3), 'link.reset-loop', /the device starts again and again/],
    ['rst:0x1 (POWERON_RESET),boot:0x13 (SPI_FAST_FLASH_BOOT)\nhello\n', 'link.no-hello', /only text was received/],
  ] as const) {
    const { agent, clock, opening } = open({ misbehave: () => [] });
    agent.push(Buffer.from(says));
    t.match(await failure(opening, clock, 2000), { kind: 'bench', code, message }, says);
  }
});
