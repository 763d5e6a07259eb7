import * as v from 'valibot';
import { losses } from '../experiment/spec';
import { TASK_CHOICES } from '../experiment/toy/task-choice';
import { PLAN_IDS } from '../recipe/plans/plan';
import { MAX_ALPHA, MIN_ALPHA } from '../recipe/recipe';
import { linePoint, place } from './place';
import type { Peer } from './rpc';
import { keptRun, runHostContract, runPageContract, runView, verdictView } from './run';

/**
 * What is said between the extension host and the panel's page. The host owns the truth and pushes the whole
 * `PanelView` when anything changes; the page draws it and says what the user did. Points travel apart, as they come.
 */

const planId = v.picklist(PLAN_IDS);
const taskChoice = v.picklist(TASK_CHOICES);
const exactness = v.picklist(['exact', 'nearly', 'approximate']);
const nullableText = v.nullable(v.string());

/** What the panel knows of the file it follows. */
export const fileView = v.object({
  /** File name, shown as the title. */
  name: v.string(),
  /** Path from the workspace folder, for the tooltip. */
  path: v.string(),
  /** `broken`: the file has an error, what is shown is the last good state; `foreign`: not a LoRA config (any more). */
  state: v.picklist(['ok', 'broken', 'foreign', 'gone']),
  /** What is wrong and what would be right, where `state` is not `ok`. */
  message: nullableText,
  /** What the message is about. */
  ...linePoint.entries,
});

/** A thing in the file that can reach the LoRA parameters and was not understood. */
const unread = v.object({
  ...place.entries,
  source: v.string(),
  why: v.string(),
});

/** One row of the table of changes; every text is ready to show. */
const changeRow = v.object({
  /** The hyperparameter, by our name: `learningRate`. */
  field: v.string(),
  /** The change is limited to A or to B. */
  ofFactor: v.boolean(),
  /** The trainer's key: `learning_rate`, `init of A`. */
  key: v.string(),
  /** `3e-4`; empty where nobody says. */
  from: v.string(),
  /** `1.73205e-4`; where nobody says: `your rate ÷ 1.732`. */
  to: v.string(),
  /** The number in `from`, and the power of k that it moves by: what the page computes while the target moves. */
  moves: v.nullable(v.object({ from: v.nullable(v.number()), power: v.number() })),
  /** `÷ √k` */
  law: v.string(),
  /** Why it moves, one sentence. */
  why: v.string(),
  /** `default` (nobody wrote it), `in code`, `in your script`; empty when it stands in the file. */
  note: v.string(),
  ...linePoint.entries,
});

const scalingRule = v.picklist(['standard', 'rslora', 'direct']);

/** Where the plans lead. */
const targetView = v.object({ alpha: v.number(), scalingRule, scaling: v.number(), k: v.number() });

/** What the user asks for: an alpha, and rank stabilisation if it is to be switched. */
const targetChoice = v.object({
  alpha: v.pipe(v.number(), v.minValue(MIN_ALPHA), v.maxValue(MAX_ALPHA)),
  rslora: v.exactOptional(v.boolean()),
});

const planView = v.object({
  id: planId,
  title: v.string(),
  summary: v.string(),
  /** The plan takes code beside the config. */
  needsCode: v.boolean(),
  exactness,
  /** `exact`, `exact for what was read`, `approximate` */
  says: v.string(),
  /** Largest relative deviation from the base in the last run of this state, or null. 0 = same bits. */
  measured: v.nullable(v.number()),
  caveats: v.array(v.object({ code: v.string(), message: v.string() })),
});

/** A change that is shown as a diff and not written yet. */
const proposalView = v.object({
  /** `alpha 16 → 64` */
  what: v.string(),
  /** What to know before the answer; empty where there is nothing. */
  remark: v.string(),
});

/** A change that was written, and what is still to be done by hand. */
const appliedView = v.object({
  /** `alpha 16 → 64` */
  what: v.string(),
  /** Numbers that must change outside the file; empty where there are none. */
  outside: v.string(),
  /** The code that the plan needs; null where it needs none. */
  code: nullableText,
  /** The file that the code can go into; null for a script. */
  codeFile: v.nullable(
    v.object({
      name: v.string(),
      /** The line of the config that names the code; empty if the trainer loads no such file by itself. */
      configLine: v.string(),
      /** What else the trainer needs to find it; empty where there is nothing. */
      needs: v.string(),
    }),
  ),
  /** The code was written into a new file or the script. */
  isCodePlaced: v.boolean(),
  /** The config names the code. */
  isNamed: v.boolean(),
  /** The code can go into the file itself, which is a script. */
  canInsert: v.boolean(),
});

/** What an exported check measured with PyTorch, opened beside the panel's own run. Its losses travel apart. */
const resultsView = v.object({
  /** The switch shows these, not the panel's own run. */
  isShown: v.boolean(),
  /** `tiny llama` */
  model: v.string(),
  /** Its id is below 0, so that it is no run of the panel. */
  run: v.object({ ...runView.entries, verdict: verdictView }),
  /** `24 steps · random tokens · float32 · cpu · torch 2.9.1 · …` */
  environment: v.string(),
  /** How far ΔW of each module is from the baseline's, and how far rounding error takes it; ready to show. */
  modules: v.array(v.object({ module: v.string(), deviation: v.string(), control: v.string() })),
});

