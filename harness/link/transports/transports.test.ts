import { createServer } from 'node:net';
import type { Server } from 'node:net';
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import t from 'tap';
import type { Test } from 'tap';
import { systemClock } from '../clock.ts';
import { processStream } from './process.ts';
import { connectStream } from './tcp.ts';

const options = (deadlineMs: number, abort = new AbortController()): Parameters<typeof connectStream>[1] =>
  ({ deviceId: 'bench-7', signal: abort.signal, clock: systemClock, deadlineMs });

function listen(server: Server, path: string): Promise<void> {
  return new Promise((resolve) => server.listen(path, resolve));
}

/** A short path: a unix socket's is at most about 100 bytes long. */
function socketPath(t: Test): string {
  const dir = mkdtempSync(join(tmpdir(), 'hil-link-'));
  t.teardown(() => rmSync(dir, { recursive: true, force: true }));
  return join(dir, 's');
}

t.test('connects to a socket that is opened later', async (t) => {
  const path = socketPath(t);
  const server = createServer((socket) => socket.end('hello'));
  const connecting = connectStream({ path }, options(5000));
  setTimeout(() => void listen(server, path), 100);
  const socket = await connecting;
  const chunks: Buffer[] = [];
  for await (const chunk of socket) chunks.push(chunk as Buffer);
  t.equal(Buffer.concat(chunks).toString(), 'hello');
  await new Promise((resolve) => server.close(resolve));
});

t.test('gives up after the deadline, and says where', async (t) => {
  const path = socketPath(t);
  await t.rejects(connectStream({ path }, options(100)), { kind: 'bench', code: 'link.connect', message: /bench-7.*within 100 ms/ });
});

t.test('an abort ends the waiting', async (t) => {
  const abort = new AbortController();
  const connecting = connectStream({ path: socketPath(t) }, options(60_000, abort));
  setTimeout(() => abort.abort(), 50);
  await t.rejects(connecting, { kind: 'cancelled', code: 'link.cancelled' });
  await t.rejects(connectStream({ path: 'x' }, options(1000, abort)), { kind: 'cancelled', code: 'link.cancelled' });
});

t.test('a process as a stream: both ways, and its last words after it refused input', async (t) => {
  const script = "process.stdin.once('data', (d) => { process.stdin.destroy(); process.stdout.write(d); setTimeout(() => process.stdout.write('last words'), 100); });";
  const stream = processStream(spawn(process.execPath, ['-e', script], { stdio: ['pipe', 'pipe', 'ignore'] }));
  stream.write('ping ');
  const writing = setInterval(() => stream.writable && stream.write(Buffer.alloc(10_000)), 5);
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  clearInterval(writing);
  t.equal(Buffer.concat(chunks).toString().replaceAll('\0', ''), 'ping last words');
});

t.test('destroying the stream closes the process\'s pipes', async (t) => {
  const child = spawn(process.execPath, ['-e', 'process.stdin.resume()'], { stdio: ['pipe', 'pipe', 'ignore'] });
  const ended = new Promise((resolve) => child.once('exit', resolve));
  processStream(child).destroy();
  t.equal(await ended, 0);
});
