import { describe, expect, it } from 'vitest';
import { planConfig } from '../../../../../src/config/planned';
import { readConfig } from '../../../../../src/config/read';
import { rewriteConfig } from '../../../../../src/config/rewrite';
import { syntaxErrorIn } from '../../../../../src/config/syntax/python/syntax-error';

const sourceOf = (text: string): string[] => syntaxErrorIn(text).map(({ range }) => text.slice(range.start, range.end));

describe('a syntax error of Python', () => {
  // python3.11 -c 'import ast; ast.parse(…)' stops at each.
  it.each([
    ['x = (1 +\n', 'x = (1 +'],
    ['x = 1)\n', 'x = 1)'],
    ['f(a=1\ny = 2\n', 'y = 2'],
    ['print "x"\n', 'print "x"'],
    ['def f()\n  return 1\n', 'def f()'],
    ["s = f'a{b}\nx = 1\n", "s = f'a{b}"],
    ['s = "a\nx = 1\n', 's = "a'],
    ['if x\n  y = 1\n', 'if x'],
    ['x = = 1\n', 'x = = 1'],
    ['x = [1, 2\n', 'x = [1, 2'],
  ])('is found in %j', (text, line) => expect(sourceOf(text)).toEqual([line]));

  // ast.parse takes each.
  it.each([
    'x = 1. if y > 0. else 2.\n',
    'x = [0. <= b <= 1. for b in c]\n',
    'def f():\n    yield\n    x = yield  # a\n    (yield)\n',
    '@a("b").c()\ndef f(): pass\n',
    'with (a() as b, c() as d):\n    pass\n',
    'with a() as (b, c):\n    x = 1\n    y = 2\n',
    'for *a, b in c: pass\nd = [a for a, *_ in e]\n',
    'match x:\n    case a.B():\n        y = 1\n    case _: pass\n',
    'import a\n\n\f\n# b\nclass C: pass\n',
    'print("x", end="")\nprint\nx = f"{y!r:>{z}}"\n',
    'async def f():\n    async with a as b: await c\n    return {**d, "e": 1}\n',
    'def f(a, /, b: int = 1, *, c): return (n := 10)\n',
    's = "a\\"" + r"\\\\" + \'\' + """b\nc""" + f"{a[\'b\']}" + rb""\n',
    'x: list[int] = []\nlambda *a, **k: (a, k)\n',
  ])('is not found in %j', (text) => expect(sourceOf(text)).toEqual([]));

  const SCRIPT = `import torch
from peft import LoraConfig, get_peft_model
from transformers import AutoModelForCausalLM, Trainer, TrainingArguments
model = get_peft_model(AutoModelForCausalLM.from_pretrained("gpt2"), LoraConfig(r=8, lora_alpha=16))
Trainer(model, TrainingArguments("out", learning_rate=1e-4, optim="adamw_torch"), train_dataset=data).train()
`;

  it('limits every plan, and nothing is written', () => {
    const claims = (text: string): string => {
      const reading = readConfig(text, 'a.py');
      const [plan] = planConfig(text, reading, 0, 64).plans;
      const written = rewriteConfig(text, reading, 0, 64, plan?.id ?? 'symmetric');
      return `${plan?.exactness}, ${'edits' in written ? 'written' : written.refusal.code}`;
    };
    expect(claims(SCRIPT)).toBe('exact, written');
    expect(claims(`${SCRIPT}x = (1 +\n`)).toBe('approximate, not-understood');
  });

  it('stops one cell of a notebook alone, so nothing is said of it', () => {
    const cells = [SCRIPT, 'x = (1 +'].map((source) => ({ cell_type: 'code', source, metadata: {} }));
    const { findings } = readConfig(JSON.stringify({ cells, nbformat: 4 }), 'a.ipynb');
    expect(findings.filter(({ message }) => message.includes('syntax'))).toEqual([]);
  });
});
