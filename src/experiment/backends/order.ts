import type { BackendId, ExperimentSpec } from '../spec';

/**
 * What `auto` tries, in this order, and what a backend that will not start falls back on: WebAssembly was faster at everything that was measured. WebGL is only taken by who
 * asks for it: it is slow to start, and often no GPU is behind it.
 */
export const ANYWHERE: readonly BackendId[] = ['wasm', 'cpu'];

/** The backend a spec asks for; for `auto` those to try. */
export function backendsFor({ backend }: Pick<ExperimentSpec, 'backend'>): BackendId | readonly BackendId[] {
  return backend === 'auto' ? ANYWHERE : backend;
}
