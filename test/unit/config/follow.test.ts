import { describe, expect, it } from 'vitest';
import { planConfig } from '../../../src/config/planned';
import { readConfig } from '../../../src/config/read';
import { changedLines } from './changed-lines';

/** The lines that a rewrite to four times alpha changes, or why nothing is written. */
function changes(text: string, path: string): string[] | string {
  const lines = changedLines(text, path);
  return typeof lines === 'string' ? lines : lines.map((line) => line.trim());
}

/** What the best plan says of numbers that no longer follow a name. */
function notes(text: string, path: string): string[] {
  const reading = readConfig(text, path);
  const [plan] = planConfig(text, reading, 0, (reading.recipes[0]?.alpha ?? 1) * 4).plans;
  return (plan?.caveats ?? []).flatMap(({ code, message }) => (code === 'value-detached' ? [message] : []));
}

/** A script of PEFT's whose values are expressions, behind what sets them. */
const script = (before: string, alpha: string, rate = '2e-4', rank = '16'): string =>
  `${before}\npeft = LoraConfig(r=${rank}, lora_alpha=${alpha})\nargs = TrainingArguments("out", learning_rate=${rate}, max_grad_norm=0)\n`;
const RATE = 'args = TrainingArguments("out", learning_rate=1e-4, adam_epsilon=2e-8, max_grad_norm=0)';

describe('a value of YAML behind an anchor', () => {
  const config = (before: string, r: string, alpha: string, after = ''): string =>
    `base_model: m\nadapter: lora\n${before}lora_r: ${r}\nlora_alpha: ${alpha}\noptimizer: adamw_torch\nlearning_rate: 2e-4\nweight_decay: 0\nmax_grad_norm: 1\nmicro_batch_size: 1\n${after}`;
  const OTHERS = ['learning_rate: &lr 1e-4', 'adam_epsilon: 2e-8', 'max_grad_norm: 2'];

  it.each([
    ['that is the rank as well', config('', '&r 16', '*r'), 'lora_alpha: 64'],
    ['that something else gives', config('x_alpha: &a 16\n', '16', '*a'), 'lora_alpha: 64'],
    ['in quotes', config('x_alpha: &a "16"\n', '16', '*a'), 'lora_alpha: 64'],
  ])('is written in place of an alias %s', (_, text, line) => {
    const lines = changes(text, 'axolotl.yml');
    expect(lines[0]).toBe(line);
    expect(notes(text, 'axolotl.yml')).toEqual([
      expect.stringMatching(/no longer follows \*[ra]\. .* keeps its value\.$/),
    ]);
  });

  it('is written at the anchor where all that take it move alike', () => {
    const text = config('', '16', '16').replace(
      'learning_rate: 2e-4',
      'learning_rate: &lr 2e-4\nloraplus_lr_embedding: *lr',
    );
    expect(changes(text, 'axolotl.yml')).toEqual(['lora_alpha: 64', ...OTHERS]);
  });

  it('is refused at an anchor that others take', () => {
    const text = config('', '16', '&a 16', 'eval_steps: *a\n');
    expect(changes(text, 'axolotl.yml')).toMatch(/^This value has the YAML anchor &a in line 4, and one other place/);
    const merged = 'x: &x\n  lora_r: 8\n  lora_alpha: 16\n<<: *x\n' + config('', '16', '16').replace(/lora_.*\n/g, '');
    expect(changes(merged, 'axolotl.yml')).toMatch(/^This value has the YAML anchor &x in line 1/);
  });
});

