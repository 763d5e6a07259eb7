import { enableProdMode, setBackend } from '@tensorflow/tfjs-core';
import type { BackendId, ExperimentSpec } from '../spec';
import type { Backend } from './backend';

export interface Chosen {
  backend: Backend;
  /** Why it is not the one asked for, or null. */
  note: string | null;
}

/** In which order `auto` and a backend that will not start are tried. WebGL is not among them: slow to start for a toy. */
const FALLBACKS: readonly BackendId[] = ['wasm', 'cpu'];

const NAMES: Readonly<Record<BackendId, string>> = { cpu: 'CPU', wasm: 'WebAssembly', webgl: 'WebGL' };

/**
 * Starts the backend asked for, or the next best of those in the bundle.
 * @throws Error when none of them starts
 */
export async function chooseBackend(
  wanted: ExperimentSpec['backend'],
  available: readonly Backend[],
  assets: string,
): Promise<Chosen> {
  const order = [...new Set(wanted === 'auto' ? FALLBACKS : [wanted, ...FALLBACKS])];
  const failed: string[] = [];
  for (const id of order) {
    const backend = available.find((candidate) => candidate.id === id);
    if (backend && (await start(backend, assets))) {
      const note = failed.length === 0 ? null : `${failed.join(' ')} ${NAMES[id]} is used instead.`;
      return { backend, note };
    }
    failed.push(`${NAMES[id]} ${backend ? 'did not start' : 'is not available'} here.`);
  }
  throw new Error(`No backend could be started to train on. ${failed.join(' ')}`);
}

async function start(backend: Backend, assets: string): Promise<boolean> {
  try {
    // Without tfjs' run-time checks, and without its advertisement on the console.
    enableProdMode();
    backend.prepare(assets);
    return await setBackend(backend.id);
  } catch {
    return false;
  }
}
