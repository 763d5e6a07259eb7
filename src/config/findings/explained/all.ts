import { ALPHA } from './alpha';
import { DIFFUSION } from './diffusion';
import type { Explanation } from './explanation';
import { FILE } from './file';
import { LANGUAGE } from './language';
import { GUESS } from './guess';
import { OPTIMIZER } from './optimizer';
import { RATE } from './rate';
import { RESUME } from './resume';
import { SWEEP } from './sweep';
import { TRAINER } from './trainer';

/** Every finding there is, explained. A code without an entry does not compile. */
export const EXPLAINED = {
  ...ALPHA,
  ...RATE,
  ...OPTIMIZER,
  ...FILE,
  ...DIFFUSION,
  ...LANGUAGE,
  ...TRAINER,
  ...RESUME,
  ...GUESS,
  ...SWEEP,
} satisfies Record<string, Explanation>;

export type FindingCode = keyof typeof EXPLAINED;
