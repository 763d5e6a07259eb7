import type { ConstantId } from '../recipe/optimizers/row';
import type { FactorHyper, VariantSpec } from './spec';

/** Whose number it is; `shared`: of everything that trains. */
export type Owner = 'A' | 'B' | 'm' | 'shared';

/** A number that a change of scaling may move. `early`: the rate of the first steps. */
export type MovedNumber = 'init' | 'lr' | 'early' | 'weightDecay' | 'maxGradNorm' | 'maxGradValue' | ConstantId;

/** @param from the base's @param to the variant's */
type Move = (from: number, to: number, what: MovedNumber, owner: Owner) => number;

/** `variant` with every number that a change of scaling may move replaced by what `move` makes of it and the base's. */
export function moveNumbers(base: VariantSpec, variant: VariantSpec, move: Move): VariantSpec {
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

/** By how much a number moved: `k^power · rest`. */
export interface Power {
  power: number;
  /** 1 where it is a power. */
  rest: number;
}

/** Every power of k that a rule has is a whole number of these. */
const STEP = 1 / 2;
const LARGEST_POWER = 4;

/** What float64 leaves of a power that was computed by multiplying. */
const SAME = 1e-11;

/** A ratio as a power of k, and what is left where it is none. */
export function powerOf(ratio: number, k: number): Power {
  const exponent = Math.log(ratio) / Math.log(k);
  const power = Math.round(exponent / STEP) * STEP;
  if (!(Math.abs(power) <= LARGEST_POWER)) return { power: 0, rest: ratio };
  const rest = ratio / k ** power;
  return { power, rest: isSame(rest, 1) ? 1 : rest };
}

/** Whether two numbers are one but for what float64 leaves of a product. */
export function isSame(one: number, other: number): boolean {
  return one === other || Math.abs(one - other) <= SAME * Math.abs(other);
}

/** How a forgetful variant has its number wrong: left where the base has it, or moved where the rule leaves it. */
export type Wrong = 'left' | 'up' | 'down';

const FORGETFUL = /^(?:forgets-(?<left>.+?)|moves-(?<moved>.+?)-(?<way>up|down))(?:@.*)?$/;

/** `forgets-eps`, `moves-eps-up`, `moves-eps-down` */
export function forgetfulName(what: MovedNumber, wrong: Wrong): string {
  return wrong === 'left' ? `forgets-${what}` : `moves-${what}-${wrong}`;
}

/** The number that a variant of such a name, in any draw, has wrong, and how; null where it is no such name. */
export function forgottenBy(name: string): { what: MovedNumber; wrong: Wrong } | null {
  const { left, moved, way } = FORGETFUL.exec(name)?.groups ?? {};
  if (left !== undefined) return { what: left as MovedNumber, wrong: 'left' };
  return moved === undefined ? null : { what: moved as MovedNumber, wrong: way as Wrong };
}
