import { describe, expect, it } from 'vitest';
import { excludeGlob, withoutBraces } from '../../../src/scan/globs';

describe('withoutBraces', () => {
  it.each([
    ['**/a', ['**/a']],
    ['*.{b,c}', ['*.b', '*.c']],
    ['{a,b/{c,d}}/e', ['a/e', 'b/c/e', 'b/d/e']],
  ])('%s', (glob, all) => {
    expect(withoutBraces(glob).sort()).toEqual(all);
  });
});

describe('excludeGlob', () => {
  it('is one glob of all that exclude, without braces within braces', () => {
    expect(
      excludeGlob({ '**/node_modules': true, '**/*.{lock,min.js}': true, '**/kept': false }, { '**/out/**': true }),
    ).toBe('{**/node_modules,**/node_modules/**,**/*.lock,**/*.min.js,**/out/**}');
  });

  it('leaves out what hangs on a sibling, and what is no switch', () => {
    expect(excludeGlob({ '**/*.js': { when: '$(basename).ts' }, '**/x.yml': 'yes' })).toBeNull();
  });

  it('is nothing where nothing excludes', () => {
    expect(excludeGlob({}, undefined)).toBeNull();
    expect(excludeGlob({ '**/a.yml': true })).toBe('**/a.yml');
  });
});
