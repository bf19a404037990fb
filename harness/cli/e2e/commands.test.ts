import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import t from 'tap';
import { validateReport } from '../../report/index.ts';
import { engineModel, hil, reportOf, root, suiteDir } from './hil.ts';
import { hilOnTerminal, noPty } from './pty.ts';
import { sandbox } from './sandbox.ts';

/** What each command prints: help, JSON and nothing else, colours and progress on a terminal only. */

t.setTimeout(240_000);

const COMMANDS = ['run', 'check', 'report', 'reference', 'generate', 'inspect', 'diff', 'devices', 'setup'];
const steps = path.join(suiteDir, 'sequences/steps.input.npy');
// eslint-disable-next-line no-control-regex
const ESCAPE = /\u001b/;

t.test('help and version', async (t) => {
  const help = await hil(['--help']);
  t.equal(help.code, 0);
  t.equal(help.stderr, '');
  for (const command of COMMANDS) t.match(help.stdout, new RegExp(`^  ${command} `, 'm'));
  t.match(help.stdout, /Exit codes: 0 pass, 1 .*, 2 .*, 3 .*, 4 .*, 130 interrupted/);
  for (const command of COMMANDS) {
    const { code, stdout, stderr } = await hil([command, '--help']);
    t.equal(code, 0, command);
    t.equal(stderr, '');
    t.match(stdout, new RegExp(`^Usage: hil ${command}`));
    t.match(stdout, new RegExp(`^Examples:\\n  hil ${command}`, 'm'));
    for (const flag of ['--quiet', '--verbose', '--json', '--no-color', '--timeout-ms']) t.match(stdout, flag, `${command} has ${flag}`);
  }
  const { version } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as { version: string };
  t.match(await hil(['--version']), { code: 0, stdout: version, stderr: '' });
});

t.test('--json prints JSON on standard output and nothing else', async (t) => {
  const box = sandbox(t);
  const json = async (args: readonly string[]): Promise<Record<string, unknown>> => {
    const { code, stdout, stderr } = await hil([...args, '--json'], { env: box.env, cwd: box.dir });
    t.equal(code, 0, `${args[0]}: ${stderr}`);
    return JSON.parse(stdout) as Record<string, unknown>;
  };
  for (const args of [['run', suiteDir, '--device', 'host', '--out', 'run'], ['check', engineModel, '--device', 'host', '--out', 'check']]) {
    const report = await json(args);
    t.match(report, { schema: 'hil-report/1', verdict: 'pass' });
    t.same(report, JSON.parse(readFileSync(path.join(box.dir, args[0] ?? '', 'report.json'), 'utf8')), 'the very report that was written');
  }
  t.match(await json(['inspect', engineModel]), { operators: [{ op: 'UNIDIRECTIONAL_SEQUENCE_LSTM', macs: 4608 }, { op: 'FULLY_CONNECTED', macs: 32 }], macs: 4640, unsupported: [] });
  const listed = (await json(['devices'])) as unknown as { id: string | null }[];
  t.match(listed.find(({ id }) => id === 'host'), { id: 'host', state: 'ready', usable: true, holders: [] });
  t.match(await json(['devices', 'show', 'qemu-m55']), { schema: 'hil-device/1', id: 'qemu-m55', kind: 'qemu' });
  t.match(await json(['devices', 'doctor', 'host']), [{ id: 'host', usable: true, missing: [], failedAt: null, steps: [{ name: 'compiler', ok: true }] }]);
  const generated = await json(['generate', engineModel, '--out', 'c']);
  t.same((generated['files'] as string[]).sort(), readdirSync(path.join(box.dir, 'c')).sort(), 'the files that are there');
  t.same(await json(['reference', engineModel, '--input', steps, '--out', 'tensors']), JSON.parse(readFileSync(path.join(box.dir, 'tensors/index.json'), 'utf8')));
  t.same(box.leftovers(), []);
});

t.test('devices', async (t) => {
  const box = sandbox(t);
  const list = await hil(['devices', 'list'], { env: box.env });
  t.equal(list.code, 0);
  for (const id of ['host', 'qemu-m0', 'qemu-m4', 'qemu-m55']) t.match(list.stdout, new RegExp(`^${id} +(ready|missing tool) +\\S`, 'm'));
  t.equal((await hil(['devices'], { env: box.env })).stdout, list.stdout, 'list is what you get without a word');
  const shown = await hil(['devices', 'show', 'host'], { env: box.env });
  t.same(JSON.parse(shown.stdout), JSON.parse(readFileSync(path.join(root, 'devices/host.json'), 'utf8')));
});

