import type { Note } from './notes';
import type { NotUnderstood, ReadRecipe, Unread } from '../reading';
import type { Trap } from '../trainers/shared/trap';
import type { Fields } from '../trainers/shared/fields';
import type { FoundRun } from './recognise/opened';

/** What the caller knows about the folder around the file. */
export interface FileFacts {
  /** The file is the config of a trained adapter: the adapter's weights are in the same folder. */
  hasWeights?: boolean;
}

/** An adapter as its file writes it: the recipe, and the sources that its values came from. */
export interface Adapter {
  recipe: ReadRecipe;
  fields: Fields;
}

/** All that was not understood of a run. */
export function notUnderstoodOf({ unreadParts, openFields }: Run): readonly NotUnderstood[] {
  return [...unreadParts, ...openFields];
}

/** A run with everything that reading, planning and rewriting share. */
export interface Run extends Omit<FoundRun, 'name' | 'unread'> {
  /** The text of the document. */
  text: string;
  adapters: readonly Adapter[];
  /** The traps of the layout and of the optimizer that the file names. */
  traps: readonly Trap[];
  notes: readonly Note[];
  /** What the run leaves unread, with the options that skip it. */
  unread: readonly Unread[];
  /** Parts of the text that were not understood, with the `unread` of the run. Each is a finding of its own. */
  unreadParts: readonly NotUnderstood[];
  /** What the recipe leaves open: values outside this file, an optimizer that the file does not name. No findings. */
  openFields: readonly NotUnderstood[];
}
