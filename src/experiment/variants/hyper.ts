import type { FactorMoves } from '../../recipe/gauge';
import type { OptimizerRow } from '../../recipe/optimizers/optimizer-row';
import { CONSTANT_IDS, type ConstantId } from '../../recipe/optimizers/constants';
import { statedConstant, type Recipe } from '../../recipe/recipe';
import type { FactorHyper, VariantSpec } from '../spec';

/** The numbers of a variant that a plan changes. */
export type Numbers = Pick<VariantSpec, 'a' | 'b' | 'm' | 'maxGradValue' | 'maxGradNorm'>;

/** Factors on the numbers of one LoRA factor. */
export type FactorFactors = Pick<FactorMoves, 'lr' | 'weightDecay' | 'constants'> & Partial<Pick<FactorMoves, 'early'>>;

/** Factors on the numbers of a variant. */
export interface Factors {
  a: FactorFactors;
  b: FactorFactors;
  /** Factors on the numbers of DoRA's magnitudes; absent: unchanged. */
  m?: FactorFactors;
  /** Factor on max grad norm and value; null if no single factor is right, and then they stay. */
  maxGradNorm: number | null;
  /** Factor on the threshold for elements, if it differs. */
  maxGradValue?: number | null;
}

const UNMOVED_FACTOR: FactorFactors = { lr: 1, weightDecay: 1, constants: {} };

export const UNMOVED: Factors = { a: UNMOVED_FACTOR, b: UNMOVED_FACTOR, maxGradNorm: 1 };

/** The baseline's numbers: the recipe's, with the optimizer's defaults for those not stated. */
export function numbersOf(recipe: Recipe, row: OptimizerRow): Numbers {
  const { optimizer, maxGradNorm } = recipe;
  const lr = row.rate === 'fixed' ? 1 : (recipe.learningRate ?? row.defaults.learningRate);
  const weightDecay = row.decay === 'none' ? 0 : (optimizer.weightDecay ?? row.defaults.weightDecay ?? 0);
  const constants: Partial<Record<ConstantId, number>> = {};
  for (const { constant, default: usual } of row.constants) {
    constants[constant] = statedConstant(optimizer, constant) ?? usual;
  }
  const lrA = recipe.lrA ?? lr;
  const lrB = recipe.lrB ?? lrA * (recipe.loraplusLrRatio ?? 1);
  const factor = (rate: number): FactorHyper => ({ lr: rate, weightDecay, constants });
  return {
    a: factor(lrA),
    b: factor(lrB),
    ...(recipe.useDora ? { m: factor(lrA) } : {}),
    maxGradValue: recipe.maxGradValue || null,
    maxGradNorm: maxGradNorm || null,
  };
}

/** Multiplies numbers by their factors. */
export function movedBy({ a, b, m, maxGradValue, maxGradNorm }: Numbers, factors: Factors): Numbers {
  const { maxGradValue: factorOfValue = factors.maxGradNorm } = factors;
  return {
    a: moved(a, factors.a),
    b: moved(b, factors.b),
    ...(m ? { m: factors.m ? moved(m, factors.m) : m } : {}),
    maxGradValue: maxGradValue === null ? null : maxGradValue * (factorOfValue ?? 1),
    maxGradNorm: maxGradNorm === null ? null : maxGradNorm * (factors.maxGradNorm ?? 1),
  };
}

function moved({ lr, weightDecay, constants }: FactorHyper, factors: FactorFactors): FactorHyper {
  return {
    lr: lr * factors.lr,
    weightDecay: weightDecay * factors.weightDecay,
    constants: Object.fromEntries(
      Object.entries(constants).map(([id, value]) => [id, value * (factors.constants[id as ConstantId] ?? 1)]),
    ),
    ...(factors.early?.length ? { early: factors.early } : {}),
  };
}

/** Whether two variants would train with the same float32 numbers. */
export function sameNumbers(one: Numbers, other: Numbers): boolean {
  const factor = ({ lr, weightDecay, constants, early }: FactorHyper): number[] => [
    lr,
    weightDecay,
    ...CONSTANT_IDS.map((id) => constants[id] ?? 0),
    ...(early ?? []),
  ];
  const flat = ({ a, b, m, maxGradValue, maxGradNorm }: Numbers): number[] =>
    [...factor(a), ...factor(b), ...(m ? factor(m) : []), maxGradValue ?? 0, maxGradNorm ?? 0].map(Math.fround);
  const [mine, others] = [flat(one), flat(other)];
  return mine.length === others.length && mine.every((number, i) => number === others[i]);
}
