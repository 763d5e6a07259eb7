import type { TextEdit } from '../reading';
import type { Entry } from './tree';

/** What is inserted, and beside what. */
export interface Neighbour {
  text: string;
  sibling: Entry;
  key: string;
  value: string;
}

/** Writes something where nothing is replaced. */
export function insertion(at: number, text: string): TextEdit {
  return { range: { start: at, end: at }, text };
}
