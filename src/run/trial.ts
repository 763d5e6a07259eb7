import * as l10n from '@vscode/l10n';
import { claimed } from '../experiment/verdict/verdict';
import { sentences } from '../experiment/words/sizes';
import type { GaugeId } from '../recipe/gauge';
import type { OptimizerRow } from '../recipe/optimizers/optimizer-row';
import { oneLine } from '../recipe/visible';
import { alphaAlone, factorsFor } from './factors';
import { aboutRun, looksAtAlpha } from './read-against-ran';
import { emptyWords, runReading } from './recipe-of-run';
import { hasFired, type Recording, type RunPlan } from './recording';
import { isPowerOfFour, runVerdictWords, verdictOf } from './verdict';
import type { RunOf, RunRole, RunVerdict } from './verdict';

/** So many baselines with rounding noise measure the rounding error. The seed is that of all runs. */
const [CONTROLS, SEED] = [3, 1];

/** Times this, no threshold of clipping is reached. */
const NEVER = 2 ** 100;

/** Why there is nothing to try, or why it ended, in one sentence. */
export class TrialError extends Error {}

/** One run of the program: what it is for, and what the recorder does in it. */
export interface Attempt {
  role: RunRole;
  /** `control-2` */
  name: string;
  plan: RunPlan | null;
  /** Moves each A by one unit in its last place, or that of `dtype` where the program computes in a coarser type. */
  noise: { seed: number; dtype?: string } | null;
  /** Of all runs of a trial, so that a program that draws without a seed of its own (Axolotl) repeats itself. */
  seed?: number;
}

/** Starts the program, waits for its end, and reads what was recorded. @throws Error where nothing was */
export type RunProgram = (attempt: Attempt) => Promise<{ text: string; recording: Recording }>;

export interface Trial {
  verdict: RunVerdict;
  row: OptimizerRow;
  plan: RunPlan;
  gauge: GaugeId;
  about: string;
  /** The recording of the baseline. */
  recorded: string;
}

export const ROLE_NAMES: Readonly<Record<RunRole, () => string>> = {
  base: () => l10n.t('the baseline'),
  again: () => l10n.t('the baseline again'),
  plan: () => l10n.t('the plan'),
  'alpha-only': () => l10n.t('alpha alone'),
  'proof-base': () => l10n.t('the baseline without clipping'),
  proof: () => l10n.t('the plan where nothing is rounded'),
  control: () => l10n.t('the baseline with rounding noise'),
};

/**
 * Runs a program several times, each in a process of its own: the baseline twice, the plan, alpha alone, and where bits
 * differ controls and a proof. Judges by bits first, then by the rounding error.
 * @param kOf the factor of the scaling, once the baseline was recorded
 * @throws TrialError where there is no plan for the recorded run, or a run ended too early
 */
export async function tryPlan(run: RunProgram, kOf: (base: Recording) => number, asked?: GaugeId): Promise<Trial> {
  const runs: RunOf[] = [];
  const record = async (role: RunRole, k: number, plan: RunPlan | null, noise: Attempt['noise'] = null) => {
    const name = noise === null ? role : `${role}-${noise.seed}`;
    const { text, recording } = await run({ role, name, plan, noise, seed: SEED });
    const which = ROLE_NAMES[role]();
    const empty = emptyWords(recording);
    if (empty !== null) throw new TrialError(`${which}: ${empty}`);
    const { steps } = runs[0]?.recording ?? recording;
    if (recording.steps < steps) {
      const why = oneLine(recording.reason || l10n.t('it says no reason'));
      throw new TrialError(l10n.t`${which} ended after step ${recording.steps} of ${steps}: ${why}`);
    }
    runs.push({ role, k, recording });
    return { text, recording };
  };
  const { text, recording: base } = await record('base', 1, null);
  const reading = runReading(text, base);
  const k = kOf(base);
  if (k === 1) throw new TrialError(l10n.t('the run has this alpha already; there is nothing to try'));
  const factored = factorsFor(base, reading, k, asked);
  if ('refused' in factored) throw new TrialError(l10n.t`no plan can be tried: ${factored.refused}`);
  const { row, plan, gauge } = factored;
  await record('again', 1, null);
  await record('plan', k, plan);
  await record('alpha-only', k, alphaAlone(k));
  if (verdictOf(runs).kind !== 'identical') {
    const clips = base.clips.some((clip) => clip.over !== 'other' && hasFired(clip));
    const even = isPowerOfFour(k) ? k : k > 1 ? 4 : 1 / 4;
    const proof = even === k && !clips ? null : factorsFor(base, reading, even, gauge);
    const unclipped = clips && { clip: { norm: NEVER } };
    if (clips) await record('proof-base', 1, { ...alphaAlone(1), ...unclipped });
    if (proof && 'plan' in proof) await record('proof', even, { ...proof.plan, ...unclipped });
    // Under autocast, or in an optimizer that steps in bfloat16, a unit of float32 vanishes.
    const dtype = base.precision.autocast ?? (row.rounds ? 'bfloat16' : null);
    for (let seed = 1; seed <= CONTROLS; seed++)
      await record('control', 1, null, { seed, ...(dtype !== null && { dtype }) });
  }
  const notSeen = new Set(base.notSeen.map(({ why }) => why));
  const notUnderstood = reading.notUnderstood.filter(({ why }) => notSeen.has(why));
  const claim = { asRead: row.exactness, limit: row.limit?.message ?? null, notUnderstood };
  const found = verdictOf(runs);
  const verdict = { ...found, ...claimed(found, claim) };
  return { verdict, row, plan, gauge, about: aboutRun(base), recorded: text };
}

/** The verdict in a headline and sentences: the evidence, and what the trial cannot show. */
export function trialWords({ verdict, row, about }: Trial): { headline: string; says: string } {
  const { headline, evidence, shown = '', detail, aside } = runVerdictWords(verdict, row, about);
  const { others, clips } = verdict.runs[0]?.recording ?? { others: { count: 0 }, clips: [] };
  const isMixed = clips.some(({ over, threshold }) => over === 'mixed' && Number.isFinite(threshold));
  const kept = l10n.t('What trains beside LoRA kept its numbers here; a config must keep them too.');
  const mixed = l10n.t('One threshold clips LoRA and other parameters together: once it is reached, the runs differ.');
  const untouched = ['identical', 'equivalent', 'undecided'].includes(verdict.kind) ? looksAtAlpha() : '';
  const besides = [others.count > 0 ? kept : '', isMixed ? mixed : '', untouched];
  return { headline, says: sentences(evidence, shown, detail, aside, ...besides) };
}

/** Per module: how far ΔW of the plan is from the baseline's, and how far rounding error takes it. */
export function modulesOf({ verdict: { runs } }: Trial): { module: string; deviation: number; control: number }[] {
  const far = (role: RunRole, module: string): number =>
    Math.max(0, ...runs.map((run) => (run.role === role ? (run.modules[module] ?? 0) : 0)));
  const plain = runs.find(({ role }) => role === 'plan')?.modules ?? {};
  return Object.entries(plain).map(([module, deviation]) => {
    return { module, deviation, control: Math.max(far('control', module), far('again', module)) };
  });
}
