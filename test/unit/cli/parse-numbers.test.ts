import { describe, expect, it } from 'vitest';
import { errorLine, EXIT, Failure } from '../../../src/cli/failure';
import {
  listed,
  oneOf,
  parseAlpha,
  parseAlphas,
  parseNumber,
  several,
  wholeNumber,
} from '../../../src/cli/parse-numbers';

/** The failure a call ends with. */
function failureOf(call: () => unknown): Failure {
  try {
    call();
  } catch (error) {
    if (error instanceof Failure) return error;
    throw error;
  }
  throw new Error('it did not fail');
}

describe('parseNumber', () => {
  it.each([
    ['64', 64],
    ['1/4', 0.25],
    ['.5', 0.5],
    ['1e-3', 1e-3],
    [' 3 ', 3],
    ['-2', -2],
  ])('reads %s', (text, value) => {
    expect(parseNumber(text)).toBe(value);
  });

  it.each(['', 'abc', '0x10', '1/2/3', '1/', 'Infinity', 'NaN', '4x', '1e', '١'])('refuses "%s"', (text) => {
    expect(parseNumber(text)).toBeNaN();
  });
});

describe('the options', () => {
  it.each(['0', '-1', 'abc', '1e9', '1/0', ''])('refuse alpha "%s"', (text) => {
    const failure = failureOf(() => parseAlpha(text, '--alpha'));
    expect(failure.exitCode).toBe(EXIT.usage);
    expect(failure.message).toContain(`--alpha is "${text}"; it must be a number above 0`);
  });

  it('name the wrong one of several alphas', () => {
    expect(parseAlphas('1/4, 1,256', '--alphas')).toEqual([0.25, 1, 256]);
    expect(parseAlphas('1/2,2..4', '--alphas')).toEqual([0.5, 2, 3, 4]);
    expect(parseAlphas('16..64..16,64', '--alphas')).toEqual([16, 32, 48, 64]);
    expect(parseAlphas('1..512', '--alphas')).toHaveLength(512);
    for (const part of ['4..1', '1..4..0', '0..4', '1...4', '1..']) {
      expect(failureOf(() => parseAlphas(`1,${part}`, '--alphas')).message).toContain(`--alphas holds "${part}"`);
    }
    expect(failureOf(() => parseAlphas('1..100000', '--alphas')).message).toMatch(
      /^--alphas holds more than 512 numbers; it must be 512/,
    );
    expect(failureOf(() => parseAlphas('1,two,3', '--alphas')).message).toContain('--alphas holds "two"');
    expect(failureOf(() => parseAlphas('1,,3', '--alphas')).message).toContain('--alphas holds ""');
    expect(failureOf(() => parseAlphas('many', '--alpha')).message).toContain('--alpha holds "many"');
  });

  it('take whole numbers in a range', () => {
    const steps = wholeNumber(1, 100);
    expect(steps('100', '--steps')).toBe(100);
    for (const text of ['0', '101', '1.5', 'ten']) {
      expect(failureOf(() => steps(text, '--steps')).message).toBe(
        `--steps is "${text}"; it must be a whole number from 1 to 100`,
      );
    }
  });

  it('take one of some words, and say why another is not to be had', () => {
    const task = oneOf(['linear'], { mlp: 'this version trains only linear' });
    expect(task('linear', '--task')).toBe('linear');
    expect(failureOf(() => task('mlp', '--task')).message).toBe('--task is "mlp"; this version trains only linear');
    expect(failureOf(() => task('toString', '--task')).message).toBe('--task is "toString"; it must be linear');
  });
});

describe('words', () => {
  it('list as people do', () => {
    expect(listed([])).toBe('');
    expect(listed(['a'])).toBe('a');
    expect(listed(['a', 'b', 'c'])).toBe('a, b or c');
  });

  it('keep an error on one line', () => {
    expect(errorLine('one\n  two\r\nthree\n')).toBe('lora-alpha: one two three\n');
  });
});

describe('several', () => {
  it('reads each item, and counts an item that is given twice once', () => {
    const ranks = several(wholeNumber(1, 64));
    expect(ranks('16,8,16', '--rank')).toEqual([16, 8]);
    expect(failureOf(() => ranks('8,,16', '--rank')).message).toContain('--rank is ""');
  });
});
