import * as v from 'valibot';
import { fileView } from './panel';
import { linePoint, place } from './place';
import { keptRun, runHostContract, runPageContract, runView } from './run';
import type { Peer } from './rpc';

/**
 * What is said between the extension host and the page that compares two configs. As with the panel, the host owns the
 * truth and pushes the whole `ComparisonView` when anything changed; the page draws it and says what the user did.
 */

const side = v.picklist(['first', 'second']);
const nullableText = v.nullable(v.string());

/** One of both files. */
const sideView = v.object({
  file: fileView,
  /** The name of the file; with its folder if both files have one name. */
  name: v.string(),
  /** Null until a LoRA config has been read once. */
  recipe: v.nullable(
    v.object({
      /** `Axolotl · adamw_torch · rank 16` */
      what: v.string(),
      /** `s = α/r = 16/16 = 1` */
      scaling: v.string(),
      /** Names of the recipes in the file; more than one only where there are several. */
      networks: v.array(v.string()),
      network: v.number(),
    }),
  ),
});

/** A value as one of the files has it. */
const settingCell = v.object({
  text: v.string(),
  /** The trainer's key, or why the value is what it is where nobody wrote it. */
  hint: v.string(),
  /** `default` where nobody wrote it; empty otherwise. */
  note: v.string(),
  ...linePoint.entries,
});

const settingRow = v.object({
  name: v.string(),
  first: settingCell,
  second: settingCell,
  /** `× 4`, `same`; empty where there is none. */
  ratio: v.string(),
  same: v.boolean(),
});

/** One thing that decides the run. */
const runRow = v.object({
  name: v.string(),
  /** How a number of the signature is made; empty for everything else. */
  formula: v.string(),
  first: v.string(),
  second: v.string(),
  ratio: v.string(),
  /** Why it matters, or why it cannot be compared; empty where both are the same. */
  why: v.string(),
  same: v.nullable(v.boolean()),
});

const wayView = v.object({
  id: v.picklist(['numbers', 'alpha', 'init']),
  title: v.string(),
  /** `needs code` or `config only` */
  needs: v.string(),
  changes: v.array(v.object({ key: v.string(), from: v.string(), to: v.string(), note: v.string() })),
  /** What differs even then; empty where nothing does. */
  left: v.string(),
  /** Why it cannot be written into the file, or null where it can. */
  refusal: nullableText,
});

/** Both configs, trained side by side. */
const trainingView = v.object({
  /** Why there is nothing to train, or null. */
  refusal: nullableText,
  /** What differs, or may differ, and is not trained; empty where there is none. */
  untrained: v.string(),
  /** How the experiment differs from the users' runs. */
  assumptions: v.array(v.string()),
  run: runView,
});

export const comparisonView = v.object({
  first: sideView,
  second: sideView,
  /** Null while one of both cannot be compared. */
  verdict: v.nullable(
    v.object({
      kind: v.picklist(['same', 'nearly', 'different', 'unknown']),
      headline: v.string(),
      detail: v.string(),
    }),
  ),
  settings: v.array(settingRow),
  /** What differs, and what cannot be compared. */
  differences: v.array(runRow),
  /** Names of what decides the run and is the same in both. */
  alike: v.string(),
  /** Every number of both signatures. */
  signature: v.array(runRow),
  ways: v.array(wayView),
  /** Null while one of both cannot be compared. */
  training: v.nullable(trainingView),
  /** What was written last; empty = nothing. */
  news: v.string(),
  /** What is taken for granted. */
  foot: v.string(),
});

const keptSide = v.object({ uri: v.string(), network: v.number() });

/** What the page keeps over hiding, moving and reloading (`setState`), and hands back when it is made again. */
export const comparisonState = v.object({
  first: keptSide,
  second: keptSide,
  run: keptRun,
});

/** What the page can be asked by the host. */
export const comparisonPageContract = {
  view: { params: v.object({ view: comparisonView, state: comparisonState }), result: v.void() },
  ...runPageContract,
};

/** What the host can be asked by the page. */
export const comparisonHostContract = {
  /** The page is up; the host answers with `view`. */
  ready: { params: v.undefined(), result: v.void() },
  setNetwork: { params: v.object({ side, network: v.number() }), result: v.void() },
  /** The first becomes the second. */
  swap: { params: v.undefined(), result: v.void() },
  /** Show what this way would write into the second file, and write it if the user agrees. */
  apply: { params: v.object({ way: v.picklist(['numbers', 'alpha', 'init']) }), result: v.void() },
  ...runHostContract,
  copy: { params: v.object({ text: v.string(), what: v.string() }), result: v.void() },
  /** Show a file in its editor, at this place where there is one. */
  reveal: { params: v.object({ side, place: v.nullable(place) }), result: v.void() },
  /** A Content-Security-Policy violation or a script error in the page. */
  fault: { params: v.object({ message: v.string() }), result: v.void() },
};

export type Side = v.InferOutput<typeof side>;
export type ComparisonView = v.InferOutput<typeof comparisonView>;
export type KeptSide = v.InferOutput<typeof keptSide>;
export type TrainingView = v.InferOutput<typeof trainingView>;
export type SideView = v.InferOutput<typeof sideView>;
export type SettingRow = v.InferOutput<typeof settingRow>;
export type SettingCell = v.InferOutput<typeof settingCell>;
export type RunRow = v.InferOutput<typeof runRow>;
export type WayView = v.InferOutput<typeof wayView>;

/** The extension host, as the page sees it. */
export type ComparisonHost = Peer<typeof comparisonHostContract>;
