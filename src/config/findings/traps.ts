import type { Interpretation } from '../understand/interpretation';
import { Notes, type Note } from '../understand/notes';
import { goesOnFrom, rangeOfTrap } from '../trainers/shared/trap';

/** The notes of the traps that apply to a run. */
export function findTraps({ traps, root }: Interpretation): Note[] {
  const notes = new Notes();
  for (const trap of traps) {
    const { severity, code, message, fixes } = trap;
    const goesOn = goesOnFrom(trap, root);
    const about = goesOn ? { goesOn } : {};
    if (severity && trap.applies(root)) notes.add(severity, code, message, rangeOfTrap(trap, root), fixes, about);
  }
  return notes.list;
}
