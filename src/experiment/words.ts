import { numberLabel } from '../recipe/notation';
import { lrPower } from '../recipe/optimizers/row';
import { optimizerRow } from '../recipe/optimizers/optimizers';
import type { OptimizerRow } from '../recipe/optimizers/row';
import type { ExperimentSpec, Fit, VariantRole, VariantSpec } from './spec';
import { TRIED_RATES } from './variants';
import type { Undecided, Verdict } from './verdict';

export interface VerdictText {
  /** The answer. */
  headline: string;
  /** What was trained, and how far apart the curves are. */
  detail: string;
  /** The wrong ways for comparison, or what to change. */
  aside: string;
}

const LABELS: Readonly<Record<Exclude<VariantRole, 'plan' | 'proof' | 'control'>, string>> = {
  base: 'now',
  rescaled: 'rescaled',
  'as-written': 'as written',
  'alpha-only': 'alpha alone',
  'blog-rule': 'lr / k',
};

const PLAN_LABELS: Readonly<Record<string, string>> = {
  symmetric: 'init rescaled',
  'keep-init': 'LoRA+ ratio',
  'keep-b': 'A rescaled',
  'lr-only': 'learning rate only',
  'rate-by-root': 'lr / √k',
  'rate-by-k': 'lr / k',
};

const TASK_WORDS: Readonly<Record<ExperimentSpec['task'], (kind: 'LoRA' | 'DoRA', layers: number) => string>> = {
  linear: (kind) => `one ${kind} layer`,
  mlp: (kind, layers) => `${countWords(layers)} ${kind} ${layers === 1 ? 'layer' : 'layers'}`,
  transformer: (kind) => `one transformer block with ${kind}`,
};

/** What a task trains. */
export function taskWords({ task, useDora, sizes }: Pick<ExperimentSpec, 'task' | 'useDora' | 'sizes'>): string {
  return TASK_WORDS[task](useDora ? 'DoRA' : 'LoRA', sizes?.layers ?? 2);
}

function countWords(count: number): string {
  return ['no', 'one', 'two', 'three', 'four'][count] ?? String(count);
}

const UNDECIDED: Readonly<Record<Undecided, { detail: string; aside: string }>> = {
  'no-points': { detail: 'The run was stopped before its first step.', aside: 'Run it again and let it finish.' },
  diverged: {
    detail: 'The run as it is now diverges, so there is nothing the others could be compared with.',
    aside: 'Lower the learning rate, or shorten the run.',
  },
  still: {
    detail: 'The run as it is now hardly learns, so every other run looks like it.',
    aside: 'Train more steps, or raise the learning rate; it may be 0 in this file.',
  },
  noisy: {
    detail:
      'Here a change in the last digit moves the loss nearly as far as the training does, so no curve tells a rule from chance.',
    aside: 'Lower the learning rate, or shorten the run.',
  },
  'alpha-too': {
    detail: 'Even with alpha alone changed the run stays within rounding, so the curves tell no rule from another.',
    aside: 'Train more steps, raise the learning rate, or choose an alpha further away.',
  },
};

/** Name of a variant's curve, as a legend shows it. */
export function curveLabel({ name, role }: Pick<VariantSpec, 'name' | 'role'>): string {
  if (role === 'control') return `rounding ${name.replace('control-', '')}`;
  if (role === 'proof') return 'proof at a power of 2';
  if (role === 'plan') return PLAN_LABELS[name] ?? name;
  if (role === 'rescaled' && name === 'planned') return 'as planned';
  if (role === 'rescaled' && name.startsWith('alpha-')) return `alpha ${name.slice('alpha-'.length)}`;
  return LABELS[role];
}

/** The verdict in plain sentences; with the learning rate that fits best, where one was looked for. */
export function verdictWords(spec: ExperimentSpec, verdict: Verdict, fit?: Fit): VerdictText {
  const words = sentencesOf(spec, verdict);
  if (!fit || verdict.kind === 'undecided') return words;
  return { ...words, aside: sentences(fitWords(spec, verdict, fit), words.aside) };
}

function sentencesOf(spec: ExperimentSpec, verdict: Verdict): VerdictText {
  const said = deviationsByRole(spec, verdict);
  const rescaled = said('rescaled') ?? 0;
  const trained = `${spec.steps} ${spec.steps === 1 ? 'step' : 'steps'} of ${taskWords(spec)} under ${titleOf(spec)}`;
  const contrast = contrastWords(spec, said('alpha-only'), said('blog-rule'));
  const rounding = sizeWords(verdict.envelope);
  const row = optimizerRow(spec.optimizer.row);
  if (verdict.kind === 'undecided') return undecidedWords(verdict, row);
  if (row?.rule === 'none' && !unchanged(spec)) return measuredWords(spec, verdict, trained);
  switch (verdict.kind) {
    case 'identical':
      return {
        headline: unchanged(spec) ? 'Nothing changes' : 'The same run, to the last bit',
        detail: sentences(
          unchanged(spec)
            ? `${trained}: this is the scaling the file has now.`
            : `${trained}: every loss has the same bits${several(spec) ? ' at every alpha' : ''}.`,
          writtenWords(verdict),
        ),
        aside: contrast,
      };
    case 'equivalent':
      return {
        headline: 'The same run, up to rounding',
        detail: sentences(
          `${trained}: the curves differ by at most ${sizeWords(rescaled)}; moving A by its last digit does ${rounding}.`,
          proofWords(verdict),
          writtenWords(verdict),
        ),
        aside: contrast,
      };
    case 'different':
      return {
        headline: close(rescaled, said('alpha-only')) ? 'Close, but not the same run' : 'Not the same run',
        detail: sentences(
          `${trained}: the curves differ by up to ${sizeWords(rescaled)}, where rounding explains ${rounding}.`,
          verdict.firstStep === null ? '' : `They part at step ${verdict.firstStep}.`,
          proofWords(verdict, 'what differs is what this plan cannot set'),
        ),
        aside: contrast,
      };
  }
}

