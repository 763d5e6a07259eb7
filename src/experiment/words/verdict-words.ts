import * as l10n from '@vscode/l10n';
import { numberLabel } from '../../recipe/notation';
import { optimizerRow } from '../../recipe/optimizers/optimizers';
import { lrPower, type OptimizerRow } from '../../recipe/optimizers/optimizer-row';
import type { ExperimentSpec, Fit, VariantRole, VariantSpec } from '../spec';
import { isAgreed, type Proof, type Verdict, type VerdictKind } from '../verdict/verdict';
import { departureWords, measuredWords, undecidedWords, type Sentences, type VerdictText } from './undecided-words';
import { numberName } from './curves';
import { apart, listed, sentences, sizeWords, taskWords } from './sizes';

/** The verdict in plain sentences, with the closest single learning rate if some were tried. */
export function verdictWords(spec: ExperimentSpec, verdict: Verdict, fit?: Fit): VerdictText {
  const rescaled = deviationsByRole(spec, verdict)('rescaled') ?? 0;
  const words = { ...sentencesOf(spec, verdict), evidence: evidenceWords(spec, verdict, rescaled) };
  if (!fit || verdict.kind === 'undecided') return words;
  return { ...words, aside: sentences(fitWords(spec, verdict, fit), words.aside) };
}

function sentencesOf(spec: ExperimentSpec, verdict: Verdict): Sentences {
  const { kind, reason, envelope, coarse, departures, firstStep } = verdict;
  const said = deviationsByRole(spec, verdict);
  const [rescaled, alphaOnly] = [said('rescaled') ?? 0, said('alpha-only')];
  const trained = trainedWords(spec, drawWords(spec, verdict));
  const aside = contrastWords(spec, alphaOnly, said('blog-rule'));
  const rounding = sizeWords(envelope);
  const digits = verdict.asWrittenDigits;
  const asWritten = digits === null ? '' : l10n.t`; as written, to ${digits} digits`;
  const different = rescaled < NEAR ? l10n.t('Close, but not the same run') : l10n.t('Not the same run');
  const row = optimizerRow(spec.optimizer.row);
  const isUnchanged = spec.variants.every(({ scaling }) => scaling === baseOf(spec)?.scaling);
  if (row?.noRule && !isUnchanged && (kind !== 'undecided' || reason === 'no-rule')) {
    return measuredWords(spec, verdict, trained);
  }
  switch (kind) {
    case 'undecided':
      return undecidedWords(verdict, row, trained, rescaled);
    case 'identical': {
      const several = spec.variants.filter(({ role, draw }) => role === 'rescaled' && draw === 0).length > 1;
      const same = isUnchanged
        ? l10n.t`${trained}: the file already has this scaling.`
        : l10n.t`${trained}: every loss has the same bits${several ? l10n.t(' at every alpha') : ''}.`;
      const headline = isUnchanged ? l10n.t('Nothing changes') : l10n.t`The same run, to the last bit${asWritten}`;
      return { headline, shown: same, detail: unseenWords(verdict), aside };
    }
    case 'equivalent':
      return {
        headline: l10n.t`The same run, up to rounding${asWritten}`,
        shown: l10n.t`${trained}: the losses differ by at most ${sizeWords(rescaled)} (rounding error alone: ${rounding}).`,
        detail: sentences(driftWords(verdict, rescaled), proofWords(verdict, row), unseenWords(verdict)),
        aside,
      };
    case 'different':
      if (coarse.length > 0 && departures.length === 0) {
        return { ...coarseWords(verdict, trained, said('as-written') ?? 0), aside };
      }
      return {
        headline: [different, causeOf(spec, verdict)].filter((part) => part !== '').join(': '),
        shown: sentences(
          l10n.t`${trained}: the losses differ by up to ${sizeWords(rescaled)} (rounding error alone: ${rounding}).`,
          firstStep === null ? '' : l10n.t`The difference starts at step ${firstStep}.`,
        ),
        detail: sentences(brokenWords(verdict), differenceWords(verdict)),
        aside,
      };
  }
}

/** What keeps the plan from being the same run, in a word: `DoRA`, `LoRA+`; empty if the numbers tell it better. */
function causeOf({ variants, useDora }: ExperimentSpec, { departures }: Verdict): string {
  if (departures.length === 0) return '';
  // All but the magnitudes, and what they share, is as the rule would have it.
  if (useDora && departures.every(({ owner }) => owner === 'm' || owner === 'shared')) return 'DoRA';
  const [base, rescaled] = (['base', 'rescaled'] as const).map((role) => variants.find((each) => each.role === role));
  const keepsA = base?.init.A === rescaled?.init.A && base?.a.lr === rescaled?.a.lr;
  return keepsA && base?.b.lr !== rescaled?.b.lr ? 'LoRA+' : '';
}

function baseOf({ variants }: ExperimentSpec): VariantSpec | undefined {
  return variants.find(({ role }) => role === 'base');
}

function trainedWords(spec: ExperimentSpec, draws: string): string {
  const [task, optimizer] = [taskWords(spec), optimizerRow(spec.optimizer.row)?.title ?? spec.optimizer.row];
  return spec.steps === 1
    ? l10n.t`${draws}1 step of ${task} under ${optimizer}`
    : l10n.t`${draws}${spec.steps} steps of ${task} under ${optimizer}`;
}

