import { describe, expect, it } from 'vitest';
import { loop, script, unread } from '../scripts';

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

describe('a trainer whose methods are replaced', () => {
  const STEP = 'def training_step(self, *a)';
  it.each([
    ['in a class of a class', `class A(Trainer):\n    pass\nclass B(A):\n    ${STEP}:\n        return 0`, STEP],
    ['in a class beside it', `class A:\n    ${STEP}:\n        return 0\nclass B(A, Trainer):\n    pass`, STEP],
    ['by a name', 'class B(Trainer):\n    create_optimizer = mine', 'create_optimizer = mine !'],
    ['by setattr', 'setattr(Trainer, "create_optimizer", mine)', 'setattr(Trainer, "create_optimizer", mine) !'],
    [
      'through itself',
      'class A(Trainer):\n    pass\nclass B(A):\n    def log(self, logs):\n        self.optimizer.lr = 1',
      'self.optimizer.lr = 1 !',
    ],
  ])('%s', (_, made, expected) => {
    expect(unread(script({ made }))).toEqual([expected]);
    if (made.includes('class B')) expect(unread(script({ made }).replace('= Trainer(', '= B('))).toEqual([expected]);
  });

  it('but not in a class that is no trainer', () => {
    expect(unread(script({ made: `class A:\n    ${STEP}:\n        return 0` }))).toEqual([]);
  });
});

describe('steps that are changed', () => {
  it.each([
    ['for p in model.parameters(): p[:] = 0', 'p[:] = 0'],
    ['for g in optimizer.param_groups: g |= {"lr": 1e-5}', 'g |= {"lr": 1e-5} !'],
    ['register_optimizer_step_post_hook(f)', 'register_optimizer_step_post_hook(f) !'],
  ])('%s', (made, expected) => {
    expect(unread(loop({ made }))).toEqual([expected]);
  });

  it('by a callback that gives the training arguments a name of its own', () => {
    const made =
      'class C(TrainerCallback):\n    def on_step_end(self, given, *a, **k):\n        given.max_grad_norm = 0.1';
    expect(unread(script({ made, given: ', callbacks=[C()]' }))).toEqual(['given.max_grad_norm = 0.1 !']);
  });
});