describe('a value of Python behind a name', () => {
  it.each([
    ['a variable', 'ALPHA = 16', 'ALPHA', ['ALPHA = 64', RATE]],
    ['a variable that is printed', 'ALPHA = 16\nprint(f"alpha {ALPHA}")', 'ALPHA', ['ALPHA = 64', RATE]],
    ['a variable that names the run', 'A = 16\nrun_name = f"a{A}"', 'A', ['A = 64', RATE]],
    ['a variable behind a variable', 'A = 16\nB = A', 'B', ['A = 64', RATE]],
    ['one of a tuple', 'R, A = 8, 16', 'A', ['R, A = 8, 64', RATE]],
    [
      'an option that nothing else takes',
      'p.add_argument("--lora_alpha", type=int, default=16)\no = p.parse_args()',
      'o.lora_alpha',
      ['p.add_argument("--lora_alpha", type=int, default=64)', RATE],
    ],
    [
      'an option in a variable',
      'p.add_argument("--alpha", default=16)\no = p.parse_args()\nA = o.alpha',
      'A',
      ['p.add_argument("--alpha", default=64)', RATE],
    ],
    [
      'a field that is filled from the command line',
      '@dataclass\nclass A:\n  lora_alpha: int = field(default=16)\no, t = parser.parse_args_into_dataclasses()',
      'o.lora_alpha',
      ['lora_alpha: int = field(default=64)', RATE],
    ],
  ])('is written where %s gets it', (_, before, alpha, wanted) => {
    expect(changes(script(before, alpha), 'train.py')).toEqual(wanted);
    expect(notes(script(before, alpha), 'train.py')).toEqual([]);
  });

  it.each([
    ['the rank as well', 'A = 16', 'A', 'A', 'A, set in line 1, is also used in line 2.'],
    ['a sum', 'A = 16\nN = A * 2', 'A', '16', 'A, set in line 1, is also used in line 2.'],
    ['a call', 'A = 16\nbuild(A)', 'A', '16', 'A, set in line 1, is also used in line 2.'],
    ['a function', 'A = 16\ndef f():\n  return A', 'A', '16', 'A, set in line 1, is also used in line 3.'],
    ['who looks names up', 'A = 16\nglobals()["A"]', 'A', '16', ''],
    ['an expression', 'R = 8', 'R * 2', 'R', ''],
  ])('is written where it is used beside %s', (_, before, alpha, rank, also) => {
    const text = script(before, alpha, '2e-4', rank);
    expect(changes(text, 'train.py')).toEqual([`peft = LoraConfig(r=${rank}, lora_alpha=64)`, RATE]);
    const note = `lora_alpha becomes a number and no longer follows ${alpha}. ${also}`.trim();
    expect(notes(text, 'train.py')).toEqual([note]);
  });

  const option = 'p.add_argument("--alpha", type=int, default=16)\no = p.parse_args()';
  const field = '@dataclass\nclass O:\n  alpha: int = 16\no, t = parser.parse_args_into_dataclasses()';

  it.each([
    ['vars()', 'json.dump(vars(o), f)', 3],
    ['__dict__', 'o.__dict__', 3],
    ['asdict()', 'save(asdict(o))', 3],
    ['two stars', 'build(**vars(o))', 3],
    ['its dict', 'x = vars(o)\ndump(x)', 3],
    ['a copy of its dict', 'x = dict(vars(o))\nx.pop("rank")\naccelerator.init_trackers("t", x)', 3],
    ['a name that is not written', 'getattr(o, name)', 3],
    ['a function of another text', 'build(o)', 3],
    ['a list', 'all = [o]', 3],
    ['an attribute', 'self.args = o', 3],
    ['an own function', 'def f(x):\n  g(x)\nf(o)', 4],
    ['an own function by a keyword', 'def f(x):\n  g(vars(x))\nf(x=o)', 4],
    ['an own class', 'class F:\n  def __init__(self, x):\n    self.x = x\nF(o)', 5],
    ['another name', 'x = o\ng(x)', 4],
    ['a second parse', 'q = p.parse_args()\ng(q)', 4],
    ['a parse on its way', 'g(p.parse_args())', 3],
    ['a function that parses', 'def f():\n  x = p.parse_args()\n  g(x)\n  return x\nm = f()', 5],
  ])('is refused for an option of which %s may read every field', (_, use, line) => {
    const also = `The default of --alpha is also used in line ${line}.`;
    expect(changes(script(`${option}\n${use}`, 'o.alpha'), 'train.py')).toContain(also);
  });

  it("is written where a trainer of a library gets the object that holds an alpha called LoRA's", () => {
    const own = field.replace('alpha', 'lora_alpha').replace('o, t', '(o, t)');
    const text = script(`${own}\nTrainer(model, args=o)`, 'o.lora_alpha');
    expect(changes(text, 'train.py')).toEqual(['lora_alpha: int = 64', RATE]);
    expect(changes(text.replaceAll('lora_alpha', 'alpha').replace(' alpha=', ' lora_alpha='), 'train.py')).toContain(
      'The default of alpha is also used in line 5.',
    );
  });

  it.each([
    ['an option', option, 'o.alpha', 'p.add_argument("--alpha", type=int, default=64)'],
    ['a field', field, 'o.alpha', 'alpha: int = 64'],
  ])('is written where %s gets it beside reads of other fields', (_, before, alpha, line) => {
    const uses = [
      'o.rank = o.dropout',
      'o["rank"]',
      'o.get("rank", 8)',
      'getattr(o, "rank")',
      'print(vars(o), json.dumps(o.__dict__))',
      'wandb.init(config=vars(o))',
      'accelerator.init_trackers("t", config=vars(o))',
      'def f(x, *, y):\n  return x.rank + y.rank\nf(o, y=o)',
      'def main(o):\n  q = o\n  print(q.rank)\nmain(o)',
    ];
    for (const use of uses) {
      expect(changes(script(`${before}\n${use}`, alpha), 'train.py'), use).toEqual([line, RATE]);
    }
  });

  it.each([
    ['a part of a dict', 'c = {"a": 16}', 'c["a"]', 2],
    ['what get finds in a dict', 'c = {"a": 16}', 'c.get("a")', 2],
    ['a part of a list', 'c = [16]', 'c[0]', 2],
    ['a part of an object', 'c = Namespace(a=16)', 'c.a', 2],
    ['a part of an object with the name of an option', 'p.add_argument("--a", default=16)\nc = make()', 'c.a', 3],
    ['an attribute of a class', 'class C:\n  a = 16\nsetup(C)', 'C.a', 4],
    ['a part of a name that is never set', 'p.add_argument("--a", default=16)', 'c.a', 2],
    ['a part of an import', 'import c\np.add_argument("--a", default=16)', 'c.a', 3],
    ['unpacked from another call', 'p.add_argument("--a", default=16)\nc, d = load()', 'c.a', 3],
    ['a sum', 'A = 8', 'A + 8', 2],
    ['a variable that is set twice', 'A = 16\nA = 16', 'A', 3],
  ])('is unknown where it is %s', (_, before, alpha, line) => {
    const { recipes, findings } = readConfig(script(before, alpha), 'train.py');
    expect(recipes).toEqual([]);
    expect(findings).toEqual([expect.objectContaining({ code: 'value-elsewhere', line })]);
    expect(findings[0]?.message).toContain(`lora_alpha is ${alpha}.`);
  });

  it('is written where an argument of a function gets it that is started from outside', () => {
    const text = `trainer.train()\ndef train(n=16):\n  print(f"n {n}")\n  ${script('', 'n').trim().replace('\n', '\n  ')}\nfire.Fire(train)\n`;
    expect(changes(text, 'train.py')).toEqual(['def train(n=64):', RATE]);
  });

  it('is written in place of the expression that a variable holds', () => {
    const text = script('R = 8\nA = R * 2', 'A');
    expect(changes(text, 'train.py')).toEqual(['A = 64', RATE]);
    expect(notes(text, 'train.py')).toEqual(['lora_alpha becomes a number and no longer follows R * 2.']);
  });

  it('is written once where all that take it move alike', () => {
    const rates = 'learning_rate=LR, lr_scheduler_type="cosine_with_min_lr", lr_scheduler_kwargs={"min_lr": LR}';
    const text = `LR = 2e-4\npeft = LoraConfig(r=16, lora_alpha=16)\nargs = TrainingArguments("out", ${rates})\n`;
    expect(changes(text, 'train.py')).toContain('LR = 1e-4');
    expect(notes(text, 'train.py')).toEqual([]);
    const shared = text.replace('LR = 2e-4', 'LR = 2e-4\ng(LR)');
    expect(changes(shared, 'train.py')).toContainEqual(expect.stringMatching(/learning_rate=1e-4, .*"min_lr": 1e-4/));
  });

  it.each([
    [
      'an option that the rank takes, too',
      'p.add_argument("--rank", default=16)\no = p.parse_args()',
      'o.rank',
      'o.rank',
      /^This is --rank; its default is in line 1, and a value given when the script is started wins\. The default of --rank is also used in line 3\.$/,
    ],
    [
      'an option within a product',
      'p.add_argument("--rank", default=16)\no = p.parse_args()',
      'o.rank * 2',
      '8',
      /^This is --rank/,
    ],
    [
      'an argument that others may pass, and the rank takes',
      'trainer.train()\ndef train(n=16):\n  global m',
      'n',
      'n',
      /^This is the argument n of train; .* The default of n in line 2 is also used in line 4\.$/,
    ],
  ])('is refused for %s', (_, before, alpha, rank, message) => {
    const text = script(before, alpha, '2e-4', rank).replace(/(global m\n)(.*)\n(.*)/, '$1  $2\n  $3');
    expect(changes(text, 'train.py')).toMatch(message);
  });

  it('stands in the plan where it will be written', () => {
    const text = script('A = 16\nLR = 2e-4', 'A', 'LR');
    const reading = readConfig(text, 'train.py');
    const rows = planConfig(text, reading, 0, 64).plans[0]?.rows.slice(0, 2);
    expect(rows?.map(({ from, to, line }) => [from, to, line])).toEqual([
      ['16', '64', 1],
      ['2e-4', '1e-4', 2],
    ]);
    expect(reading.recipes[0]?.stated.alpha).toMatchObject({ line: 1, path: 'lora_alpha' });
  });

  it('says of a default that the command line wins', () => {
    const text = script('p.add_argument("--alpha", default=16)\no = p.parse_args()', 'o.alpha');
    const [finding] = readConfig(text, 'train.py').findings;
    expect(finding).toMatchObject({ code: 'default-may-change', severity: 'info', line: 1 });
    expect(finding?.message).toMatch(/^lora_alpha is 16 here\. This is --alpha; its default is in line 1/);
  });
});
