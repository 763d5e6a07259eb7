import { spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parsePython } from '../../../../src/config/syntax/python/python';
import type { MapNode } from '../../../../src/config/syntax/tree';

type Values = Readonly<Record<string, unknown>>;

const python = process.env.LORA_ALPHA_PYTHON ?? 'python3';
const hasPython = spawnSync(python, ['--version']).status === 0;

/** What Python hands to `record`, program by program and call by call. */
function callsOf(programs: readonly string[]): (Values[] | null)[] {
  const done = spawnSync(python, ['test/support/recorded-calls.py'], {
    input: JSON.stringify(programs),
    encoding: 'utf8',
    timeout: 60_000,
  });
  if (done.status !== 0) throw new Error(done.stderr);
  return JSON.parse(done.stdout) as (Values[] | null)[];
}

/** What the reader knows of each `record(id=…, …)`; what it does not know is left out. */
function readingOf(program: string): Map<unknown, Values> {
  const parsed = parsePython(program);
  const [module] = parsed.ok ? parsed.roots : [];
  const found = new Map<unknown, Values>();
  for (const { key, value } of (module?.node as MapNode).entries) {
    if (key !== 'record' || value.kind !== 'map') continue;
    const known = value.entries.flatMap((entry) =>
      entry.value.kind === 'scalar' && entry.value.unresolved === undefined ? [[entry.key, entry.value.value]] : [],
    );
    const values = Object.fromEntries(known) as Values;
    found.set(values.id, values);
  }
  return found;
}

/** How the reader differs from what Python did. */
function differences(program: string, calls: readonly Values[]): string[] {
  const reading = readingOf(program);
  return calls.flatMap((given) =>
    Object.entries(reading.get(given.id) ?? {}).flatMap(([name, value]) =>
      Object.is(given[name], value)
        ? []
        : [`record ${String(given.id)}: ${name} is read as ${String(value)}, Python passes ${String(given[name])}`],
    ),
  );
}

