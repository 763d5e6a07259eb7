import * as l10n from '@vscode/l10n';
import { compare } from '../../recipe/compare/compare-recipes';
import type { SameChange, SameRunWay } from '../../recipe/compare/same-run';
import { roundSignificant } from '../../recipe/notation';
import type { ConfigWay } from '../../config/compare/ways';
import { configRecipe, type ConfigRecipe } from '../../config/plan/as-trained';
import { divisionCode } from '../../config/planned';
import { runOfRecipe, readConfig, type ConfigReading } from '../../config/read';
import type { TextEdit } from '../../config/reading';
import type { Caveat } from '../../recipe/caveats/caveat';
import { RecipeError } from '../../recipe/recipe';
import { fractionalAlpha } from '../../config/plan/caveats';
import { linkedNumbers, literalFor, placeOf } from '../../config/plan/place';
import { blockOf } from '../../config/rewrite';
import type { Run, Adapter } from '../../config/understand/run';
import { edited, isSameRecipe, refused, type Refused } from '../../config/write/edited';
import type { Writing } from '../../config/write/writing';

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
  const after = edited(text, run, writings);
  if ('refusal' in after) return after;
  const fault = faultOf(first, second, readConfig(after.text, path), after.text, way);
  if (fault) return { refusal: fault };
  // The way keeps the scaling.
  const code = way.changes.some(({ field }) => field === 'init') ? divisionCode(run, way.init, 1) : null;
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
  { recipe: { initFactors }, reading: { recipes }, index }: ConfigRecipe,
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
    // The code of a plan stands beside a config, and so is not in its text.
    const now = { ...after.recipe, ...(initFactors && { initFactors }) };
    const { compared } = compare(first.recipe, now, { init: [{ A: 1, B: 1 }, way.init] });
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
