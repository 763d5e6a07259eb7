import { describe, expect, it } from 'vitest';
import { excludedGlobs, globMatcher, oneGlob, withoutBraces } from '../../../src/scan/globs';

describe('withoutBraces', () => {
  it.each([
    ['**/a', ['**/a']],
    ['*.{b,c}', ['*.b', '*.c']],
    ['{a,b/{c,d}}/e', ['a/e', 'b/c/e', 'b/d/e']],
    ['a{b', ['a{b']],
  ])('%s', (glob, all) => {
    expect(withoutBraces(glob).sort()).toEqual(all);
  });

  it('gives no glob up for ever', () => {
    expect(withoutBraces('{a,b}'.repeat(40))).toEqual([]);
    expect(withoutBraces(`${'{a'.repeat(100_000)}`)).toEqual([]);
  });
});

describe('excludedGlobs', () => {
  it('are all that exclude, without braces', () => {
    const settings = [
      { '**/a': true, '**/*.{b,c}': true, '**/kept': false },
      undefined,
      { '**/a': true, 'd/**': true },
    ];
    expect(excludedGlobs(...settings)).toEqual(expect.arrayContaining(['**/a', '**/*.b', '**/*.c', 'd/**']));
    expect(excludedGlobs(...settings)).toHaveLength(4);
  });

  it('leave out what hangs on a sibling, and what is no switch', () => {
    expect(excludedGlobs({ '**/*.js': { when: '$(basename).ts' }, '**/x.yml': 'yes' })).toEqual([]);
  });
});

describe('oneGlob', () => {
  it('is one of all, with what the folders hold', () => {
    expect(oneGlob(['**/node_modules', '**/*.lock', '**/out/**'])).toBe(
      '{**/node_modules,**/node_modules/**,**/*.lock,**/out/**}',
    );
    expect(oneGlob(['**/a.yml'])).toBe('**/a.yml');
    expect(oneGlob([])).toBeNull();
  });
});

describe('globMatcher', () => {
  it.each([
    ['**/node_modules', ['node_modules', 'a/node_modules', 'a/b/node_modules'], ['node_module', 'node_modules/a']],
    ['out/**', ['out', 'out/a', 'out/a/b.yml'], ['a/out', 'outer']],
    ['**/out/**', ['out', 'a/out/b'], ['a/outer/b']],
    ['a/**/b', ['a/b', 'a/c/b', 'a/c/d/b'], ['b', 'a/bb']],
    ['*.yml', ['a.yml', '.yml'], ['b/a.yml', 'a.yaml']],
    ['**/*.yml', ['a.yml', 'b/a.yml'], ['a.yml/b']],
    ['**/a?c*d', ['abcd', 'x/abc-d'], ['acd', 'abc']],
    ['**/[a-c]x[!0-9]', ['axx', 'bx-'], ['dxx', 'ax1']],
    ['**/[!a]', ['b', '!'], ['a', 'bb']],
    ['**/a[b', ['a[b'], ['ab']],
    ['**/ä*', ['ä', 'äö'], ['a']],
  ])('%s', (glob, named, others) => {
    const isNamed = globMatcher([glob]);
    expect(named.filter((path) => !isNamed(path))).toEqual([]);
    expect(others.filter(isNamed)).toEqual([]);
  });

  it('has an answer for hostile globs, too', () => {
    const isNamed = globMatcher(['*a'.repeat(400), '**/'.repeat(300) + 'b', `**/${'[a-z]*'.repeat(100)}q`]);
    const begin = performance.now();
    expect(isNamed(`${'a'.repeat(200)}/${'x'.repeat(200)}-`)).toBe(false);
    expect(performance.now() - begin).toBeLessThan(250);
  });
});
