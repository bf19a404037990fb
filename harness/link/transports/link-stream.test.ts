import { spawn } from 'node:child_process';
import t from 'tap';
import { LinkStream } from './link-stream.ts';

t.test('a process as a stream: both ways, and its last words after it refused input', async (t) => {
  const script = "process.stdin.once('data', (d) => { process.stdin.destroy(); process.stdout.write(d); setTimeout(() => process.stdout.write('last words'), 100); });";
  const child = spawn(process.execPath, ['-e', script], { stdio: ['pipe', 'pipe', 'ignore'] });
  const stream = new LinkStream(child.stdout, child.stdin);
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
  new LinkStream(child.stdout, child.stdin).destroy();
  t.equal(await ended, 0);
});
