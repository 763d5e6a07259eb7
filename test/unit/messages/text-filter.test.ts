import { expect, it } from 'vitest';
import { textFilter } from '../../../src/messages/recipes';

it.each([
  ['', 'anything', true],
  ['  ', 'anything', true],
  ['axo 2E-4', 'llama3.yml Axolotl lr 2e-4', true],
  ['4 llama', 'llama3.yml Axolotl lr 2e-4', true],
  ['axo kohya', 'llama3.yml Axolotl lr 2e-4', false],
  ['.*', 'llama3.yml', false],
])('"%s" and "%s": %s', (filter, text, isFound) => expect(textFilter(filter)(text)).toBe(isFound));
