import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { seedOf } from '../../support/seed';

describe('the seed of properties', () => {
  it('is a fixed one, or the one that is asked for', () => {
    expect(seedOf(undefined)).toBe(seedOf(''));
    expect(seedOf('42')).toBe(42);
    // As large as a random one can be.
    expect(seedOf('2147483647')).toBe(2_147_483_647);
    expect(seedOf('random')).toBeGreaterThanOrEqual(0);
    expect(() => seedOf('seven')).toThrow('LORA_ALPHA_SEED is seven; it takes a number, or random');
  });

  it('is what this suite draws from', () => {
    expect(fc.readConfigureGlobal().seed).toEqual(expect.any(Number));
    const drawn = (): number[] => {
      const seen: number[] = [];
      fc.assert(fc.property(fc.integer(), (n) => void seen.push(n)));
      return seen;
    };
    expect(drawn()).toEqual(drawn());
  });
});
