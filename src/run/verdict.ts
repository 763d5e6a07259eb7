import * as l10n from '@vscode/l10n';
import { listed } from '../recipe/listed';
import { breakOf, deviationsOf, largest, vanishing } from '../experiment/verdict/deviations';
import { limitsOf, undecidedBy, type Limits, type Undecided } from '../experiment/verdict/undecided';
import type { Verdict } from '../experiment/verdict/verdict';
import { apart, sentences, sizeWords } from '../experiment/words/sizes';
import { undecidedWords, type VerdictText } from '../experiment/words/undecided-words';
import { numberLabel } from '../recipe/notation';
import type { OptimizerRow } from '../recipe/optimizers/optimizer-row';
import type { Recording } from './recording';

/**
 * The runs of one program. `proof`: the plan where nothing is rounded: at a power of four, and without clipping if that
 * fires (torch adds 1e-6 to the norm); then `proof-base` is its baseline. `control`: the baseline with rounding noise.
 */
export type RunRole = 'base' | 'again' | 'plan' | 'alpha-only' | 'proof-base' | 'proof' | 'control';

export interface RunOf {
  role: RunRole;
  /** Factor of the scaling. */
  k: number;
  recording: Recording;
}

/** How far a run is from the baseline: of its losses, and of every module's ΔW. */
interface Distance {
  loss: number;
  /** The largest of all modules and steps. */
  deltaW: number;
  modules: Readonly<Record<string, number>>;
}

export interface ComparedRun extends RunOf, Distance {}

/** The experiment's verdict about the runs of one program. */
export interface RunVerdict extends Verdict {
  /** The baseline first. */
  runs: readonly ComparedRun[];
  /** The rounding error: what the baseline run again, and the controls, show. */
  noise: Omit<Distance, 'modules'>;
  /** The program gives the same bits when nothing changes; null where that was not tried. */
  repeats: boolean | null;
  /** Modules whose ΔW leaves the rounding error. */
  apart: readonly string[];
}

/** Deviations of a run from the baseline. A missing loss, sketch or module is infinitely far. */
function distanceOf(base: Recording, run: Recording): Distance {
  const steps = deviationsOf(run.losses, base.losses, vanishing(base.losses));
  const loss = run.losses.length === base.losses.length ? largest(steps) : Infinity;
  const modules: Record<string, number> = {};
  for (const { step, modules: own } of base.sketches) {
    const other = run.sketches.find((sketch) => sketch.step === step)?.modules;
    for (const [name, sketch] of Object.entries(own))
      modules[name] = Math.max(modules[name] ?? 0, sketchDeviation(sketch, other?.[name]));
  }
  return { loss, deltaW: largest(Object.values(modules)), modules };
}

type Sketch = Recording['sketches'][number]['modules'][string];

function sketchDeviation(base: Sketch, other: Sketch | undefined): number {
  if (!other) return Infinity;
  if (other.sha === base.sha) return 0;
  // The root mean square of the differences estimates the norm of the difference of both ΔW.
  const squares = base.values.reduce((sum, value, i) => sum + (value - (other.values[i] ?? NaN)) ** 2, 0);
  const deviation = Math.sqrt(squares / base.values.length) / Math.max(base.norm, Number.MIN_VALUE);
  // The bits differ, even where eight numbers do not show it.
  return Number.isNaN(deviation) ? Infinity : Math.max(deviation, Number.EPSILON);
}

/** Whether the symmetric plan rounds nothing at this k. */
export const isPowerOfFour = (k: number): boolean => Number.isInteger(Math.log2(k) / 2);

const farthest = ({ loss, deltaW }: Distance): number => Math.max(loss, deltaW);

const isSame = (far: Distance): boolean => farthest(far) === 0;

/**
 * By bits first, then by the rounding error: what the baseline shows when it runs again, and the controls.
 * @param runs the baseline first
 */
