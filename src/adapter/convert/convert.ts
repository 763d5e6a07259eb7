import type { Adapter } from '../adapter';
import { noRounding } from '../files/dtype';
import type { Wrong } from '../files/safetensors';
import { configOf, headerOf, metadataOf } from './file';
import type { Goal } from './goal';
import { planConversion, type OnModule, type Plan } from './plan';
import { tensorsOf, type Made, type Making } from './tensors';

/** A conversion that is ready to be written: a header, then the bytes of each tensor. */
export interface Conversion {
  readonly plan: Plan;
  readonly header: Uint8Array;
  readonly tensors: readonly Made[];
  /** adapter_config.json; null where the layout has none. */
  readonly config: Readonly<Record<string, unknown>> | null;
  /** Counted while tensors are made. */
  readonly making: Making;
}

export async function convert(adapter: Adapter, goal: Goal, onModule?: OnModule): Promise<Conversion | Wrong> {
  const plan = await planConversion(adapter, goal, onModule);
  if ('wrong' in plan) return plan;
  const hasZeros = goal.portable === true || goal.rank === undefined;
  const making: Making = { plan, dtype: goal.dtype, hasZeros, rounding: noRounding() };
  const tensors = tensorsOf(adapter, making);
  const header = headerOf(tensors, metadataOf(adapter, plan));
  return { plan, header, tensors, config: configOf(adapter, plan, goal.portable === true), making };
}

/** Whether every number is a power of two times what it was, so that ΔW is the same in every bit. */
export function isExact({ plan, making }: Conversion): boolean {
  const isPower = (x: number): boolean => Number.isInteger(Math.log2(x)) && 2 ** Math.log2(x) === x;
  const keeps = plan.jobs.every(({ factor, from, to }) => isPower(factor) && factor * to === from);
  return keeps && making.rounding.changed === 0 && plan.cuts.size === 0;
}
