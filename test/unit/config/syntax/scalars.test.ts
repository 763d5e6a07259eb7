import { describe, expect, it } from 'vitest';
import { isTextToPyYaml, numberIn, plainScalar } from '../../../../src/config/syntax/scalars';

describe('plainScalar', () => {
  it.each([
    ['', null],
    ['~', null],
    ['null', null],
    ['yes', true],
    ['Off', false],
    ['16', 16],
    ['20_000', 20000],
    ['1e-4', 1e-4],
    ['.5', 0.5],
    ['-2.5E+3', -2500],
    ['.inf', Infinity],
    ['-.Inf', -Infinity],
    ['adamw_torch', 'adamw_torch'],
    ['1e', '1e'],
    ['0x', '0x'],
    ['constructor', 'constructor'],
  ])('reads %j as %j', (source, value) => {
    expect(plainScalar(source)).toBe(value);
  });

  it('reads .nan as no number at all', () => {
    expect(plainScalar('.NaN')).toBeNaN();
  });
});

describe('isTextToPyYaml', () => {
  // Each row tried with PyYAML 6.0: yaml.safe_load('a: ' + source).
  it.each([
    ['1e-4', true],
    ['2E5', true],
    ['1.0e4', true],
    ['1.0e-4', false],
    ['1.e-4', false],
    ['5.0e+3', false],
    ['.5e-3', false],
    ['0.0002', false],
    ['16', false],
    ['adamw', false],
  ])('%s → %s', (source, isText) => {
    expect(isTextToPyYaml(source)).toBe(isText);
  });
});

describe('numberIn', () => {
  it('takes nothing for a number that Python would not', () => {
    for (const text of ['', ' ', '1 2', '0x10', '1,5', '--1', 'Infinity', '1e1.5']) {
      expect(numberIn(text)).toBeUndefined();
    }
  });
});
