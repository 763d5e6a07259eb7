import { rescale, type FactorMoves } from '../../recipe/gauge';
import { initFacts } from '../../recipe/init/facts';
import type { OptimizerRow } from '../../recipe/optimizers/optimizer-row';
import type { Change, Field, Plan } from '../../recipe/plans/plan';
import { statedConstant, type Recipe } from '../../recipe/recipe';
import { movedBy, numbersOf, sameNumbers, UNMOVED, type FactorFactors, type Factors, type Numbers } from './hyper';
import type { VariantSpec } from '../spec';

/** The recipe's numbers, without clipping if the toy trains a factor that the run freezes. */
export function baseNumbers(recipe: Recipe, row: OptimizerRow, chosen: Plan): Numbers {
  const numbers = numbersOf(recipe, row);
  const sharesRateOfB = recipe.loraplusLrRatio !== null && chosen.magnitudes === 'B';
  return {
    ...numbers,
    ...(recipe.useDora && sharesRateOfB ? { m: numbers.b } : {}),
    ...(trainsOnlyA(recipe) ? { maxGradValue: null, maxGradNorm: null } : {}),
  };
}

/** The factors of a plan. A number that nobody states has its default in the toy, so it follows the rule. */
export function factorsOfPlan(plan: Plan, recipe: Recipe, row: OptimizerRow, k: number): Factors {
  const exact = row.noRule ? null : rescale(row, k, plan.gauge);
  const isExact = plan.id !== 'lr-only';
  const factor = (of: 'A' | 'B', rule: FactorMoves | undefined, ratio: number): FactorFactors => {
    const said = (field: Field): number | undefined => changeOf(plan, field, of)?.factor;
    const unstated = (stated: number | null, moves: number | undefined): number =>
      isExact && stated === null ? (moves ?? 1) : 1;
    return {
      lr: (said('learningRate') ?? 1) * ratio,
      weightDecay: plan.dropsDecay
        ? 0
        : (said('weightDecay') ?? unstated(recipe.optimizer.weightDecay, rule?.weightDecay)),
      constants: Object.fromEntries(
        row.constants.map(({ constant }) => [
          constant,
          said(constant) ?? unstated(statedConstant(recipe.optimizer, constant), rule?.constants[constant]),
        ]),
      ),
    };
  };
  const a = factor('A', exact?.a, 1);
  const b = factor('B', exact?.b, changeOf(plan, 'loraplusLrRatio')?.factor ?? 1);
  return {
    a,
    b: trainsOnlyA(recipe) ? UNMOVED.b : b,
    m: plan.magnitudes === 'A' ? a : b,
    maxGradNorm: changeOf(plan, 'maxGradNorm')?.factor ?? 1,
    maxGradValue: changeOf(plan, 'maxGradValue')?.factor ?? 1,
  };
}

/** The chosen plan with its numbers as written in the file; empty if rounding changes none. */
export function asWritten(exact: VariantSpec, plan: Plan, recipe: Recipe, row: OptimizerRow): VariantSpec[] {
  const rounding = (field: Field): number => {
    const change = changeOf(plan, field);
    return change?.written && change.exact ? change.written / change.exact : 1;
  };
  const factor: FactorFactors = {
    lr: rounding('learningRate'),
    weightDecay: rounding('weightDecay'),
    constants: Object.fromEntries(row.constants.map(({ constant }) => [constant, rounding(constant)])),
  };
  const ofB = trainsOnlyA(recipe) ? UNMOVED.b : { ...factor, lr: factor.lr * rounding('loraplusLrRatio') };
  const written = movedBy(exact, {
    a: factor,
    b: ofB,
    m: plan.magnitudes === 'A' ? factor : ofB,
    maxGradNorm: rounding('maxGradNorm'),
    maxGradValue: rounding('maxGradValue'),
  });
  const rate = changeOf(plan, 'learningRate')?.written;
  // A quotient times its divisor can be off by one bit; use the file's number itself.
  if (rate && recipe.lrA === null) written.a.lr = rate;
  const isOneRate =
    recipe.lrA === null && recipe.lrB === null && recipe.loraplusLrRatio === null && !trainsOnlyA(recipe);
  if (rate && isOneRate && !changeOf(plan, 'loraplusLrRatio')) written.b.lr = rate;
  const scaling = exact.scaling * rounding('alpha');
  if (scaling === exact.scaling && sameNumbers(exact, written)) return [];
  return [{ ...exact, ...written, scaling, name: 'as-written', role: 'as-written' }];
}

/** Whether the run freezes B. The toy trains B anyway, in a gauge that changes none of its numbers. */
function trainsOnlyA(recipe: Recipe): boolean {
  return initFacts(recipe).trains === 'A';
}

/** The plan's change of a field, for the whole run or for one factor. */
function changeOf(plan: Plan, field: Field, factor?: 'A' | 'B'): Change | undefined {
  return plan.changes.find(({ field: own, of }) => own === field && (of === undefined || of === factor));
}
