import { CAUSES, type Cause } from '../../diff/hypotheses/causes.ts';
import type { DumpLayerDiff, OperatorCauses } from './dump-diff.ts';

type Possible = ReadonlyMap<Cause, string>;

const possible = ({ diagnosis, fitting }: DumpLayerDiff): Possible => new Map([...diagnosis.filter(({ rank }) => rank === 1), ...fitting].map(({ cause, text }) => [cause, text]));

/**
 * For each operator with own error the causes that fit every one of its layers: a kernel is the same in all of them, so that layers
 * whose elements alone cannot tell two causes apart are told apart by the others. Causes with the same elements behind them stay together.
 */
export function operatorCauses(layers: readonly DumpLayerDiff[]): readonly OperatorCauses[] {
  const wrong = layers.filter(({ verdict }) => verdict === 'own error');
  return [...new Set(wrong.map(({ op }) => op))].map((op) => {
    const own = wrong.filter((layer) => layer.op === op);
    const [first, ...others] = own.map(possible) as [Possible, ...Possible[]];
    const causes = [...first].filter(([cause]) => others.every((one) => one.has(cause)))
      // In words of its own where the layers agree in detail too.
      .map(([cause, text]) => ({ cause, text: others.every((one) => one.get(cause) === text) ? text : CAUSES[cause] }));
    const told = own.filter(({ diagnosis }) => diagnosis.length > 0);
    return {
      op, layers: own.map(({ index }) => index), wrong: own.reduce((sum, layer) => sum + (layer.own?.mismatched ?? 0), 0),
      // Where no layer has enough elements to tell, nothing is claimed.
      told: told.map(({ index }) => index), causes,
    };
  });
}
