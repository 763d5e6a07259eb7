import * as l10n from '@vscode/l10n';
import { claimHeadline } from '../../config/plan/claim';
import { numberLabel } from '../../recipe/notation';
import type { OptimizerRow } from '../../recipe/optimizers/optimizer-row';
import type { Undecided } from '../verdict/undecided';
import type { Verdict } from '../verdict/verdict';
import { sentences, sizeWords } from './sizes';
import type { Owner } from '../variants/numbers';
import type { ExperimentSpec } from '../spec';
import type { Departure } from '../variants/rule';
import { numberName, curveLabel } from './curves';

export interface VerdictText {
  /** The verdict. */
  headline: string;
  /** The evidence in one line; empty if the detail is needed to understand the verdict. */
  evidence: string;
  /** What was trained, and the largest difference between the curves, where the evidence says it in short. */
  shown?: string;
  /** What else decided the verdict. */
  detail: string;
  /** For comparison, or what to change. */
  aside: string;
}

/** A verdict's text without its evidence. */
export type Sentences = Omit<VerdictText, 'evidence'>;

/** Why a run decides nothing, and how to change it. @param trained what was trained @param rescaled its deviation */
export function undecidedWords(
  verdict: Verdict,
  row: OptimizerRow | undefined,
  trained: string,
  rescaled: number,
): Sentences {
  const { reason = 'no-points', broken, envelope, departures, proof, claim } = verdict;
  const undecided = l10n.t('This run decides nothing');
  if (reason === 'still' && row?.stuck) {
    const aside = l10n.t(
      'B starts at zero here. If it does in your run too, nothing is learned at any alpha: choose another optimizer, or an init with B ≠ 0.',
    );
    return { headline: undecided, detail: l10n.t`Nothing is learned here. ${row.stuck}`, aside };
  }
  const shorter = l10n.t('Lower the learning rate, or shorten the run.');
  const [step, rounding, k] = [broken?.step ?? 1, sizeWords(envelope), numberLabel(proof?.k ?? 4)];
  const read = (claim && claimHeadline(claim)) ?? l10n.t('Exact for what was read');
  const limit = claim?.limit ?? l10n.t('A part of this file keeps the plan from being exact.');
  const shown =
    rescaled === 0
      ? l10n.t`${trained}: every loss has the same bits.`
      : l10n.t`${trained}: the losses differ by at most ${sizeWords(rescaled)} (rounding error alone: ${rounding}).`;
  const texts: Record<Undecided, string | [detail: string, aside: string, headline?: string]> = {
    'no-points': [l10n.t('The run was stopped before its first step.'), l10n.t('Run it again and let it finish.')],
    infinite: [
      l10n.t`The baseline diverges: its loss is infinite from step ${step} on, so there is nothing to compare with.`,
      shorter,
    ],
    nan: l10n.t`The baseline breaks: its loss is NaN from step ${step} on, so there is nothing to compare with.`,
    explodes: l10n.t('The baseline diverges: its loss grows more than 10,000-fold and soon exceeds 32 bits.'),
    still: [
      l10n.t('The baseline hardly learns, so every other run looks the same.'),
      l10n.t('Train more steps, or raise the learning rate; it may be 0 in this file.'),
    ],
    'controls-break': l10n.t(
      'This run is chaotic: rounding error alone makes it diverge, so the curves prove nothing.',
    ),
    noisy: l10n.t`This run is chaotic: rounding error alone changes the loss by ${rounding}, nearly as much as training does, so the curves prove nothing.`,
    'alpha-too': [
      l10n.t('Even alpha alone changes the loss by no more than rounding error, so the curves prove nothing.'),
      l10n.t('Train more steps, raise the learning rate, or choose a more distant alpha.'),
    ],
    departs: [
      sentences(
        shown,
        l10n.t`Different from the rule: ${departureWords(departures)}.`,
        proof === null
          ? ''
          : l10n.t`At k = ${k}, where rescaling adds no rounding error, that changes the losses by ${sizeWords(proof.deviation)}.`,
      ),
      l10n.t('With numbers like these it does not matter. More steps, or a higher learning rate, may show it.'),
      l10n.t('The same run here, though the plan is not exact'),
    ],
    drifts: sentences(
      l10n.t`${trained}: the losses differ by up to ${sizeWords(rescaled)} (rounding error alone, measured on the baseline: ${rounding}).`,
      l10n.t`Yet the plan's powers are exact: at k = ${k} they give identical losses. So the difference is growing rounding error.`,
    ),
    'bits-lost': [
      l10n.t`${trained}: at k = ${k} the rule should give identical losses, but they differ by ${sizeWords(proof?.deviation ?? 0)}.`,
      l10n.t('This looks like a bug in LoRA Alpha. Please report it with this config.'),
    ],
    'no-rule': [
      l10n.t('No rule is known for this optimizer, so there is nothing to confirm.'),
      l10n.t('Train more steps to see how the learning rates differ.'),
    ],
    'not-exact': [limit, l10n.t`The small model does not show it. ${shown}`, l10n.t('Not exact for this file')],
    'not-understood': [
      [...new Set(claim?.notUnderstood.map(({ why }) => why))]
        .filter((why) => !read.endsWith(why.slice(0, -1)))
        .join(' '),
      shown,
      read,
    ],
    nearly: [limit, shown, l10n.t('Nearly the same run')],
  };
  const [detail = '', aside = shorter, headline = undecided] = [texts[reason]].flat();
  return { headline, detail, aside };
}

