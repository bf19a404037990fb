import { dims } from '../plant/site.ts';
import type { Defect } from './defect.ts';

export const lstmStepsReversed: Defect = {
  id: 'lstm-steps-reversed',
  causes: ['steps.order'],
  operators: ['UNIDIRECTIONAL_SEQUENCE_LSTM'],
  description: 'Steps are computed from the last to the first; each output stays with its input.',
  plant: (site) => {
    const [, steps, , inputs] = dims(site.input(0).shape);
    const [, , , units] = dims(site.output.shape);
    const [x, y] = [site.address(site.input(0)), site.address(site.output)];
    const scratch = `  static uint8_t scratch[${Math.max(site.bytes(site.input(0)), site.bytes(site.output))}];\n`;
    return { kind: 'around', before: `${scratch}  planted_reversed((uint8_t *)${x}, scratch, ${steps}, ${inputs});\n`, after: `  planted_reversed((uint8_t *)${y}, scratch, ${steps}, ${units});\n` };
  },
};
