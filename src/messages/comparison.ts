import * as v from 'valibot';
import type { ComparedRow } from '../config/compare/compare-configs';
import type { WayChange } from '../config/compare/ways';
import { place, type LinePoint, type FileView } from './panel';
import { asked, unchecked, type Peer } from './rpc';
import { keptRun, runHostContract, runPageContract, type RunView } from './run';

/** What host and page say of a comparison. As with the panel, the host pushes the whole view when anything changed. */

const side = v.picklist(['first', 'second']);
export type Side = v.InferOutput<typeof side>;

/** One of both files. */
export interface SideView {
  file: FileView;
  /** With its folder if both files have one name. */
  name: string;
  /** `what`: `Axolotl · adamw_torch · rank 16`, `scaling`: `s = α/r = 16/16 = 1`. Null until a config was read. */
  recipe: { what: string; scaling: string; networks: string[]; network: number } | null;
}

export interface SettingCell extends LinePoint {
  text: string;
  /** The trainer's key; where nobody wrote it, why the value is what it is, and the note `default`. */
  hint: string;
  note: string;
}

export interface SettingRow extends Readonly<Record<Side, SettingCell>> {
  name: string;
  /** `× 4`, `same`; empty where there is none. */
  ratio: string;
  same: boolean;
}

/** One thing that decides the run. */
export type RunRow = Omit<ComparedRow, 'key' | 'isQuantity' | 'isOff'>;

const wayId = v.picklist(['numbers', 'alpha', 'init']);

/** A way to make the second file the first's run. */
export interface WayView {
  id: v.InferOutput<typeof wayId>;
  title: string;
  needs: string;
  changes: (Pick<WayChange, 'key' | 'from' | 'to'> & { note: string })[];
  /** What differs even then; empty where nothing does. */
  left: string;
  /** Why it cannot be written into the file, or null where it can. */
  refusal: string | null;
}

export interface TrainingView {
  refusal: string | null;
  /** What differs, or may differ, and is not trained; empty where there is none. */
  untrained: string;
  /** How the experiment differs from the users' runs. */
  assumptions: string[];
  run: RunView;
}

export interface ComparisonView extends Readonly<Record<Side, SideView>> {
  /** Null while one of both cannot be compared. */
  verdict: { kind: 'same' | 'nearly' | 'different' | 'unknown'; headline: string; detail: string } | null;
  settings: SettingRow[];
  differences: RunRow[];
  /** Names of what decides the run and is the same in both. */
  alike: string;
  signature: RunRow[];
  ways: WayView[];
  /** Null while one of both cannot be compared. */
  training: TrainingView | null;
  news: string;
  foot: string;
}

const keptSide = v.object({ uri: v.string(), network: v.number() });
export type KeptSide = v.InferOutput<typeof keptSide>;

/** What the page keeps over hiding, moving and reloading (`setState`), and hands back when it is made again. */
export const comparisonState = v.object({ first: keptSide, second: keptSide, run: keptRun });

export const comparisonPageContract = {
  view: unchecked<{ view: ComparisonView; state: v.InferOutput<typeof comparisonState> }>(),
  ...runPageContract,
};

export const comparisonHostContract = {
  ...runHostContract,
  setNetwork: asked(v.object({ side, network: v.number() })),
  swap: asked(),
  /** Show what this way would write into the second file, and write it if the user agrees. */
  apply: asked(v.object({ way: wayId })),
  reveal: asked(v.object({ side, place: v.nullable(place) })),
};

export type ComparisonHost = Peer<typeof comparisonHostContract>;
