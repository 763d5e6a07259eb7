import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { claimWords } from '../../src/config/plan/claim';
import { planConfig } from '../../src/config/planned';
import { readConfig } from '../../src/config/read';
import { readAgainstRan, settled } from '../../src/run/read-against-ran';
import { readRecording } from '../../src/run/recording';
import { hasPackages, PYTHON, together } from '../judges/python';

const canRun = process.platform !== 'win32' && hasPackages('torch', 'peft');
if (!canRun) process.stderr.write(`test/run/doubtful: skipped, because ${PYTHON} has no torch and PEFT, or no fork\n`);

/** Lines of a loop of one's own, by the place where they stand. */
type Place = 'model' | 'optimizer' | 'begin' | 'loss' | 'gradients' | 'end';
type Lines = Partial<Record<Place, string>>;

const script = (alpha: number, lines: Lines): string => {
  const [k, root] = [alpha / 16, Math.sqrt(alpha / 16)];
  const rescaled = `for p in house.lora(model):\n    p.data.div_(${root})\n`;
  const at = (place: Place, indent = '    '): string => (lines[place] ? `${indent}${lines[place]}\n` : '');
  return `import torch
from peft import LoraConfig, get_peft_model
import house
config = LoraConfig(r=4, lora_alpha=${alpha}, target_modules=["q_proj", "v_proj"], lora_dropout=0.0, bias="none")
torch.manual_seed(5)
model = get_peft_model(house.net(), config)
${at('model', '')}${k === 1 ? '' : rescaled}\
optimizer = torch.optim.AdamW(model.parameters(), lr=${5e-3 / root}, weight_decay=${0.1 * root}, eps=${1e-8 * root})
${at('optimizer', '')}for step, (x, y) in enumerate(house.batches()):
${at('begin')}    loss = torch.nn.functional.cross_entropy(model(x).flatten(0, 1), y.flatten())
    print(float(loss.detach()).hex())
${at('loss')}    loss.backward()
${at('gradients')}    torch.nn.utils.clip_grad_norm_(model.parameters(), ${10 * root})
    optimizer.step()
    optimizer.zero_grad()
${at('end')}`;
};

const cosine = 'scheduler = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, T_max=8)';
const steady = 'scheduler = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda step: 1.0)';
const pairs = "[{'params': house.lora(model, 'lora_A')}, {'params': house.lora(model, 'lora_B')}]";
const adapted = 'In the run the learning rate';
const EXACT = 'exact for the run recorded';
const IF = `${EXACT}, but see line`;

