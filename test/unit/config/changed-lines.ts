import { applyEdits } from '../../../src/config/write/edits';
import { readConfig } from '../../../src/config/read';
import { rewriteConfig } from '../../../src/config/rewrite';

/** The lines that a rewrite of the first recipe to four times alpha changes, or why nothing is written. */
export function changedLines(text: string, path: string): string[] | string {
  const reading = readConfig(text, path);
  const alpha = reading.recipes[0]?.alpha;
  if (alpha === undefined) throw new Error('no recipe');
  const result = rewriteConfig(text, reading, 0, alpha * 4, 'symmetric');
  if ('refusal' in result) return result.refusal.message;
  const before = new Set(text.split('\n'));
  return applyEdits(text, result.edits)
    .split('\n')
    .filter((line) => !before.has(line));
}
