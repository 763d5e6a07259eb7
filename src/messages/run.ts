import * as v from 'valibot';
import { losses, runResult, runStart, type ExperimentSpec } from '../experiment/spec';
import { curve } from '../experiment/words/curves';
import { asked, unchecked } from './rpc';

/** What host and page say of a training. The panel and the comparison show runs, and say the same. */

const verdictView = v.object({
  kind: v.picklist(['identical', 'equivalent', 'nearly', 'different', 'undecided', 'measured']),
  headline: v.string(),
  /** `The loss differs by up to 4e-7; rounding error alone: 3e-7.`; empty where the detail is needed. */
  evidence: v.string(),
  detail: v.string(),
  /** How far alpha alone and the blog's rule are, for comparison; or what to change. */
  aside: v.string(),
});

const runView = v.object({
  /** Counts up. Points with another id belong to another run. */
  id: v.number(),
  state: v.picklist(['none', 'running', 'done', 'stopped', 'failed']),
  /** True when the curves belong to an earlier state of the file or another target. */
  stale: v.boolean(),
  steps: v.number(),
  /** A test of ranks: the learning rates at which its curves have their points; and of its steps, those that are done. */
  rates: v.exactOptional(v.array(v.number())),
  done: v.exactOptional(v.number()),
  /** Mini-batches, used in turn: the loss repeats their pattern. */
  batches: v.number(),
  curves: v.array(curve),
  /** `wasm · 10 variants × 200 steps · 0.41 s`; while running without the time. */
  summary: v.string(),
  verdict: v.nullable(verdictView),
  /** One sentence when the run failed. */
  error: v.nullable(v.string()),
});

const runWithCurves = v.object({
  view: runView,
  losses,
  /** Which experiment it was: equal keys, equal runs. */
  key: v.string(),
  /** Plan → its largest deviation from the base; null = not a number. */
  measured: v.record(v.string(), v.nullable(v.number())),
});

/** The run, if it went to its end; null in the shape of another version. A reloaded window shows it at once. */
export const keptRun = v.fallback(v.nullable(runWithCurves), null);

/** What the page of a run can be asked by the host. */
export const runPageContract = {
  /** Points of run `id`; `from` 0 starts the curves anew. */
  points: unchecked<{ id: number; from: number; losses: number[][] }>(),
  /** Run this experiment in the page's web worker (webgl, or where the host has no threads). */
  runHere: { params: unchecked<{ run: number; spec: ExperimentSpec }>().params, result: runResult },
  stopHere: unchecked(),
};

/** What the host of any page can be asked by it. */
export const anyHostContract = {
  /** The page is up; the host answers with `view`, and the page of a run with every point so far. */
  ready: asked(),
  copy: asked(v.object({ text: v.string(), what: v.string() })),
  /** A Content-Security-Policy violation or a script error in the page. */
  fault: asked(v.object({ message: v.string() })),
};

export const runHostContract = {
  ...anyHostContract,
  run: asked(),
  stop: asked(),
  /** Show the log, which says more of a run that failed. */
  openLog: asked(),
  /** What a `runHere` run tells while it goes on; `run` is the number it was asked for with. */
  hereStarted: asked(v.object({ run: v.number(), ...runStart.entries })),
  herePoints: asked(v.object({ run: v.number(), from: v.number(), losses })),
};

export type RunView = v.InferOutput<typeof runView>;
export type RunWithCurves = v.InferOutput<typeof runWithCurves>;
