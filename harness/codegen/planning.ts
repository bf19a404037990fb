import { HilError } from '../errors.ts';
import type { Graph, Model, Operator } from '../model/graph.ts';
import { resourceVariables } from '../model/variables.ts';
import { roundingOf, roundingProfile, type OperatorRounding } from '../numerics/index.ts';
import { checkGraph, checkSequence, refuseOperator } from './check.ts';
import type { GraphPlan, LayerPlan, PlanContext } from './context.ts';
import { generatorOf } from './operators/index.ts';
import { Refusal, need } from './operators/refusal.ts';
import { planMemory } from './plan/index.ts';
import { targetOf } from './targets/target.ts';

/** Reads, checks and plans the main graph and those that it calls. Throws HilError config. */
export function planModel(model: Model, profileName: string, core: string | null): GraphPlan {
  const profile = roundingProfile(profileName);
  const main = model.subgraphs[0];
  if (main === undefined) throw new HilError('config', 'codegen.empty', 'The model has no subgraph.');
  const variables = resourceVariables(model);
  const rounding = (operator: Operator): OperatorRounding => {
    const found = roundingOf(profile, operator.name);
    need(found.requantise === 'double', `the kernels do not round as '${found.requantise}'`);
    return found;
  };
  const planned = new Map<number, GraphPlan | null>();
  const subgraph = (index: number): GraphPlan => {
    const known = planned.get(index);
    const graph = model.subgraphs[index];
    need(known !== null && index !== 0, `graph ${index} calls itself`);
    need(graph !== undefined, `there is no graph ${index}`);
    if (known !== undefined) return known;
    planned.set(index, null);
    checkSequence(graph);
    const made = planGraph(index, contextOf(graph), (operator, reason) => {
      throw new Refusal(`graph ${index}, operator ${operator.index} ${operator.name}: ${reason}`);
    });
    planned.set(index, made);
    return made;
  };
  const target = targetOf(core);
  const contextOf = (graph: Graph): PlanContext => ({ model, graph, target, rounding, subgraph, variable: (tensor) => variables.of(graph, tensor) });
  checkGraph(main);
  return planGraph(0, contextOf(main), (operator, reason) => refuseOperator(operator.index, operator.name, reason));
}

function planGraph(index: number, context: PlanContext, refuse: (operator: Operator, reason: string) => never): GraphPlan {
  const { graph } = context;
  const plans = graph.operators.map((operator): LayerPlan => {
    const generator = generatorOf(operator.name);
    if (generator === undefined) return refuse(operator, 'there is no generator for it');
    try {
      return generator.plan(operator, context);
    } catch (error) {
      if (error instanceof Refusal) return refuse(operator, error.message);
      throw error;
    }
  });
  return { index, context, plans, memory: planMemory(graph, plans) };
}
