import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { noPostgres, testServer, type TestServer } from './postgres-server.ts';

/** What every test of the history runs on. */
export interface BackEnd {
  readonly name: 'sqlite' | 'postgres';
  /** Reason where it is not here. */
  readonly skip: string | false;
  /** Where a history of its own may be made. */
  place(): Promise<string>;
  /** null: a file. */
  readonly server: TestServer | null;
}

/** Both back-ends; what they start ends with the tests. To be awaited before the first assertion. */
export async function backEnds(t: { teardown(work: () => unknown): void }): Promise<readonly BackEnd[]> {
  const dir = mkdtempSync(path.join(tmpdir(), 'hil-history-'));
  t.teardown(() => rmSync(dir, { recursive: true, force: true }));
  let made = 0;
  const server = noPostgres === false ? await testServer() : null;
  t.teardown(() => server?.stop());
  return [
    { name: 'sqlite', skip: false, place: async () => path.join(dir, `${++made}.sqlite`), server: null },
    { name: 'postgres', skip: noPostgres, place: () => (server as TestServer).place(), server },
  ];
}
