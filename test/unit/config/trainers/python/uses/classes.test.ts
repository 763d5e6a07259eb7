import { describe, expect, it } from 'vitest';
import { loop, script, unread } from './scripts';

const AFTER = 'AdamW(model.parameters(), lr=1e-3)';

describe('a star import that may replace a name of the run', () => {
  it.each([
    ['of the optimizer', 'from torch.optim import AdamW\nfrom mine import *', ['from mine import * !']],
    ['before the import of the optimizer', 'from mine import *\nfrom torch.optim import AdamW', []],
    ['of another library', 'from torch.optim import AdamW\nfrom torch.utils.data import *', []],
    ['of a module with other names', 'from torch.optim import AdamW\nfrom math import *', []],
  ])('%s', (_, imports, expected) => {
    const text = loop({ optimizer: AFTER });
    const own = /from peft import .*\nfrom transformers import .*\n/.exec(text)?.[0] ?? '';
    const isBefore = imports.startsWith('from mine');
    expect(unread(text.replace(own, isBefore ? `${imports}\n${own}` : `${own}${imports}\n`))).toEqual(expected);
  });

  it('of the trainer', () => {
    expect(unread(script({ made: 'from .mine import *' }))).toEqual(['from .mine import * !']);
  });

  it('behind all that decides the run', () => {
    expect(unread(`${script({})}from mine import *\n`)).toEqual([]);
  });
});
