import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join, resolve } from 'node:path';
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { readRecording } from '../../src/run/recording';
import { run, runJson, workspace } from '../cli/support/cli';
import { hasPackages, PYTHON } from '../judges/python';

const hasLibraries = hasPackages('torch', 'transformers', 'peft', 'accelerate');
if (!hasLibraries) process.stderr.write(`test/run: skipped, because ${PYTHON} has no torch, transformers, PEFT\n`);

/** transformers' Trainer on a tiny random model, with the alpha, learning rate … of `OPTIONS` in its first argument. */
const TRAINER = resolve('test/run/programs/hf_trainer.py');
/** A loop of torch alone, which starts in a third of the time. */
const LOOP = resolve('test/run/programs/loop.py');
const program = (options: object): string[] => ['--', PYTHON, TRAINER, JSON.stringify(options)];
const QUICK = { args: { max_steps: 5 } };

/** Where clipping fires, torch adds 1e-6 to the norm, and only the proof without clipping has the bits. */
const NO_CLIP = { args: { max_steps: 5, max_grad_norm: 0 } };

const verdict = v.looseObject({
  verdict: v.string(),
  why: v.string(),
  k: v.number(),
  repeats: v.nullable(v.boolean()),
});

const env = {
  HOME: process.env['HOME'] ?? '',
  PYTHONPATH: ['test/run/programs', 'test/support/python'].map((folder) => resolve(folder)).join(delimiter),
};

describe.skipIf(!hasLibraries)('a Trainer of transformers', () => {
  it('is recorded, ended after its steps, and read like a config', async () => {
    const cwd = await workspace();
    const ended = await run(['record', '--steps', '4', '--out', 'own.json', ...program(QUICK)], { cwd, env });
    expect(ended.code).toBe(0);
    expect(ended.stdout).not.toContain('saved');
    expect(existsSync(join(cwd, 'saved'))).toBe(false);
    const recording = readRecording(readFileSync(join(cwd, 'own.json'), 'utf8'), 'own.json');
    expect(recording).toMatchObject({ steps: 4, ended: 'steps', notSeen: [] });
    const read = await run(['read', 'own.json'], { cwd });
    expect(read.stdout).toMatch(/weight decay +0\.01[^]*max grad norm +1/);
    const plan = await run(['plan', 'own.json', '--alpha', '32'], { cwd });
    expect(plan.stdout).toContain('Rescale the init (symmetric): exact\n');
  });

  it('trains on under --keep-going, with no hook left', async () => {
    const cwd = await workspace();
    const file = join(cwd, 'watched.py');
    const places = `torch.optim.Optimizer.add_param_group, torch.optim.Optimizer.__setattr__, torch.Tensor.backward,
  torch.amp.autocast.__enter__, torch.nn.utils.clip_grad_norm_, torch.nn.utils.clip_grad.clip_grad_value_`;
    const checks = `
import signal
from torch.optim import optimizer as optim
places = [${places}, optimizer.step, type(optimizer).step]
files = [getattr(each, "__code__", None) and each.__code__.co_filename for each in places]
print("left", [file for file in files if file and "lora_alpha_run" in file])
print(*optim._global_optimizer_pre_hooks, *optim._global_optimizer_post_hooks)
print(signal.getsignal(signal.SIGTERM) == signal.SIG_DFL)
`;
    writeFileSync(file, `exec(open(${JSON.stringify(LOOP)}).read())\n${checks}`);
    const args = ['record', '--steps', '2', '--keep-going', '--', PYTHON, file, JSON.stringify({ clip: 0.02 })];
    const ended = await run(args, { cwd, env });
    expect([ended.code, ended.stdout]).toEqual([0, expect.stringContaining('trained to the end\nleft []\n\nTrue\n')]);
    const recording = readRecording(readFileSync(join(cwd, 'run.json'), 'utf8'), 'run.json');
    expect(recording).toMatchObject({
      steps: 2,
      ended: 'steps',
      clips: [{ norms: [expect.any(Number), expect.any(Number)] }],
    });
  });

  it('keeps its bits under the plan at k = 4, and not under alpha alone', async () => {
    const cwd = await workspace();
    const args = ['try', '--from', '8', '--alpha', '32', '--steps', '4', '--out', 'trial', ...program(NO_CLIP)];
    const { document, code } = await runJson(verdict, args, { cwd, env });
    expect([code, document]).toMatchObject([0, { verdict: 'identical', k: 4, repeats: true }]);
    expect(existsSync(join(cwd, 'trial', 'alpha-only.json'))).toBe(true);
  });
});

it.skipIf(!hasLibraries)('a program is called another run where it changes what the plan cannot know', async () => {
  const cwd = await workspace();
  // Decay by the size of the weights: a number with a unit that stands in no group.
  const odd = join(cwd, 'odd.py');
  const hook = 'import torch\nfrom torch.optim import AdamW\nplain = AdamW.step\n';
  const shrink = 'def pulled(self, closure=None):\n    for g in self.param_groups:\n        for p in g["params"]:\n';
  const pull =
    '            p.grad is not None and p.grad.add_(p.data.sign(), alpha=1e-3)\n    return plain(self, closure)\n';
  writeFileSync(odd, `${hook}${shrink}${pull}AdamW.step = pulled\nexec(open(${JSON.stringify(LOOP)}).read())\n`);
  const args = ['try', '--from', '8', '--alpha', '32', '--steps', '4', '--', PYTHON, odd];
  const { document, code } = await runJson(verdict, args, { cwd, env });
  expect(document.verdict, document.why).toBe('different');
  expect(code).toBe(1);
});
