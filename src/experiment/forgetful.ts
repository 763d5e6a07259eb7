import type { MovedNumber } from './numbers-moved';

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
