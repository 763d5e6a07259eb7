import { CONSTANT_IDS } from '../../recipe/optimizers/constants';
import type { Field, TrainerSupport } from '../../recipe/plans/plan';
import type { Run, Adapter } from '../understand/run';
import { GROUP_FIELDS } from '../optimizers/word';
import { namedOptimizer } from '../understand/fields/named-optimizer';
import { writeKey } from '../trainers/shared/fields';
import { runOfRecipe, type ConfigReading } from '../read';
import type { ReadRecipe } from '../reading';

/** The fields that a plan may change, except the init, which has no key in any config. */
const MOVABLE = [
  ...(['alpha', 'useRslora', 'learningRate', 'loraplusLrRatio', 'weightDecay', 'maxGradNorm', 'maxGradValue'] as const),
  ...CONSTANT_IDS,
];

/** The fields of an adapter that the user can set in this file or in a script, and so what a plan may change. */
export function trainerSupport(
  { layout, root, own }: Pick<Run, 'layout' | 'root' | 'own'>,
  { fields, recipe }: Adapter,
): TrainerSupport {
  const { loraplus } = layout;
  const inScript = new Set(Object.keys(layout.inScript ?? {}) as Field[]);
  const settable = new Set<Field>([
    ...MOVABLE.filter((field) => fields[field] && writeKey(fields[field])),
    ...inScript,
  ]);
  const optimizer = recipe.optimizer.name?.toLowerCase() ?? '';
  if (!loraplus || loraplus.ignoredBy?.has(optimizer) || loraplus.isRuledOut?.(root)) {
    settable.delete('loraplusLrRatio');
  }
  if (layout.canSwitchRslora?.(root) === false) settable.delete('useRslora');
  const { rule } = namedOptimizer(layout, root, recipe.optimizer.name);
  const canGroup = layout.groups && !own.placed && !settable.has('loraplusLrRatio') && rule?.isUngrouped !== true;
  return {
    settable,
    inScript,
    ...(loraplus ? { loraplus: { dropsDecay: loraplus.dropsDecay, vectorsWithB: loraplus.vectorsWithB } } : {}),
    ...(canGroup ? { groups: GROUP_FIELDS } : {}),
    wholeAlpha: layout.wholeAlpha !== undefined,
  };
}

/**
 * A recipe without the values that its trainer ignores: in some trainers weight decay beside a LoRA+ ratio, or the ratio
 * itself with some optimizers. The reading keeps the values of the file.
 * @param text the text `reading` was read from
 * @param recipe one of the reading
 */
export function asTrained(text: string, reading: ConfigReading, recipe: ReadRecipe): ReadRecipe {
  const located = runOfRecipe(text, reading, reading.recipes.indexOf(recipe));
  return located ? asTrainedIn(located.run, { ...located.adapter, recipe }) : recipe;
}

export function asTrainedIn(run: Run, adapter: Adapter): ReadRecipe {
  const { recipe } = adapter;
  if (recipe.loraplusLrRatio === null) return recipe;
  const { settable, loraplus } = trainerSupport(run, adapter);
  if (!settable.has('loraplusLrRatio')) return { ...recipe, loraplusLrRatio: null, lrB: null };
  const dropped = loraplus?.dropsDecay && recipe.optimizer.weightDecay;
  return dropped ? { ...recipe, optimizer: { ...recipe.optimizer, weightDecay: 0 } } : recipe;
}

/** Recipe number `index` of a file, without the values that its trainer ignores. */
export interface ConfigRecipe {
  text: string;
  reading: ConfigReading;
  recipe: ReadRecipe;
  index: number;
}

export function configRecipe(text: string, reading: ConfigReading, index: number): ConfigRecipe | null {
  const recipe = reading.recipes[index];
  return recipe ? { text, reading, index, recipe: asTrained(text, reading, recipe) } : null;
}
