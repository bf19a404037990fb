/**
 * Modelled energy. The tables stand in devices/*.json; where their figures come from:
 * - M. Horowitz, "1.1 Computing's energy problem (and what we can do about it)", ISSCC 2014, pp. 10-14, 45 nm at 0.9 V: 8-bit
 *   multiply 0.2 pJ, 32-bit multiply 3.1 pJ, 32-bit add 0.1 pJ; 64-bit access to SRAM of 8 KB 10 pJ, of 32 KB 20 pJ.
 * - A MAC is one multiply and one 32-bit add: the 32-bit multiplier in scalar code (Cortex-M0 to M33), an 8-bit lane with Helium
 *   (Cortex-M55). RAM: 20 pJ / 8 bytes. Another operation: one 32-bit add.
 * - Flash: reading it usually takes three times what reading SRAM does (Elektronik, "Energiesparen - vom Chip bis zur Software").
 * This is one basis for all cores, so that they can be compared, and a lower bound: the energy to fetch and steer the
 * instructions is not in it. How much that is, the published figures of whole chips show: 41.3 pJ a cycle for a Cortex-M4F chip
 * made for low power and 128.2 pJ for another, both running a CNN (Giordano et al., survey of seven microcontrollers with a
 * face recognition CNN). No such figures are published for every core here, so none is mixed in.
 */
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
