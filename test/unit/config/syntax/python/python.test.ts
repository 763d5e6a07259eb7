import { describe, expect, it } from 'vitest';
import { parsePython } from '../../../../../src/config/syntax/python/python';
import { callIn, nodeAt, type MapNode, type SyntaxNode } from '../../../../../src/config/syntax/tree';

function rootsOf(text: string): readonly MapNode[] {
  const parsed = parsePython(text);
  if (!parsed.ok) throw new Error(parsed.message);
  return parsed.roots.map(({ node }) => node as MapNode);
}
const module = (text: string): MapNode => rootsOf(text)[0] as MapNode;

/** What `f(x=EXPRESSION)` behind `before` gives its argument. */
function argument(expression: string, before = ''): SyntaxNode {
  const node = nodeAt(module(`${before}f(x=${expression})\n`), ['f', 'x']);
  if (!node) throw new Error('no argument');
  return node;
}

/** A value as the tests name it: `?` in front of what is not in the text, `~` in front of what is locked or no literal. */
function said(node: SyntaxNode): unknown {
  if (node.kind === 'list') return node.items.map(said);
  if (node.kind === 'map') return Object.fromEntries(node.entries.map(({ key, value }) => [key, said(value)]));
  if (node.unresolved !== undefined) return `?${node.unresolved}`;
  return node.lock || node.origin ? `~${String(node.value)}` : node.value;
}

describe('literals', () => {
  it.each([
    ['16', 16],
    ['1_000', 1000],
    ['1e-4', 1e-4],
    ['.5', 0.5],
    ['5.', 5],
    ['0x10', 16],
    ['-2', -2],
    ['(3)', 3],
    ['True', true],
    ['False', false],
    ['None', null],
    ["'a'", 'a'],
    ['"""a"""', 'a'],
    ["u'a'", 'a'],
    ["r'\\d'", '\\d'],
    ["f'a'", 'a'],
    ['"a\\x41\\n"', '?"a\\x41\\n"'],
    ['[1, "b", (2,)]', [1, 'b', [2]]],
    ['{"a": 1, "b": {"c": None}}', { a: 1, b: { c: null } }],
    ['dict(a=1, b=[2])', { a: 1, b: [2] }],
    ['DictDefault({"a": 1}, b=2)', { a: 1, b: 2 }],
    ['2j', '?2j'],
    ["b'a'", "?b'a'"],
    ['"a" "b"', '?"a" "b"'],
    ['f"a{r}"', '?f"a{r}"'],
  ])('reads %s', (source, value) => {
    expect(said(argument(source))).toEqual(value);
  });

  it('keeps the exact range of what a new value would replace', () => {
    const text = 'f(r = "16" , y=-1e-4)';
    const [r, y] = [nodeAt(module(text), ['f', 'r']), nodeAt(module(text), ['f', 'y'])];
    expect(r).toMatchObject({ raw: '16', quoted: true, inner: { start: 7, end: 9 }, range: { start: 6, end: 10 } });
    expect(y?.kind === 'scalar' && text.slice(y.inner.start, y.inner.end)).toBe('-1e-4');
  });

  it('counts a byte order mark and astral letters as JavaScript does', () => {
    const text = '\uFEFFx = "🐍"\nf(r=8)';
    const r = nodeAt(module(text), ['f', 'r']);
    expect(r?.kind === 'scalar' && text.slice(r.inner.start, r.inner.end)).toBe('8');
  });
});

