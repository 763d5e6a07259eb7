import { CONSTANT_CAVEATS } from './constants';
import { INIT_CAVEATS } from './init';
import { LORAPLUS_CAVEATS } from './loraplus';
import { OPTIMIZER_CAVEATS } from './optimizer';
import type { CaveatRule, Planned } from './rule';
import { SHARED_RATE_CAVEATS } from './shared-rate';
import { WORTH_KNOWING } from './worth-knowing';

export type Exactness = 'exact' | 'nearly' | 'approximate';

/** Something a plan cannot do, or a user must know, with a stable code. */
export interface Caveat {
  code: string;
  message: string;
  /** What it makes of the plan's exactness; absent where it is only worth knowing. */
  limits?: Exactness;
}

/** Every rule, by topic. */
const RULES: readonly CaveatRule[] = [
  ...OPTIMIZER_CAVEATS,
  ...SHARED_RATE_CAVEATS,
  ...INIT_CAVEATS,
  ...CONSTANT_CAVEATS,
  ...LORAPLUS_CAVEATS,
  ...WORTH_KNOWING,
];

/** Everything that limits a plan, the most first, and then what is worth knowing about it. */
export function caveatsOf(planned: Planned): Caveat[] {
  const all = RULES.filter((rule) => rule.applies(planned)).map(({ code, message, limits }): Caveat => {
    const limit = typeof limits === 'function' ? limits(planned) : limits;
    return {
      code: typeof code === 'string' ? code : code(planned),
      message: message(planned),
      ...(limit ? { limits: limit } : {}),
    };
  });
  return byWeight(all);
}

const ORDER: readonly Exactness[] = ['exact', 'nearly', 'approximate'];

function weightOf({ limits }: Caveat): number {
  return ORDER.indexOf(limits ?? 'exact');
}

/** What limits most first; where two limit alike they keep their order. */
export function byWeight(caveats: readonly Caveat[]): Caveat[] {
  return caveats.toSorted((one, other) => weightOf(other) - weightOf(one));
}

/** The exactness that is left when every caveat has had its say. */
export function worstOf(start: Exactness, caveats: readonly Caveat[]): Exactness {
  return ORDER[Math.max(ORDER.indexOf(start), ...caveats.map(weightOf))] ?? 'approximate';
}
