import * as l10n from '@vscode/l10n';
import * as v from 'valibot';
import { TASK_CHOICES, type TaskChoice } from '../experiment/toy/task-choice';
import type { ConfigChange } from '../config/plan/changes';
import type { ConfigPlan } from '../config/planned';
import type { Caveat } from '../recipe/caveats/caveat';
import { PLAN_IDS } from '../recipe/plans/plan';
import { isRank, MAX_ALPHA, MIN_ALPHA, type Recipe } from '../recipe/recipe';
import type { Destination } from '../recipe/target';
import { asked, unchecked, type Peer } from './rpc';
import { keptRun, runHostContract, runPageContract, type RunView } from './run';

/** What host and page say of a panel. The host pushes the whole view when anything changes; points travel apart. */

/** A line of a file, or of a cell of a notebook; both one-based, cells of every kind counted. */
export const place = v.object({ line: v.number(), cell: v.exactOptional(v.number()) });

export type FilePlace = v.InferOutput<typeof place>;
/** The same, or no line at all. */
export type LinePoint = Omit<FilePlace, 'line'> & { line: number | null };

/** `line 12`; `cell 4, line 6` in a notebook. */
export function placeLabel({ line, cell }: FilePlace): string {
  return cell === undefined ? l10n.t`line ${line}` : l10n.t`cell ${cell}, line ${line}`;
}

/** Where a row or a message stands; null where it stands on no line. */
export function filePlaceOf({ line, cell }: LinePoint): FilePlace | null {
  return line === null ? null : { line, ...(cell !== undefined && { cell }) };
}

/** What the panel knows of the file it follows, and the line that the message is about. */
export interface FileView extends LinePoint {
  name: string;
  path: string;
  /** `broken`: the last good state is shown; `unread`: too long, say, or another adapter; `foreign`: no config. */
  state: 'ok' | 'broken' | 'unread' | 'foreign' | 'gone';
  /** What is wrong and what would be right, where `state` is not `ok`. */
  message: string | null;
}

/** One row of the table of changes: from `3e-4` to `1.73205e-4`, or from nothing to `your rate ÷ 1.732`. */
export interface ChangeRow extends LinePoint, Pick<ConfigChange, 'key' | 'law' | 'why'> {
  from: string;
  to: string;
  /** By our name: `learningRate`. */
  field: string;
  /** The change is limited to A or to B. */
  ofFactor: boolean;
  /** The number in `from`, and the power of k that it moves by: what the page computes while the target moves. */
  moves: { from: number | null; power: number } | null;
  /** `default` (nobody wrote it), `in code`, `in your script`; empty when it stands in the file. */
  note: string;
}

export interface RecipeView extends Pick<Recipe, 'rank' | 'alpha' | 'scalingRule' | 'scaling'> {
  trainer: string;
  optimizer: string;
  /** Names of the recipes in the file. */
  networks: string[];
  network: number;
  /** The trainer's constant in front of the rule. */
  multiplier: number;
  wholeAlpha: boolean;
  canSwitchRslora: boolean;
  /** Key under which alpha stands: `lora_alpha`, `network_alpha`. */
  alphaKey: string;
  /** Why alpha has its value when nobody wrote it; empty otherwise. */
  alphaAssumed: string;
}

/** A plan, or a rule for another rank. */
export interface PlanView extends Pick<ConfigPlan, 'title' | 'summary' | 'exactness'> {
  id: string;
  needsCode: boolean;
  /** Of a rule: `alpha 32 · lr 1e-4`, and how far a test saw the best learning rate from that. */
  rule?: { numbers: string; measured: string };
  /** `exact`, `exact for what was read`, `approximate` */
  says: string;
  /** Largest relative deviation from the base in the last run of this state, or null. 0 = same bits. */
  measured: number | null;
  caveats: Pick<Caveat, 'code' | 'message'>[];
}

/** What was written (`alpha 16 → 64`), and what is still to be done by hand: numbers outside of the file, code. */
export interface AppliedView {
  what: string;
  outside: string;
  code: string | null;
  /** Null for a script. Empty: the line that names the code, if the trainer loads none; what else the trainer needs. */
  codeFile: { name: string; configLine: string; needs: string; isUpdate: boolean } | null;
  isSaved: boolean;
  isCodePlaced: boolean;
  /** The config names the code; the file is a script, which can hold it. */
  isNamed: boolean;
  canInsert: boolean;
}

/** What was opened: results of a check, of a plan in the user's own run, or a recording. Losses travel apart. */
export interface ResultsView {
  /** The switch shows these, not the panel's own run. */
  isShown: boolean;
  /** `PyTorch: Llama-3.1-8B`, or that it is the user's own run. */
  tab: string;
  /** Its id is below 0, so that it is no run of the panel. */
  run: RunView & { verdict: NonNullable<RunView['verdict']> };
  /** `24 steps · random tokens · float32 · cpu · torch 2.9.1 · …` */
  environment: string;
  /** A recording is about the file as it is, whatever the target. */
  isRecording: boolean;
  /** A row for each module, ready to show: how far its ΔW is from the baseline's, or what was recorded of it. */
  modules: { title: string; head: string[]; rows: string[][] };
  /** The config held against what ran. */
  remarks: { message: string; line: number | null }[];
}

