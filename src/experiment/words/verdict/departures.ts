import * as l10n from '@vscode/l10n';
import type { Owner } from '../../variants/moved-numbers';
import type { MovedNumber } from '../../spec';
import type { Departure } from '../../variants/rule';
import { numberName } from '../number-names';

/** How to make a wrong number visible. */
const SEEN_BY: Readonly<Partial<Record<MovedNumber, string>>> = {
  eps: l10n.t('eps matters only if gradients are about as small: smaller gradients or a larger eps would show it.'),
  weightDecay: l10n.t('Weight decay accumulates: more steps, or a larger decay or learning rate, would show it.'),
  maxGradNorm: l10n.t('Max grad norm matters only if it is reached: a lower one would show it.'),
  maxGradValue: l10n.t('Max grad value matters only if it is reached: a lower one would show it.'),
  d0: l10n.t('The first guess matters only at the start: a larger one would show it.'),
};

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

/** How to make each of these visible. */
export function seenBy(departures: readonly Departure[]): string {
  const ways = departures.map(({ what }) => SEEN_BY[what] ?? l10n.t('Train more steps, or raise the learning rate.'));
  return [...new Set(ways)].join(' ');
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

function factor(value: number): string {
  return String(Number(value.toPrecision(4)));
}
