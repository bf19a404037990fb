import { HilError } from '../../errors.ts';
import type { CommandAction } from '../program.ts';

export const dashboard: CommandAction<object> = async () => {
  throw new HilError('bench', 'hil.not-there', 'not there yet');
};
