import { describe, expect, it } from 'vitest';
import { seedOf } from '../support/seed';
import { fuzz } from './fuzz';
import { seedsIn } from './seeds';

/** Texts a syntax; `npm run fuzz` checks as many as one likes. */
const RUNS = 400;
const SEED = seedOf(process.env['LORA_ALPHA_SEED']);

describe('broken and hostile texts', () => {
  it.each([...seedsIn(process.cwd())])('in %s keep every promise', { timeout: 60_000 }, (syntax, seeds) => {
    const { broken, texts, read } = fuzz(syntax, seeds, RUNS, SEED);
    expect(broken).toBeNull();
    expect(texts).toBe(RUNS);
    expect(read).toBeGreaterThan(0);
  });
});
