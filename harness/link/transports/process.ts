import { Duplex } from 'node:stream';
import type { Readable, Writable } from 'node:stream';

/**
 * A process's stdin and stdout as one stream. The reading side decides when it is over: a process that has died refuses
 * what is written to it (EPIPE) while its last words are still in the pipe, so a failed write is not an error here.
 */
export function processStream(child: { readonly stdin: Writable | null; readonly stdout: Readable | null }): Duplex {
  const { stdin, stdout } = child;
  if (stdin === null || stdout === null) throw new TypeError('the process has no pipes for stdin and stdout');
  const stream = new Duplex({
    read: () => void stdout.resume(),
    write: (chunk: Buffer, _encoding, done) => {
      if (!stdin.writable) done();
      else stdin.write(chunk, () => done());
    },
    final: (done) => {
      if (stdin.writable) stdin.end();
      done();
    },
    destroy: (error, done) => {
      stdin.destroy();
      stdout.destroy();
      done(error);
    },
    // Both ends close together with the reading side.
    allowHalfOpen: false,
  });
  stdin.on('error', () => {});
  stdout.on('data', (chunk: Buffer) => {
    if (!stream.push(chunk)) stdout.pause();
  });
  stdout.on('end', () => stream.push(null));
  stdout.on('error', (error) => stream.destroy(error));
  stdout.on('close', () => {
    if (!stdout.readableEnded) stream.destroy(new Error('the process closed its output'));
  });
  return stream;
}
