import * as l10n from '@vscode/l10n';
import { compareConfigs, type ConfigComparison } from '../config/compare/compare-configs';
import type { ConfigRecipe } from '../config/plan/as-trained';
import { comparable } from './read-against-ran';
import { isRun } from './recipe-of-run';

/** Recordings are compared by what they show; the rest counts as the other file says it. */
export function compared(first: ConfigRecipe, second: ConfigRecipe): ConfigComparison {
  const [one = null, other = null] = [first, second].map(({ reading }) => (isRun(reading) ? reading.recording : null));
  if (!one && !other) return compareConfigs(first, second);
  const { pair, init } = comparable([first.recipe, second.recipe], [one, other]);
  const sides = [
    { ...first, recipe: pair[0] },
    { ...second, recipe: pair[1] },
  ] as const;
  const found = compareConfigs(...sides, init && { init });
  if (one && other) return found;
  const said = l10n.t('A recording names no schedule and no init: they count as the config says them.');
  return { ...found, foot: `${said} ${found.foot}` };
}
