import type { BackendId, ExperimentSpec } from '../spec';

/**
 * The backends that `auto` tries in order, also if the requested backend does not start. WebAssembly was fastest in
 * every measurement. WebGL starts slowly and often has no GPU, so it is used only on request.
 */
export const ANYWHERE: readonly BackendId[] = ['wasm', 'cpu'];

/** The backend that the spec names; for `auto`, all to try in order. */
export function backendsFor({ backend }: Pick<ExperimentSpec, 'backend'>): BackendId | readonly BackendId[] {
  return backend === 'auto' ? ANYWHERE : backend;
}
