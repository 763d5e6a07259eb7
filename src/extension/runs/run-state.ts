import type { Claim } from '../../config/plan/claim';
import { claimed, runVerdict } from '../../experiment/verdict/verdict';
import type { BackendId, ExperimentSpec, RunResult } from '../../experiment/spec';
import { curvesOf, curvesWithFit } from '../../experiment/words/curves';
import { runSize, secondsLabel, measuredPlans } from '../../experiment/words/sizes';
import { lookOf, verdictWords } from '../../experiment/words/verdict-words';
import { pairWords, type PairText } from '../../experiment/words/pair-words';
import type { RunView, RunWithCurves } from '../../messages/run';
import type { PlanId } from '../../recipe/plans/plan';

export interface Experiment {
  spec: ExperimentSpec;
  /** The plan it checks, its variant `rescaled`; null where two configs are trained. */
  plan: PlanId | null;
  /** Set where two configs are trained. */
  pair?: PairText;
  /** What equal curves may claim of the user's run. */
  claim: Claim;
  /** Equal keys, equal curves. */
  key: string;
}

export function noRun(): RunWithCurves {
  const view: RunView = {
    id: 0,
    state: 'none',
    stale: false,
    steps: 1,
    batches: 1,
    curves: [],
    summary: '',
    verdict: null,
    error: null,
  };
  return { view, losses: [], key: '', measured: {} };
}

export function startedRun(id: number, { spec, key }: Experiment): RunWithCurves {
  const running = {
    id,
    state: 'running',
    steps: spec.steps,
    batches: spec.batches,
    curves: curvesOf(spec),
    summary: runSize(spec),
  } as const;
  const view: RunView = { ...noRun().view, ...running };
  return { view, losses: spec.variants.map(() => []), key, measured: {} };
}

/** The run with the backend that computes it; `note` says why it is another than the one asked for. */
export function withBackend(
  run: RunWithCurves,
  { spec }: Experiment,
  backend: BackendId,
  note: string | null,
): RunWithCurves {
  const summary = [`${backend} · ${runSize(spec)}`, note].filter(Boolean).join(' · ');
  return { ...run, view: { ...run.view, summary } };
}

/** Adds points that begin at step `from`; points that were there already are replaced. */
export function withPoints(run: RunWithCurves, from: number, points: readonly (readonly number[])[]): RunWithCurves {
  return { ...run, losses: run.losses.map((curve, index) => [...curve.slice(0, from), ...(points[index] ?? [])]) };
}

export function finishedRun(run: RunWithCurves, experiment: Experiment, result: RunResult): RunWithCurves {
  const { spec } = experiment;
  const { ms, stopped, fit } = result;
  const { curves, losses } = curvesWithFit(spec, result);
  const summary = `${run.view.summary} · ${secondsLabel(ms)}`;
  if (stopped) return { ...run, losses, view: { ...run.view, state: 'stopped', summary } };
  const verdict = claimed(runVerdict(spec, result), experiment.claim);
  const said = experiment.pair ? pairWords(spec, verdict, experiment.pair) : verdictWords(spec, verdict, fit);
  const words = { kind: lookOf(verdict), ...said };
  return {
    ...run,
    losses,
    view: { ...run.view, state: 'done', curves, summary, verdict: words },
    measured: measuredPlans(spec, verdict, experiment.plan),
  };
}

export function failedRun(run: RunWithCurves, error: string): RunWithCurves {
  return { ...run, view: { ...run.view, state: 'failed', error } };
}

/** What to keep over a reload: a run that went to its end. */
export function keptRun({ view, losses, key, measured }: RunWithCurves): RunWithCurves | null {
  return view.state === 'done' ? { view, losses, key, measured } : null;
}
