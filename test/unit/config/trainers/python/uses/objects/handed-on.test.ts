import { describe, expect, it } from 'vitest';
import { loop, script, unread } from '../scripts';

const UNFREEZES = 'def free(m):\n    m.requires_grad_(True)\n';
const FREES = 'm.requires_grad_(True)';

describe('a model is handed on to a function of the script', () => {
  it.each([
    ['behind a star', 'things = [model]\nfree(*things)'],
    ['behind two stars', 'things = {"m": model}\nfree(**things)'],
    ['by map', 'list(map(free, [model]))'],
    ['by partial', 'functools.partial(free, model)()'],
    ['by a keyword of partial', 'functools.partial(free, m=model)()'],
    ['by a lambda', 'list(map(lambda m: free(m), [model]))'],
  ])('%s', (_, before) => {
    expect(unread(loop({ before: UNFREEZES + before }))).toEqual([FREES]);
  });

  it.each([
    ['to *args', 'def free(*things):\n    for m in things: m.requires_grad_(True)\nfree(model)'],
    ['to **kwargs', 'def free(**things):\n    for m in things.values(): m.requires_grad_(True)\nfree(m=model)'],
    ['by yield', 'def parts():\n    yield model.lm_head, 1\nfor m, _ in parts(): m.requires_grad_(True)'],
    [
      'by a field',
      '@dataclass\nclass Stage:\n    m: object\n    def go(self):\n        m = self.m\n        m.requires_grad_(True)\nStage(model).go()',
    ],
    ['as a default', 'def free(m=model):\n    m.requires_grad_(True)\nfree()'],
    ['as a default with a type', 'def free(m: object = model):\n    m.requires_grad_(True)\nfree()'],
    [
      'by the body of a class',
      'class Stage:\n    head = model\n    def go(self):\n        m = self.head\n        m.requires_grad_(True)\nStage().go()',
    ],
    ['in a list', 'models = []\nmodels.append(model)\nfor m in models: m.requires_grad_(True)'],
    ['in a dict', 'models = {}\nmodels[key] = model\nfor m in models.values(): m.requires_grad_(True)'],
    ['from before it had LoRA', 'm = head\nm.requires_grad_(True)'],
  ])('%s', (_, before) => {
    const text = loop({ before }).replace('config =', 'head = model.lm_head\nconfig =');
    expect(unread(text)).toEqual([FREES]);
  });

  it.each([
    ['stage = Stage(model)\nstage.m.requires_grad_(True)', 'stage.m.requires_grad_(True)'],
    ['stage = Stage()\nstage.m = model\nstage.m.requires_grad_(True)', 'stage.m.requires_grad_(True)'],
    ['def free(**things):\n    things["m"].requires_grad_(True)\nfree(m=model)', 'things["m"].requires_grad_(True)'],
    ['def call(f, *a, **k):\n    f(*a, **k)\ncall(free, model)', 'f(*a, **k)'],
    ['STEPS = {"free": free}\nSTEPS["free"](model)', 'STEPS["free"](model)'],
  ])('%s', (before, expected) => {
    const made = `class Stage:\n    def __init__(self, m=None):\n        self.m = m\n${UNFREEZES}${before}`;
    expect(unread(loop({ before: made }))).toEqual([expected]);
  });
});

describe('an object that decides the run is given to what is not known', () => {
  it.each([
    ['tune([optimizer])', '!'],
    ['tune({"o": optimizer})', '!'],
    ['tune(of=(optimizer, 1))', '!'],
    ['tune(optimizer if late else None)', '!'],
    ['tune(lambda: optimizer)', '!'],
    ['tune([p for p in model.parameters()])', ''],
    ['list(map(tune, [optimizer]))', '!'],
    ['functools.partial(tune, optimizer)', '!'],
    ['make()(optimizer)', '!'],
    ['make()(model)', ''],
    ['threading.Thread(target=tune, args=(optimizer,))', '!'],
    ['mylib.ALL.append(optimizer)', '!'],
    ['mylib.CURRENT.optimizer = optimizer', '!'],
    ['Mine(optimizer)', '!'],
    ['setattr(mylib.CURRENT, "optimizer", optimizer)', '!'],
  ])('%s', (made, mark) => {
    const before = 'import mylib\nclass Mine(mylib.Watcher):\n    pass';
    const found = unread(loop({ before, made }));
    expect(found).toEqual([`${made.replace(/^list\((.*)\)$/, '$1')} ${mark}`.trim()]);
  });

  it.each([
    ['parameters in a list', 'ps = [p for p in model.parameters() if p.requires_grad]\nprint(len(ps), ps[0])'],
    ['a count by map', 'sum(map(lambda p: p.numel(), model.parameters()))'],
    ['a list of its own', 'models = []\nmodels.append(model)\nprint(models[0])'],
    ['a class of its own', 'class Runner:\n    def __init__(self, m):\n        self.m = m\nRunner(model)'],
    ['a partial function that prints', 'show = functools.partial(print, model)\nshow()'],
    ['a norm that is printed', 'print(sum((p ** 2).sum().item() for p in model.parameters()))'],
    ['a frozen head', 'w = model.lm_head.weight\nw.requires_grad = False'],
  ])('but not: %s', (_, made) => {
    expect(unread(loop({ made }))).toEqual([]);
    expect(unread(script({ made }))).toEqual([]);
  });
});

describe('a part of the model that trains, by another name', () => {
  it.each([
    ['w = model.lm_head.weight\nw.requires_grad = True', 'w.requires_grad = True'],
    ['w = model.lm_head.weight\nw.requires_grad_(True)', 'w.requires_grad_(True)'],
    ['w = model.a.b.norm.bias\nw.requires_grad = True', 'w.requires_grad = True'],
    ['(w := model.lm_head.weight).requires_grad_(True)', '(w := model.lm_head.weight).requires_grad_(True)'],
    ['w = attrgetter("lm_head.weight")(model)\nw.requires_grad = True', 'w.requires_grad = True'],
    ['free = model.requires_grad_\nfree(True)', 'free = model.requires_grad_'],
    ['list(map(optimizer.add_param_group, groups))', 'optimizer.add_param_group !'],
    ['w = model.lm_head.weight\nw.data.mul_(2)', 'w.data.mul_(2)'],
    ['groups = getattr(optimizer, "param_groups")\ngroups[0]["lr"] = 1e-5', 'groups[0]["lr"] = 1e-5 !'],
  ])('%s', (made, expected) => {
    expect(unread(loop({ made }))).toContain(expected);
  });
});
