import type { ConstantId } from '../../recipe/optimizers/constants';
import type { FactorHyper, MovedNumber, VariantSpec } from '../spec';

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
    init: {
      A: move(base.init.A, variant.init.A, 'init', 'A'),
      B: move(base.init.B, variant.init.B, 'init', 'B'),
    },
    a: hyper(base.a, variant.a, 'A'),
    b: hyper(base.b, variant.b, 'B'),
    ...(m ? { m: hyper(base.m ?? base.a, m, 'm') } : {}),
    maxGradValue: clip('maxGradValue'),
    maxGradNorm: clip('maxGradNorm'),
  };
}
