import type { Document } from './documents/document';
import type { Finding, NotUnderstood, ReadRecipe, Unread } from './reading';
import type { Lock, MapNode } from './syntax/tree';
import type { Layout, Trainer } from './trainers/trainer';
import type { Trap } from './trainers/trap';
import type { Fields } from './trainers/fields';
import type { Context } from './values';

/** A run that was found in a document, and whose it is. */
export interface Found {
  document: Document;
  trainer: Trainer;
  layout: Layout;
  root: MapNode;
  /** Why nothing in it may be written to. */
  lock: Lock | null;
  /** What people call it, where there are several. */
  name?: string;
  /** What its trainer's reader did not understand while it told the runs apart. */
  unread?: readonly Unread[];
}

/** What whoever reads a file knows of the folder around it. */
export interface FileFacts {
  /** The file is an adapter's config, and the trained weights are beside it. */
  hasWeights?: boolean;
}

/** A network as its file writes it: the recipe, and the sources its values came from. */
export interface Network {
  recipe: ReadRecipe;
  fields: Fields;
}

/** A run, understood: everything that reading, planning and rewriting share. */
export interface Interpretation extends Omit<Found, 'name' | 'unread'> {
  /** Of its document. */
  text: string;
  networks: readonly Network[];
  /** The layout's traps, and those of the optimizer that the file names. */
  traps: readonly Trap[];
  findings: readonly Finding[];
  notUnderstood: readonly NotUnderstood[];
  context: Context;
}
