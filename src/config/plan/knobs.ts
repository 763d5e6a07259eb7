import { CONSTANT_IDS } from '../../recipe/optimizers/constants';
import type { Field, Knobs } from '../../recipe/plans/plan';
import type { Interpretation, Network } from '../understand/interpretation';
import { groupFields } from '../optimizers/group-keys';
import { namedOptimizer } from '../understand/named-optimizer';
import type { Fields } from '../trainers/shared/fields';

/** What a plan may move, but for the init, which no config takes a number for. */
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

/** What the trainer of this file, or the script around it, lets its user say of a network, and so what a plan may ask for. */
export function knobsOf({ layout, root }: Pick<Interpretation, 'layout' | 'root'>, { fields, recipe }: Network): Knobs {
  const { loraplus } = layout;
  const inScript = new Set(Object.keys(layout.inScript ?? {}) as Field[]);
  const settable = new Set<Field>([...MOVABLE.filter((field) => isSettable(fields, field)), ...inScript]);
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

function isSettable(fields: Fields, field: (typeof MOVABLE)[number]): boolean {
  const source = fields[field];
  return source !== undefined && !source.fixed;
}