export const panelView = v.object({
  file: fileView,
  /** Null until a LoRA config has been read once. */
  recipe: v.nullable(
    v.object({
      trainer: v.string(),
      optimizer: v.string(),
      rank: v.number(),
      /** Names of the networks in the file; more than one only where there are several. */
      networks: v.array(v.string()),
      network: v.number(),
      alpha: v.number(),
      scalingRule,
      /** The trainer's constant in front of the rule. */
      multiplier: v.number(),
      /** The trainer accepts only whole alphas. */
      wholeAlpha: v.boolean(),
      canSwitchRslora: v.boolean(),
      /** `α/r`, `α/√r`, `scale` */
      scalingSymbol: v.string(),
      scaling: v.number(),
      /** Key under which alpha stands: `lora_alpha`, `network_alpha`. */
      alphaKey: v.string(),
      /** Why alpha has its value when nobody wrote it; empty otherwise. */
      alphaAssumed: v.string(),
    }),
  ),
  target: targetView,
  plans: v.array(planView),
  plan: planId,
  /** Which model is trained, as it was chosen. */
  task: taskChoice,
  changes: v.array(changeRow),
  /** One sentence for a newcomer: why the rate moves as it does with this optimizer. */
  why: v.string(),
  /** What the popular rule lr / k is worth with this optimizer; empty where there is none. */
  popularRule: v.string(),
  /** Why there is no plan (unknown optimizer, alpha is no lever here …), or null. */
  refusal: nullableText,
  /** Findings of the file that are worth showing. */
  notes: v.array(v.string()),
  /** How the experiment differs from the user's run. */
  assumptions: v.array(v.string()),
  /** `Exact for what was read. Not understood: line 31, …`; null where everything was understood. */
  claim: nullableText,
  /** What of the file was not understood, with its line. */
  notUnderstood: v.array(unread),
  run: runView,
  results: v.nullable(resultsView),
  /** Why Apply cannot write the plan into the file (a value stands elsewhere), or null. */
  locked: nullableText,
  canApply: v.boolean(),
  /** The init snippet, or null where the plan needs none. */
  code: nullableText,
  /** A change that waits for the user's word while its diff is shown, or null. */
  proposal: v.nullable(proposalView),
  /** What Apply wrote last, while the file still says it, or null. */
  applied: v.nullable(appliedView),
});

/** What the page keeps over hiding, moving and reloading (`setState`), and hands back when it is made again. */
export const panelState = v.object({
  /** URI of the file. */
  uri: v.string(),
  network: v.number(),
  target: targetChoice,
  plan: planId,
  /** Which model is trained; a panel of an earlier version kept none. */
  task: v.optional(taskChoice, 'auto'),
  run: keptRun,
  /** The file of the opened results, which is read again; a panel of an earlier version kept none. */
  results: v.optional(v.nullable(v.object({ uri: v.string(), isShown: v.boolean() })), null),
});

/** What the page can be asked by the host. */
export const pageContract = {
  view: { params: v.object({ view: panelView, state: panelState }), result: v.void() },
  /** The losses of the opened results; `id` is that of their run. */
  results: { params: v.object({ id: v.number(), losses }), result: v.void() },
  ...runPageContract,
};

/** The curves as a file. */
const plotExport = v.object({
  kind: v.picklist(['png', 'svg', 'csv']),
  /** Text, or base64 for png. */
  data: v.string(),
});

/** What the host can be asked by the page. */
export const hostContract = {
  /** The page is up; the host answers with `view` and every point so far. */
  ready: { params: v.undefined(), result: v.void() },
  setTarget: { params: targetChoice, result: v.void() },
  setPlan: { params: v.object({ plan: planId }), result: v.void() },
  setTask: { params: v.object({ task: taskChoice }), result: v.void() },
  setNetwork: { params: v.object({ network: v.number() }), result: v.void() },
  ...runHostContract,
  /** Write the plan for this target, the one in the field; nothing where the host is at another. */
  apply: { params: targetChoice, result: v.void() },
  /** Write the plan for this target as a Python file that checks it with PyTorch; nothing where the host is at another. */
  exportCheck: { params: targetChoice, result: v.void() },
  /** Let the user choose a file that such a check wrote, and show it. */
  openResults: { params: v.undefined(), result: v.void() },
  /** Show the opened results, or the panel's own run. */
  showResults: { params: v.object({ isShown: v.boolean() }), result: v.void() },
  /** The answer to the view's `proposal`. */
  answer: { params: v.object({ write: v.boolean() }), result: v.void() },
  /** Take back what `applied` says. */
  undo: { params: v.undefined(), result: v.void() },
  /** Put the code of `applied` into a new file beside the config, or into the script at the cursor. */
  placeCode: { params: v.object({ into: v.picklist(['new-file', 'script']) }), result: v.void() },
  copy: { params: v.object({ text: v.string(), what: v.string() }), result: v.void() },
  save: { params: plotExport, result: v.void() },
  /** Show the page with every optimizer's rule and reason. */
  openRules: { params: v.undefined(), result: v.void() },
  /** Show this place of the file in its editor. */
  reveal: { params: place, result: v.void() },
  /** A Content-Security-Policy violation or a script error in the page. */
  fault: { params: v.object({ message: v.string() }), result: v.void() },
};

export type PanelView = v.InferOutput<typeof panelView>;
export type RecipeView = NonNullable<PanelView['recipe']>;
export type PanelState = v.InferOutput<typeof panelState>;
export type ChangeRow = v.InferOutput<typeof changeRow>;
export type TargetView = v.InferOutput<typeof targetView>;
export type TargetChoice = v.InferOutput<typeof targetChoice>;
export type AppliedView = v.InferOutput<typeof appliedView>;
export type ProposalView = v.InferOutput<typeof proposalView>;
export type ResultsView = v.InferOutput<typeof resultsView>;
export type PlanView = v.InferOutput<typeof planView>;

/** The extension host, as the page sees it. */
export type PanelHost = Peer<typeof hostContract>;
