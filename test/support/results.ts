import { readFileSync } from 'node:fs';
import path from 'node:path';

const FIXTURE = path.join(import.meta.dirname, '../fixtures/results/identical.json');

/** What PyTorch said of alpha 16 → 64, as if of this config. */
export function resultsOf(config: string): string {
  return readFileSync(FIXTURE, 'utf8').replace('axolotl-llama3.yml', config);
}
