import { expect, it } from 'vitest';
import { pythonKeywords, pythonLiteral, type PythonValue } from '../../../../src/export/python/literal';

it.each<[PythonValue, string]>([
  [null, 'None'],
  [true, 'True'],
  [false, 'False'],
  [2e-4, '0.0002'],
  [1e-8, '1e-8'],
  [Number.POSITIVE_INFINITY, 'float("Infinity")'],
  ['a "b"\n', String.raw`"a \"b\"\n"`],
  [['q_proj', 4], '["q_proj", 4]'],
  [{ tuple: [0.9, 0.999] }, '(0.9, 0.999)'],
  [{ tuple: [1] }, '(1,)'],
  [{ dict: { 'layers.0': 8 } }, '{"layers.0": 8}'],
])('%j is %s in Python', (value, text) => {
  expect(pythonLiteral(value)).toBe(text);
});

it('writes keyword arguments', () => {
  expect(pythonKeywords({ r: 8, bias: 'none' })).toBe('dict(r=8, bias="none")');
});
