import { claimHeadline } from '../../config/claim';
import { numberLabel } from '../../recipe/notation';
import type { OptimizerRow } from '../../recipe/optimizers/optimizer-row';
import type { Undecided } from '../judge/undecided';
import type { Verdict } from '../verdict';
import { departureWords, seenBy } from './departures';
import { sentences, sizeWords } from './sizes';
import type { VerdictText } from './verdict-text';

type Said = Omit<VerdictText, 'headline'> & { headline?: string };

const SHORTER = 'Lower the learning rate, or shorten the run.';

const TEXTS: Readonly<Record<Undecided, (verdict: Verdict, trained: string, rescaled: number) => Said>> = {
  'no-points': () => ({
    detail: 'The run was stopped before its first step.',
    aside: 'Run it again and let it finish.',
  }),
  infinite: ({ broken }) => ({
    detail: `The run as it is now diverges: its loss is infinite from step ${broken?.step ?? 1} on, so there is nothing the others could be compared with.`,
    aside: SHORTER,
  }),
  nan: ({ broken }) => ({
    detail: `The run as it is now breaks: its loss is no number (NaN) from step ${broken?.step ?? 1} on, so there is nothing the others could be compared with.`,
    aside: SHORTER,
  }),
  explodes: () => ({
    detail:
      'The run as it is now diverges: its loss grows more than ten thousandfold, and soon leaves what 32 bits can hold.',
    aside: SHORTER,
  }),
  still: () => ({
    detail: 'The run as it is now hardly learns, so every other run looks like it.',
    aside: 'Train more steps, or raise the learning rate; it may be 0 in this file.',
  }),
  'controls-break': () => ({
    detail: 'Here a change in the last digit is enough to make the run diverge, so no curve tells a rule from chance.',
    aside: SHORTER,
  }),
  noisy: ({ envelope }) => ({
    detail: `Here a change in the last digit moves the loss by ${sizeWords(envelope)}, nearly as far as the training does, so no curve tells a rule from chance.`,
    aside: SHORTER,
  }),
  'alpha-too': () => ({
    detail: 'Even with alpha alone changed the run stays within rounding, so the curves tell no rule from another.',
    aside: 'Train more steps, raise the learning rate, or choose an alpha further away.',
  }),
  departs: ({ departures, proof, envelope }, trained, rescaled) => ({
    headline: 'The same run here, though the plan is not exact',
    detail: sentences(
      rescaled === 0
        ? `${trained}: every loss has the same bits.`
        : `${trained}: the curves differ by at most ${sizeWords(rescaled)}; rounding alone does ${sizeWords(envelope)}.`,
      `Not as the rule has it: ${departureWords(departures)}.`,
      proof === null
        ? ''
        : `Without rounding, at k = ${numberLabel(proof.k)}, that moves the losses by ${sizeWords(proof.deviation)}.`,
    ),
    aside: `On numbers like these it does not matter. ${seenBy(departures)}`,
  }),
  drifts: ({ proof, envelope }, trained, rescaled) => ({
    detail: sentences(
      `${trained}: the curves part by up to ${sizeWords(rescaled)}, where moving A by its last digit does ${sizeWords(envelope)}.`,
      `Yet the numbers are exact: at k = ${numberLabel(proof?.k ?? 4)} they give the same run to the last bit. So it is rounding that grows.`,
    ),
    aside: SHORTER,
  }),
  'bits-lost': ({ proof }, trained) => ({
    detail: `${trained}: at k = ${numberLabel(proof?.k ?? 4)} the rule should give the same bits, and the losses are ${sizeWords(proof?.deviation ?? 0)} apart.`,
    aside: 'That is a fault of this rule or of this program, not of your file. Please report it with your config.',
  }),
  'no-rule': () => ({
    detail: 'No rule is known for this optimizer, so there is nothing that the run could confirm.',
    aside: 'Train more steps to see the rates part.',
  }),
  'not-exact': (verdict, trained, rescaled) => ({
    headline: 'Not exact for this file',
    detail: verdict.claim?.limit ?? 'A part of this file keeps the plan from being exact.',
    aside: `The small model does not show it. ${shown(verdict, trained, rescaled)}`,
  }),
  'not-understood': (verdict, trained, rescaled) => ({
    headline: (verdict.claim && claimHeadline(verdict.claim)) ?? 'Exact for what was read',
    detail: [...new Set(verdict.claim?.notUnderstood.map(({ why }) => why))].join(' '),
    aside: shown(verdict, trained, rescaled),
  }),
  nearly: (verdict, trained, rescaled) => ({
    headline: 'Nearly the same run',
    detail: verdict.claim?.limit ?? 'A part of this file keeps the plan from being exact.',
    aside: shown(verdict, trained, rescaled),
  }),
};

/** The result of the training, for a plan that is not exact for this file. */
function shown({ envelope }: Verdict, trained: string, rescaled: number): string {
  return rescaled === 0
    ? `${trained}: every loss has the same bits.`
    : `${trained}: the losses differ by at most ${sizeWords(rescaled)} (rounding error alone: ${sizeWords(envelope)}).`;
}

/** Why a run decides nothing, and how to change it. */
export function undecidedWords(
  verdict: Verdict,
  row: OptimizerRow | undefined,
  trained: string,
  rescaled: number,
): VerdictText {
  const { reason = 'no-points' } = verdict;
  const headline = 'This run decides nothing';
  if (reason === 'still' && row?.stuck) {
    const aside =
      'Here B starts at zero. Where it does in your run, nothing is learned at any alpha: choose another optimizer, or an init that fills B.';
    return { headline, detail: `Nothing is learned here. ${row.stuck}`, aside };
  }
  return { headline, ...TEXTS[reason](verdict, trained, rescaled) };
}
