import * as l10n from '@vscode/l10n';
import { enableProdMode, setBackend } from '@tensorflow/tfjs-core';
import type { BackendId } from '../spec';
import { type Backend, type Inspected, ANYWHERE } from './backend';

/** `note`: why it is not the requested backend, or a caveat on its bits; `losesBits`: see {@link Inspected}. */
interface ChosenBackend {
  backend: Backend;
  note: string | null;
  losesBits: boolean;
}

const NAMES: Readonly<Record<BackendId, string>> = { cpu: 'CPU', wasm: 'WebAssembly', webgl: 'WebGL' };

/**
 * Starts the requested backend, or the next one in the bundle that starts.
 * @param wanted one backend, or several in order of preference
 * @throws Error if none of them starts
 */
export async function chooseBackend(
  wanted: BackendId | readonly BackendId[],
  available: readonly Backend[],
  assets: string,
): Promise<ChosenBackend> {
  const order = [...new Set(typeof wanted === 'string' ? [wanted, ...ANYWHERE] : wanted)];
  const failed: string[] = [];
  for (const id of order) {
    const backend = available.find((candidate) => candidate.id === id);
    const { refusal, caveat } = backend ? await start(backend, assets) : ABSENT;
    if (backend && refusal === undefined) {
      const instead = failed.length === 0 ? [] : [...failed, l10n.t`${NAMES[id]} is used instead.`];
      const said = [...instead, ...(caveat === undefined ? [] : [caveat])];
      return { backend, note: said.length === 0 ? null : said.join(' '), losesBits: caveat !== undefined };
    }
    failed.push(`${NAMES[id]} ${refusal}.`);
  }
  throw new Error(l10n.t`No backend could be started to train on. ${failed.join(' ')}`);
}

const ABSENT: Inspected = { refusal: l10n.t('is not available here') };
const FAILED: Inspected = { refusal: l10n.t('did not start here') };

async function start(backend: Backend, assets: string): Promise<Inspected> {
  try {
    // Turns off tfjs' run-time checks and its advertisement on the console.
    enableProdMode();
    backend.prepare(assets);
    if (!(await setBackend(backend.id))) return FAILED;
    backend.started?.();
    return (await backend.inspect?.()) ?? {};
  } catch {
    return FAILED;
  }
}