describe('arithmetic', () => {
  it.each([
    ['2 * 16', 32],
    ['2 * (r * 4)', 64],
    ['r / 4', 2],
    ['2 ** -1', 0.5],
    ['2 ** 3 ** 2', 512],
    ['1e-4 / 4', 2.5e-5],
    ['min(32, 16)', 16],
    ['max(r, 4) * 2', 16],
    ['int(2.9)', 2],
    ['float(r)', 8],
  ])('computes %s', (source, value) => {
    expect(said(argument(source, 'r = 8\n'))).toBe(`~${value}`);
    expect(argument(source, 'r = 8\n')).toMatchObject({ lock: null, origin: { node: null } });
  });

  it.each([
    ...['1 / 0', 'r + 1', '-r', '7 // 2', '-7 % 3', 'r @ r', 'r > 1', 'r if r else 2', 'not_there * 2'],
    ...[
      'max(1, not_there)',
      'float("2e-4")',
      'min()',
      'min(*[1, 2])',
      'min(1, 2, key=f)',
      'r.min(4)',
      'constructor(1)',
    ],
  ])('leaves %s open', (source) => {
    expect(said(argument(source, 'r = 8\n'))).toBe(`?${source}`);
  });
});

describe('names', () => {
  it.each([
    ['a tuple, part by part', 'a, v = 1, 2\n', '~2'],
    ['two names at once', 'a = v = 3\n', '~3'],
    ['an annotated name', 'v: float = 3\n', '~3'],
    ['a list', 'v = [1, 2]\n', [1, 2]],
    ['a name behind a name', 'w = 4\nv = w\n', '~4'],
    ['the block where a script begins', 'if __name__ == "__main__":\n  v = 5\n', '~5'],
    ['a with block', 'with open(p) as h:\n  v = 5\n', '~5'],
  ])('takes %s', (_, before, value) => {
    expect(said(argument('v', before))).toEqual(value);
  });

  it.each([
    ['a branch', 'v = 1\nif a:\n  v = 2\n'],
    ['two assignments', 'v = 1\nv = 2\n'],
    ['two branches that agree', 'v = 5\nif a:\n  v = 5\n'],
    ['others that may change a list', 'v = [1, 2]\ng(v)\n'],
    ['others that may change a dict', 'v = {"r": 8}\nv["r"] = 9\n'],
    ['a loop', 'for v in [1, 2]:\n  pass\n'],
    ['an update', 'v = 1\nv *= 2\n'],
    ['a function that sets it', 'v = 1\ndef g():\n  global v\n  v = 2\n'],
    ['a deletion', 'v = 1\ndel v\n'],
    ['an except clause', 'v = 1\ntry:\n  v = 2\nexcept E:\n  pass\n'],
    ['a second assignment, behind the use', 'v = 1\nf(x=v)\nv = 2\n#'],
    ['a circle', 'w = v\nv = w\n'],
    ['nothing', ''],
  ])('leaves open what depends on %s', (_, before) => {
    expect(String(said(argument('v', before)))).toMatch(/^\?/);
  });

  it('does not take what is set later in the same loop', () => {
    const text = 'v = 1\nfor i in n:\n  f(x=v)\n  v = 2\n';
    expect(said(nodeAt(module(text), ['f', 'x']) as SyntaxNode)).toBe('?v');
  });

  it('looks in the function, then in the module, never in the class', () => {
    const text = 'v = 1\nw = 2\nclass C:\n  w = 3\n  def g(self):\n    v = 4\n    f(v=v, w=w)\n';
    expect(said(nodeAt(module(text), ['f']) as SyntaxNode)).toEqual({ v: '~4', w: '~2' });
  });

  it('does not take a module name for the variable of a comprehension', () => {
    const text = 'v = 1\nxs = [f(x=v) for v in vs]\ny = lambda v: f(x=v)\n';
    const calls = module(text).entries.filter(({ key }) => key === 'f');
    expect(calls.map(({ value }) => said(value))).toEqual([{ x: '?v' }, { x: '?v' }]);
  });

  it('leads to the value, and says who else takes it', () => {
    expect(argument('v', 'v = 2\n')).toMatchObject({
      lock: null,
      raw: 'v',
      origin: { uses: 1, also: '', node: { raw: '2', inner: { start: 4, end: 5 } } },
    });
    const also = 'v, set in line 1, is also used in line 2 and line 3.';
    expect(argument('v', 'v = 2\nw = v + 1\ng(v)\n')).toMatchObject({ origin: { uses: 3, also } });
  });

  it.each([
    ['in print', 'print(v, f"v {v}", "%d" % v)\n', 1],
    ['in a log', 'logger.info(f"{v}")\nwandb.init(config=dict(v=v))\n', 2],
    ['in the name of a run or a folder', 'g(run_name=f"a{v}")\noutput_dir = f"out/{v}"\n', 3],
    ['as the name of an argument', 'g(v=1)\n', 1],
    ['as a variable of a function', 'def h(v):\n  return v\n', 1],
    ['in a sum within print', 'print(train(v))\n', 2],
    ['in a text that is no name', 'g(prompt=f"{v}")\n', 2],
    ['as a name itself', 'g(run_name=v)\n', 2],
    ['in a condition', 'if v > 1:\n  pass\n', 2],
    ['in a function', 'def h():\n  return v\n', 2],
    ['by its name as a text', 'globals()["v"]\n', Infinity],
    ['where the words only look like that', 'model.eval()\neval_all(x)\n', 1],
  ])('%s: %j leaves %i use', (_, between, uses) => {
    expect(argument('v', `v = 2\n${between}`)).toMatchObject({ origin: { uses } });
  });
});

