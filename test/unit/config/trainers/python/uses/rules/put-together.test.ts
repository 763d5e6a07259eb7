import { describe, expect, it } from 'vitest';
import { loop, unread } from '../scripts';

const MADE = 'a = {"params": list(model.parameters())}\nb = {"lr": 5e-4}\n';

/** A loop whose optimizer is given groups. */
const given = (groups: string, before = ''): string[] =>
  unread(loop({ before: MADE + before, optimizer: `torch.optim.AdamW(${groups}, lr=1e-3)` }));

describe('parameter groups that are put together', () => {
  it.each([
    ['[{"params": ps} | {"lr": 5e-4}]', '{"params": ps} | {"lr": 5e-4}'],
    ['[a | b]', 'a | b'],
    ['[dict(a, **b)]', 'dict(a, **b)'],
    ['[dict(a, lr=5e-4)]', 'dict(a, lr=5e-4)'],
    ['[{**a, "lr": 5e-4}]', '{**a, "lr": 5e-4}'],
    ['[{**a, **b}]', '{**a, **b}'],
    ['[{**a, **b} for a in parts]', '{**a, **b}'],
    ['list(filter(None, [a | b]))', 'a | b'],
    ['[dict(zip(keys, values))]', 'dict(zip(keys, values))'],
  ])('%s', (groups, expected) => {
    expect(given(groups)).toEqual([`${expected} !`]);
  });

  it.each([
    ['by another name', 'c = a | b', '[c]', 'a | b'],
    ['in a list by another name', 'c = [a | b]', 'c', 'a | b'],
    ['by an update', 'a |= b', '[a]', 'a |= b'],
    ['from the numbers on', 'b["params"] = list(model.parameters())', '[b]', 'b["params"] = list(model.parameters())'],
    ['one by one', 'c = []\nc.append(a | b)', 'c', 'a | b'],
    ['in a function', 'def make(m):\n    return [dict(a, **b)]', 'make(model)', 'dict(a, **b)'],
  ])('%s', (_, before, groups, expected) => {
    expect(given(groups, before)).toEqual([`${expected} !`]);
  });

  it.each([
    ['dicts of something else', 'log = {**b, "loss": 1}\nlog = dict(log, more=2)', 'model.parameters()'],
    ['flags', 'flags = 1 | 2', '[p for p in model.parameters()]'],
    ['a list of parameters', 'ps = []\nfor p in model.parameters():\n    ps.append(p)', 'ps'],
  ])('but not %s', (_, before, groups) => {
    expect(given(groups, before)).toEqual([]);
  });
});
