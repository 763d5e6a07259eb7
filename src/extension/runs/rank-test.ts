import * as l10n from '@vscode/l10n';
import { probe, trainings, type Probe, type ProbeOptions } from '../../experiment/rank/probe';
import { QUICK } from '../../experiment/rank/specs';
import type { Curve } from '../../experiment/words/curves';
import { rankVerdict } from '../../experiment/words/rank-words';
import { secondsLabel } from '../../experiment/words/sizes';
import type { RunWithCurves } from '../../messages/run';
import { numberLabel } from '../../recipe/notation';
import type { RankPlan } from '../../recipe/rank/plan';
import type { Recipe } from '../../recipe/recipe';
import { bestRate, mean, type RateCurve } from '../../experiment/rank/measured';

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

/**
 * Trains what a test needs, one spec after another.
 * @param onDone hears how many steps are done
 */
export async function finishedTest(
  run: RunWithCurves,
  { recipe, plans }: RankTest,
  train: ProbeOptions['train'],
  onDone: (steps: number) => void,
): Promise<RunWithCurves> {
  const began = Date.now();
  // Where curves stay low at an end, more is trained than was foreseen.
  const tell = (steps: number): void => onDone(Math.min(steps, run.view.steps));
  const found = await probe(recipe, plans, { size: QUICK, train, onDone: tell });
  if (!found) return { ...run, view: { ...run.view, state: 'stopped' } };
  const { curves, losses, rates } = curvesOfProbe(found);
  const { kind, headline, evidence, aside } = rankVerdict(found);
  const verdict = { kind, headline, evidence, aside: '', detail: aside };
  const summary = `${run.view.summary} · ${secondsLabel(Date.now() - began)}`;
  // Where the control is off, or the basin is wide, no factor says anything.
  const moving = found.plans.filter(({ transfer }) => ['stays', 'moves'].includes(transfer.verdict));
  const known = kind === 'measured' ? moving : [];
  const measured = Object.fromEntries(known.map(({ plan, transfer }) => [plan.rule, transfer.shift / plan.lrFactor]));
  return { ...run, view: { ...run.view, state: 'done', curves, rates, verdict, summary }, losses, measured };
}

const ROLES = ['rescaled', 'alpha-only', 'blog-rule', 'as-written'] as const;

/** The mean loss over the learning rate: the present rank, then the new one at the alpha of each plan. */
function curvesOfProbe({ from, to, plans }: Probe): { curves: Curve[]; losses: number[][]; rates: number[] } {
  const all = [from, ...to.map(({ curve }) => curve)].flatMap(({ points }) => points.map(({ rate }) => rate));
  const rates = [...new Set(all)].sort((one, other) => one - other);
  const drawn = ({ points }: RateCurve, line: Omit<Curve, 'mark'>, lrFactor: number) => {
    const aim = bestRate(from) + Math.log2(lrFactor);
    const off = rates.map((rate) => Math.abs(rate - aim));
    const losses = rates.map((rate) => mean(points.find((point) => point.rate === rate)?.losses ?? []));
    return { curve: { ...line, mark: off.indexOf(Math.min(...off)) }, losses };
  };
  const base = { name: 'base', label: l10n.t`rank ${plans[0]?.plan.from.rank ?? 0}`, role: 'base' } as const;
  const others = to.flatMap(({ scaling, curve }, i) => {
    const plan = plans.find((each) => each.plan.to.scaling === scaling)?.plan;
    if (!plan) return [];
    const label = l10n.t`rank ${plan.to.rank}, alpha ${numberLabel(plan.to.alpha)}`;
    return [drawn(curve, { name: plan.rule, label, role: ROLES[i % ROLES.length] ?? 'plan' }, plan.lrFactor)];
  });
  const lines = [drawn(from, base, 1), ...others];
  return {
    curves: lines.map(({ curve }) => curve),
    losses: lines.map(({ losses }) => losses),
    rates: rates.map((rate) => 2 ** rate),
  };
}