const TABLE: readonly (readonly [string, string])[] = [
  ['exec', 'exec("a = 3")'],
  ['exec in a function', 'def f():\n    exec("a = 3", globals())\nf()'],
  ['globals()', 'globals()["a"] = 3'],
  ['globals() in a variable', 'g = globals()\ng["a"] = 3'],
  ['globals().update', 'globals().update(a=3)'],
  ['locals()', 'locals()["a"] = 3'],
  ['vars()', 'vars()["a"] = 3'],
  ['setattr on the module', 'import sys\nsetattr(sys.modules[__name__], "a", 3)'],
  ['a part of the module', 'import __main__\n__main__.a = 3'],
  ['import *', 'from elsewhere import *'],
  ['an import of the name', 'from elsewhere import a'],
  ['an import under the name', 'import elsewhere as a'],
  ['global', 'def f():\n    global a\n    a = 3\nf()'],
  ['global before', 'def f():\n    global a\n    a = 3\na = 2\nf()'],
  ['global +=', 'def f():\n    global a\n    a += 3\nf()'],
  [
    'nonlocal',
    'def f():\n    a = 2\n    def g():\n        nonlocal a\n        a = 3\n    g()\n    record(id=2, a=a)\nf()',
  ],
  [
    'nonlocal before',
    'def f():\n    def g():\n        nonlocal a\n        a = 3\n    a = 2\n    g()\n    record(id=2, a=a)\nf()',
  ],
  ['nonlocal elsewhere', 'def f():\n    a = 5\n    def g():\n        nonlocal a\n        a = 3\n    g()\nf()'],
  ['del', 'del a\na = 3'],
  [':=', 'print(a := 3, file=None) if False else (a := 3)'],
  [':= in a comprehension', '[a := i for i in range(4)]'],
  [':= in a condition', 'if (a := 3) > 2: pass'],
  [':= that is not reached', 'False and (a := 3)'],
  ['+=', 'a += 3'],
  ['unpacking', 'a, b = 3, 4'],
  ['unpacking a list', '[a, *b] = [3, 4, 5]'],
  ['unpacking with a star', '*a, b = 3, 4'],
  ['unpacking in order', 'a, a = 3, 4'],
  ['a chain', 'a = b = 3'],
  ['for', 'for a in range(4): pass'],
  ['for with a star', 'for b, *a in [(1, 2)]: pass'],
  ['for in order', 'for i in range(2):\n    record(id=2, a=a)\n    a = 3'],
  ['with', 'from contextlib import nullcontext\nwith nullcontext(3) as a: pass'],
  ['with a part', 'from contextlib import nullcontext\nwith nullcontext((3, 4)) as (a, b): pass'],
  ['with suppress', 'from contextlib import suppress\nwith suppress(Exception):\n    1 / 0\n    a = 3'],
  ['except', 'try:\n    1 / 0\nexcept Exception as a: pass\na = 5 if "a" in globals() else 6'],
  ['try', 'try:\n    1 / 0\n    a = 3\nexcept Exception: pass'],
  ['match', 'match 3:\n    case a: pass'],
  ['match as', 'match 3:\n    case int() as a: pass'],
  ['match star', 'match [1, 2]:\n    case [b, *a]: pass'],
  ['match of a dict', 'match {"x": 3}:\n    case {"x": a}: pass'],
  ['match rest', 'match {"x": 3}:\n    case {**a}: pass'],
  ['class', 'class a: pass'],
  ['a class variable', 'class C:\n    a = 3\n    record(id=2, a=a)\n    def f(self): record(id=3, a=a)\nC().f()'],
  ['def', 'def a(): pass'],
  ['an own float', 'def float(x): return 7\na = float("3")'],
  ['an own dict', 'def dict(**k): return {"x": 7}\nd = dict(x=3)\na = d["x"]'],
  ['a parameter', 'def f(a=3): record(id=2, a=a)\nf(4)'],
  ['a parameter by another name', 'def f(a=3): record(id=2, a=a)\ng = f\ng(4)'],
  ['a parameter by a partial', 'from functools import partial\ndef f(a=3): record(id=2, a=a)\npartial(f, a=4)()'],
  ['a parameter of a thread', 'def f(a=3): record(id=2, a=a)\nlist(map(f, [4]))'],
  ['a parameter of a method', 'class C:\n    def f(self, a=3): record(id=2, a=a)\nC().f(4)'],
  ['defaults that are set', 'def f(a=3): record(id=2, a=a)\nf.__defaults__ = (4,)\nf()'],
  ['a default of its time', 'def f(a=a): record(id=2, a=a)\na = 3\nf()'],
  ['a decorator', 'def by(f): return lambda: f(4)\n@by\ndef f(a=3): record(id=2, a=a)\nf()'],
  ['a key', 'd = {"x": 1}\nd["x"] = 3\na = d["x"]'],
  ['a key that is computed', 'd = {"x": 1}\nk = "x"\nd[k] = 3\na = d["x"]'],
  ['a key of a part', 'd = {"y": {"x": 1}}\nd["y"]["x"] = 3\nrecord(id=2, **d["y"])'],
  ['update', 'd = {"x": 1}\nd.update(x=3)\na = d["x"]'],
  ['update of a spread', 'd = {"x": 1}\nd.update(x=3)\nrecord(id=2, **d)'],
  ['a key of a spread', 'd = {"x": 1}\nd["x"] = 3\nrecord(id=2, **d)'],
  ['|=', 'd = {"x": 1}\nd |= {"x": 3}\na = d["x"]'],
  ['pop', 'd = {"x": 1}\nd.pop("x")\na = d.get("x", 5)'],
  ['del of a key', 'd = {"x": 1}\ndel d["x"]\nrecord(id=2, **{"x": 9, **d})'],
  ['another name of a dict', 'd = {"x": 1}\ne = d\ne["x"] = 3\na = d["x"]'],
  ['a dict in a function', 'd = {"x": 1}\ndef f(e): e["x"] = 3\nf(d)\na = d["x"]'],
  ['a dict of a function', 'd = {"x": 1}\ndef f(): d["x"] = 3\nf()\na = d["x"]'],
  ['a later key', 'd = {"x": 1, "x": 3}\na = d["x"]'],
  ['a spread behind a key', 'e = {"x": 3}\nd = {"x": 1, **e}\na = d["x"]'],
  ['a list', 'd = [1, 2]\nd[0] = 3\na = d[0]'],
  ['append', 'd = [1]\nd.insert(0, 3)\na = d[0]'],
  ['a negative index', 'd = [1, 3]\na = d[-1]'],
  ['a part of an object', 'class C: x = 1\nc = C()\nc.x = 3\na = c.x'],
  ['a part of a class', 'class C: x = 1\nC.x = 3\na = C().x'],
  [
    'an own __init__',
    'class C:\n    x = 1\n    def __init__(self): self.x = 3\na = C().x\nc = C()\nrecord(id=2, a=c.x)',
  ],
  [
    'a property',
    'class C:\n    def __init__(self, x): pass\n    @property\n    def x(self): return 3\nc = C(x=1)\na = c.x',
  ],
  ['a subclass', 'class B: x = 1\nclass C(B): pass\nB.x = 3\na = C.x'],
  ['setattr', 'class C: x = 1\nc = C()\nsetattr(c, "x", 3)\na = c.x'],
  ['vars of an object', 'class C: x = 1\nc = C()\nvars(c)["x"] = 3\na = c.x'],
  ['vars under another name', 'class C: x = 1\nc = C()\nd = vars(c)\nd["x"] = 3\na = c.x'],
  ['vars under another name that changes', 'class C: x = 1\nc = C()\nd = vars(c)\nd.update(x=3)\na = c.x'],
  ['exec with a dict of its own', 'exec("a = 3", {})'],
  ['a part of a parameter', 'class C: x = 1\ndef f(c):\n    c.x = 3\n    record(id=2, a=c.x)\nf(C())'],
  ['__dict__', 'class C: x = 1\nc = C()\nc.__dict__["x"] = 3\na = c.x'],
  ['a dataclass', 'from dataclasses import dataclass\n@dataclass\nclass C:\n    x: int = 1\nc = C(3)\na = c.x'],
  [
    'replace',
    'from dataclasses import dataclass, replace\n@dataclass\nclass C:\n    x: int = 1\nc = replace(C(), x=3)\na = c.x',
  ],
  [
    'argparse',
    'import argparse\np = argparse.ArgumentParser()\np.add_argument("--x", type=int, default=1)\nargs = p.parse_args([])\na = args.x',
  ],
  [
    'arguments that are given',
    'import argparse\np = argparse.ArgumentParser()\np.add_argument("--x", type=int, default=1)\nargs = p.parse_args(["--x", "3"])\na = args.x',
  ],
  [
    'set_defaults',
    'import argparse\np = argparse.ArgumentParser()\np.add_argument("--x", type=int, default=1)\np.set_defaults(x=3)\nargs = p.parse_args([])\na = args.x',
  ],
  [
    'a default that is text',
    'import argparse\np = argparse.ArgumentParser()\np.add_argument("--x", type=int, default="1")\nargs = p.parse_args([])\na = args.x',
  ],
  [
    'a default of None',
    'import argparse\np = argparse.ArgumentParser()\np.add_argument("--x", type=int, default=None)\nargs = p.parse_args([])\na = args.x or 3',
  ],
  ['a namespace', 'from argparse import Namespace\nargs = Namespace(x=1)\nargs.x = 3\na = args.x'],
  [
    'another namespace',
    'import argparse\np = argparse.ArgumentParser()\np.add_argument("--x", type=int, default=1)\nargs = p.parse_args([])\nargs.x = 3\na = args.x',
  ],
  [
    'arguments in a function',
    'import argparse\np = argparse.ArgumentParser()\np.add_argument("--x", type=int, default=1)\ndef f(o): o.x = 3\nargs = p.parse_args([])\nf(args)\na = args.x',
  ],
  ['a sum', 'a = 1 + 2 * 3 - 4 // 3 % 2'],
  ['powers', 'a = 2 ** -1 + 2 ** 3 ** 2'],
  ['division', 'a = 7 / 2 + 7 // -2 + -7 % 3'],
  ['true numbers', 'a = True + 1'],
  ['text times', 'a = "1" * 3'],
  ['text and text', 'a = "1" "2" + "3"'],
  ['int', 'a = int("0x10", 16)'],
  ['int of a float', 'a = int(2.9)'],
  ['int of a negative', 'a = int(-2.9)'],
  ['round', 'a = round(2.5)'],
  ['float', 'a = float("1e-4")'],
  ['bool of a text', 'a = bool("False")'],
  ['int of a text with blanks', 'a = int(" 7_0 ")'],
  ['parentheses over lines', 'a = (2e-4 # note\n)'],
  ['parentheses with a note first', 'a = ( # note\n 2e-4)'],
  ['another branch', 'if False:\n    a = 3'],
  ['a lambda', 'f = lambda a=3: record(id=2, a=a)\nf(4)'],
  ['a comprehension', 'x = [record(id=2, a=a) for a in [3]]'],
  ['a name of its class', 'class C:\n    a = 3\n    x = [record(id=2, a=a) for i in [1]]'],
  ['eval', 'eval("(a := 3)")\nexec("")'],
  ['type hints', 'a: int = 3\nb: int'],
  ['hex', 'a = 0x1F + 0b11 + 0o17'],
  ['a complex number', 'a = 1j'],
  ['sys.modules', 'import sys\nsys.modules["__main__"].a = 3'],
  ['an early use', 'def f(): record(id=2, a=a)\na = 3\nf()\na = 4\nf()'],
  ['a generator', 'def f():\n    global a\n    a = 3\n    yield 1\nnext(f())'],
  ['while else', 'while False: a = 3\nelse: a = 4'],
  ['for else', 'for i in []: a = 3\nelse: a = 4'],
  ['finally', 'try: a = 3\nfinally: a = 4'],
];

