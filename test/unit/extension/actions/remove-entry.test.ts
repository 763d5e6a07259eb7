import { describe, expect, it } from 'vitest';
import { applyEdits } from '../../../../src/config/write/edits';
import type { TreeSyntax } from '../../../../src/config/reading';
import { parseText } from '../../../../src/config/syntax/parse';
import { removeEntry } from '../../../../src/extension/actions/remove-entry';
import { entryAt, nodeAt } from '../../../../src/config/syntax/tree';

/** `text` without the entry at `path`; its neighbours are held to what they were. */
function without(text: string, syntax: TreeSyntax, ...path: string[]): string | null {
  const parsed = parseText(text, syntax);
  const root = parsed.ok ? parsed.roots.find(({ node }) => entryAt(node, path))?.node : undefined;
  const entry = root && entryAt(root, path);
  if (!entry) throw new Error('no such entry');
  const edits = removeEntry(text, entry);
  if (!edits) return null;
  const after = applyEdits(text, edits);
  const again = parseText(after, syntax);
  expect(again.ok && again.roots.some(({ node }) => nodeAt(node, path))).toBe(false);
  expect(again.ok).toBe(true);
  return after;
}

describe('removeEntry', () => {
  it.each<[TreeSyntax, string, string[], string]>([
    ['yaml', 'a: 1\nb: 2 # two\nc: 3\n', ['b'], 'a: 1\nc: 3\n'],
    ['yaml', 'a: 1\r\nb:\r\n  - x\r\n  - y\r\nc: 3\r\n', ['b'], 'a: 1\r\nc: 3\r\n'],
    ['yaml', 'a: 1\nb: 2', ['b'], 'a: 1\n'],
    ['yaml', 'm: {a: 1, b: 2, c: 3}\n', ['m', 'b'], 'm: {a: 1, c: 3}\n'],
    ['yaml', 'm: {a: 1, b: 2}\n', ['m', 'b'], 'm: {a: 1}\n'],
    ['yaml', 'm: {a: 1, b: 2}\n', ['m', 'a'], 'm: {b: 2}\n'],
    ['yaml', 'm: {a: 1}\n', ['m', 'a'], 'm: {}\n'],
    ['json', '{\n  "a": 1,\n  "b": 2\n}', ['a'], '{\n  "b": 2\n}'],
    ['json', '{\n  "a": 1,\n  "b": 2\n}', ['b'], '{\n  "a": 1\n}'],
    ['json', '{"a": 1, "b": [1, 2], "c": 3}', ['b'], '{"a": 1, "c": 3}'],
    ['json', '{"a": 1}', ['a'], '{}'],
    [
      'json',
      '{\n  "a": 1, // one\n  "b": {\n    "x": 1\n  }, // two\n  "c": 3\n}',
      ['b'],
      '{\n  "a": 1, // one\n  "c": 3\n}',
    ],
    ['toml', '[t]\na = 1 # one\nb = 2\n', ['t', 'a'], '[t]\nb = 2\n'],
    ['toml', 'x.a = 1\nx.b = [\n  1,\n]\n', ['x', 'b'], 'x.a = 1\n'],
    ['toml', 't = { a = 1, b = 2 }\n', ['t', 'b'], 't = { a = 1 }\n'],
    ['python', 'c = LoraConfig(r=8, lora_alpha=16)\n', ['LoraConfig', 'lora_alpha'], 'c = LoraConfig(r=8)\n'],
    [
      'python',
      'c = LoraConfig(\n    r=8,\n    lora_alpha=16,  # two\n)\n',
      ['LoraConfig', 'lora_alpha'],
      'c = LoraConfig(\n    r=8,\n)\n',
    ],
    [
      'shell',
      'python train.py \\\n  --a=1 \\\n  --b 2 \\\n  --c=3\n',
      ['b'],
      'python train.py \\\n  --a=1 \\\n  --c=3\n',
    ],
    ['shell', 'python train.py --a=1 --b 2 --c=3\n', ['b'], 'python train.py --a=1 --c=3\n'],
    ['shell', 'python train.py +a.x=1 +a.y=2\n', ['a', 'y'], 'python train.py +a.x=1\n'],
  ])('%s: %j without %j', (syntax, text, path, result) => {
    expect(without(text, syntax, ...path)).toBe(result);
  });
});