/** The rule is right, but the file has too few digits. */
function coarseWords({ coarse }: Verdict, trained: string, apartBy: number): Omit<Sentences, 'aside'> {
  const numbers = coarse.map(({ what, written, exact }) => {
    const name = what === 'scaling' ? l10n.t('the scaling') : numberName(what);
    return l10n.t`${name} is ${numberLabel(written, 8)} (plan: ${numberLabel(exact, 8)})`;
  });
  return {
    headline: l10n.t('Not the same run as written'),
    detail: sentences(
      l10n.t`As written, ${numbers.join('; ')}.`,
      l10n.t`${trained}: that changes the losses by up to ${sizeWords(apartBy)}.`,
      l10n.t('Write more digits.'),
    ),
  };
}

function fitWords(spec: ExperimentSpec, { envelope }: Verdict, { lr, deviation }: Fit): string {
  const { seeds } = spec;
  const rate = baseOf(spec)?.a.lr ?? Number.NaN;
  const where = seeds.length > 1 ? l10n.t`at seed ${seeds[0] ?? ''}` : l10n.t('here');
  const found = l10n.t`Of the learning rates tried ${where}, the closest is ${numberLabel(lr * rate, 3)} (× ${numberLabel(lr, 3)})`;
  return deviation <= envelope
    ? l10n.t`${found}: within the rounding error here, which proves nothing for your run.`
    : l10n.t`${found}: ${sizeWords(deviation)} apart, so not the same run either.`;
}

function drawWords({ seeds }: ExperimentSpec, { draw, draws, kind }: Verdict): string {
  if (draws < 2) return '';
  return isAgreed(kind)
    ? l10n.t`On each of ${draws} draws, `
    : l10n.t`At seed ${seeds[draw] ?? ''}, the worst of ${draws} draws, `;
}

function contrastWords({ optimizer }: ExperimentSpec, alphaOnly: number | null, blog: number | null): string {
  const row = optimizerRow(optimizer.row);
  // If lr / k is the right rate, this curve differs only in the other numbers.
  const rule = row && lrPower(row) === -2 ? l10n.t('lr / k and nothing else changed') : l10n.t('The SGD rule lr / k');
  const alone = alphaOnly === null ? '' : l10n.t`Alpha alone: ${apart(alphaOnly)}.`;
  return sentences(alone, blog === null ? '' : `${rule}: ${apart(blog)}.`);
}

function driftWords({ envelope, drift }: Verdict, rescaled: number): string {
  if (drift === null || rescaled <= envelope || drift <= envelope) return '';
  return l10n.t`The rounding error is larger here: at other scalings it changes the rule's own losses by up to ${sizeWords(drift)}.`;
}

function proofWords({ proof }: Verdict, row: OptimizerRow | undefined): string {
  if (!proof) return '';
  const at = numberLabel(proof.k);
  if (proof.identical) {
    return l10n.t`At k = ${at} the same powers give identical losses, so the difference is rounding error.`;
  }
  return row?.limit
    ? l10n.t`At k = ${at} the same powers give losses within ${sizeWords(proof.deviation)}, not identical ones: ${row.limit.message}`
    : l10n.t`At k = ${at} the rule should give identical losses, but not on this backend.`;
}

function differenceWords({ departures, proof, ruleProof }: Verdict): string {
  if (departures.length === 0) return '';
  const holds = [ruleProof, proof].find((one): one is Proof => one?.identical === true);
  const held = holds ? l10n.t` At k = ${numberLabel(holds.k)} the rule itself gives identical losses.` : '';
  return l10n.t`Different from the rule: ${departureWords(departures)}.${held}`;
}

function brokenWords({ broken }: Verdict): string {
  if (!broken) return '';
  const is = broken.what === 'nan' ? 'NaN' : l10n.t('infinite');
  return l10n.t`The rescaled run's loss is ${is} from step ${broken.step} on.`;
}

function unseenWords({ unseen }: Verdict): string {
  if (unseen.length === 0) return '';
  const names = listed(unseen.map(numberName));
  return l10n.t`Not tested here: ${names} (no effect on this run).`;
}

/** The maximum over all draws if they agree, otherwise of the draw that decided. */
function deviationsByRole(
  { variants }: ExperimentSpec,
  { deviations, draw, kind }: Verdict,
): (role: VariantRole) => number | null {
  return (role) => {
    const found = deviations.filter((_, i) => {
      return variants[i]?.role === role && (isAgreed(kind) || variants[i]?.draw === draw);
    });
    return found.length === 0 ? null : Math.max(...found);
  };
}

/**
 * The evidence in one line; empty for a verdict that needs its reason instead.
 * @param rescaled the largest relative deviation of the rescaled run
 */
export function evidenceWords(
  { steps }: Pick<ExperimentSpec, 'steps'>,
  { kind, envelope, firstStep, departures, coarse }: Verdict,
  rescaled: number,
): string {
  if (kind === 'undecided' || (coarse.length > 0 && departures.length === 0)) return '';
  if (kind === 'identical') return l10n.t`Every loss of ${steps} steps has the same bits.`;
  const size = l10n.t`The loss differs by up to ${sizeWords(rescaled)}; rounding error alone: ${sizeWords(envelope)}.`;
  return kind === 'different' && firstStep !== null ? l10n.t`${size} It starts at step ${firstStep}.` : size;
}

/** The look of a verdict. `nearly`: the curves agree and only the plan is not exact. */
export type VerdictLook = VerdictKind | 'nearly';

/** Runs that are less apart than this are close, though not the same: a relative difference of the loss. */
const NEAR = 0.01;

/**
 * The mark and colour of a verdict: good news is not shown as a question, and a small difference not as a large one.
 * @param apart of the plan's run from the baseline, where that is to count
 */
export function lookOf({ kind, reason }: Pick<Verdict, 'kind' | 'reason'>, apart = Infinity): VerdictLook {
  const isClose = apart < NEAR && (kind === 'different' || reason === 'not-exact');
  return isClose || reason === 'departs' || reason === 'nearly' ? 'nearly' : kind;
}
