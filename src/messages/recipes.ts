import * as v from 'valibot';
import { asked, unchecked, type Peer } from './rpc';
import { anyHostContract } from './run';

/** What host and page say of the table of recipes. The page owns how the rows are sorted, filtered and chosen. */

/** `alpha` is null where the scaling is set directly; `rule`: `α/r`, `α/√r` or `scale`; rates: null if not stated. */
type RowNumbers = Record<'rank' | 'scaling', number> &
  Record<'alpha' | 'rate' | 'rateB', number | null> & { rule: string };

export interface RecipeRow {
  /** Address of the file, and which of its recipes. */
  id: string;
  /** Of the file: `train.yml` in `configs/llama`; the folder is empty at the top of the workspace. */
  name: string;
  folder: string;
  /** The recipe's name, where its file has several; empty otherwise. */
  recipe: string;
  trainer: string;
  /** `AdamW · DoRA`; empty where the file names no optimizer. */
  method: string;
  /** Null where the file cannot be read. */
  numbers: RowNumbers | null;
  /** The recipes that are one run with this one. `why`: `lr, s and rank equal`; `isOpen`: not all was understood. */
  run: { letter: string; why: string; isOpen: boolean } | null;
  /** What was not understood, or the error of a file that cannot be read; empty = nothing. */
  note: string;
}

export interface RecipesView {
  rows: RecipeRow[];
  scan: {
    state: 'running' | 'done' | 'stopped';
    /** Files looked into so far, and how many there are to look into; 0 while they are being listed. */
    looked: number;
    total: number;
    /** The workspace has more files than the setting allows. */
    hitLimit: boolean;
  };
  hasFolder: boolean;
}

export const recipesPageContract = { view: unchecked<RecipesView>() };

const id = v.string();

export const recipesHostContract = {
  ...anyHostContract,
  /** Show the file of a row, at its alpha or its error. */
  open: asked(v.object({ id })),
  compare: asked(v.object({ first: id, second: id })),
  /** Look through the workspace again, or stop looking. */
  refresh: asked(),
  stop: asked(),
  openFolder: asked(),
  openSettings: asked(),
  save: asked(v.object({ kind: v.picklist(['csv', 'md']), data: v.string() })),
};

export type RecipesHost = Peer<typeof recipesHostContract>;

/** Whether a text has every word of a filter: `axo 2e-4` finds `llama3.yml Axolotl lr 2e-4`. Case does not matter. */
export function textFilter(filter: string): (text: string) => boolean {
  const words = filter.toLocaleLowerCase().split(/\s+/);
  return (text) => words.every((word) => text.toLocaleLowerCase().includes(word));
}
