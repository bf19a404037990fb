export { energyOf, modelEnergy } from './energy.ts';
export type { ModelledEnergy } from './energy.ts';
export { inUnits, latencySummary, layerCosts } from './latency.ts';
export type { LatencySummary, LayerLatencies, LayerLatency, LayerTicks } from './latency.ts';
export { costOfOperators, sumCosts } from './operator-cost.ts';
export type { OperatorCost } from './operator-cost.ts';
