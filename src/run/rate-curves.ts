import * as l10n from '@vscode/l10n';
import * as v from 'valibot';
import { mean, type RateCurve } from '../experiment/rank/measured';
import { holds, loraOptimizers, type Recording } from './recording';
import { perStep } from './results-of-trial';

/** The runs at one rank: their losses over the learning rate. */
type RankCurve = Pick<RatedRun, 'rank' | 'scaling'> & { curve: RateCurve };

/** The share of last losses whose mean a run ended with. Fewer learning rates have no best between them. */
const [END, LEAST_RATES] = [0.1, 3];

const positive = v.pipe(v.number(), v.finite(), v.gtValue(0));
const losses = v.pipe(v.array(v.nullable(v.number())), v.minLength(1));
/** What a trial of `sweep.py --rates` leaves. */
const trial = v.object({ rank: positive, scaling: positive, rate: positive, loss: losses });

/** What a run at one rank and learning rate came to. */
type RatedRun = v.InferOutput<typeof trial>;

/** A run of a sweep over learning rates; null where the text is none. */
export function ratedRun(text: string): RatedRun | null {
  const { success, output } = v.safeParse(v.pipe(v.string(), v.parseJson(), trial), text);
  return success ? output : null;
}

/** A recorded run as one rank and learning rate; or one sentence why it is none. */
export function recordedRate(path: string, recording: Recording): RatedRun | { wrong: string } {
  const [module, ...others] = recording.modules;
  const groups = loraOptimizers(recording).flatMap(({ groups: all }) => all.filter((group) => holds(group, 'A')));
  const rate = Math.max(...groups.flatMap(({ lr }) => lr));
  if (!module || module.scaling === null || !(rate > 0) || recording.losses.length === 0) {
    return { wrong: l10n.t`${path} shows no LoRA module, learning rate or loss.` };
  }
  const { rank, scaling } = module;
  if (others.some((other) => other.rank !== rank || other.scaling !== scaling)) {
    return { wrong: l10n.t`${path} has modules of several ranks or scalings, so it stands for no rank.` };
  }
  return { rank, scaling, rate, loss: perStep(recording.losses, recording.steps) };
}

/**
 * The curves of runs at two ranks, the smaller first. Runs with the same learning rate are further draws.
 * @returns one sentence if the runs do not make two curves
 */
export function curvesOfRuns(
  runs: readonly RatedRun[],
): { from: RankCurve; to: RankCurve; steps: number } | { wrong: string } {
  const [small, large, more] = [...new Set(runs.map(({ rank }) => rank))].toSorted((one, other) => one - other);
  if (small === undefined || large === undefined || more !== undefined) {
    return { wrong: l10n.t('The recordings must be of two ranks.') };
  }
  const [steps = 0, ...others] = new Set(runs.map(({ loss }) => loss.length));
  if (others.length > 0) return { wrong: l10n.t('The recordings must have the same number of steps.') };
  const [from, to] = [small, large].map((rank) => curveAt(runs.filter((run) => run.rank === rank)));
  if (!from || !to) return { wrong: l10n.t`Each rank needs ${LEAST_RATES} learning rates or more, at one scaling.` };
  return { from, to, steps };
}

function curveAt(runs: readonly RatedRun[]): RankCurve | null {
  const [first] = runs;
  const rates = [...new Set(runs.map(({ rate }) => rate))].toSorted((one, other) => one - other);
  if (!first || rates.length < LEAST_RATES || runs.some(({ scaling }) => scaling !== first.scaling)) return null;
  const byRate = rates.map((rate) => runs.filter((run) => run.rate === rate));
  const endOf = ({ loss }: RatedRun): number =>
    mean(loss.slice(-Math.max(1, Math.round(END * loss.length))).map((one) => one ?? NaN));
  const draws = Math.min(...byRate.map(({ length }) => length));
  const starts = Array.from({ length: draws }, (_, draw) => mean(byRate.map((own) => own[draw]?.loss[0] ?? NaN)));
  const points = byRate.map((own, i) => ({ rate: Math.log2(rates[i] ?? NaN), losses: own.slice(0, draws).map(endOf) }));
  return { rank: first.rank, scaling: first.scaling, curve: { points, starts } };
}