function undecidedWords({ reason }: Verdict, row: OptimizerRow | undefined): VerdictText {
  const headline = 'This run decides nothing';
  if (reason === 'still' && row?.stuck) {
    const aside =
      'Here B starts at zero. Where it does in your run, nothing is learned at any alpha: choose another optimizer, or an init that fills B.';
    return { headline, detail: `Nothing is learned here. ${row.stuck}`, aside };
  }
  return { headline, ...UNDECIDED[reason ?? 'no-points'] };
}

/** Where no rule is known, nothing is confirmed or refuted: which of the rates came closest, and how close. */
function measuredWords({ variants }: ExperimentSpec, verdict: Verdict, trained: string): VerdictText {
  const tried = variants
    .flatMap((variant, i) =>
      TRIED_RATES.some((name) => name === variant.name)
        ? [{ label: curveLabel(variant), deviation: verdict.deviations[i] ?? Number.POSITIVE_INFINITY }]
        : [],
    )
    .toSorted((one, other) => one.deviation - other.deviation);
  const [closest] = tried;
  const isInside = closest !== undefined && closest.deviation <= verdict.envelope;
  const came =
    closest && Number.isFinite(closest.deviation)
      ? `${closest.label} came closest`
      : 'every rate that was tried diverges';
  return {
    headline: `No rule is known; ${came}`,
    detail: sentences(
      `${trained}, at the new scaling and nothing else moved but the rate.`,
      `From the run as it is: ${tried.map(triedWords).join(', ')}.`,
      `Moving A by its last digit does ${sizeWords(verdict.envelope)}.`,
    ),
    aside: `${isInside ? 'That is within rounding here' : 'None of them is the same run'}, and nothing says that it would be as close in yours.`,
  };
}

function triedWords({ label, deviation }: { label: string; deviation: number }): string {
  return `${label} ${Number.isFinite(deviation) ? `${sizeWords(deviation)} apart` : 'diverges'}`;
}

/** `0.3 %`, `2.1e-7`, `no bit` */
export function sizeWords(deviation: number): string {
  if (deviation === 0) return 'no bit';
  if (!Number.isFinite(deviation)) return 'more than any number';
  if (deviation >= 100) return `a factor of ${Number(deviation.toPrecision(2))}`;
  if (deviation >= 1e-3) return `${Number((deviation * 100).toPrecision(2))} %`;
  return deviation.toExponential(1).replace('.0e', 'e');
}

function contrastWords({ optimizer }: ExperimentSpec, alphaOnly: number | null, blog: number | null): string {
  const row = optimizerRow(optimizer.row);
  // Where lr / k is the right rate, its curve is another only for what it leaves alone.
  const rule = row && lrPower(row) === -2 ? 'lr / k and nothing else moved' : 'The SGD rule lr / k';
  const alone = alphaOnly === null ? '' : `Alpha alone: ${apart(alphaOnly)}.`;
  return sentences(alone, blog === null ? '' : `${rule}: ${apart(blog)}.`);
}

/** What one learning rate can do at its best, and that it is not the same run. */
function fitWords({ variants }: ExperimentSpec, { envelope }: Verdict, { lr, deviation }: Fit): string {
  const rate = variants.find(({ role }) => role === 'base')?.a.lr ?? Number.NaN;
  const found = `The closest single learning rate here is ${numberLabel(lr * rate, 3)} (× ${numberLabel(lr, 3)})`;
  return deviation <= envelope
    ? `${found}: within rounding here, which says nothing of your run.`
    : `${found}: ${sizeWords(deviation)} apart at best, so not the same run either.`;
}

function apart(deviation: number): string {
  return Number.isFinite(deviation) ? `${sizeWords(deviation)} apart` : 'it diverges';
}

/** @param rest what is then left of the chosen run's deviation */
function proofWords({ proof }: Verdict, rest = 'what is left here is rounding'): string {
  if (!proof) return '';
  return proof.identical
    ? `At k = ${numberLabel(proof.k)} the rule gives the same run to the last bit, so ${rest}.`
    : `At k = ${numberLabel(proof.k)}, where the rule should give the same bits, it does not on this backend.`;
}

function writtenWords({ asWrittenDigits }: Verdict): string {
  return asWrittenDigits === null ? '' : `As written into the file, the losses agree to ${asWrittenDigits} digits.`;
}

function deviationsByRole({ variants }: ExperimentSpec, { deviations }: Verdict): (role: VariantRole) => number | null {
  return (role) => {
    const found = deviations.filter((_, i) => variants[i]?.role === role);
    return found.length === 0 ? null : Math.max(...found);
  };
}

function close(rescaled: number, alphaOnly: number | null): boolean {
  return alphaOnly !== null && rescaled < alphaOnly / 100;
}

function unchanged({ variants }: ExperimentSpec): boolean {
  const base = variants.find(({ role }) => role === 'base')?.scaling;
  return variants.every(({ scaling }) => scaling === base);
}

function several({ variants }: ExperimentSpec): boolean {
  return variants.filter(({ role }) => role === 'rescaled').length > 1;
}

function titleOf({ optimizer }: ExperimentSpec): string {
  return optimizerRow(optimizer.row)?.title ?? optimizer.row;
}

function sentences(...parts: string[]): string {
  return parts.filter((part) => part !== '').join(' ');
}
