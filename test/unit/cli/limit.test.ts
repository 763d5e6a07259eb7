import { describe, expect, it } from 'vitest';
import { EXIT, Failure } from '../../../src/cli/failure';
import { inTime } from '../../../src/cli/limit';

describe('inTime', () => {
  it('gives what the work gives, and throws what it throws', () => {
    expect(inTime('a.yml', () => 8)).toBe(8);
    const failure = new Failure(EXIT.usage, 'no');
    expect(() =>
      inTime('a.yml', () => {
        throw failure;
      }),
    ).toThrow(failure);
  });

  it('ends work that has no end', () => {
    const forEver = (): never => {
      for (;;);
    };
    const why = 'a.yml: takes more than 0.05 s to read, so it was given up';
    expect(() => inTime('a.yml', forEver, 50)).toThrow(new Failure(EXIT.nothing, why));
    expect(inTime('a.yml', () => 'the next')).toBe('the next');
  });
});
