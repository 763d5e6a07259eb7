import { describe, expect, it } from 'vitest';
import { script, unread } from '../scripts';

const made = (lines: string): string => `from mylib import Clamp, CALLBACKS, extra, make_data\n${lines}`;

describe('callbacks of another module', () => {
  it.each([
    ['in a variable', 'all = [Clamp()]', 'all', 'Clamp()'],
    ['added to a list', 'all = []\nall.append(Clamp())', 'all', 'Clamp()'],
    ['in a sum', '', '[] + [Clamp()]', 'Clamp()'],
    ['by a choice', '', '[Clamp()] if late else None', 'Clamp()'],
    ['from a function', 'def make():\n    return [Clamp()]', 'make()', 'Clamp()'],
    ['as a list of that module', '', 'CALLBACKS', 'CALLBACKS'],
    ['unpacked', '', '[*CALLBACKS]', 'CALLBACKS'],
  ])('%s', (_, lines, given, expected) => {
    expect(unread(script({ made: made(lines), given: `, callbacks=${given}` }))).toEqual([expected]);
  });

  it('that are added by another name', () => {
    const text = script({ made: made('mine = Clamp()'), behind: 'trainer.add_callback(mine)' });
    expect(unread(text)).toEqual(['Clamp()']);
  });
});

describe('arguments of a trainer behind two stars', () => {
  it.each([
    ['a dict', 'more = {"callbacks": [Clamp()]}', 'more', ['Clamp()']],
    ['a dict that is filled', 'more = {}\nmore["callbacks"] = [Clamp()]', 'more', ['Clamp()']],
    ['an optimizer', 'more = {"optimizers": (make(), None)}', 'more', ['(make(), None) !']],
    ['a dict of another module', '', 'extra', ['extra !']],
    ['rows', 'def rows_of():\n    return dict(train_dataset=rows)', 'rows_of()', []],
    ['rows of another module', 'data_module = make_data(tokenizer)', 'data_module', []],
  ])('%s', (_, lines, more, expected) => {
    expect(unread(script({ made: made(lines), given: `, **${more}` }))).toEqual(expected);
  });

  it('a parameter', () => {
    const lines = 'def again(**more):\\n    Trainer(model=model, args=args, **more)';
    expect(unread(script({ made: lines }))).toContain('more !');
  });

  it('and arguments without a name', () => {
    const text = script({}).replace('args=args, train_dataset=rows', 'args, None, rows, None, None, None, make()');
    expect(unread(text.replace('model=model, ', 'model, '))).toEqual(['make() !']);
  });
});
