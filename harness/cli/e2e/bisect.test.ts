import { cpSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { execaSync } from 'execa';
import t from 'tap';
import { hil, startHil, type HilRun } from './hil.ts';
import { listen } from './sandbox.ts';
import { edit, generateEngine, Scene, smallSuite } from './scene.ts';

// A real repository in which a commit makes the C wrong, and runs of some of its commits: the first bad one is found, both ways.
t.setTimeout(280_000);
const scene = new Scene(t);
const repository = smallSuite(scene.dir, ['steps']);
const suite = path.join(repository, 'nested', 'suite');
const code = path.join(suite, 'c');
for (const name of readdirSync(repository)) cpSync(path.join(repository, name), path.join(suite, name), { recursive: true });
for (const name of readdirSync(repository)) if (name !== 'nested') rmSync(path.join(repository, name), { recursive: true });
const plan = JSON.parse(readFileSync(path.join(suite, 'suite.json'), 'utf8')) as { cases: Record<string, unknown>[] };
Object.assign(plan.cases[0]!, { generator: { kind: 'c', dir: 'c' }, name: 'engine' });
writeFileSync(path.join(suite, 'suite.json'), JSON.stringify(plan));
cpSync(await generateEngine(scene.dir), code, { recursive: true });
const temporary = path.join(scene.dir, 'tmp');
const env = { HIL_HOME: scene.home, HIL_HISTORY: path.join(scene.dir, 'history.sqlite'), HIL_DEVICES: path.join(scene.dir, 'devices'), TMPDIR: temporary, HIL_BRANCH: 'main', GIT_AUTHOR_NAME: 'a', GIT_AUTHOR_EMAIL: 'a@b', GIT_COMMITTER_NAME: 'a', GIT_COMMITTER_EMAIL: 'a@b', GIT_CONFIG_GLOBAL: '/dev/null' };
const git = (...args: readonly string[]): string => execaSync('git', ['-C', repository, ...args], { env }).stdout;
const command = (...args: readonly string[]): Promise<HilRun> => hil(args, { env, cwd: repository });

const [WEIGHTS, SOURCE] = ['engine_rom_int8_weights.c', 'engine_rom_int8.c'];
const commits = new Map<string, string>();
function commit(subject: string, change: () => void): void {
  change();
  git('add', '-A');
  git('commit', '-q', '-m', subject);
  commits.set(subject, git('rev-parse', 'HEAD'));
}
const append = (text: string) => () => writeFileSync(path.join(code, SOURCE), `${readFileSync(path.join(code, SOURCE), 'utf8')}${text}\n`);
git('init', '-q', '-b', 'main');
/** Of a board of its own, whose file may change. */
const device = scene.device('my-m3', 'qemu-m3', {});
const runs = new Map<string, HilRun>();
async function run(subject: string): Promise<void> {
  runs.set(subject, await command('run', 'nested/suite', '--device', device, '--out', path.join(scene.dir, 'runs', subject.replaceAll(' ', '-')), '--json'));
}
commit('right', () => undefined);
await run('right');
commit('a comment', append('/* one */'));
commit('a comment more', append('/* two */'));
await run('a comment more');
commit('no C any more', append('this is no C'));
commit('C again', () => edit(code, SOURCE, 'this is no C', ''));
commit('smaller weights', () => edit(code, WEIGHTS, '  -50, -61, -18, -2, -5,', '  -54, -61, -18, -2, -5,'));
await run('smaller weights');
commit('another comment', append('/* three */'));
await run('another comment');
const head = git('rev-parse', 'HEAD');
const status = git('status', '--porcelain');

interface Answer { readonly outcome: string; readonly firstBad: readonly { readonly id: string; readonly commit: string; readonly subject: string }[]; readonly lastGood: { readonly commit: string }; readonly changes: { readonly changed: readonly { readonly fact: string }[] }; readonly tries: readonly { readonly id: string; readonly state: string; readonly value: number | null }[] }
const answerOf = ({ stdout }: HilRun): Answer => JSON.parse(stdout) as Answer;

/** Checkouts that git knows besides the user's own, and work folders. */
const left = (): string[] => [...git('worktree', 'list').split('\n').slice(1), ...readdirSync(temporary).filter((name) => name.startsWith('hil-')).flatMap((name) => readdirSync(path.join(temporary, name)))];

t.test('by running kept images again: the run, its commit, and what changed with it', async (t) => {
  t.strictSame([...runs.values()].map(({ code: exit }) => exit), [0, 0, 1, 1], [...runs.values()].map(({ stderr }) => stderr).join('\n'));
  const found = await command('history', 'bisect', '--case', 'engine', '--device', device, '--good', commits.get('right')!.slice(0, 10), '--json');
  t.equal(found.code, 0, found.stderr);
  const answer = answerOf(found);
  t.match(answer, { outcome: 'found', firstBad: [{ commit: commits.get('smaller weights'), subject: 'smaller weights' }], lastGood: { commit: commits.get('a comment more') } });
  t.strictSame(answer.changes.changed.map(({ fact }) => fact), ['image']);
  t.match(found.stderr, /an end: trying run .* right\n[\s\S]*trying run .* smaller weights\n {2}bad: fail: layer 1/);
  const text = await command('history', 'bisect', '--case', 'engine', '--device', device);
  t.match(text.stdout, /last good: run .* a comment more\nfirst bad: run .*, commit [0-9a-f]{12} \(.*\) smaller weights\n {2}image: [0-9a-f]{12} -> [0-9a-f]{12}\n {2}the same: model, generator, compiler and flags, inputs, hil$/, text.stderr);
  const listed = await command('history', 'list', '--json');
  t.equal((JSON.parse(listed.stdout) as { runs: unknown[] }).runs.length, 4, 'what was tried did not land in the history');
});

t.test('runs that were moved or are only bundles any more are found with --runs; a folder that now has another run is not taken for it', async (t) => {
  const [from, to] = [path.join(scene.dir, 'runs'), path.join(scene.dir, 'archive', 'deep')];
  cpSync(path.join(from, 'right'), path.join(to, 'right'), { recursive: true });
  const bundled = await command('bundle', path.join(from, 'smaller-weights'), '--out', path.join(to, 'red.zip'));
  t.equal(bundled.code, 0, bundled.stderr);
  rmSync(path.join(from, 'smaller-weights'), { recursive: true });
  rmSync(path.join(from, 'right'), { recursive: true });
  cpSync(path.join(from, 'another-comment'), path.join(from, 'right'), { recursive: true });
  const gone = await command('history', 'bisect', '--case', 'engine', '--device', device, '--good', commits.get('right')!);
  t.strictSame([gone.code, /the good end cannot be tried: neither its folder nor a bundle of it is there/.test(gone.stderr)], [2, true], gone.stderr);
  const found = await command('history', 'bisect', '--case', 'engine', '--device', device, '--good', commits.get('right')!, '--runs', path.join(scene.dir, 'archive'), '--json');
  t.match(answerOf(found), { outcome: 'found', firstBad: [{ subject: 'smaller weights' }] }, found.stderr);
});

t.test('where the good image fails now too, it is the bench that has changed', async (t) => {
  // The same instructions count for more now.
  scene.device(device, 'qemu-m3', { latency: { unit: 'instructions', quality: 'modelled', numerator: 5, denominator: 4 } });
  const run = await command('history', 'bisect', '--case', 'engine', '--device', device, '--metric', 'latency', '--worse-than', '30000', '--good', commits.get('a comment more')!);
  t.equal(run.code, 1, run.stderr);
  t.match(run.stdout, /the good end is bad now: run .* a comment more: latency \d+ instructions \(pass\); bad is latency more than 30000 instructions\nits image is what it was: what has changed is the device, the bench or chance, not the code/);
  t.match(run.stderr, /the device file of my-m3 here is not the one that the run had/);
});

t.test('--build: the first bad commit, past one that does not build, in a checkout of its own', async (t) => {
  const before = readdirSync(path.join(scene.dir, 'runs'));
  const run = await command('history', 'bisect', '--build', '--case', 'engine', '--device', 'host', '--suite', 'nested/suite', '--good', commits.get('right')!, '--json');
  t.equal(run.code, 0, run.stderr);
  const answer = answerOf(run);
  t.match(answer, { outcome: 'found', firstBad: [{ id: commits.get('smaller weights'), subject: 'smaller weights' }], lastGood: { commit: commits.get('C again') } });
  t.ok(answer.tries.length <= 2 + 3 + answer.tries.filter(({ state }) => state === 'untestable').length, `${answer.tries.length} tries`);
  t.strictSame([git('rev-parse', 'HEAD'), git('status', '--porcelain'), left(), readdirSync(path.join(scene.dir, 'runs'))], [head, status, [], before], 'the checkout of the user is as it was');
});

t.test('--build: what is no repository, commit or ancestor; Ctrl-C leaves no checkout behind', async (t) => {
  const build = ['history', 'bisect', '--build', '--case', 'engine', '--device', 'host', '--suite'] as const;
  for (const [args, message] of [
    [[...build, 'nested/suite', '--good', 'no-such-name'], /"no-such-name" is no commit/], [[...build, 'nested/suite', '--good', 'HEAD', '--bad', 'HEAD~2'], /is no ancestor of the bad one/],
    [[...build, scene.dir, '--good', 'HEAD'], /is in no git repository/],
  ] as const) {
    const run = await command(...args);
    t.strictSame([run.code, message.test(run.stderr)], [2, true], `${args.join(' ')}: ${run.stderr}`);
  }
  const child = startHil([...build, 'nested/suite', '--good', commits.get('right')!], { env, cwd: repository });
  const said = listen(child);
  await said.heard(/an end: trying commit/);
  child.kill('SIGINT');
  t.equal((await child).exitCode, 130, said.text());
  t.strictSame(left(), []);
  t.notOk(existsSync(path.join(repository, '.git', 'worktrees')) && readdirSync(path.join(repository, '.git', 'worktrees')).length > 0);
});
