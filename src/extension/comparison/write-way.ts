import * as l10n from '@vscode/l10n';
import { compare } from '../../recipe/compare/compare-recipes';
import type { SameChange, SameRunWay } from '../../recipe/compare/same-run';
import { roundSignificant } from '../../recipe/notation';
import type { ConfigWay } from '../../config/compare/ways';
import { configRecipe, type ConfigRecipe } from '../../config/plan/as-trained';
import { divisionCode, type ConfigPlan } from '../../config/planned';
import { runOfRecipe, readConfig } from '../../config/read';
import type { TextEdit } from '../../config/reading';
import type { Caveat } from '../../recipe/caveats/caveat';
import { RecipeError } from '../../recipe/recipe';
import { fractionalAlpha } from '../../config/plan/caveats';
import { linkedNumbers, literalFor, placeOf } from '../../config/plan/place';
import { blockOf } from '../../config/rewrite';
import type { Run, Adapter } from '../../config/understand/run';
import { edited, isSameRecipe, refused, type Refused } from '../../config/write/edited';
import type { Writing } from '../../config/write/writing';

/** The edits, and the keys that they write. */
export type WayWriting = ({ edits: TextEdit[]; written: readonly string[] } & Left) | Refused;

/** What is left to do: Python for the init where the way needs it, which is not in the file already. */
interface Left extends Pick<ConfigPlan, 'code' | 'codeName'> {
  /** That the file has now. */
  alpha: number;
}

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
  // Code in its place belongs to a scaling.
  const k = way.id === 'alpha' ? first.recipe.scaling / second.recipe.scaling : 1;
  const isMoved = way.changes.some(({ field }) => field === 'init') || (run.own.placed && k !== 1);
  const all = isMoved ? divisionCode(run, way.init, k) : null;
  const after = edited(text, run, writings, all ?? '');
  if ('refusal' in after) return after;
  const code = run.own.at ? null : all;
  const now = configRecipe(after.text, readConfig(after.text, path), index);
  const fault = faultOf(first, second, now, code === null ? { A: 1, B: 1 } : way.init, way);
  if (fault || !now) return { refusal: fault ?? unwritten(l10n.t('it can no longer be read')) };
  const left = { code, codeName: code === null ? null : (run.layout.codeName ?? null), alpha: now.recipe.alpha };
  return { edits: after.edits, written: writings.map(({ place }) => place.key.label), ...left };
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
  after: ConfigRecipe | null,
  init: SameRunWay['init'],
  way: SameRunWay,
): Caveat | null {
  const now = after?.reading.recipes;
  if (!after || now?.length !== recipes.length) return unwritten(l10n.t('it can no longer be read'));
  const moved = recipes.find((recipe, i) => i !== index && !isSameRecipe(recipe, now[i]));
  if (moved) {
    const message = l10n.t`${moved.name} uses a number that would change, too. Give each recipe its own number first.`;
    return { code: 'shared-number', message };
  }
  try {
    // Code beside a config is not in its text.
    const beside = after.recipe.initFactors ?? initFactors;
    const second = { ...after.recipe, ...(beside && { initFactors: beside }) };
    const { compared } = compare(first.recipe, second, { init: [{ A: 1, B: 1 }, init] });
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
