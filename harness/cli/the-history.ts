import { hilHome } from '../device/index.ts';
import { HilError } from '../errors.ts';
import { historyPlace, openHistory, type History } from '../history/index.ts';

/**
 * Opens the history that HIL_HISTORY names for `work`, and closes it whatever comes of that.
 * @throws HilError 'config' history.off where HIL_HISTORY is off; 'bench' history.* where it cannot be opened
 */
export async function withHistory<T>(work: (history: History) => Promise<T>): Promise<T> {
  const place = historyPlace(hilHome());
  if (place === null) {
    throw new HilError('config', 'history.off', 'no history is kept here: HIL_HISTORY is off', { hint: 'Name a file or a server in HIL_HISTORY, or unset it for history.sqlite in HIL_HOME.' });
  }
  const history = await openHistory(place);
  try {
    return await work(history);
  } finally {
    await history.close();
  }
}
