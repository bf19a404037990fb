import { readdirSync } from 'node:fs';
import path from 'node:path';
import t from 'tap';
import { noBrowser, startBrowser } from '../../report/testing/browser.ts';
import { engineModel, hil, startHil } from './hil.ts';
import { listen, noProc, sandbox, until } from './sandbox.ts';

/** hil dashboard --serve beside real runs, in a real browser. */

const LONG = '200000';

interface Job { readonly life: string; readonly suite: string; readonly done: number; readonly total: number; readonly priority: string | null; readonly source: { readonly bench: string }; readonly work: readonly { readonly phase: string | null; readonly samples: number; readonly verdict: string | null }[] }

t.setTimeout(240_000);

t.test('what runs now is shown while it runs, a killed run as such, and the site as soon as a run has landed', { skip: noProc || noBrowser }, async (t) => {
  const box = sandbox(t);
  const env = { ...box.env, HIL_BENCH: 'rack <b>7</b>', HIL_HISTORY: path.join(box.dir, 'history.sqlite') };
  const server = startHil(['dashboard', '--serve', '--json'], { env });
  let printed = '';
  server.stdout.on('data', (chunk: Buffer) => { printed += chunk.toString(); });
  const said = listen(server);
  const { url } = await until('the address', () => (printed.trimEnd().endsWith('}') ? JSON.parse(printed) as { url: string } : null));
  t.match(url, /^http:\/\/127\.0\.0\.1:\d+\/$/);
  const jobs = async (): Promise<readonly Job[]> => (await (await fetch(`${url}api/running`)).json() as { jobs: Job[] }).jobs;
  t.same(await jobs(), []);

  const { context } = await startBrowser(t);
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('console', (message) => complaints.push(message.text()));
  page.on('pageerror', (error) => complaints.push(error.message));
  await page.goto(url);
  await page.getByText('Nothing runs now').waitFor();
  t.match(page.url(), /live\.html/, 'there is no site yet');

  const long = startHil(['check', engineModel, '--device', 'qemu-m3', '--samples', LONG, '--out', path.join(box.dir, 'long'), '--priority', 'pull-request'], { env });
  await page.locator('.live-cell', { hasText: /compare \d+ %/ }).waitFor({ timeout: 90_000 });
  t.match(await page.locator('h1').textContent(), /^1 run now: engine_rom_int8 0\/1$/);
  t.match(await page.locator('.live-job').textContent(), /rack <b>7<\/b>/, 'names are text');
  t.match(await jobs(), [{ life: 'running', suite: 'engine_rom_int8', done: 0, total: 1, priority: 'pull-request', source: { bench: 'rack <b>7</b>' }, work: [{ phase: 'compare', verdict: null }] }]);
  long.kill('SIGKILL');
  await long;
  await page.locator('.live-died').waitFor({ timeout: 20_000 });
  t.match(await jobs(), [{ life: 'died' }]);

  const whole = await hil(['check', engineModel, '--device', 'host', '--out', box.out], { env });
  t.equal(whole.code, 0, whole.stderr);
  t.same(readdirSync(path.join(box.dir, 'home/running')), [], 'the next run took away what the killed one left');
  await page.locator('html[data-ready=yes]').waitFor({ state: 'attached', timeout: 60_000 });
  t.match(await page.locator('body').textContent(), /Nothing runs now/);
  t.match(await page.locator('main').textContent(), /engine_rom_int8/);
  const report = await page.locator('a[href*="/reports/"]').first().getAttribute('href');
  t.match(await (await fetch(report ?? '')).text(), /<title>pass: engine_rom_int8/, 'reports are made when they are asked for');
  t.same(complaints, []);

  server.kill('SIGINT');
  const { exitCode } = await server;
  t.equal(exitCode, 130, said.text());
  t.equal(printed.match(/"url"/g)?.length, 1);
  t.same(box.running().filter((command) => !/keeper/.test(command)), [], 'no process is left');
  await until('the end of the killed target', () => box.running().length === 0, 10_000);
  // The killed run's own leavings are for the next hil to take away; the server's folder is none of them.
  t.same((await hil(['check', engineModel, '--device', 'qemu-m3', '--out', box.out], { env })).code, 0);
  t.same(box.leftovers(), []);
});

t.test('a port that is taken and options that mean nothing are told', async (t) => {
  const box = sandbox(t);
  const { createServer } = await import('node:net');
  const other = createServer().listen(0, '127.0.0.1');
  t.teardown(() => other.close());
  await new Promise((resolve) => other.once('listening', resolve));
  const { port } = other.address() as { port: number };
  for (const [args, pattern] of [[['--serve', '--port', String(port)], /another program has it/], [['--serve', '--port', '70000'], /--port: expected a whole number/], [['--serve', '--out', box.out], /do not go together/], [['--port', '80', '--out', box.out], /--port goes with --serve/]] as const) {
    const run = await hil(['dashboard', ...args], { env: box.env });
    t.equal(run.code, 2, args.join(' '));
    t.match(run.stderr, pattern);
  }
  t.same(box.leftovers(), []);
});
