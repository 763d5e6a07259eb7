import * as v from 'valibot';
import { experimentSpec, losses, runResult, runStart } from '../experiment/spec';
import { curve } from '../experiment/words/curves';
import { runPoints } from './worker';

/** What host and page say of a training. The panel and the comparison show runs, and say the same. */

export const verdictView = v.object({
  kind: v.picklist(['identical', 'equivalent', 'nearly', 'different', 'undecided']),
  /** `The same run, to the last bit` */
  headline: v.string(),
  /** `The loss differs by up to 4e-7; rounding error alone: 3e-7.`; empty where the detail is needed. */
  evidence: v.string(),
  /** What was trained and how far apart the curves are. */
  detail: v.string(),
  /** How far alpha alone and the blog's rule are, for comparison; or what to change. */
  aside: v.string(),
});

export const runView = v.object({
  /** Counts up. Points with another id belong to another run. */
  id: v.number(),
  state: v.picklist(['none', 'running', 'done', 'stopped', 'failed']),
  /** True when the curves belong to an earlier state of the file or another target. */
  stale: v.boolean(),
  steps: v.number(),
  /** Mini-batches, used in turn: the loss repeats their pattern. */
  batches: v.number(),
  curves: v.array(curve),
  /** `wasm · 10 variants × 200 steps · 0.41 s`; while running without the time. */
  summary: v.string(),
  verdict: v.nullable(verdictView),
  /** One sentence when the run failed. */
  error: v.nullable(v.string()),
});

/** A run and its curves. */
const runWithCurves = v.object({
  view: runView,
  losses,
  /** Which experiment it was: equal keys, equal runs. */
  key: v.string(),
  /** Plan → its largest deviation from the base; null = not a number. */
  measured: v.record(v.string(), v.nullable(v.number())),
});

/** The run, if it went to its end; null where another version kept another shape. A reloaded window shows it at once. */
export const keptRun = v.fallback(v.nullable(runWithCurves), null);

/** What the page of a run can be asked by the host. */
export const runPageContract = {
  /** Points of run `id`; `from` 0 starts the curves anew. */
  points: { params: v.object({ id: v.number(), from: v.number(), losses }), result: v.void() },
  /** Run this experiment in the page's web worker (webgl, or where the host has no threads). */
  runHere: { params: v.object({ run: v.number(), spec: experimentSpec }), result: runResult },
  stopHere: { params: v.undefined(), result: v.void() },
};

/** What the host of a run can be asked by the page. */
export const runHostContract = {
  run: { params: v.undefined(), result: v.void() },
  stop: { params: v.undefined(), result: v.void() },
  /** Show the log, which says more of a run that failed. */
  openLog: { params: v.undefined(), result: v.void() },
  /** What a `runHere` run tells while it goes on; `run` is the number it was asked for with. */
  hereStarted: { params: v.object({ run: v.number(), ...runStart.entries }), result: v.void() },
  herePoints: { params: v.object({ run: v.number(), ...runPoints.entries }), result: v.void() },
};

export type RunView = v.InferOutput<typeof runView>;
export type RunWithCurves = v.InferOutput<typeof runWithCurves>;
