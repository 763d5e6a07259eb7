import { enableProdMode, setBackend } from '@tensorflow/tfjs-core';
import { ANYWHERE } from '../cost';
import type { BackendId } from '../spec';
import type { Backend } from './backend';

export interface Chosen {
  backend: Backend;
  /** Why it is not the one asked for, or null. */
  note: string | null;
}

/** What a backend that will not start falls back on. */
const FALLBACKS: readonly BackendId[] = ANYWHERE;

const NAMES: Readonly<Record<BackendId, string>> = { cpu: 'CPU', wasm: 'WebAssembly', webgl: 'WebGL' };

/**
 * Starts the backend asked for, or the next best of those in the bundle.
 * @param wanted one, or those to try, best first
 * @throws Error when none of them starts
 */
export async function chooseBackend(
  wanted: BackendId | readonly BackendId[],
  available: readonly Backend[],
  assets: string,
): Promise<Chosen> {
  const order = [...new Set(typeof wanted === 'string' ? [wanted, ...FALLBACKS] : wanted)];
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
