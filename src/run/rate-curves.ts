import * as l10n from '@vscode/l10n';
import type { RateCurve } from '../experiment/rank/measured';
import { holds, loraOptimizers, type Recording } from './recording';
import { perStep } from './results-of-trial';

/** The runs at one rank: their losses over the learning rate. */
interface RankCurve {
  rank: number;
  scaling: number;
  curve: RateCurve;
}

/** The share of last losses whose mean a run ended with. Fewer learning rates have no best between them. */
const [END, LEAST_RATES] = [0.1, 3];

/**
 * The curves of runs at two ranks, the smaller first. Runs with the same learning rate are further draws.
 * @returns one sentence if the runs do not make two curves
 */
export function curvesOfRuns(
  runs: readonly { path: string; recording: Recording }[],
): { from: RankCurve; to: RankCurve; steps: number } | { wrong: string } {
  const read: { rank: number; scaling: number; rate: number; losses: number[] }[] = [];
  for (const { path, recording } of runs) {
    const [module, ...others] = recording.modules;
    const groups = loraOptimizers(recording).flatMap(({ groups: all }) => all.filter((group) => holds(group, 'A')));
    const rate = Math.max(...groups.flatMap(({ lr }) => lr));
    if (!module || module.scaling === null || !(rate > 0) || recording.losses.length === 0) {
      return { wrong: l10n.t`${path} shows no LoRA module, learning rate or loss.` };
    }
    if (others.some(({ rank, scaling }) => rank !== module.rank || scaling !== module.scaling)) {
      return { wrong: l10n.t`${path} has modules of several ranks or scalings, so it stands for no rank.` };
    }
    const losses = perStep(recording.losses, recording.steps);
    read.push({ rank: module.rank, scaling: module.scaling, rate: Math.log2(rate), losses });
  }
  const [small, large, more] = [...new Set(read.map(({ rank }) => rank))].toSorted((one, other) => one - other);
  if (small === undefined || large === undefined || more !== undefined) {
    return { wrong: l10n.t('The recordings must be of two ranks.') };
  }
  const steps = new Set(read.map(({ losses }) => losses.length));
  if (steps.size > 1) return { wrong: l10n.t('The recordings must have the same number of steps.') };
  const [from, to] = [small, large].map((rank) => curveAt(read.filter((run) => run.rank === rank)));
  if (!from || !to) return { wrong: l10n.t`Each rank needs ${LEAST_RATES} learning rates or more, at one scaling.` };
  return { from, to, steps: [...steps][0] ?? 0 };
}

function curveAt(runs: readonly (Omit<RankCurve, 'curve'> & { rate: number; losses: number[] })[]): RankCurve | null {
  const [first] = runs;
  const rates = [...new Set(runs.map(({ rate }) => rate))].toSorted((one, other) => one - other);
  if (!first || rates.length < LEAST_RATES || runs.some(({ scaling }) => scaling !== first.scaling)) return null;
  const byRate = rates.map((rate) => runs.filter((run) => run.rate === rate).map(({ losses }) => losses));
  const draws = Array.from({ length: Math.min(...byRate.map(({ length }) => length)) }, (_, draw) =>
    byRate.map((own) => own[draw] ?? []),
  );
  const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
  const curve = {
    rates,
    draws: draws.map((own) => own.map((losses) => mean(losses.slice(-Math.max(1, Math.round(END * losses.length)))))),
    starts: draws.map((own) => mean(own.map(([start = NaN]) => start))),
  };
  return { rank: first.rank, scaling: first.scaling, curve };
}
