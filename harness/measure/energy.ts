import type { DeviceSpec, EnergyTable } from '../device/spec.ts';
import type { OperatorCost } from './operator-cost.ts';

/** Modelled energy, always with where its figures come from: never to be shown as if it had been measured. */
export interface ModelledEnergy {
  readonly value: number;
  readonly unit: 'uJ';
  readonly quality: 'modelled';
  readonly source: string;
}

/**
 * energyUj = (MACs * e_mac + other operations * e_op + activation bytes * e_ram + constant bytes * e_flash) / 10^6,
 * the e in pJ from the device's table. A table of arithmetic and data movement alone gives a lower bound: see its source.
 */
export function energyOf(cost: Pick<OperatorCost, 'macs' | 'otherOps' | 'weightBytes' | 'readBytes' | 'writtenBytes'>, table: EnergyTable): number {
  const picojoule = cost.macs * table.picojoulePerMac + cost.otherOps * table.picojoulePerOtherOp
    + (cost.readBytes + cost.writtenBytes) * table.picojoulePerRamByte + cost.weightBytes * table.picojoulePerFlashByte;
  return picojoule / 1e6;
}

/** Energy of one invocation for a report, or the reason why there is none. */
export function modelEnergy(costs: readonly OperatorCost[], energy: DeviceSpec['energy']): { readonly energy: ModelledEnergy | null; readonly reason: string } {
  if ('none' in energy) return { energy: null, reason: energy.none };
  const unknown = [...new Set(costs.filter((cost) => !cost.exact).map((cost) => cost.name))];
  if (unknown.length > 0) return { energy: null, reason: `no cost formula for ${unknown.join(', ')}` };
  if (costs.length === 0) return { energy: null, reason: 'the graph has no operator' };
  return { energy: { value: costs.reduce((sum, cost) => sum + energyOf(cost, energy), 0), unit: 'uJ', quality: 'modelled', source: energy.source }, reason: '' };
}
