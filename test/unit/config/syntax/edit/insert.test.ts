import { describe, expect, it } from 'vitest';
import { applyEdits } from '../../../../../src/config/write/edits';
import type { TreeSyntax } from '../../../../../src/config/reading';
import { insertAfter } from '../../../../../src/config/syntax/edit/insert';
import { parseText } from '../../../../../src/config/syntax/parse';
import { entryAt, takesNeighbour } from '../../../../../src/config/syntax/tree';

/** `text` with `new: 1` behind the entry at `path`. */
function inserted(text: string, syntax: TreeSyntax, ...path: string[]): string | null {
  const parsed = parseText(text, syntax);
  const sibling = parsed.ok ? entryAt(parsed.roots[0]?.node ?? null, path) : null;
  if (!sibling) throw new Error('no such entry');
  const edits = takesNeighbour(sibling) ? insertAfter(text, sibling, 'new', '1') : null;
  return edits && applyEdits(text, edits);
}

describe('insertAfter in YAML', () => {
  it.each([
    ['its own line, below a trailing comment', 'a: 1 # one\nb: 2\n', ['a'], 'a: 1 # one\nnew: 1\nb: 2\n'],
    ['the last line, without a line end', 'a: 1\nb: 2', ['b'], 'a: 1\nb: 2\nnew: 1'],
    ['a file of one line', 'a: 1', ['a'], 'a: 1\nnew: 1'],
    ['CRLF', 'a: 1\r\nb: 2\r\n', ['a'], 'a: 1\r\nnew: 1\r\nb: 2\r\n'],
    ['an indented map', 'm:\n    a: 1\n\nz: 2\n', ['m', 'a'], 'm:\n    a: 1\n    new: 1\n\nz: 2\n'],
    ['an indented document', '        a: 1\n        b: 2\n', ['b'], '        a: 1\n        b: 2\n        new: 1\n'],
    ['a flow map', 'm: {a: 1, b: 2} # x\n', ['m', 'b'], 'm: {a: 1, b: 2, new: 1} # x\n'],
    ['a byte order mark', '\uFEFFa: 1\n', ['a'], '\uFEFFa: 1\nnew: 1\n'],
  ])('%s', (_, text, path, result) => {
    expect(inserted(text, 'yaml', ...path)).toBe(result);
  });
});

describe('insertAfter in JSON', () => {
  it.each([
    ['a member in the middle', '{\n  "a": 1,\n  "b": 2\n}', ['a'], '{\n  "a": 1,\n  "new": 1,\n  "b": 2\n}'],
    ['the last member', '{\n\t"a": 1\n}\n', ['a'], '{\n\t"a": 1,\n\t"new": 1\n}\n'],
    ['one line', '{"a":1,"b":2}', ['b'], '{"a":1,"b":2, "new":1}'],
    ['CRLF', '{\r\n  "a": 1\r\n}', ['a'], '{\r\n  "a": 1,\r\n  "new": 1\r\n}'],
    ['a comment behind', '{\n  "a": 1, // one\n  "b": 2\n}', ['a'], '{\n  "a": 1, // one\n  "new": 1,\n  "b": 2\n}'],
    ['a comment behind the last', '{\n  "a": 1 // one\n}', ['a'], '{\n  "a": 1, // one\n  "new": 1\n}'],
    ['two on a line', '{\n  "a": 1, "b": 2\n}', ['a'], '{\n  "a": 1,\n  "new": 1, "b": 2\n}'],
  ])('%s', (_, text, path, result) => {
    expect(inserted(text, 'json', ...path)).toBe(result);
    const parsed = parseText(result, 'json');
    expect(parsed.ok).toBe(true);
  });
});

describe('insertAfter in Python', () => {
  it.each([
    ['one line', 'f(a=1, b=2)', ['f', 'a'], 'f(a=1, new=1, b=2)'],
    ['the last of one line', 'f(a=1)', ['f', 'a'], 'f(a=1, new=1)'],
    ['a line each', 'f(\n    a=1,  # one\n    b=2,\n)', ['f', 'a'], 'f(\n    a=1,  # one\n    new=1,\n    b=2,\n)'],
    ['no last comma', 'f(\n    a=1  # one\n)', ['f', 'a'], 'f(\n    a=1,  # one\n    new=1,\n)'],
    ['a closing bracket behind', 'f(z=0,\n  a=1)', ['f', 'a'], 'f(z=0,\n  a=1, new=1)'],
    ['two on a line', 'f(\n  a=1, b=2,\n)', ['f', 'a'], 'f(\n  a=1, new=1, b=2,\n)'],
    ['spaces around the sign', 'f(a = 1)', ['f', 'a'], 'f(a = 1, new = 1)'],
    ['CRLF', 'f(\r\n  a=1,\r\n)', ['f', 'a'], 'f(\r\n  a=1,\r\n  new=1,\r\n)'],
    ['a dict', "d = {\n  'a': 1,\n}", ['d', 'a'], "d = {\n  'a': 1,\n  'new': 1,\n}"],
    ['a dict on one line', 'd = {"a": 1}', ['d', 'a'], 'd = {"a": 1, "new": 1}'],
    ['a value in parentheses', 'f(a=((1)), b=2)', ['f', 'a'], 'f(a=((1)), new=1, b=2)'],
    [
      'commas at the beginnings of lines',
      'f(\n  a=1  # c\n  # d\n, b=2)',
      ['f', 'a'],
      'f(\n  a=1, new=1  # c\n  # d\n, b=2)',
    ],
  ])('%s', (_, text, path, result) => {
    expect(inserted(text, 'python', ...path)).toBe(result);
  });

  it('adds no statement', () => {
    expect(inserted('a = 1\nb = 2\n', 'python', 'a')).toBeNull();
  });
});

describe('insertAfter in TOML', () => {
  it.each([
    ['its own line', '[t]\na = 1 # one\nb = 2\n', ['t', 'a'], '[t]\na = 1 # one\nnew = 1\nb = 2\n'],
    ['an indented table', '[t]\r\n  a = 1\r\n\r\n[u]\r\n', ['t', 'a'], '[t]\r\n  a = 1\r\n  new = 1\r\n\r\n[u]\r\n'],
    ['an inline table', 't = {a = 1}\n', ['t', 'a'], 't = {a = 1, new = 1}\n'],
  ])('%s', (_, text, path, result) => {
    expect(inserted(text, 'toml', ...path)).toBe(result);
    expect(parseText(result, 'toml').ok).toBe(true);
  });

  it('gives a neighbour of a dotted key its prefix', () => {
    expect(inserted('my-a."x.y".b = 1 # b\n', 'toml', 'my-a', 'x.y', 'b')).toBe(
      'my-a."x.y".b = 1 # b\nmy-a."x.y".new = 1\n',
    );
    expect(inserted('a = { b.c = 1 }\n', 'toml', 'a', 'b', 'c')).toBeNull();
  });
});
