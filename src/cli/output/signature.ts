import { createHash } from 'node:crypto';
import type { ConfigRecipe } from '../../config/plan/as-trained';
import type { ConfigReading } from '../../config/read';
import { hashedText, idOf, runText, runTexts, type RunText } from '../../messages/signature';

/** What names a run, and its name; null where no claim can be made. */
export interface NamedRun extends RunText {
  id: string | null;
}

const named = (run: RunText): NamedRun => {
  const hash = (): string => createHash('sha256').update(hashedText(run)).digest('hex');
  return { id: run.why === null ? idOf(hash()) : null, ...run };
};

/** The signature of a recipe as its trainer takes it. */
export const namedRun = (config: ConfigRecipe): NamedRun => named(runText(config));

/** The id of each recipe of a file. */
export function signaturesOf(text: string, reading: ConfigReading): (string | null)[] {
  return runTexts(text, reading).map((run) => run && named(run).id);
}