describe.skipIf(!hasPython)('what is read is what Python passes', () => {
  const programs = TABLE.map(([, lines]) => `a = 1\nb = 2\n${lines}\nrecord(id=1, a=a, b=b)\n`);
  const calls = hasPython ? callsOf(programs) : [];
  it.each(TABLE.map(([name], i) => [name, i] as const))('after %s', (_, i) => {
    const program = programs[i] ?? '';
    expect(calls[i]?.length, program).toBeGreaterThan(0);
    expect(differences(program, calls[i] ?? []), program).toEqual([]);
  });

  it('in programs of any statements', () => {
    const programs = fc
      .sample(fc.array(statements(3), { minLength: 3, maxLength: 9 }), { numRuns: 500, seed: 12 })
      .map((lines) => {
        let id = 1;
        const last = 'record(id=ID, a=a, b=b, x=d["x"], **d)';
        return ['a = b = c = 1', 'd = {"x": 1, "y": b}', ...lines, last].join('\n').replaceAll('ID', () => `${id++}`);
      });
    const calls = callsOf(programs);
    let [known, all, valid] = [0, 0, 0];
    programs.forEach((program, i) => {
      const own = calls[i];
      if (!own) return;
      valid += 1;
      expect(differences(program, own), program).toEqual([]);
      const reading = readingOf(program);
      for (const given of own) {
        all += Object.keys(given).length - 1;
        known += Object.keys(reading.get(given.id) ?? {}).length - 1;
      }
    });
    expect(valid).toBeGreaterThan(300);
    // Whoever knows nothing is never wrong.
    expect(known / all).toBeGreaterThan(0.15);
  });
});