describe('arguments and options', () => {
  it('takes the default of an argument nobody passes', () => {
    const text = (call: string): string => `def g(r: int = 8):\n  f(x=r)\n${call}\n`;
    expect(said(nodeAt(module(text('g()')), ['f', 'x']) as SyntaxNode)).toBe('~8');
    for (const call of ['g(4)', 'g(r=4)', 'g(**k)']) {
      expect(said(nodeAt(module(text(call)), ['f', 'x']) as SyntaxNode)).toBe('?r');
    }
  });

  it.each([
    ['p.add_argument("--lora-r", "-r", type=int, default=4)\nargs = p.parse_args()\n', 'args.lora_r', '~4'],
    ['p.add_argument("--x", dest="lora_r", default=4)\nargs = p.parse_args()\n', 'args.lora_r', '~4'],
    ['p.add_argument("--dora", action="store_true")\nargs = p.parse_args()\n', 'args.dora', '~false'],
    ['p.add_argument("--lora_r", type=int)\nargs = p.parse_args()\n', 'args.lora_r', '?args.lora_r'],
    ['p.add_argument("--lora_r", default=4)\nargs = p.parse_args()\nargs.lora_r = 8\n', 'args.lora_r', '?args.lora_r'],
    [
      '@dataclass\nclass A:\n  lora_r: int = field(default=8)\nargs, = p.parse_args_into_dataclasses()\n',
      'args.lora_r',
      '~8',
    ],
    [
      'class A:\n  lora_r: int = 8\nclass B:\n  lora_r: int = 4\nargs, = p.parse_args_into_dataclasses()\n',
      'args.lora_r',
      '?args.lora_r',
    ],
    ['class A:\n  lora_r = 8\n', 'A.lora_r', '?A.lora_r'],
    ['class A:\n  lora_r: int = 8\na = A(lora_r=2)\n', 'a.lora_r', '?a.lora_r'],
    ['c = {"r": 8}\n', 'c["r"]', '?c["r"]'],
    ['c = [8, 9]\n', 'c[1]', '?c[1]'],
    ['', 'torch.bfloat16', '?torch.bfloat16'],
  ])('%j: %s is %s', (before, source, value) => {
    expect(said(argument(source, before))).toBe(value);
  });

  it('names the option, and its line', () => {
    const node = argument('args.r', 'p.add_argument("--r", default=4)\nargs = p.parse_args()\n');
    expect(node).toMatchObject({ lock: { code: 'default-option' } });
    expect(node.kind === 'scalar' && node.lock?.message).toContain('--r');
  });

  it.each([
    ['', 1],
    ['print(args.r)\n', 1],
    ['g(args.r)\n', 2],
    ['eval(code)\n', Infinity],
    ['for a in p._actions:\n  g(a)\n', Infinity],
  ])('counts what takes an option: %j', (more, uses) => {
    const before = `p.add_argument("--r", default=4)\nargs = p.parse_args()\n${more}`;
    expect(argument('args.r', before)).toMatchObject({ origin: { uses } });
  });
});

