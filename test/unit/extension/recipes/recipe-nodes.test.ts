import { describe, expect, it } from 'vitest';
import type * as vscode from 'vscode';
import { nodesOf, type Node, type RecipeOrder } from '../../../../src/extension/recipes/recipe-nodes';
import { createGrouper } from '../../../../src/scan/same-run-groups';
import { summaryOf } from '../../../../src/scan/summary';
import type { ScannedFile } from '../../../../src/extension/recipes/scan/inventory';

const config = (alpha: number, rate: string): string =>
  `adapter: lora\nlora_r: 16\nlora_alpha: ${alpha}\noptimizer: adamw_torch\nlearning_rate: ${rate}\n`;

const FILES: readonly ScannedFile[] = [
  ['a/large.yml', config(64, '2e-4')],
  ['b/one.yml', config(16, '4e-4')],
  ['b/two.yml', config(16, '4e-4')],
  ['broken.yml', config(16, '1e-4').replace('16', 'abc')],
  ['silent.yml', config(8, '1').replace(/learning.*/, '')],
].map(([path = '', text = '']) => {
  const summary = summaryOf(text, path);
  if (!summary) throw new Error(`${path} is no config`);
  return { uri: { path: `/w/${path}`, toString: () => `file:///w/${path}` } as vscode.Uri, summary };
});

function listed(order: RecipeOrder, filter = ''): string[] {
  const text = (node: Node): string => (node.kind === 'group' ? node.recipes.map(text).join('+') : node.name);
  return nodesOf(FILES, createGrouper(), { order, filter }).map(text);
}

describe('the list of recipes', () => {
  it('has groups first, then the others by their paths, then what has an error', () => {
    expect(listed('file')).toEqual(['one.yml+two.yml', 'large.yml', 'silent.yml', 'broken.yml']);
  });

  it('is sorted by a number, groups among the others, and what is not stated comes last', () => {
    expect(listed('scaling')).toEqual(['silent.yml', 'one.yml+two.yml', 'large.yml', 'broken.yml']);
    expect(listed('rate')).toEqual(['large.yml', 'one.yml+two.yml', 'silent.yml', 'broken.yml']);
  });

  it.each([
    ['b/', ['one.yml+two.yml']],
    ['two', ['two.yml']],
    ['axolotl lr 2E-4', ['large.yml']],
    ['broken', ['broken.yml']],
    ['kohya', []],
  ])('shows what a filter asks for: %s', (filter, nodes) => expect(listed('file', filter)).toEqual(nodes));
});
