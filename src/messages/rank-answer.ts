import * as l10n from '@vscode/l10n';
import type { ConfigRankPlan } from '../config/ranked';
import type { Reading, ReadRecipe } from '../config/reading';
import type { Measured } from '../experiment/rank/measured';
import type { Probe } from '../experiment/rank/probe';
import { rankVerdict } from '../experiment/words/rank-words';
import { rankCaveats } from '../recipe/rank/plan';
import { changeJson, notUnderstoodJson } from './answers';

/** What is worth knowing of every rule: `rank_pattern`, other adapters, and lines that are not understood. */
export function rankRemarks({ recipes, notUnderstood }: Reading, recipe: ReadRecipe): string[] {
  const others = recipes.flatMap(({ name, rank }) => (name === recipe.name ? [] : `${name} (rank ${rank})`));
  const open = l10n.t('Some of the file is not understood and can change the run: `lora-alpha read` names it.');
  return [
    ...rankCaveats(recipe),
    ...(others.length > 0 ? [l10n.t`This is about ${recipe.name} alone. The file also has ${others.join(', ')}.`] : []),
    ...(notUnderstood.length > 0 ? [open] : []),
  ];
}

/**
 * What `rank --json` prints. `lrFactor`: where the best learning rate goes at the alpha of the plan.
 * @param found what a test model shows of the plans; null where nothing was measured
 * @param late why that is, where it was asked for
 */
export function rankJson(
  reading: Reading,
  recipe: ReadRecipe,
  plans: readonly ConfigRankPlan[],
  found: Probe | null,
  late: readonly string[] = [],
): object {
  const [first, ...alternatives] = plans.map(({ rule, claim, source, to, configChanges }) => {
    const { transfer, regret = null } = found?.plans.find(({ plan }) => plan.rule === rule) ?? {};
    const changes = configChanges.map(changeJson);
    return { rule, claim, source, to, changes, transfer: transfer ? transferJson(transfer) : null, regret };
  });
  return {
    ...{ from: plans[0]?.from, ...first, alternatives },
    ...{ verdict: found && rankVerdict(found), caveats: [...late, ...rankRemarks(reading, recipe)] },
    measured: found && { on: 'test model', ...found.size, ranks: found.ranks, control: found.control },
    notUnderstood: reading.notUnderstood.map(notUnderstoodJson),
  };
}

export function transferJson({ shift, interval, ...rest }: Measured): object {
  return { lrFactor: shift, low: interval?.low ?? null, high: interval?.high ?? null, ...rest };
}
