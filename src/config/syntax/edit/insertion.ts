import type { TextEdit } from '../../reading';
import type { Entry } from '../tree';

/** A new entry, and the existing entry to insert it beside. */
export interface Neighbour {
  text: string;
  sibling: Entry;
  key: string;
  value: string;
}

/** An edit that inserts text and replaces nothing. */
export function insertion(at: number, text: string): TextEdit {
  return { range: { start: at, end: at }, text };
}