/** Statements of a program; `ID` is a number that no other call has. */
function statements(depth: number): fc.Arbitrary<string> {
  const name = fc.constantFrom('a', 'b', 'c');
  const value = fc.oneof(
    { weight: 5, arbitrary: fc.constantFrom('2', '16', '2e-4', '"4"', '( # note\n 3)', '-1') },
    fc
      .tuple(
        fc.constantFrom('N', 'N * 2', 'N / 2', '2 ** 3', 'int(N)', 'float("5")', 'd["x"]', 'N or 6', '(N := 7)'),
        name,
      )
      .map(([text, own]) => text.replaceAll('N', own)),
  );
  const line = (text: string, weight = 1): fc.WeightedArbitrary<string> => ({
    weight,
    arbitrary: fc
      .tuple(name, value, name)
      .map(([own, is, other]) => text.replaceAll('N', own).replaceAll('V', is).replaceAll('M', other)),
  });
  const simple = fc.oneof(
    line('N = V', 40),
    line('record(id=ID, a=a, b=b, c=c)', 30),
    line('record(id=ID, **d)', 10),
    line('d = {"x": V, "y": N}', 8),
    line('d["x"] = V', 4),
    line('d[N] = V'),
    line('d.update(x=V)'),
    line('e = d\ne["x"] = V'),
    line('N, M = V, 5', 3),
    line('N += 1', 2),
    line('del N\nN = V'),
    line('exec("N = 9")'),
    line('globals()["N"] = V'),
    line('from elsewhere import *'),
    line('f(V)', 2),
    line('f()', 2),
    line('g()', 3),
  );
  if (depth === 0) return simple;
  const block = (indent: string): fc.Arbitrary<string> =>
    fc
      .array(statements(depth - 1), { minLength: 1, maxLength: 3 })
      .map((lines) => lines.filter((own) => !own.includes('import *')).join('\n') || 'pass')
      .map((own) => own.replace(/^/gm, indent));
  const around = (text: string): fc.Arbitrary<string> =>
    fc
      .tuple(block('    '), block('    '), name, value)
      .map(([one, two, own, is]) => text.replace('X', one).replace('Y', two).replaceAll('N', own).replaceAll('V', is));
  return fc.oneof(
    { weight: 30, arbitrary: simple },
    around('if N == V:\nX\nelse:\nY'),
    around('for N in [V, 2]:\nX'),
    around('def f(N=V):\nX'),
    around('def g():\n    global c\nX'),
    around('def g():\n    N = V\n    def h():\n        nonlocal N\n        N = 3\n    h()\nX'),
    around('try:\nX\nexcept Exception as e:\nY'),
    around('while N == V:\nX\n    break'),
    around('match V:\n  case int() as N:\nX\n  case _:\nY'),
    around('class C:\nX'),
  );
}
