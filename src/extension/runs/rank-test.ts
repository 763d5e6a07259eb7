import * as l10n from '@vscode/l10n';
import { probe, trainings, type Probe } from '../../experiment/rank/probe';
import { QUICK } from '../../experiment/rank/specs';
import type { ExperimentSpec, TrainedRun } from '../../experiment/spec';
import type { Curve } from '../../experiment/words/curves';
import { rankVerdict } from '../../experiment/words/rank-words';
import { secondsLabel } from '../../experiment/words/sizes';
import type { RunWithCurves } from '../../messages/run';
import { numberLabel } from '../../recipe/notation';
import type { RankPlan } from '../../recipe/rank/plan';
import type { Recipe } from '../../recipe/recipe';
import { bestRate, type Measured } from '../../experiment/rank/measured';

/** The test of the rules for another rank: a small model at both ranks and many learning rates. */
export interface RankTest {
  recipe: Recipe;
  plans: readonly RankPlan[];
  /** Equal keys, equal results. */
  key: string;
}

/** The run that shows a test from its begin on. */
export function startedTest(run: RunWithCurves, id: number, { plans, key }: RankTest): RunWithCurves {
  const count = trainings(plans);
  const summary = l10n.t`${count} trainings × ${QUICK.steps} steps`;
  const running = { id, state: 'running', steps: count * QUICK.steps, done: 0, summary } as const;
  return { view: { ...run.view, ...running, rates: [] }, losses: [], key, measured: {} };
}

type Train = (spec: ExperimentSpec, onStep: (step: number) => void) => Promise<Pick<TrainedRun, 'losses' | 'stopped'>>;

/**
 * Trains what a test needs, one spec after another.
 * @param onDone hears how many steps are done
 */
export async function finishedTest(
  run: RunWithCurves,
  { recipe, plans }: RankTest,
  train: Train,
  onDone: (steps: number) => void,
): Promise<RunWithCurves> {
  let [before, isStopped] = [0, false];
  const began = Date.now();
  // Where curves stay low at an end, more is trained than was foreseen.
  const tell = (steps: number): void => onDone(Math.min(steps, run.view.steps));
  const trained = async (spec: ExperimentSpec): Promise<number[][]> => {
    const { losses, stopped } = await train(spec, (step) => tell(before + step));
    isStopped ||= stopped;
    if (isStopped) throw new Error('the test was stopped');
    before += spec.steps;
    tell(before);
    return losses;
  };
  try {
    const found = await probe(recipe, plans, { size: QUICK, train: trained });
    if (!found) return { ...run, view: { ...run.view, state: 'stopped' } };
    const { curves, losses, rates } = curvesOfProbe(found);
    const { kind, headline, evidence, aside } = rankVerdict(found);
    const verdict = { kind, headline, evidence, aside: '', detail: aside };
    const summary = `${run.view.summary} · ${secondsLabel(Date.now() - began)}`;
    // Where the control is off, or the basin is wide, no factor says anything.
    const isKnown = ({ verdict }: Measured): boolean => kind === 'measured' && ['stays', 'moves'].includes(verdict);
    const known = found.plans.filter(({ transfer }) => isKnown(transfer));
    const measured = Object.fromEntries(known.map(({ plan, transfer }) => [plan.rule, transfer.shift / movedBy(plan)]));
    return { ...run, view: { ...run.view, state: 'done', curves, rates, verdict, summary }, losses, measured };
  } catch (error) {
    if (isStopped) return { ...run, view: { ...run.view, state: 'stopped' } };
    throw error;
  }
}

/** By what a plan multiplies the learning rate. */
const movedBy = ({ from, to }: RankPlan): number => (from.lr && to.lr ? to.lr / from.lr : 1);

const ROLES = ['rescaled', 'alpha-only', 'blog-rule', 'as-written'] as const;

/** The mean loss over the learning rate: the present rank, then the new one at the alpha of each plan. */
export function curvesOfProbe({ from, to, plans }: Probe): { curves: Curve[]; losses: number[][]; rates: number[] } {
  const all = [from, ...to.map(({ curve }) => curve)].flatMap((curve) => curve.rates);
  const rates = [...new Set(all)].sort((a, b) => a - b);
  const best = bestRate(from);
  const nearest = (rate: number): number =>
    rates.reduce((at, one, i) => (Math.abs(one - rate) < Math.abs((rates[at] ?? Infinity) - rate) ? i : at), 0);
  const lossesOf = (curve: typeof from): number[] =>
    rates.map((rate) => {
      const at = curve.rates.indexOf(rate);
      const losses = curve.draws.map((draw) => draw[at] ?? NaN);
      return losses.reduce((sum, loss) => sum + loss, 0) / losses.length;
    });
  const shown = to.flatMap(({ scaling, curve }, i) => {
    const plan = plans.find((each) => each.plan.to.scaling === scaling)?.plan;
    const role = ROLES[i % ROLES.length] ?? 'plan';
    const label = plan ? l10n.t`rank ${plan.to.rank}, alpha ${numberLabel(plan.to.alpha)}` : '';
    const mark = nearest(best + Math.log2(plan ? movedBy(plan) : 1));
    return plan ? [{ curve, line: { name: plan.rule, label, role, mark } satisfies Curve }] : [];
  });
  const label = l10n.t`rank ${plans[0]?.plan.from.rank ?? 0}`;
  const own: Curve = { name: 'base', label, role: 'base', mark: nearest(best) };
  return {
    curves: [own, ...shown.map(({ line }) => line)],
    losses: [from, ...shown.map(({ curve }) => curve)].map(lossesOf),
    rates: rates.map((rate) => 2 ** rate),
  };
}
