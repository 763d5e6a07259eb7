import IDENTICAL from '../fixtures/results/identical.json';

/** What PyTorch said of alpha 16 → 64, as if of this config. */
export function resultsOf(config: string): string {
  return JSON.stringify({ ...IDENTICAL, check: { ...IDENTICAL.check, config } });
}