/** What is done, how, and what the recording says; where it agrees, the claim of the plan. */
const ROWS: readonly (readonly [what: string, lines: Lines, says: string])[] = [
  ['nothing', {}, EXACT],
  ['a rate set at the start', { optimizer: 'house.group(optimizer, lr=2e-3)' }, 'had 0.002'],
  ['a rate set later', { begin: 'step > 2 and house.group(optimizer, lr=1e-3)' }, adapted],
  ['the same rate set again', { begin: 'house.group(optimizer, lr=5e-3)' }, IF],
  [
    'a schedule undone',
    { optimizer: cosine, begin: 'house.group(optimizer, lr=5e-3)', end: 'scheduler.step()' },
    adapted,
  ],
  [
    'a schedule replaced',
    { optimizer: steady, begin: 'house.group(optimizer, lr=2e-2)', end: 'scheduler.step()' },
    '0.02',
  ],
  [
    'a rate in a hook',
    { optimizer: 'optimizer.register_step_pre_hook(lambda o, *_: house.group(o, lr=1e-2))' },
    '0.01',
  ],
  [
    'a rate of B',
    {
      optimizer: `optimizer = torch.optim.AdamW(${pairs}, lr=5e-3, weight_decay=0.1)`,
      begin: "optimizer.param_groups[1]['lr'] = 5e-3 * 0.5 ** step",
    },
    'move differently',
  ],
  ['decay at the start', { optimizer: 'house.group(optimizer, weight_decay=0.5)' }, 'the run had 0.5'],
  ['decay later', { begin: 'step > 1 and house.group(optimizer, weight_decay=20.0)' }, '(weight_decay)'],
  ['eps later', { begin: 'step > 1 and house.group(optimizer, eps=1e-2)' }, '(eps)'],
  ['betas later', { begin: 'step > 1 and house.group(optimizer, betas=(0.5, 0.9))' }, '(betas)'],
  ['a step with other code', { model: 'house.patch()' }, 'runs other code too'],
  [
    'another optimizer',
    { optimizer: "optimizer = getattr(torch.optim, 'SG' + 'D')(model.parameters(), lr=5e-3)" },
    'SGD',
  ],
  ['an optimizer for B', { optimizer: 'second = house.Second(model, optimizer)', end: 'second.step()' }, 'is frozen'],
  ['another scaling', { model: 'house.scale(model, 2.0)' }, '4 was read for the scaling, and the run had 2'],
  ['another scaling later', { begin: 'step == 2 and house.scale(model, 8.0)' }, 'changed the scaling'],
  [
    'set_scale',
    { begin: "step == 2 and [m.set_scale('default', 2.0) for m in house.layers(model)]" },
    'changed the scaling',
  ],
  ['a head', { model: 'model.base_model.model.head.requires_grad_(True)' }, 'head.weight'],
  ['a bias', { model: 'model.base_model.model.q_proj.base_layer.bias.requires_grad_(True)' }, 'bias'],
  ['clipping at two thresholds', { gradients: 'house.clip(model.parameters(), 0.05)' }, 'several thresholds'],
  ['clipping twice', { gradients: 'house.clip(model.parameters(), 10.0)' }, 'more than once'],
  ['clipping by hand', { gradients: 'step > 2 and house.shorten(house.lora(model), 0.05)' }, 'changes gradients'],
  ['gradients times alpha', { gradients: '[p.grad.mul_(config.lora_alpha) for p in house.lora(model)]' }, 'changes'],
  ['a penalty on A and B', { loss: 'loss = loss + house.penalty(model)' }, 'treats A and B by themselves'],
  ['A drawn anew', { end: "step == 0 and house.draw(house.lora(model, 'lora_A'), 0.2)" }, 'writes LoRA'],
  ['A drawn anew later', { end: "step == 3 and house.draw(house.lora(model, 'lora_A'), 0.2)" }, 'writes LoRA'],
  ['B not at zero', { model: "house.draw(house.lora(model, 'lora_B')[:1], 0.05)" }, 'B not at zero'],
  ['A frozen later', { end: "step == 2 and [p.requires_grad_(False) for p in house.lora(model, 'lora_A')]" }, EXACT],
  ['dropout', { model: "house.layers(model)[0].lora_dropout['default'] = torch.nn.Dropout(0.2)" }, 'the run had 0.2'],
  [
    'another adapter',
    { model: "model.add_adapter('other', config)", begin: "step == 2 and model.set_adapter('other')" },
    'is frozen',
  ],
  ['a gradient times a number', { loss: 'loss = house.Times.apply(loss, 4.0)' }, EXACT],
  ['a gradient times alpha', { loss: 'loss = house.Times.apply(loss, config.lora_alpha)' }, EXACT],
  ['a loss times alpha', { loss: 'loss = loss * config.lora_alpha' }, EXACT],
];

describe.skipIf(!canRun)('a script whose reading is doubtful:', () => {
  const folder = mkdtempSync(join(tmpdir(), 'doubtful-'));
  const path = (i: number, alpha: number, ending: string): string => join(folder, `row${i}-${alpha}.${ending}`);
  beforeAll(async () => {
    for (const [i, [, lines]] of ROWS.entries())
      for (const alpha of [16, 64]) writeFileSync(path(i, alpha, 'py'), script(alpha, lines));
    await together([[resolve('test/run/programs/doubtful.py'), resolve('src/run/python'), folder]]);
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it.each(ROWS.map(([what, , says], i) => [what, says, i] as const))('%s', (what, says, i) => {
    const [text, ran] = [readFileSync(path(i, 16, 'py'), 'utf8'), readFileSync(path(i, 16, 'json'), 'utf8')];
    const recording = readRecording(ran, 'run.json');
    if ('wrong' in recording) throw new Error(recording.wrong);
    const reading = readConfig(text, 'train.py');
    const agreement = readAgainstRan(text, reading, recording, ran);
    const [plan] = planConfig(text, reading, 0, 64).plans.map((one) => settled(one, agreement));
    const claim = plan ? claimWords(plan.claim) : '';
    expect(`${agreement.findings.map(({ message }) => message).join('\n')}\n${claim}`).toContain(says);
    const losses = [16, 64].map((alpha) => readFileSync(path(i, alpha, 'losses'), 'utf8'));
    const isSame = losses[0] === losses[1] && losses[0] !== '';
    // Neither a recording nor a trial sees what is done with the number alpha: this is said wherever exact is said.
    if (claim.startsWith('exact')) {
      expect(plan?.caveats.map(({ message }) => message).join('\n')).toContain(
        'Code that uses the number alpha itself',
      );
      if (!what.endsWith('times alpha') && !claim.includes(', but ')) expect(isSame).toBe(true);
    } else expect(claim).toBe('approximate');
  });
});
