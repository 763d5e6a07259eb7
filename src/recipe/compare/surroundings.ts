import * as l10n from '@vscode/l10n';
import type { Surrounding, Surroundings } from '../recipe';

const UNDECIDED = l10n.t('Which of steps and epochs ends the run depends on the trainer.');
const LONGER = l10n.t('One of them trains longer.');
const MIXED = l10n.t('One counts steps and the other epochs; how many steps an epoch has depends on the data.');

const ROWS: readonly (readonly [key: Surrounding, name: string, why: string])[] = [
  ['model', l10n.t('model'), l10n.t('The factors adapt other weights.')],
  ['data', l10n.t('data'), l10n.t('The names differ; whether the data do, no config says.')],
  ['batch', l10n.t('batch size'), l10n.t('A step averages another number of examples.')],
  ['steps', l10n.t('number of steps'), LONGER],
  ['epochs', l10n.t('number of epochs'), LONGER],
  ['seed', l10n.t('seed'), l10n.t('A starts from other random numbers, so the runs differ by chance.')],
  ['precision', l10n.t('precision'), l10n.t('The runs round otherwise: they stay near each other, no more.')],
];

/** Whether a row of a comparison is one of them. */
export const isSurrounding = (key: string): boolean => ROWS.some(([own]) => own === key);

/** `Llama-3.1-8B` of `meta-llama/Llama-3.1-8B` and of `/models/Llama-3.1-8B/`. */
export const lastPart = (value: string): string => {
  const parts = value.toLowerCase().split(/[\\/]/);
  return parts.findLast((part) => part !== '') ?? '';
};

/** A batch of one device is none of all devices. */
const isCountedOtherwise = (key: Surrounding, first: Surroundings, second: Surroundings): boolean =>
  key === 'batch' && first.batchUnit !== second.batchUnit;

/** Where one of them agrees alone, the trainer decides which of them ends the run. */
const ENDS: Readonly<Partial<Record<Surrounding, Surrounding>>> = { steps: 'epochs', epochs: 'steps' };

const lengthOf = ({ steps, epochs }: Surroundings): string | undefined =>
  steps ?? (epochs === undefined ? undefined : l10n.t`${epochs} epochs`);

type Texts = Record<'name' | 'first' | 'second' | 'why', string>;
type Compared = Texts & { key: Surrounding; quantity: null; ratio: null; same: boolean | null };

/** A row of a comparison for each of them that both state. */
export function comparedSurroundings(first: Surroundings = {}, second: Surroundings = {}): Compared[] {
  return ROWS.flatMap(([key, name, why]) => {
    const has = (of: Surrounding): boolean => first[of] !== undefined && second[of] !== undefined;
    const isMixed = key === 'steps' && !has('steps') && !has('epochs');
    const [mine, other] = isMixed ? [lengthOf(first), lengthOf(second)] : [first[key], second[key]];
    if (mine === undefined || other === undefined || isCountedOtherwise(key, first, second)) return [];
    const isSame = key === 'model' ? lastPart(mine) === lastPart(other) : mine === other;
    const end = ENDS[key];
    const isOtherSame = end !== undefined && first[end] === second[end];
    const isEnded = end !== undefined && (isSame ? !isOtherSame && !has(end) : isOtherSame && has(end));
    const same = isMixed || isEnded || (key === 'data' && !isSame) ? null : isSame;
    const said = same === true ? '' : isMixed ? MIXED : isEnded ? UNDECIDED : why;
    return [{ key, quantity: null, name, first: mine, second: other, ratio: null, same, why: said }];
  });
}

/** What counts as equal, because not both state it: `model, seed, how the data are cut and ordered`. */
export function unsaidOf(first: Surroundings = {}, second: Surroundings = {}): string {
  const isOpen = (key: Surrounding): boolean =>
    first[key] === undefined || second[key] === undefined || isCountedOtherwise(key, first, second);
  const open = ROWS.filter(([key]) => isOpen(key));
  const isLengthSaid = lengthOf(first) !== undefined && lengthOf(second) !== undefined;
  const names = open.flatMap(([, name, why]) => (why === LONGER && isLengthSaid ? [] : name));
  const devices = isOpen('batch') ? [] : [l10n.t('number of devices')];
  return [...names, ...devices, l10n.t('how the data are cut and ordered')].join(', ');
}
