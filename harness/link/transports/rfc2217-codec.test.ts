import fc from 'fast-check';
import t from 'tap';
import { COM_PORT, decodeComPort, encodeComPort, encodeSubnegotiation, encodeVerb, escapeIac, SUBNEGOTIATION_LIMIT, TelnetDecoder, VERB } from './rfc2217-codec.ts';
import type { Verb } from './rfc2217-codec.ts';
import { TelnetOptions } from './telnet-options.ts';

type Event = { data: number[] } | { verb: Verb; option: number } | { option: number; payload: number[] } | { ignored: number };

/** The rules of RFC 854 and 855, byte by byte. */
function model(events: readonly Event[]): Buffer {
  const out: number[] = [];
  const doubled = (bytes: readonly number[]): void => bytes.forEach((byte) => out.push(...(byte === 255 ? [255, 255] : [byte])));
  for (const event of events) {
    if ('data' in event) doubled(event.data);
    else if ('verb' in event) out.push(255, VERB[event.verb], event.option);
    else if ('ignored' in event) out.push(255, event.ignored);
    else {
      out.push(255, 250);
      doubled([event.option, ...event.payload]);
      out.push(255, 240);
    }
  }
  return Buffer.from(out);
}

function decode(chunks: readonly Buffer[]): Event[] {
  const events: Event[] = [];
  const decoder = new TelnetDecoder({
    data: (bytes) => {
      const last = events.at(-1);
      if (last !== undefined && 'data' in last) last.data.push(...bytes);
      else events.push({ data: [...bytes] });
    },
    verb: (verb, option) => events.push({ verb, option }),
    subnegotiation: (option, payload) => events.push({ option, payload: [...payload] }),
  });
  for (const chunk of chunks) decoder.feed(chunk);
  return events;
}

/** As the decoder tells them: without what is ignored, neighbouring data joined, none empty. */
function joined(events: readonly Event[]): Event[] {
  const out: Event[] = [];
  for (const event of events) {
    const last = out.at(-1);
    if ('ignored' in event || ('data' in event && event.data.length === 0)) continue;
    if ('data' in event && last !== undefined && 'data' in last) last.data.push(...event.data);
    else out.push('data' in event ? { data: [...event.data] } : event);
  }
  return out;
}

const byte = fc.oneof(fc.integer({ min: 0, max: 255 }), fc.constantFrom(255, 240, 250, 251, 254, 0, 44));
const event: fc.Arbitrary<Event> = fc.oneof(
  fc.record({ data: fc.array(byte, { maxLength: 20 }) }),
  fc.record({ verb: fc.constantFrom(...(Object.keys(VERB) as Verb[])), option: byte }),
  fc.record({ option: byte, payload: fc.array(byte, { maxLength: 12 }) }),
  fc.record({ ignored: fc.constantFrom(241, 242, 246, 249) }),
);

t.test('whatever is sent is understood, split at every offset', async (t) => {
  fc.assert(fc.property(fc.array(event, { maxLength: 8 }), (events) => {
    const wire = model(events);
    const expected = JSON.stringify(joined(events));
    for (let at = 0; at <= wire.length; at += 1) {
      if (JSON.stringify(decode([wire.subarray(0, at), wire.subarray(at)])) !== expected) throw new Error(`split at ${at}`);
    }
    if (JSON.stringify(decode([...wire].map((one) => Buffer.of(one)))) !== expected) throw new Error('byte by byte');
  }), { numRuns: 300 });
  t.pass();
});

t.test('encoders against the model', async (t) => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 40 }), byte, (bytes, option) => {
    if (!escapeIac(bytes).equals(model([{ data: [...bytes] }]))) throw new Error('data');
    if (!encodeSubnegotiation(option, bytes).equals(model([{ option, payload: [...bytes] }]))) throw new Error('sub-negotiation');
  }));
  fc.assert(fc.property(fc.integer({ min: 0, max: 2 ** 32 - 1 }), (baud) => {
    const [told] = decode([encodeComPort(COM_PORT.baud, baud)]);
    const answer = decodeComPort(Buffer.from((told as { payload: number[] }).payload));
    if (answer?.command !== COM_PORT.baud || answer.value !== baud) throw new Error('baud');
  }));
  t.same([...encodeComPort(COM_PORT.baud, 0xff00ffff)], [255, 250, 44, 1, 255, 255, 0, 255, 255, 255, 255, 255, 240], 'a speed with 255s in it');
  t.same([...encodeVerb('will', 44)], [255, 251, 44]);
  t.equal(decodeComPort(Buffer.alloc(0)), null);
});

t.test('any bytes at all: nothing is thrown, little is kept', async (t) => {
  fc.assert(fc.property(fc.array(fc.uint8Array({ maxLength: 50 }).map((bytes) => Buffer.from(bytes)), { maxLength: 10 }), (chunks) => void decode(chunks)));
  const endless = decode([Buffer.of(255, 250, 44), Buffer.alloc(1_000_000, 7), Buffer.of(255, 240), Buffer.from('on')]);
  t.same(endless, [{ data: [...Buffer.from('on')] }], `a sub-negotiation of more than ${SUBNEGOTIATION_LIMIT} bytes is dropped`);
  t.same(decode([Buffer.of(255, 250, 44, 101, 255, 251, 3, 65)]), [{ verb: 'will', option: 3 }, { data: [65] }], 'one that never ends is left at the next command');
});

t.test('options: each is answered once, whatever comes', async (t) => {
  const said: string[] = [];
  const options = new TelnetOptions((verb, option) => said.push(`${verb} ${option}`));
  options.ask();
  t.same(said.splice(0), ['will 44', 'will 0', 'do 0']);
  // What ser2net 4.3.11 opens with.
  for (const [verb, option] of [['will', 3], ['do', 3], ['will', 1], ['dont', 1], ['do', 0], ['will', 0], ['do', 44]] as const) options.received(verb, option);
  t.same(said.splice(0), ['do 3', 'will 3', 'dont 1']);
  t.ok(options.agreed);
  for (let i = 0; i < 3; i += 1) for (const option of [0, 1, 3, 44]) for (const verb of ['will', 'do'] as const) options.received(verb, option);
  t.same(said.splice(0).sort(), ['do 44', 'wont 1'], 'repeats are not answered');
  const refused = new TelnetOptions(() => undefined);
  refused.ask();
  refused.received('dont', 44);
  t.match(refused.refused, /COM-PORT/);
  t.notOk(refused.agreed);
  fc.assert(fc.property(fc.array(fc.tuple(fc.constantFrom(...(Object.keys(VERB) as Verb[])), byte), { maxLength: 30 }), (talk) => {
    let answers = 0;
    const any = new TelnetOptions(() => (answers += 1));
    for (const [verb, option] of talk) any.received(verb, option);
    if (answers > talk.length) throw new Error('says more than it hears');
  }));
});
