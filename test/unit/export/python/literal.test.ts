import { expect, it } from 'vitest';
import { assignment, pythonLiteral, type PythonValue } from '../../../../src/export/python/literal';

it.each<[PythonValue, string]>([
  [null, 'None'],
  [true, 'True'],
  [false, 'False'],
  [2e-4, '0.0002'],
  [1e-8, '1e-8'],
  [Number.POSITIVE_INFINITY, 'float("Infinity")'],
  ['a "b"\n', String.raw`'a "b"\n'`],
  [String.raw`"\'"`, String.raw`'"\\\'"'`],
  [['q_proj', 4], '["q_proj", 4]'],
  [{ tuple: [0.9, 0.999] }, '(0.9, 0.999)'],
  [{ tuple: [1] }, '(1,)'],
  [{ dict: { 'layers.0': 8 } }, '{"layers.0": 8}'],
])('%j is %s in Python', (value, text) => {
  expect(pythonLiteral(value)).toBe(text);
});

it.each<[PythonValue, string]>([
  [{ keywords: { r: 8, bias: 'none' } }, 'X = dict(r=8, bias="none")'],
  [
    { keywords: { names: ['a'.repeat(50), 'b'.repeat(50)], r: 8 } },
    `X = dict(\n    names=[\n        "${'a'.repeat(50)}",\n        "${'b'.repeat(50)}",\n    ],\n    r=8,\n)`,
  ],
  ['word '.repeat(21).trim(), `X = (\n    "${'word '.repeat(18)}"\n    "word word word"\n)`],
  ['x'.repeat(120), `X = "${'x'.repeat(120)}"`],
])('lays %j out in 100 columns', (value, text) => {
  expect(assignment('X', value)).toBe(text);
});
