import * as v from 'valibot';
import type { Peer } from './rpc';

/**
 * What is said between the extension host and the page with the table of recipes. The host pushes all rows and the
 * state of the scan whenever one of them changed; the page owns how they are sorted, filtered and chosen.
 */

/** The recipes of the workspace that are one run. */
const runGroup = v.object({
  /** `A`; the same as long as the workspace stays the same. */
  letter: v.string(),
  /** Why they are one run: `lr, s and rank equal`. */
  why: v.string(),
  /** Not everything in their files was understood. */
  isOpen: v.boolean(),
});

const recipeRow = v.object({
  /** Address of the file, and which of its recipes. */
  id: v.string(),
  /** `train.yml` */
  name: v.string(),
  /** `configs/llama`; empty at the top of the workspace. */
  folder: v.string(),
  /** The recipe's name, where its file has several; empty otherwise. */
  recipe: v.string(),
  trainer: v.string(),
  /** Null where the file cannot be read. */
  numbers: v.nullable(
    v.object({
      rank: v.number(),
      /** Null where the scaling is set directly. */
      alpha: v.nullable(v.number()),
      scaling: v.number(),
      /** `α/r`, `α/√r`, `scale` */
      rule: v.string(),
      /** Learning rates of A and B; null where they are not stated. */
      rate: v.nullable(v.number()),
      rateB: v.nullable(v.number()),
    }),
  ),
  /** Null where no other recipe is the same run. */
  run: v.nullable(runGroup),
  /** What was not understood, or the error of a file that cannot be read; empty = nothing. */
  note: v.string(),
});

const recipesView = v.object({
  rows: v.array(recipeRow),
  scan: v.object({
    state: v.picklist(['running', 'done', 'stopped']),
    /** Files looked into so far, and how many there are to look into; 0 while they are being listed. */
    looked: v.number(),
    total: v.number(),
    /** The workspace has more files than the setting allows. */
    hitLimit: v.boolean(),
  }),
  /** Whether a folder is open. */
  hasFolder: v.boolean(),
});

/** What the page can be asked by the host. */
export const recipesPageContract = {
  view: { params: recipesView, result: v.void() },
};

const id = v.string();

/** What the host can be asked by the page. */
export const recipesHostContract = {
  /** The page is up; the host answers with `view`. */
  ready: { params: v.undefined(), result: v.void() },
  /** Show the file of a row, at its alpha or its error. */
  open: { params: v.object({ id }), result: v.void() },
  compare: { params: v.object({ first: id, second: id }), result: v.void() },
  /** Look through the workspace again, or stop looking. */
  refresh: { params: v.undefined(), result: v.void() },
  stop: { params: v.undefined(), result: v.void() },
  openFolder: { params: v.undefined(), result: v.void() },
  /** Show the settings that decide which files are looked into. */
  openSettings: { params: v.undefined(), result: v.void() },
  save: { params: v.object({ kind: v.picklist(['csv', 'md']), data: v.string() }), result: v.void() },
  copy: { params: v.object({ text: v.string(), what: v.string() }), result: v.void() },
  /** A Content-Security-Policy violation or a script error in the page. */
  fault: { params: v.object({ message: v.string() }), result: v.void() },
};

export type RecipesView = v.InferOutput<typeof recipesView>;
export type RecipeRow = v.InferOutput<typeof recipeRow>;

/** The extension host, as the page sees it. */
export type RecipesHost = Peer<typeof recipesHostContract>;

/** Whether a text has every word of a filter: `axo 2e-4` finds `llama3.yml Axolotl lr 2e-4`. Case does not matter. */
export function textFilter(filter: string): (text: string) => boolean {
  const words = filter
    .toLocaleLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
  return (text) => {
    const searched = text.toLocaleLowerCase();
    return words.every((word) => searched.includes(word));
  };
}
