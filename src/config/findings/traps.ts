import type { Interpretation } from '../understand/interpretation';
import { Notes, type Note } from '../understand/notes';
import { nodeAt } from '../syntax/tree';

/** What a trainer's, an optimizer's and a command's traps say of a run. */
export function findTraps({ traps, root }: Interpretation): Note[] {
  const notes = new Notes();
  for (const { severity, code, message, at, fixes, applies } of traps) {
    if (!severity || !applies(root)) continue;
    notes.add(severity, code, message, at ? (nodeAt(root, at.path)?.range ?? null) : null, fixes);
  }
  return notes.list;
}
