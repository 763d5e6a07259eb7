import type { Interpretation } from '../interpretation';
import { placeOf } from '../place';
import type { Fix, TextEdit } from '../reading';
import { removeEntry } from '../syntax/remove';
import { entryAt } from '../syntax/tree';
import type { Trap, TrapFix } from '../trainers/shared/trap';
import type { Key } from '../trainers/shared/fields';
import { editsFor, type Writing } from '../writing';

/** What mends a trap in this document; a fix that cannot be written here is left out. */
export function fixesOf(file: Interpretation, { fixes = [] }: Pick<Trap, 'fixes'>): Fix[] {
  if (file.lock) return [];
  return fixes.flatMap((fix): Fix[] => {
    const edits = editsOf(file, fix);
    if (!edits || edits.length === 0) return [];
    return [{ title: fix.title, edits, ...(fix.preferred ? { preferred: true } : {}) }];
  });
}

function editsOf(file: Interpretation, { set = [], remove = [] }: TrapFix): TextEdit[] | null {
  const writings = set.map(({ key, literal, beside = [] }): Writing | null => {
    const place = placeOf(file, { keys: [key], beside });
    return place && { place, literal };
  });
  if (!writings.every((writing) => writing !== null)) return null;
  const written = editsFor(file, writings);
  if (!Array.isArray(written)) return null;
  const removed = remove.map((key) => removal(file, key));
  return removed.every((edits) => edits !== null) ? [...written, ...removed.flat()] : null;
}

/** Nothing to do where the key does not stand; null where it cannot be taken out. */
function removal({ text, root }: Interpretation, { path }: Key): TextEdit[] | null {
  const entry = entryAt(root, path);
  return entry ? removeEntry(text, entry) : [];
}
