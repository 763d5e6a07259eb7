import type { Tensor } from '@tensorflow/tfjs-core';
import type { ConstantId } from '../../recipe/optimizers/constants';
import type { Start } from './optimizer';

/** A constant that carries a unit, as every factor has it: [parameters, variants, 1, 1]. */
export function constant({ each }: Pick<Start, 'each'>, id: ConstantId): Tensor {
  return each(({ constants }) => constants[id] ?? 0);
}

/** A setting without a unit, by the name the optimizer's row has for it. */
export function option({ settings }: Pick<Start, 'settings'>, name: string, usual: number): number {
  return settings.options[name] ?? usual;
}
