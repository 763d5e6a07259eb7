import type { BackendId, ExperimentSpec } from '../spec';

/** A tfjs backend in the bundle of a worker. Importing its file registers it. */
export interface Backend {
  id: BackendId;
  /** Configures the backend before tfjs starts it. `assets`: see RunOptions. */
  prepare(assets: string): void;
  /** Losses are fetched at least every `flushSteps` steps, because work that is queued on a GPU cannot be stopped. */
  flushSteps: number;
  started?(): void;
  /** Called after the start, for backends whose arithmetic depends on the device. */
  inspect?(): Promise<Inspected>;
}

export interface Inspected {
  /** Why the device is not usable, as a predicate: `computes in …`. */
  refusal?: string;
  /** That scaling by powers of two and four changes other bits, as a sentence for readers of the results. */
  caveat?: string;
}

/**
 * What `auto` tries in order, also if the requested backend does not start. WebAssembly was fastest in every
 * measurement. WebGL starts slowly and often has no GPU, so it is used only on request.
 */
export const ANYWHERE: readonly BackendId[] = ['wasm', 'cpu'];

/** The backend that the spec names; for `auto`, all to try in order. */
export function backendsFor({ backend }: Pick<ExperimentSpec, 'backend'>): BackendId | readonly BackendId[] {
  return backend === 'auto' ? ANYWHERE : backend;
}

/** The only build of tfjs that is shipped. */
const FILE = 'tfjs-backend-wasm-simd.wasm';

/** The path or URL of the wasm file in this folder. */
export function wasmFileIn(folder: string): string {
  return folder.endsWith('/') || folder === '' ? `${folder}${FILE}` : `${folder}/${FILE}`;
}
