import * as l10n from '@vscode/l10n';
import type { Comparison } from '../../recipe/compare/compare-recipes';
import { isOne } from '../../recipe/compare/ratio';
import type { SameChange, SameRunWay } from '../../recipe/compare/same-run';
import { isSurrounding } from '../../recipe/compare/surroundings';
import { numberLabel } from '../../recipe/notation';
import { SIDE_NAMES, type ComparedQuantity } from '../../recipe/compare/compared';
import type { Field } from '../../recipe/plans/plan';
import type { ConfigRecipe } from '../plan/as-trained';
import { runOfRecipe } from '../read';
import type { ReadField } from '../reading';
import { writeKey } from '../trainers/shared/fields';

/** One value that has to change in the second config. */
export interface WayChange {
  field: SameChange['field'];
  /** The trainer's key, or `init of A`. */
  key: string;
  from: string;
  to: string;
  /** `config`: the trainer has a key for it; `code`: the init, which needs code; `nowhere`: the trainer has no key. */
  where: 'config' | 'code' | 'nowhere';
  /** The value is a word or a list, not a number. */
  isWord: boolean;
}

/** Changes that make the second config the same run as the first, in the words of its trainer. */
export interface ConfigWay {
  way: SameRunWay;
  changes: readonly WayChange[];
  /** What still differs after the changes, by name. */
  left: readonly string[];
}

/**
 * The ways to make the second the same run as the first, which sentences call `first`. What leaves the fewest
 * differences comes first, then what the trainer's config can say.
 */
export function configWays({ ways }: Comparison, second: ConfigRecipe, first = SIDE_NAMES.first): ConfigWay[] {
  const keys = keysOf(second);
  const missing = ({ changes }: ConfigWay): number => changes.filter(({ where }) => where === 'nowhere').length;
  return ways
    .map((way): ConfigWay => ({
      way,
      changes: way.changes.flatMap((change) => changesOf(change, way, keys, first)),
      left: way.left.map(({ name }) => name),
    }))
    .sort((x, y) => x.left.length - y.left.length || missing(x) - missing(y));
}

/** Looks up the key with which a user sets a field of this recipe; null if the trainer has none. */
function keysOf({ text, reading, index }: ConfigRecipe): (field: string) => string | null {
  const located = runOfRecipe(text, reading, index);
  return (field) => {
    const source = located?.adapter.fields[field as ReadField];
    const stated = located?.adapter.recipe.stated[field as ReadField]?.path;
    const inScript = located?.run.layout.inScript?.[field as Field];
    return stated ?? inScript ?? (source && writeKey(source)?.label) ?? null;
  };
}

function changesOf(
  { field, name, from, to, factor }: SameChange,
  { init }: SameRunWay,
  keys: (field: string) => string | null,
  first: string,
): WayChange[] {
  if (field === 'init' && factor !== null) {
    const factors = [['A', init.A] as const, ['B', init.B] as const].filter(([, by]) => !isOne(by));
    return factors.map(([of, by]) => {
      return { field, key: l10n.t`init of ${of}`, from: '1', to: numberLabel(by, 6), where: 'code', isWord: false };
    });
  }
  const key = keys(field);
  const unknown = factor === null ? l10n.t`as in ${first}` : l10n.t`that of ${first} × ${numberLabel(factor, 6)}`;
  const isOfFile = key !== null || isSurrounding(field) || field.startsWith('option ');
  const values = { from: valueLabel(from), to: to === null ? unknown : valueLabel(to) };
  const where = isOfFile ? 'config' : 'nowhere';
  return [{ field, key: key ?? name, ...values, where, isWord: factor === null && typeof to !== 'number' }];
}

/** A number with six digits, a word as it is, `not stated` for null. */
export function valueLabel(value: ComparedQuantity['first']): string {
  if (value === null) return l10n.t('not stated');
  return typeof value === 'number' ? numberLabel(value, 6) : value;
}