/** `eps stays (rule: × 2); max grad norm …`. Equal changes of A and B are listed once. */
export function departureWords(departures: readonly Departure[]): string {
  const said = new Map<string, { departure: Departure; owners: Owner[] }>();
  for (const departure of departures) {
    const key = JSON.stringify([departure.what, factor(departure.by), departure.right && factor(departure.right)]);
    const group = said.get(key) ?? { departure, owners: [] };
    said.set(key, { departure, owners: [...group.owners, departure.owner] });
  }
  return [...said.values()].map(({ departure, owners }) => one(departure, owners)).join('; ');
}

function one({ what, by, right }: Departure, owners: readonly Owner[]): string {
  const name = `${numberName(what)}${ownerWords(owners)}`;
  const moved =
    by === 1 ? l10n.t`${name} stays` : by === 0 ? l10n.t`${name} is removed` : l10n.t`${name} changes × ${factor(by)}`;
  if (right === null) return l10n.t`${moved} (no single number is right)`;
  return right === 1 ? l10n.t`${moved} (rule: unchanged)` : l10n.t`${moved} (rule: × ${factor(right)})`;
}

function ownerWords(owners: readonly Owner[]): string {
  if (owners.includes('shared') || (owners.includes('A') && owners.includes('B'))) return '';
  return owners[0] === 'm' ? l10n.t(" of DoRA's magnitudes") : l10n.t` of ${owners[0] ?? ''}`;
}

const factor = (value: number): string => String(Number(value.toPrecision(4)));

/** If no rule is known, nothing is confirmed: the text says which rate came closest, and how close. */
export function measuredWords({ variants }: ExperimentSpec, verdict: Verdict, trained: string): Sentences {
  const worst = (name: string): number => Math.max(...verdict.deviations.filter((_, i) => variants[i]?.name === name));
  const tried = variants
    .filter(({ triedRate, draw }) => draw === 0 && triedRate !== undefined)
    .map((variant) => ({ label: curveLabel(variant), deviation: worst(variant.name) }))
    .toSorted((one, other) => one.deviation - other.deviation);
  const [closest] = tried;
  const isInside = closest !== undefined && closest.deviation <= verdict.envelope;
  const came =
    closest && Number.isFinite(closest.deviation)
      ? l10n.t`${closest.label} came closest`
      : l10n.t('every learning rate that was tried diverges');
  return {
    headline: l10n.t`No rule is known; ${came}`,
    detail: sentences(
      l10n.t`${trained}, at the new scaling with only the learning rate changed.`,
      l10n.t`Compared with the baseline: ${tried.map(triedWords).join(', ')}.`,
      l10n.t`Rounding error alone: ${sizeWords(verdict.envelope)}.`,
    ),
    aside: l10n.t`${isInside ? l10n.t('That is within the rounding error here') : l10n.t('None of them is the same run')}. Your run may differ more.`,
  };
}

function triedWords({ label, deviation }: { label: string; deviation: number }): string {
  return Number.isFinite(deviation) ? l10n.t`${label} is ${sizeWords(deviation)} apart` : l10n.t`${label} diverges`;
}
