import { CONSTANT_IDS } from '../../recipe/optimizers/constants';
import type { Field, TrainerSupport } from '../../recipe/plans/plan';
import type { Interpretation, Network } from '../understand/interpretation';
import { groupFields } from '../optimizers/group-keys';
import { namedOptimizer } from '../understand/fields/named-optimizer';
import { writeKey } from '../trainers/shared/fields';

/** The fields that a plan may change, except the init, which has no key in any config. */
const MOVABLE = [
  'alpha',
  'useRslora',
  'learningRate',
  'loraplusLrRatio',
  'weightDecay',
  'maxGradNorm',
  'maxGradValue',
  ...CONSTANT_IDS,
] as const;

/** The fields of a network that the user can set in this file or in a script, and so what a plan may change. */
export function trainerSupport(
  { layout, root }: Pick<Interpretation, 'layout' | 'root'>,
  { fields, recipe }: Network,
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
  const canGroup = layout.groups && !settable.has('loraplusLrRatio') && rule?.isUngrouped !== true;
  return {
    settable,
    inScript,
    ...(loraplus ? { loraplus: { dropsDecay: loraplus.dropsDecay, vectorsWithB: loraplus.vectorsWithB } } : {}),
    ...(canGroup ? { groups: groupFields(rule) } : {}),
    wholeAlpha: layout.wholeAlpha ?? false,
  };
}
