import * as v from 'valibot';
import type { Adapter } from '../adapter/adapter';
import type { Measured } from '../adapter/measure';
import { asked, unchecked, type Peer } from './rpc';
import { anyHostContract } from './run';

/** What host and page say of an adapter. The host opens its files and measures; what that means, the page says. */
export interface AdapterView {
  /** `adapter_model.safetensors`. */
  file: string;
  /** Its tensors without their bytes; a sentence where it is none. */
  adapter: Adapter | { wrong: string };
}

/** How far measuring is. */
export interface MeasuringView {
  measuring: 'offered' | 'running' | 'done';
  /** About how long measuring takes, in seconds. */
  seconds: number;
  /** Why measuring ended before its end; empty where it did not. */
  trouble: string;
}

export const adapterPageContract = {
  view: unchecked<AdapterView>(),
  progress: unchecked<MeasuringView>(),
  /** What was measured of modules from one on; 0 begins anew. Null: no product of two matrices. */
  measured: unchecked<{ from: number; rows: (Measured | null)[] }>(),
};

export const adapterHostContract = {
  ...anyHostContract,
  /** Begin to measure, or stop. */
  measure: asked(v.boolean()),
  /** Show the file in another of the editor's editors. */
  reopen: asked(),
};

export type AdapterHost = Peer<typeof adapterHostContract>;
