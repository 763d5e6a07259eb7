import { CONSTANT_CAVEATS } from './constants';
import { INIT_CAVEATS } from './init';
import { LORAPLUS_CAVEATS } from './loraplus';
import { OPTIMIZER_CAVEATS } from './optimizer';
import { byWeight, type Caveat } from './caveat';
import type { CaveatRule, Planned } from './caveat-rule';
import { SHARED_RATE_CAVEATS } from './shared-rate';
import { WORTH_KNOWING } from './worth-knowing';

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
