import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import t from 'tap';
import { encodeNpy } from '../../suite/index.ts';
import { engineModel, hil, root, suiteDir } from './hil.ts';
import { allRefused, type Refusal } from './refused.ts';
import { noProc, sandbox, type Sandbox } from './sandbox.ts';

/** Everything that a user can get wrong but the model: exit code 2, one error with the place, before anything is built. */

t.setTimeout(240_000);

const steps = path.join(suiteDir, 'sequences/steps.input.npy');

t.test('suite.json', async (t) => {
  const box = sandbox(t);
  const sha256 = 'd696a26a8237b43a2349d140062fe122b425e7f64a85121b249c794dd02f9a96';
  const good = {
    schema: 'hil-suite/1', name: 'mine',
    cases: [{ name: 'one', model: { file: 'model.tflite', sha256 }, generator: 'builtin', sequences: [{ name: 'steps', input: 'steps.npy' }] }],
  };
  const write = (name: string, text: string): string => {
    const dir = path.join(box.dir, name);
    mkdirSync(dir);
    writeFileSync(path.join(dir, 'suite.json'), text);
    writeFileSync(path.join(dir, 'model.tflite'), readFileSync(engineModel));
    writeFileSync(path.join(dir, 'steps.npy'), readFileSync(steps));
    symlinkSync('/etc/hostname', path.join(dir, 'link.npy'));
    return dir;
  };
  const [one] = good.cases as [typeof good.cases[0]];
  const inCase = (change: object): object => ({ ...good, cases: [{ ...one, ...change }] });
  const inSequence = (change: object): object => inCase({ sequences: [{ ...one.sequences[0], ...change }] });
  const bad = (name: string, suite: object | string, ...says: RegExp[]): Refusal =>
    ({ name, args: ['run', write(name, typeof suite === 'string' ? suite : JSON.stringify(suite)), '--device', 'host', '--out', 'out'], says });
  await allRefused(t, box, [
    { name: 'no suite', args: ['run', 'nowhere', '--device', 'host'], says: [/there is no suite .*nowhere/, /suite\.json/] },
    bad('no JSON', '{"schema": ', /suite\.json: is not JSON/),
    bad('unknown field', inCase({ tolerence: { lsb: 1 } }), /\$\.cases\[0\]\.tolerence: unknown field/, /Did you mean tolerance\?/),
    bad('wrong type', inSequence({ input: 7 }), /\$\.cases\[0\]\.sequences\[0\]\.input: expected/),
    bad('missing field', inCase({ generator: undefined }), /\$\.cases\[0\]\.generator: is missing/),
    bad('other schema', { ...good, schema: 'hil-suite/2' }, /\$\.schema: expected "hil-suite\/1", got "hil-suite\/2"/),
    bad('no case', { ...good, cases: [] }, /\$\.cases: /),
    bad('same name twice', { ...good, cases: [one, one] }, /\$\.cases\[1\]\.name: the name "one" is already that of \$\.cases\[0\]/),
    bad('path outside', inSequence({ input: '../../etc/passwd' }), /\$\.cases\[0\]\.sequences\[0\]\.input: "\.\.\/\.\.\/etc\/passwd" leaves the suite's folder/),
    bad('absolute path', inSequence({ input: '/etc/passwd' }), /\.input: "\/etc\/passwd" is an absolute path/),
    bad('link outside', inSequence({ input: 'link.npy' }), /\.input: "link\.npy" is a link that leaves/),
    bad('no such file', inSequence({ input: 'gone.npy' }), /\.input: there is no file "gone\.npy"/),
    bad('metric without truth', inCase({ metrics: [{ name: 'rmse', kind: 'rmse', max: 1 }] }), /\$\.cases\[0\]\.metrics: a metric compares with truth/),
    bad('unknown profile', inCase({ profile: 'tflmm' }), /tflmm/),
    bad('for other devices only', inCase({ devices: ['qemu-m55'] }), /no case of mine is meant for host/, /qemu-m55/),
    { name: '--case that matches nothing', args: ['run', write('good', JSON.stringify(good)), '--case', 'eng*', '--device', 'host', '--out', 'out'], says: [/no case of mine matches --case eng\*/, /Cases: one\./] },
  ]);
  const { code, stderr } = await hil(['run', path.join(box.dir, 'good'), '--case', 'o?e', '--device', 'host', '--out', box.out], { env: box.env });
  t.equal(code, 0, stderr);
});

t.test('device files', async (t) => {
  const box = sandbox(t);
  const host = JSON.parse(readFileSync(path.join(root, 'devices/host.json'), 'utf8')) as Record<string, unknown>;
  const bad = (name: string, file: object | string, ...says: RegExp[]): Refusal => {
    const dir = path.join(box.dir, name);
    mkdirSync(dir);
    writeFileSync(path.join(dir, 'mine.json'), typeof file === 'string' ? file : JSON.stringify({ ...host, id: 'mine', ...file }));
    return { name, args: ['devices', 'list'], env: { HIL_DEVICES: dir }, says };
  };
  await allRefused(t, box, [
    bad('unknown field', { colour: 'red' }, /mine\.json: \$\.colour: unknown field/),
    bad('wrong type', { timeouts: { ...(host['timeouts'] as object), helloMs: 'soon' } }, /mine\.json: \$\.timeouts\.helloMs: must be/),
    bad('no JSON', '{', /mine\.json: cannot be read as JSON/),
    bad('id of another', { id: 'host' }, /mine\.json: \$\.id/),
    { name: 'no folder', args: ['check', engineModel, '--out', 'out'], env: { HIL_DEVICES: path.join(box.dir, 'gone') }, says: [/cannot read the folder of device files .*gone/] },
    { name: 'unknown device', args: ['check', engineModel, '--device', 'qemu-m56', '--out', 'out'], says: [/there is no device "qemu-m56"/, /Did you mean qemu-m5?5?/] },
    { name: 'one of two unknown', args: ['check', engineModel, '--device', 'host,hots', '--out', 'out'], says: [/there is no device "hots"/, /Did you mean host\?/] },
    { name: 'no device', args: ['check', engineModel, '--device', ',', '--out', 'out'], says: [/no device is named/] },
    { name: 'show what?', args: ['devices', 'show'], says: [/which device\?/] },
    { name: 'show an unknown one', args: ['devices', 'show', 'hst'], says: [/there is no device "hst"/, /Did you mean host\?/] },
    { name: 'devices bogus', args: ['devices', 'bogus'], says: [/expected list, show, doctor, quarantine or release, got "bogus"/] },
  ]);
});

t.test('input files', async (t) => {
  const box = sandbox(t);
  const file = (name: string, data: string | Uint8Array): string => {
    writeFileSync(path.join(box.dir, name), data);
    return path.join(box.dir, name);
  };
  const floats = (shape: number[], values: number[]): Uint8Array => encodeNpy({ dtype: 'float32', shape, data: Float32Array.from(values) });
  const check = (name: string, input: string, ...says: RegExp[]): Refusal => ({ name, args: ['check', engineModel, '--device', 'host', '--out', 'out', '--input', input], says });
  const [rows, rank] = [encodeNpy({ dtype: 'int8', shape: [3, 4], data: new Int8Array(12) }), [1, 1, 4]];
  await allRefused(t, box, [
    check('missing', 'gone.npy', /cannot read the input file "gone\.npy": there is no such file/),
    check('a folder', box.dir, /cannot read the input file .*: it is a folder/),
    check('other kind', file('x.wav', 'RIFF'), /x\.wav is none of \.npy, \.npz, \.csv, \.bin/),
    check('wrong rank', file('rank.npy', rows), /rank\.npy: expected shape \[samples, 1, 1, 4\], got \[3, 4\]/),
    check('wrong width', file('width.npy', encodeNpy({ dtype: 'int8', shape: [2, 1, 1, 5], data: new Int8Array(10) })), /expected shape \[samples, 1, 1, 4\], got \[2, 1, 1, 5\]/),
    check('wrong type', file('type.npy', encodeNpy({ dtype: 'int16', shape: [2, ...rank], data: new Int16Array(8) })), /type\.npy: expected int8 codes or floats, got int16/),
    check('NaN', file('nan.npy', floats([2, ...rank], [0, 0, 0, 0, 0, 0, NaN, 0])), /nan\.npy: element \[1, 0, 0, 2\] is NaN/),
    check('no sample', file('none.npy', floats([0, ...rank], [])), /none\.npy: holds no sample/),
    check('cut off', file('cut.npy', readFileSync(steps).subarray(0, -5)), /cut\.npy .*takes \d+ bytes of data, but holds \d+/),
    check('cut in the header', file('head.npy', readFileSync(steps).subarray(0, 40)), /head\.npy ends within its header/),
    check('no .npy', file('text.npy', 'hello'), /text\.npy is not a \.npy file/),
    check('text in a CSV', file('text.csv', 'a,b,c,d\n1,2,3,4\n1,two,3,4\n'), /text\.csv: line 3, column 2: "two" is no number/),
    check('CSV of other width', file('wide.csv', '1,2,3,4,5\n'), /wide\.csv: expected 4 columns, got 5/),
    check('empty CSV', file('empty.csv', 'a,b,c,d\n'), /empty\.csv: holds no row of numbers/),
    check('code out of range', file('range.csv', '1,2,3,400\n'), /range\.csv: row 1, column 4: 400 is no int8 code \(-128 to 127\)/),
    check('unknown input name', `spede=${file('named.npy', floats([1, ...rank], [0, 0, 0, 0]))}`, /the model has no input "spede"; its inputs are "/),
    { name: 'reference without --input', args: ['reference', engineModel, '--out', 'out'], says: [/which samples\?/, /--input FILE/] },
    { name: 'reference with a bad one', args: ['reference', engineModel, '--input', path.join(box.dir, 'rank.npy'), '--out', 'out'], says: [/expected shape/] },
  ]);
});

t.test('command lines', async (t) => {
  const box = sandbox(t);
  const bad = (name: string, args: readonly string[], ...says: RegExp[]): Refusal => ({ name, args, says });
  await allRefused(t, box, [
    bad('unknown command', ['chek', engineModel], /unknown command 'chek'/, /Did you mean check\?/),
    bad('unknown option', ['check', engineModel, '--devise', 'host'], /unknown option '--devise'/, /Did you mean --device\?/),
    bad('no model', ['check'], /missing required argument 'model'/),
    bad('two models', ['inspect', engineModel, engineModel], /too many arguments/),
    bad('no --out', ['generate', engineModel], /required option '--out <dir>' not specified/),
    bad('no value', ['check', engineModel, '--device'], /option '--device <ids>' argument missing/),
    bad('no number', ['check', engineModel, '--samples', 'many', '--out', 'out'], /--samples: expected a whole number from 1 to 1000000, got "many"/),
    bad('no sample', ['check', engineModel, '--samples', '0', '--out', 'out'], /--samples: .*got "0"/),
    bad('negative seed', ['check', engineModel, '--seed', '-1', '--out', 'out'], /--seed/),
    bad('no time', ['check', engineModel, '--timeout-ms', '0', '--out', 'out'], /--timeout-ms/, /more than 0/),
    bad('too long a time', ['check', engineModel, '--timeout-ms', '1e15', '--out', 'out'], /--timeout-ms/, /at most/),
    bad('a C name that is none', ['generate', engineModel, '--out', 'out', '--name', '../x'], /name/),
    bad('no folder of C', ['check', engineModel, '--device', 'host', '--c', 'nowhere', '--out', 'out'], /nowhere.* has no readable network\.json/),
  ]);
  const bare = await hil([], { env: box.env });
  t.equal(bare.code, 2);
  t.match(bare.stderr, /Usage: hil/);
});

t.test('with --json errors are JSON as well', { skip: noProc }, async (t) => {
  const box: Sandbox = sandbox(t);
  for (const [args, code] of [
    [['check', 'gone.tflite', '--json'], 'input.unreadable'], [['check', engineModel, '--devise', 'x', '--json'], 'cli.usage'],
    [['check', engineModel, '--device', 'hst', '--json'], 'device.unknown'], [['reference', engineModel, '--out', 'out', '--json'], 'cli.usage'],
    [['generate', '--json', '--out', 'x', 'gone.tflite'], 'input.unreadable'], [['run', 'gone', '--json'], 'suite.not-found'], [['devices', 'bogus', '--json'], 'cli.usage'],
  ] as const) {
    const { code: exit, stdout, stderr } = await hil(args, { env: box.env, cwd: box.dir });
    t.equal(exit, 2, args.join(' '));
    t.match(JSON.parse(stdout), { error: { kind: 'config', code, message: /./ } });
    t.match(stderr, /^hil: /);
  }
});