describe('calls', () => {
  it('has an entry for each, with the callee its imports lead to', () => {
    const text = 'from torch import optim as o\nimport peft\no.AdamW(m(), 1e-3, lr=2)\npeft.LoraConfig(r=8)\n';
    const calls = module(text).entries.filter(({ home }) => home === 'python-argument');
    expect(calls.map(({ key, value }) => [key, value.kind === 'map' && callIn(value)?.callee])).toEqual([
      ['o.AdamW', 'torch.optim.AdamW'],
      ['m', 'm'],
      ['peft.LoraConfig', 'peft.LoraConfig'],
    ]);
    expect(said(nodeAt(module(text), ['o.AdamW']) as SyntaxNode)).toEqual({ 0: '?m()', 1: 0.001, lr: 2 });
  });

  it('unpacks a dict it knows, and marks what it does not', () => {
    expect(said(nodeAt(module('c = dict(r=8)\nf(**c, a=1)\n'), ['f']) as SyntaxNode)).toEqual({ r: 8, a: 1 });
    expect(said(nodeAt(module('f(a=1, **c)\n'), ['f']) as SyntaxNode)).toEqual({ a: 1, '**': '?c' });
  });

  it('reads what it can of broken code', () => {
    const text = 'def g(:\n  x = [\nf(r=16, lora_alpha= , y=3)\n%cd here\n!pip install x\nz = 4\nf2(r=8,\n';
    expect(said(nodeAt(module(text), ['f2']) as SyntaxNode)).toEqual({ r: 8 });
  });

  it('does not know the entry of a dict that is set again', () => {
    const roots = rootsOf(
      'c = {"t": [{"lr": 1, "r": 8}], "a": 2}\nc["t"][0]["lr"] = x\nprint(c["a"], c["t"][0]["r"])\n',
    );
    expect(roots.slice(1).map(said)).toEqual([{ t: [{ lr: '?1', r: 8 }], a: 2 }]);
  });

  it('has the outermost dicts as trees of their own', () => {
    const roots = rootsOf('a = {"x": {"y": 1}}\nf(b=dict(z=2, w={"v": 3}))\n');
    expect(roots.slice(1).map(said)).toEqual([{ x: { y: 1 } }, { z: 2, w: { v: 3 } }]);
  });
});

describe('bounds', () => {
  it.each([
    ['brackets', `x = ${'('.repeat(10_000)}${')'.repeat(10_000)}`],
    ['open calls', 'f(a='.repeat(5_000)],
    ['a sum', `x = 1${'+1'.repeat(40_000)}`],
    ['dicts', `x = ${'{"a":'.repeat(5_000)}`],
  ])('refuses %s that are nested thousands deep', (_, text) => {
    expect(parsePython(text)).toMatchObject({ ok: false, code: 'too-deep' });
  });

  it.each([
    ['deep brackets', `x = ${'('.repeat(50)}1${')'.repeat(50)}`],
    ['a long sum', `x = 1${'+1'.repeat(150)}`],
    ['lists of lists of lists', Array.from({ length: 40 }, (_, i) => `a${i + 1} = [a${i}, a${i}, a${i}]`).join('\n')],
    ['one name, again and again', 'x = x + 1\n'.repeat(8_000)],
    ['what is no code', '$?!}'.repeat(200)],
  ])('survives %s', (_, text) => {
    expect(parsePython(text).ok).toBe(true);
  });

  it('refuses thousands of syntax errors where they become too many', () => {
    expect(parsePython('$?!}'.repeat(8_000))).toEqual({ ok: false, offset: 652, message: expect.any(String) });
  });
});