t.test('check: samples, seed, --reset-each, --c', async (t) => {
  const box = sandbox(t);
  const world = { env: box.env, cwd: box.dir };
  t.equal((await hil(['generate', engineModel, '--out', 'c'], world)).code, 0);
  const file = path.join(box.dir, 'c', readdirSync(path.join(box.dir, 'c')).find((name) => name.endsWith('_weights.c')) ?? '');
  const text = readFileSync(file, 'utf8');
  const check = async (...more: string[]): ReturnType<typeof hil> => hil(['check', engineModel, '--device', 'host', '--out', 'out', '--json', ...more], world);
  const right = reportOf(await check('--c', 'c'));
  t.match(right, { verdict: 'pass', cases: [{ samples: 16, sequences: [{ name: 'random', samples: 16 }], generator: { name: /./ } }] });
  // The first weight of every matrix, far off: what then differs, and where, tells which samples were given.
  writeFileSync(file, text.replace(/(int8_t \w+\[\d+\] = \{\n  )(-?\d+)/g, (_all, before: string, value: string) => `${before}${Number(value) > 0 ? Number(value) - 100 : Number(value) + 100}`));
  const wrong = async (...more: string[]): Promise<unknown> => {
    const run = await check('--c', 'c', '--samples', '40', ...more);
    t.equal(run.code, 1, run.stderr);
    const report = reportOf(run);
    t.same(validateReport(report), []);
    t.equal(report.cases[0]?.samples, 40);
    return report.cases[0]?.layers.map(({ mismatched, tensors }) => [mismatched, tensors.map(({ firstMismatch, histogram }) => [firstMismatch, histogram])]);
  };
  const seven = await wrong('--seed', '7');
  t.same(await wrong('--seed', '7'), seven, 'the same seed, the same samples');
  t.notSame(await wrong('--seed', '8'), seven, 'another seed, other samples');
  t.notSame(await wrong('--seed', '7', '--reset-each'), seven, 'the state does not carry over');
  t.match(reportOf(await check('--reset-each', '--samples', '5')), { verdict: 'pass', cases: [{ samples: 5 }] });
  t.match(reportOf(await check('--input', steps)), { verdict: 'pass', cases: [{ samples: 300, sequences: [{ name: 'input' }] }] });
});

t.test('in a log: plain lines; --quiet: the verdict', async (t) => {
  const box = sandbox(t);
  const args = ['check', engineModel, '--device', 'host', '--out', box.out];
  const log = await hil(args, { env: { ...box.env, NO_COLOR: '' } });
  t.same(log.stderr.split('\n'), ['generate', 'build', 'wait for device', 'start', 'compare', 'time', 'repeat'].map((phase) => `engine_rom_int8 on host: ${phase}`));
  t.notMatch(log.stdout + log.stderr, ESCAPE);
  t.notMatch(log.stdout + log.stderr, /\r/);
  t.match(log.stdout, /^PASS  engine_rom_int8: 1 pass \(.* m?s\)\nReport: /m);
  const quiet = await hil([...args, '--quiet'], { env: box.env });
  t.match(quiet, { code: 0, stdout: /^PASS  engine_rom_int8: 1 pass \([^\n]*\)$/, stderr: '' });
  const broken = await hil([...args, '--quiet', '--device', 'qemu-m55'], { env: { ...box.env, HIL_QEMU: '/nonexistent/qemu' } });
  t.match(broken, { code: 4, stdout: /^engine_rom_int8 on qemu-m55: device qemu-m55 cannot be used: [^\n]*\n(?:[^\n]*\n)*BENCH ERROR  / });
  t.equal(log.code, 0);
});

t.test('on a terminal: colours and one line of progress', { skip: noPty }, async (t) => {
  const box = sandbox(t);
  const args = ['check', engineModel, '--device', 'host', '--out', box.out, '--samples', '60000'];
  const { code, text } = await hilOnTerminal(args, box.env);
  t.equal(code, 0, text);
  t.match(text, /\u001b\[32mPASS\u001b\[39m {2}engine_rom_int8/, 'green');
  const redrawn = text.split('\r\u001b[2K').map((line) => line.split('\r\n')[0] ?? '');
  t.ok(redrawn.some((line) => /^engine_rom_int8 on host: \d+\/60000 samples \(\d+ %\), [\d.]+\/s, \d+ s left$/.test(line)), 'rate and remaining time');
  for (const phase of ['generate', 'build', 'start', 'compare']) t.ok(redrawn.includes(`engine_rom_int8 on host: ${phase}`), phase);
  t.equal(text.match(/samples \(\d+ %\)[^\r]*\n/g), null, 'the line is redrawn, not repeated');
  const plain = await hilOnTerminal([...args, '--no-color', '--samples', '4'], box.env);
  t.equal(plain.code, 0);
  // eslint-disable-next-line no-control-regex
  t.notMatch(plain.text, /\u001b\[[\d;]*m/, '--no-color');
  const environment = await hilOnTerminal([...args, '--samples', '4'], { ...box.env, NO_COLOR: '1' });
  // eslint-disable-next-line no-control-regex
  t.notMatch(environment.text, /\u001b\[[\d;]*m/, 'NO_COLOR');
  const quiet = await hilOnTerminal([...args, '--samples', '4', '--quiet', '--no-color'], box.env);
  t.match(quiet.text, /^PASS  engine_rom_int8: 1 pass \([^\n]*\)\r\n$/);
  const wrong = await hilOnTerminal(['check', 'gone.tflite'], box.env);
  t.equal(wrong.code, 2);
  t.match(wrong.text, /^hil: cannot read the model/);
});

t.test('without --out the report goes below reports/', async (t) => {
  const box = sandbox(t);
  const { code, stdout } = await hil(['check', engineModel, '--device', 'host'], { env: box.env, cwd: box.dir });
  t.equal(code, 0);
  const [, file] = /^Report: (reports\/engine-rom-int8\/[^/]+\/report\.html)$/m.exec(stdout) ?? [];
  t.ok(existsSync(path.join(box.dir, file ?? 'none')), stdout);
});
