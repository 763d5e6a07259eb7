import * as v from 'valibot';
import type { Adapter } from '../adapter/adapter';
import type { Measured } from '../adapter/measure';
import { unchecked } from './rpc';
import { anyHostContract } from './run';

/** What host and page say of an adapter. The host opens its files and measures; what that means, the page says. */
export interface AdapterView {
  /** `adapter_model.safetensors`. */
  file: string;
  /** Its tensors without their bytes; a sentence where it is none. */
  adapter: Adapter | { wrong: string };
  /** Of its first modules, as far as they are measured. Null: no product of two matrices. */
  measured: (Measured | null)[];
}

export const adapterPageContract = { view: unchecked<AdapterView>() };

export const adapterHostContract = {
  ...anyHostContract,
  /** Measures some modules, from one on. */
  measure: { ...unchecked<number, AdapterView['measured']>(), params: v.number() },
};
