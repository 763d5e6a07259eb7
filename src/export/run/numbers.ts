import type { ConfigRecipe } from '../../config/plan/as-trained';
import { type ConfigPlan, planConfig } from '../../config/planned';
import type { ReadRecipe } from '../../config/reading';
import { CONSTANT_IDS, type ConstantId, type Constants } from '../../recipe/optimizers/constants';
import type { OptimizerRow } from '../../recipe/optimizers/optimizer-row';
import type { PlanId } from '../../recipe/plans/plan';
import { isAlpha, statedConstant } from '../../recipe/recipe';

/** The numbers of one run that a plan can change. */
export interface RunNumbers {
  alpha: number;
  /** New alpha / old alpha, for the alphas of patterns. */
  alphaFactor: number;
  useRslora: boolean;
  learningRate: number;
  /** LoRA+: learning rate of B divided by that of A. */
  ratio: number;
  weightDecay: number;
  constants: Constants;
  /** 0 = off. */
  maxGradNorm: number;
  maxGradValue: number;
}

/** The numbers of the baseline, with the optimizer's defaults for those not stated. */
export function baseRun(recipe: ReadRecipe, row: OptimizerRow): RunNumbers {
  const { optimizer } = recipe;
  const constants: Partial<Record<ConstantId, number>> = {};
  for (const { constant, default: usual } of row.constants) {
    constants[constant] = statedConstant(optimizer, constant) ?? usual;
  }
  return {
    alpha: recipe.alpha,
    alphaFactor: 1,
    useRslora: recipe.scalingRule === 'rslora',
    learningRate: recipe.learningRate ?? row.defaults.learningRate,
    ratio: recipe.loraplusLrRatio ?? 1,
    // A LoRA+ ratio can drop the decay; then the recipe has none.
    weightDecay: optimizer.weightDecay ?? 0,
    constants,
    maxGradNorm: recipe.maxGradNorm ?? 0,
    maxGradValue: recipe.maxGradValue ?? 0,
  };
}

/**
 * The numbers of a run under a plan. Changes that are limited to A or B are made by the plan's code.
 * @param digits `exact`, or as they will be written in the file
 */
export function plannedRun(base: RunNumbers, plan: ConfigPlan, digits: 'exact' | 'written'): RunNumbers {
  const own = plan.changes.filter(({ of }) => of === undefined);
  const to = (field: string, from: number): number => own.find((one) => one.field === field)?.[digits] ?? from;
  const alpha = to('alpha', base.alpha);
  return {
    alpha,
    alphaFactor: alpha / base.alpha,
    useRslora: to('useRslora', Number(base.useRslora)) !== 0,
    learningRate: to('learningRate', base.learningRate),
    ratio: to('loraplusLrRatio', base.ratio),
    weightDecay: plan.dropsDecay ? 0 : to('weightDecay', base.weightDecay),
    constants: Object.fromEntries(
      CONSTANT_IDS.flatMap((id) => {
        const from = base.constants[id];
        return from === undefined ? [] : [[id, to(id, from)] as const];
      }),
    ),
    maxGradNorm: to('maxGradNorm', base.maxGradNorm),
    maxGradValue: to('maxGradValue', base.maxGradValue),
  };
}

/** The baseline at the plan's alpha, with nothing else changed. */
export function alphaOnly(base: RunNumbers, { alpha, alphaFactor, useRslora }: RunNumbers): RunNumbers {
  return { ...base, alpha, alphaFactor, useRslora };
}

/** The largest relative difference of a number as written from the exact one. */
export function roundingOf(written: RunNumbers, exact: RunNumbers): number {
  const flat = ({ useRslora: _, constants, ...numbers }: RunNumbers): number[] => [
    ...Object.values(numbers),
    ...Object.values(constants),
  ];
  const others = flat(exact);
  return Math.max(0, ...flat(written).map((one, i) => (others[i] ? Math.abs(one / others[i] - 1) : 0)));
}

/** A plan at another factor of the scaling. */
export interface ProofPlan {
  k: number;
  plan: ConfigPlan;
}

/** All digits of a number. */
const DIGITS = 17;

/** Whether √k is a power of two, so that neither a plan at k nor its run rounds anything. */
export function isPowerOfFour(k: number): boolean {
  return Number.isInteger(Math.log2(k) / 2);
}

/** The same plan at the power of four that is nearest to k, where the right numbers give the baseline's bits. */
export function proofOf({ text, reading, index, recipe }: ConfigRecipe, k: number, id: PlanId): ProofPlan | null {
  const nearest = Math.round(Math.log2(k) / 2) || Math.sign(k - 1);
  const factor = 4 ** nearest;
  const alpha = recipe.alpha * factor;
  if (!isAlpha(alpha)) return null;
  const { plans } = planConfig(text, reading, index, { alpha }, { digits: DIGITS });
  const plan = plans.find((one) => one.id === id);
  return plan ? { k: factor, plan } : null;
}