/** Where a target leads, and the rank if that is what changes. */
export type PanelTarget = Destination & { rank?: number };

/** Whether the target is what the file says already. */
export const isHere = ({ target, recipe }: Pick<PanelView, 'target' | 'recipe'>): boolean =>
  target.rank === undefined ? target.k === 1 : target.rank === recipe?.rank;

export interface PanelView {
  file: FileView;
  /** Null until a LoRA config has been read once. */
  recipe: RecipeView | null;
  target: PanelTarget;
  /** Where the target is another rank: the word for its numbers, and what a test would do. */
  ranked: { heading: string; note: string; untested: string } | null;
  plans: PlanView[];
  plan: string;
  task: TaskChoice;
  changes: ChangeRow[];
  /** Why the rate moves as it does with this optimizer, and what the popular rule lr / k is worth; or empty. */
  why: string;
  popularRule: string;
  /** Why there is no plan (unknown optimizer, alpha is no lever here …), or null. */
  refusal: string | null;
  notes: string[];
  assumptions: string[];
  /** `Exact for what was read. Not understood: line 31, …`; null where everything was understood. */
  claim: string | null;
  notUnderstood: (FilePlace & { source: string; why: string })[];
  run: RunView;
  results: ResultsView | null;
  /** Why Apply cannot write the plan (a value stands elsewhere), or null; empty: because of `notUnderstood`. */
  locked: string | null;
  canApply: boolean;
  code: string | null;
  /** A change (`alpha 16 → 64`) that waits for the user's word, and what to know before. */
  proposal: { what: string; remark: string } | null;
  /** What Apply wrote last, while the file still says it, or null. */
  applied: AppliedView | null;
}

const planId = v.picklist(PLAN_IDS);
const task = v.picklist(TASK_CHOICES);
const isShown = v.boolean();

const alpha = v.pipe(v.number(), v.minValue(MIN_ALPHA), v.maxValue(MAX_ALPHA));
const rank = v.pipe(v.number(), v.check(isRank));
/** An alpha, and rank stabilisation if it is to be switched; or another rank, beside the alpha of the file. */
const targetChoice = v.object({ alpha, rslora: v.exactOptional(v.boolean()), rank: v.exactOptional(rank) });

/** What the page keeps over hiding, moving and reloading (`setState`), and hands back when it is made again. */
export const panelState = v.object({
  uri: v.string(),
  network: v.number(),
  target: targetChoice,
  plan: planId,
  run: keptRun,
  // A panel of an earlier version kept none of these. The file of the opened results is read again.
  task: v.optional(task, 'auto'),
  rule: v.optional(v.string(), ''),
  results: v.optional(v.nullable(v.object({ uri: v.string(), isShown })), null),
});

export const pageContract = {
  view: unchecked<{ view: PanelView; state: PanelState }>(),
  /** The losses of the opened results; `id` is that of their run. */
  results: unchecked<{ id: number; losses: number[][] }>(),
  ...runPageContract,
};

export const hostContract = {
  ...runHostContract,
  setTarget: asked(targetChoice),
  setPlan: asked(v.object({ plan: planId })),
  /** The rule for another rank. */
  setRule: asked(v.object({ rule: v.string() })),
  setTask: asked(v.object({ task })),
  setNetwork: asked(v.object({ network: v.number() })),
  /** Write the plan for this target, or the Python file that checks it; nothing where the host is at another target. */
  apply: asked(targetChoice),
  exportCheck: asked(targetChoice),
  /** Try the plan in the user's own program; record what trains in it. */
  tryRun: asked(targetChoice),
  recordRun: asked(),
  openResults: asked(),
  showResults: asked(v.object({ isShown })),
  answer: asked(v.object({ write: v.boolean() })),
  undo: asked(),
  saveConfig: asked(),
  /** The user has done what is left, or does not want to be reminded of it. */
  finish: asked(),
  /** Put the code of `applied` into a new file beside the config, or into the script at the cursor. */
  placeCode: asked(v.object({ into: v.picklist(['new-file', 'script']) })),
  /** The curves as a file: text, or base64 for png. */
  save: asked(v.object({ kind: v.picklist(['png', 'svg', 'csv']), data: v.string() })),
  openRules: asked(),
  reveal: asked(place),
};

export type PanelState = v.InferOutput<typeof panelState>;
export type TargetChoice = v.InferOutput<typeof targetChoice>;

export type PanelHost = Peer<typeof hostContract>;
