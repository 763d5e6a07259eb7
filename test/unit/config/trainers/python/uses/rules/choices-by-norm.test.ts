import { describe, expect, it } from 'vitest';
import { loop, script, unread } from '../scripts';

const SUM = 'sum(p.grad.norm() for p in ps)';

describe('steps that a function of the script leaves out by the size of the gradient', () => {
  it.each([
    [
      'by its answer',
      `def ok(ps):\n    return ${SUM} < 5`,
      'if ok(model.parameters()): pass;',
      'ok(model.parameters()) !',
    ],
    [
      'by a sum in it',
      'def ok(ps):\n    t = 0\n    for p in ps: t += p.grad.norm()\n    return t < 5',
      'if not ok(model.parameters()): continue',
      'not ok(model.parameters()) !',
    ],
    [
      'by its number',
      `def size(ps):\n    return ${SUM}`,
      'if size(model.parameters()) > 5: continue',
      'size(model.parameters()) > 5 !',
    ],
    [
      'by a name for it',
      `def size(ps):\n    return ${SUM}`,
      's = size(model.parameters())\n    if s > 5: continue',
      's > 5 !',
    ],
    [
      'by a lambda',
      `size = lambda ps: ${SUM}`,
      'if size(model.parameters()) > 5: continue',
      'size(model.parameters()) > 5 !',
    ],
    [
      'by one of several results',
      `def size(ps):\n    return 1, ${SUM}`,
      'n, s = size(model.parameters())\n    if n > 5: continue\n    if s > 5: continue',
      's > 5 !',
    ],
    [
      'by a function below another',
      `def ok(ps):\n    s = size(ps)\n    return s < 5\ndef size(ps):\n    return ${SUM}`,
      'if ok(model.parameters()) is False: continue',
      'ok(model.parameters()) is False !',
    ],
  ])('%s', (_, before, step, expected) => {
    expect(unread(loop({ before, step: step.replace('pass;', 'lr_scheduler = None') }))).toEqual([expected]);
  });

  it.each([
    [
      'the loss beside a norm',
      `def train(ps):\n    return loss, ${SUM}`,
      'now, s = train(model.parameters())\n    if now < 5: best = now',
    ],
    [
      'a dict of both',
      `def train(ps):\n    return {"loss": 1, "norm": ${SUM}}`,
      'now = train(model.parameters())\n    if now["loss"] < 5: best = now',
    ],
    [
      'a variable that is named like the function',
      `def size(ps):\n    return ${SUM}`,
      'size = 3\n    if size > 5: continue',
    ],
    [
      'a norm that is printed',
      'import torch',
      'print(torch.nn.utils.get_total_norm([p.grad for p in model.parameters()]))',
    ],
  ])('but not by %s', (_, before, step) => {
    expect(unread(loop({ before, step }))).toEqual([]);
  });

  it('a gradient that is changed by its size', () => {
    const step = 'torch._foreach_mul_([p.grad for p in ps], 0.5)';
    expect(unread(loop({ before: 'ps = list(model.parameters())', step }))).toEqual([step]);
  });
});

describe('what a number decides which a plan changes', () => {
  it.each([
    ['if config.lora_alpha > 8:\n        loss = loss.mean()', 'config.lora_alpha > 8 !'],
    [
      'alpha = config.lora_alpha\n    loss = loss if alpha == 16 else loss.mean()',
      'loss if alpha == 16 else loss.mean() !',
    ],
    ['if optimizer.param_groups[0]["lr"] < 1e-4: break', 'optimizer.param_groups[0]["lr"] < 1e-4 !'],
    ['rate = scheduler.get_last_lr()[0]\n    if rate < 1e-4: break', 'rate < 1e-4 !'],
  ])('%s', (step, expected) => {
    expect(unread(loop({ step }))).toEqual([expected]);
  });

  it('but not whether it is above 0, or is there', () => {
    const step = 'if config.lora_alpha > 0 and optimizer.defaults["eps"] is not None:\n        loss = loss.mean()';
    expect(unread(loop({ step }))).toEqual([]);
  });

  it.each([
    ['logs["grad_norm"] > 5', ['logs["grad_norm"] > 5 !']],
    ['logs.get("grad_norm", 0) > 5', ['logs.get("grad_norm", 0) > 5 !']],
    ['logs["learning_rate"] < 1e-4', ['logs["learning_rate"] < 1e-4 !']],
    ['"grad_norm" in logs', []],
    ['settings["learning_rate"] > 1', []],
    ['logs["loss"] < 1', []],
  ])('a callback that stops at %s', (test, expected) => {
    const made = `class C(TrainerCallback):\n    def on_log(self, args, state, control, logs=None, **k):\n        if ${test}: control.should_training_stop = True`;
    expect(unread(script({ made, given: ', callbacks=[C()]' }))).toEqual(expected);
  });
});
