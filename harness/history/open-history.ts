import { HilError } from '../errors.ts';
import type { History } from './history.ts';

/**
 * @param where a file, or postgres://user@host/database; see historyPlace()
 * @throws HilError 'bench' history.* where it cannot be opened or was written by a newer hil
 */
export async function openHistory(where: string): Promise<History> {
  throw new HilError('bench', 'history.not-there', `no history at ${where} yet`);
}
