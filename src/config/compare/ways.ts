import * as l10n from '@vscode/l10n';
import { compare, type Comparison } from '../../recipe/compare/compare-recipes';
import { isOne } from '../../recipe/compare/ratio';
import type { SameChange, SameRunWay } from '../../recipe/compare/same-run';
import { isSurrounding } from '../../recipe/compare/surroundings';
import { numberLabel, roundSignificant } from '../../recipe/notation';
import { SIDE_NAMES, type ComparedQuantity } from '../../recipe/compare/compared';
import type { Field } from '../../recipe/plans/plan';
import { configRecipe, type ConfigRecipe } from '../plan/as-trained';
import { runOfRecipe, readConfig, type ConfigReading } from '../read';
import type { ReadField, TextEdit } from '../reading';
import { writeKey } from '../trainers/shared/fields';
import type { Caveat } from '../../recipe/caveats/caveat';
import { RecipeError } from '../../recipe/recipe';
import { fractionalAlpha } from '../plan/caveats';
import { linkedNumbers, literalFor, placeOf } from '../plan/place';
import { blockOf } from '../rewrite';
import type { Run, Adapter } from '../understand/run';
import { edited, isSameRecipe, refused, type Refused } from '../write/edited';
import type { Writing } from '../write/writing';

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
  return [
    {
      ...{ field, key: key ?? name, from: valueLabel(from), to: to === null ? unknown : valueLabel(to) },
      ...{
        where: key === null && !isSurrounding(field) ? 'nowhere' : 'config',
        isWord: factor === null && typeof to !== 'number',
      },
    },
  ];
}

/** A number with six digits, a word as it is, `not stated` for null. */
export function valueLabel(value: ComparedQuantity['first']): string {
  if (value === null) return l10n.t('not stated');
  return typeof value === 'number' ? numberLabel(value, 6) : value;
}

/** The edits, the keys that they write, and Python for the init where the way needs it. */
export type WayWriting = { edits: TextEdit[]; written: readonly string[]; code: string | null } | Refused;

/**
 * The smallest edits that bring the second config to the first's run by `way`. Words (a schedule, target modules) are
 * left to their owner: every trainer has its own. The edited text is read and compared again before it is handed out.
 * @param path of the second file, whose extension names its syntax
 */
export function writeWay(
  first: ConfigRecipe,
  second: ConfigRecipe,
  { way, changes }: ConfigWay,
  path: string,
): WayWriting {
  const { text, reading, index } = second;
  const located = runOfRecipe(text, reading, index);
  if (!located || !reading.syntax) {
    return refused('changed', l10n.t('The file has changed since it was read; compare again.'));
  }
  const { run, adapter } = located;
  const missing = changes.find(({ where, isWord }) => where === 'nowhere' && !isWord);
  if (missing) return refused('no-key', l10n.t`${run.trainer.name} has no key for the ${missing.key}.`);
  const writings: Writing[] = [];
  for (const change of way.changes) {
    if (change.field === 'init' || (change.factor === null && typeof change.to !== 'number')) continue;
    const own = writingsOf(run, adapter, change);
    if (!Array.isArray(own)) return own;
    writings.push(...own);
  }
  if (writings.length === 0)
    return refused('nothing-to-write', l10n.t('None of these changes is a number of this file.'));
  const blocked = blockOf(run, []);
  if (blocked) return { refusal: blocked };
  const after = edited(text, reading.syntax, run, writings);
  if ('refusal' in after) return after;
  const fault = faultOf(first, second, readConfig(after.text, path), after.text, way);
  if (fault) return { refusal: fault };
  // The way keeps the scaling.
  const start = { init: way.init, k: 1, method: adapter.recipe.init };
  const code = way.changes.some(({ field }) => field === 'init') ? run.layout.initCode(start) : null;
  return { edits: after.edits, written: writings.map(({ place }) => place.key.label), code };
}

function writingsOf(run: Run, adapter: Adapter, { field, from, to }: SameChange): Writing[] | Refused {
  const place = placeOf(run, adapter.fields[field as keyof Adapter['fields']]);
  if (!place) return refused('in-script', l10n.t`The ${field} of this config is set in your own script.`);
  if (typeof to !== 'number') return refused('unknown', l10n.t`The first config does not set ${place.key.label}.`);
  const value = roundSignificant(to);
  if (field === 'alpha' && run.layout.wholeAlpha && !Number.isInteger(value)) {
    return { refusal: fractionalAlpha(run.trainer.name, to) };
  }
  const linked = typeof from !== 'number' || from === 0 || field === 'alpha' ? [] : linkedNumbers(run, adapter, field);
  const along = linked.map(({ place: other, from: now }): Writing => {
    return { place: other, literal: literalFor(run, other, roundSignificant(now * (to / Number(from))), false) };
  });
  return [{ place, literal: literalFor(run, place, value, field === 'alpha') }, ...along];
}

function faultOf(
  first: ConfigRecipe,
  { reading: { recipes }, index }: ConfigRecipe,
  reading: ConfigReading,
  text: string,
  way: SameRunWay,
): Caveat | null {
  const after = configRecipe(text, reading, index);
  if (!after || reading.recipes.length !== recipes.length) return unwritten(l10n.t('it can no longer be read'));
  const moved = recipes.find((recipe, i) => i !== index && !isSameRecipe(recipe, reading.recipes[i]));
  if (moved) {
    const message = l10n.t`${moved.name} uses a number that would change, too. Give each recipe its own number first.`;
    return { code: 'shared-number', message };
  }
  try {
    const { compared } = compare(first.recipe, after.recipe, { init: [{ A: 1, B: 1 }, way.init] });
    const isLeft = (key: string): boolean => way.left.some((left) => left.key === key);
    const odd = compared.find(({ key, quantity, same }) => same === false && quantity && !isLeft(key));
    return odd ? unwritten(l10n.t`${odd.name} would differ`) : null;
  } catch (error) {
    if (error instanceof RecipeError) return unwritten(error.message);
    throw error;
  }
}

function unwritten(fault: string): Caveat {
  const message = l10n.t`The rewritten file would not be the same run (${fault}); nothing is changed.`;
  return { code: 'rewrite-fault', message };
}