export function verdictOf(runs: readonly RunOf[]): RunVerdict {
  const base = runs.find(({ role }) => role === 'base')?.recording;
  if (!base) throw new Error('there is no baseline to compare with');
  const proofBase = runs.find(({ role }) => role === 'proof-base')?.recording;
  const far = runs.map((run): ComparedRun => {
    return { ...run, ...distanceOf((run.role === 'proof' && proofBase) || base, run.recording) };
  });
  const of = (...roles: RunRole[]): ComparedRun[] => far.filter(({ role }) => roles.includes(role));
  const [[again], [plan], [alone], alike] = [of('again'), of('plan'), of('alpha-only'), of('again', 'control')];
  const noise = { loss: largest(alike.map(({ loss }) => loss)), deltaW: largest(alike.map(({ deltaW }) => deltaW)) };
  const isIdentical = plan !== undefined && isSame(plan);
  // At a power of four the plan itself is the proof.
  const [proved] = [...of('proof'), ...of('plan').filter(({ k }) => isPowerOfFour(k))];
  const proof = proved ? { k: proved.k, identical: isSame(proved), deviation: farthest(proved) } : null;
  const isProven = proof?.identical === true;
  const steps = Math.max(1, base.losses.length);
  const limitsAt = (rounding: number): Limits => limitsOf(steps, rounding, null, isIdentical, isProven);
  const [limits, ofW] = [limitsAt(noise.loss), limitsAt(noise.deltaW)];
  const modules = Object.entries(plan?.modules ?? {}).flatMap(([name, size]) => (size > ofW.limit ? [name] : []));
  const losses = plan?.recording.losses ?? [];
  const beyond = deviationsOf(losses, base.losses, vanishing(base.losses));
  const first = beyond.findIndex((deviation) => deviation > limits.limit) + 1;
  const found = {
    ...{ deviations: far.map(({ loss }) => loss), runs: far, envelope: noise.loss, noise, apart: modules },
    ...{ drift: null, firstStep: null, proof, ruleProof: null, departures: [], unseen: [], coarse: [] },
    ...{ draw: 0, draws: 1, asWrittenDigits: null, repeats: again ? isSame(again) : null },
    broken: breakOf(base.losses) ?? breakOf(losses),
  };
  const undecided = (reason: Undecided): RunVerdict => ({ ...found, kind: 'undecided', reason });
  if (!plan || (base.losses.length === 0 && base.sketches.length === 0)) return undecided('no-points');
  if (!hasMoved(base)) return undecided('still');
  const isFar = alone !== undefined && alone.deltaW > Math.max(noise.deltaW, ofW.limit);
  const alpha = isFar ? Infinity : (alone?.loss ?? null);
  const controls = of('control').map(({ recording }) => recording.losses);
  const reason = undecidedBy(base.losses, 1, controls, limits, alpha, isIdentical);
  // Without losses the weights decide, and they have moved.
  if (reason !== null && reason !== 'still' && reason !== 'no-points') return undecided(reason);
  if (reason === 'no-points' && alone && !isFar) return undecided('alpha-too');
  if (isIdentical) return { ...found, kind: 'identical' };
  if (plan.loss > limits.limit || modules.length > 0) {
    // A proof without clipping says nothing of the threshold.
    if (isProven && !proofBase) return undecided('drifts');
    return { ...found, kind: 'different', firstStep: first > 0 ? Math.ceil((first * base.steps) / steps) : null };
  }
  if (isProven) return { ...found, kind: 'equivalent' };
  // A wrong number may hide below the rounding error. Only bits would show it, and here they cannot, or do not, agree.
  return undecided(found.repeats === false || proof === null ? 'nearly' : 'bits-lost');
}

/** Whether any module's ΔW changed after it was first seen. */
function hasMoved({ sketches }: Recording): boolean {
  const [first, last] = [sketches[0]?.modules ?? {}, Object.entries(sketches.at(-1)?.modules ?? {})];
  const isOne = sketches.length === 1;
  return last.length === 0 || last.some(([name, { norm, sha }]) => (isOne ? norm !== 0 : first[name]?.sha !== sha));
}

/** The verdict in sentences. @param what the program and its steps, as a sentence begins: `train.py, 20 steps` */
export function runVerdictWords(verdict: RunVerdict, row: OptimizerRow | undefined, what: string): VerdictText {
  const { kind, noise, proof, repeats, firstStep } = verdict;
  const at = (role: RunRole): ComparedRun | undefined => verdict.runs.find((run) => run.role === role);
  const [plan, alone] = [at('plan'), at('alpha-only')];
  const { loss = 0, deltaW = 0, modules = {} } = plan ?? {};
  const aside = alone ? l10n.t`Alpha alone: ${apart(farthest(alone))}.` : '';
  const steady = repeats !== false ? '' : l10n.t('The program does not repeat its own bits; two baselines differ.');
  const evidence =
    kind === 'identical'
      ? l10n.t`${what}: every loss and the ΔW of every module (${Object.keys(modules).length}) have the same bits.`
      : l10n.t`${what}: the losses differ by ${sizeWords(loss)}, ΔW by ${sizeWords(deltaW)} (rounding error alone: ${sizeWords(noise.loss)} and ${sizeWords(noise.deltaW)}).`;
  const of = (headline: string, ...detail: string[]): VerdictText => {
    return { headline, evidence, detail: sentences(...detail, steady), aside };
  };
  const k = numberLabel(proof?.k ?? 4);
  switch (kind) {
    case 'identical':
      return of(l10n.t`The same run, to the last bit${''}`);
    case 'equivalent': {
      const bits = l10n.t`At k = ${k} the same powers give identical losses, so the difference is rounding error.`;
      const clipped = at('proof-base') ? l10n.t('Clipping was off for this, because torch adds 1e-6 to the norm.') : '';
      return of(l10n.t`The same run, up to rounding${''}`, bits, clipped);
    }
    case 'different': {
      const where = verdict.apart.length === 0 ? '' : l10n.t`ΔW differs in ${listed(verdict.apart, 3)}.`;
      const start = firstStep === null ? '' : l10n.t`The difference starts at step ${firstStep}.`;
      return of(l10n.t('Not the same run'), start, where);
    }
    case 'undecided': {
      const open = l10n.t('Within the rounding error, but not proven');
      if (verdict.reason === 'nearly' && !verdict.claim) return of(open);
      if (verdict.reason !== 'bits-lost') {
        const words = undecidedWords(verdict, row, what, plan ? farthest(plan) : 0);
        return { ...words, evidence: '', aside: sentences(words.aside, steady) };
      }
      const lost = l10n.t`At k = ${k} an exact plan gives the same bits, and here it does not: something in this program has a unit and is no part of the plan, or its arithmetic rounds.`;
      return of(open, lost);
    }
  }
}
