import type { FactorChanges } from '../../recipe/gauge';
import type { OptimizerRow } from '../../recipe/optimizers/optimizer-row';
import { CONSTANT_IDS, type ConstantId } from '../../recipe/optimizers/constants';
import { statedConstant, type Recipe } from '../../recipe/recipe';
import type { FactorHyper, VariantSpec, MovedNumber } from '../spec';

/** The numbers of a variant that a plan changes. */
export type Numbers = Pick<VariantSpec, 'a' | 'b' | 'm' | 'maxGradValue' | 'maxGradNorm'>;

export type FactorFactors = Pick<FactorChanges, 'lr' | 'weightDecay' | 'constants'> &
  Partial<Pick<FactorChanges, 'early'>>;

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
  const constants = Object.fromEntries(
    row.constants.map(({ constant, default: usual }) => [constant, statedConstant(optimizer, constant) ?? usual]),
  );
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
  const flat = ({ a, b, m, maxGradValue, maxGradNorm }: Numbers): string => {
    const factors = [a, b, ...(m ? [m] : [])].map(({ lr, weightDecay, constants, early }) => {
      return [lr, weightDecay, ...CONSTANT_IDS.map((id) => constants[id] ?? 0), ...(early ?? [])];
    });
    return String([factors, maxGradValue ?? 0, maxGradNorm ?? 0].flat(2).map(Math.fround));
  };
  return flat(one) === flat(other);
}

/** The parameters that a number applies to; `shared`: all of them. */
export type Owner = 'A' | 'B' | 'm' | 'shared';

/** @param from the base's @param to the variant's */
type MoveNumber = (from: number, to: number, what: MovedNumber, owner: Owner) => number;

/** Replaces every number of `variant` that a change of scaling may change by the result of `move`. */
export function moveNumbers(base: VariantSpec, variant: VariantSpec, move: MoveNumber): VariantSpec {
  const hyper = (from: FactorHyper, to: FactorHyper, owner: Owner): FactorHyper => {
    const { early } = to;
    const ids = Object.keys(to.constants) as ConstantId[];
    const constants = ids.map((id) => [id, move(from.constants[id] ?? 0, to.constants[id] ?? 0, id, owner)] as const);
    return {
      lr: move(from.lr, to.lr, 'lr', owner),
      weightDecay: move(from.weightDecay, to.weightDecay, 'weightDecay', owner),
      constants: Object.fromEntries(constants),
      ...(early ? { early: early.map((factor, i) => move(from.early?.[i] ?? 1, factor, 'early', owner)) } : {}),
    };
  };
  const clip = (what: 'maxGradNorm' | 'maxGradValue'): number | null => {
    const [from, to] = [base[what], variant[what]];
    return from === null || to === null ? to : move(from, to, what, 'shared');
  };
  const { m } = variant;
  return {
    ...variant,
    init: { A: move(base.init.A, variant.init.A, 'init', 'A'), B: move(base.init.B, variant.init.B, 'init', 'B') },
    a: hyper(base.a, variant.a, 'A'),
    b: hyper(base.b, variant.b, 'B'),
    ...(m ? { m: hyper(base.m ?? base.a, m, 'm') } : {}),
    maxGradValue: clip('maxGradValue'),
    maxGradNorm: clip('maxGradNorm'),
  };
}
