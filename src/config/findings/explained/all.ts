import { ALPHA } from './alpha';
import type { Explanation } from './explanation';
import { FILE } from './file';
import { OPTIMIZER } from './optimizer';
import { RATE } from './rate';

/** Every finding there is, explained. A code without an entry does not compile. */
export const EXPLAINED = { ...ALPHA, ...RATE, ...OPTIMIZER, ...FILE } satisfies Record<string, Explanation>;

export type FindingCode = keyof typeof EXPLAINED;
