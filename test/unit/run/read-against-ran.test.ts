import { describe, expect, it } from 'vitest';
import { claimWords } from '../../../src/config/plan/claim';
import { planConfig } from '../../../src/config/planned';
import { readConfig } from '../../../src/config/read';
import { readAgainstRan, settled, type Agreement } from '../../../src/run/read-against-ran';
import type { Recording } from '../../../src/run/recording';
import { group, module, recording } from '../../support/recording';

/** A script of transformers; line 9 is `more`. */
const script = (more = ''): string => `from transformers import Trainer, TrainingArguments
from peft import LoraConfig, get_peft_model
model = get_peft_model(base, LoraConfig(
    r=8,
    lora_alpha=16,
    target_modules=["q_proj", "v_proj"]))
args = TrainingArguments(output_dir="out", learning_rate=1e-3, weight_decay=0.01,
    lr_scheduler_type="constant", max_grad_norm=1.0)
${more}
trainer = Trainer(model=model, args=args, train_dataset=rows)
trainer.train()
`;

function agreement(text: string, own: Partial<Recording> = {}, file = 'train.py'): Agreement {
  const run = recording(own);
  return readAgainstRan(text, readConfig(text, file), run, JSON.stringify(run));
}
const adamw = (...groups: Recording['optimizers'][number]['groups']): Partial<Recording> => ({
  optimizers: [{ class: 'torch.optim.adamw.AdamW', groups }],
});
const linesOf = ({ findings }: Agreement): string[] =>
  findings.flatMap(({ line, message }) => (line === null ? [] : [`${line}: ${message}`]));

it('a recording of the same numbers agrees', () => {
  const { agrees, why, findings } = agreement(script());
  expect({ agrees, why }).toEqual({ agrees: true, why: null });
  expect(findings).toMatchObject([{ severity: 'info', line: null }]);
  expect(findings[0]?.message).toBe(
    'The recording agrees with this file. This rests on a recording (train.py, 3 steps, torch 2.13.0): it holds for that program with these versions. What happens after step 3 was not recorded. Code that uses the number alpha itself kept the old one here; only a run of the changed file shows that.',
  );
});

describe('a recording that differs says so at the line:', () => {
  it.each<[string, Partial<Recording>, string[]]>([
    [
      'weight decay',
      adamw(group({ numbers: { weight_decay: 0 } })),
      ['7: 0.01 was read for weight decay, and the run had 0.'],
    ],
    [
      'the learning rate',
      adamw(group({ numbers: { lr: 2e-3 }, lr: [2e-3, 2e-3] })),
      ['7: 0.001 was read for the learning rate, and the run had 0.002.'],
    ],
    ['the scaling', { modules: [module({ scaling: 4 })] }, ['4: 2 was read for the scaling, and the run had 4.']],
    ['the rank', { modules: [module({ rank: 16 })] }, ['4: 8 was read for the rank, and the run had 16.']],
    ['clipping', { clips: [] }, ['8: 1 was read for max grad norm, and the run had 0.']],
    ['DoRA', { modules: [module({ dora: true })] }, ['4: no was read for DoRA, and the run had yes.']],
    [
      'the start of B',
      { modules: [module({ initB: { max: 1 } })] },
      ['4: B at zero was read for the init, and the run had B not at zero.'],
    ],
    [
      'a schedule',
      adamw(group({ lr: [1e-3, 9e-4, 8e-4] })),
      ['8: In the run the learning rate moved from 0.001 to 8e-4, which is not constant.'],
    ],
    [
      'what else trains',
      { others: { count: 2, names: ['score.weight', 'score.bias'] } },
      ['6: The run also trained 2 parameters beside LoRA: score.weight and score.bias.'],
    ],
    [
      'LoRA+',
      adamw(group({ roles: { A: 1 } }), group({ roles: { B: 1 }, numbers: { lr: 0.016 } })),
      ['4: 1 was read for the LoRA+ ratio, and the run had 16.'],
    ],
    [
      'the optimizer',
      { optimizers: [{ class: 'torch.optim.sgd.SGD', groups: [group({ numbers: { momentum: 0 } })] }] },
      ['4: adamw_torch_fused was read for the optimizer, and the run had torch.optim.SGD.'],
    ],
    [
      'a second scaling',
      { modules: [module(), module({ name: 'x.v_proj', scaling: 4 })] },
      ['4: The run also had rank 8 and scaling 4: default, rank 8, x.v_proj and 0 more.'],
    ],
    ['a bias of B', { modules: [module({ bias: true })] }, ['4: The run also trained biases of B.']],
    [
      'a rate set after the optimizer was made',
      adamw(group({ numbers: { initial_lr: 1e-3 }, lr: [5e-3, 5e-3] })),
      ['8: The optimizer was made with the learning rate 0.001, and the run had 0.005.'],
    ],
    [
      'a dropout of some modules',
      { modules: [module(), module({ name: 'x.v_proj', dropout: 0.5 })] },
      ['4: 0 was read for the LoRA dropout, and the run had 0.5.'],
    ],
    [
      'the optimizer of some factors',
      {
        optimizers: [
          { class: 'torch.optim.adamw.AdamW', groups: [group({ roles: { A: 1 } })] },
          { class: 'torch.optim.sgd.SGD', groups: [group({ roles: { B: 1 }, numbers: { momentum: 0 } })] },
        ],
      },
      ['4: adamw_torch_fused was read for the optimizer, and the run had torch.optim.SGD.'],
    ],
    ['a loss scale', { precision: { scaler: {} } }, ['4: The run scaled its loss, as float16 needs it.']],
  ])('%s', (_what, own, lines) => {
    const found = agreement(script(), own);
    expect(found.agrees).toBe(false);
    expect(linesOf(found)).toEqual(lines);
  });
});

describe('a recording in which something moved does not agree:', () => {
  const twice = recording().clips.map((clip) => ({ ...clip, norms: [0, 0, 0, 0, 0, 0] }));
  it.each<[string, Partial<Recording>, string]>([
    [
      'a number',
      adamw(group({ changed: ['step', 'weight_decay'] })),
      'Numbers of the optimizer changed during the run (weight_decay); the first are shown.',
    ],
    [
      'the rate of one group',
      adamw(group({ roles: { A: 1 } }), group({ roles: { B: 1 }, lr: [1e-3, 5e-4, 1e-4] })),
      'The learning rates of LoRA move differently in its parameter groups; the first is shown.',
    ],
    ['clipping twice', { clips: twice }, 'Gradients are clipped more than once in a step.'],
  ])('%s', (_what, own, why) => {
    const found = agreement(script(), own);
    expect(found.agrees).toBe(false);
    expect(found.why).toBe(why);
  });

  it('a schedule that the run did not follow', () => {
    const found = agreement(script().replace('"constant"', '"cosine"'));
    expect(linesOf(found)).toEqual(['8: In the run the learning rate stayed at 0.001, and this file says cosine.']);
  });
});

it('what the file does not say is filled in, and a learning rate that a plan changes anyway is no difference', () => {
  const text = script().replace('learning_rate=1e-3', 'learning_rate=float(sys.argv[1])');
  const found = agreement(text);
  expect(linesOf(found)).toEqual(['4: The run had 0.001 for the learning rate; this file does not say.']);
  expect(found.agrees).toBe(true);
});

describe('the plan of a file with a recording', () => {
  const claim = (text: string, own: Partial<Recording> = {}): string => {
    const [plan] = planConfig(text, readConfig(text, 'train.py'), 0, 64).plans;
    return plan ? claimWords(settled(plan, agreement(text, own)).claim) : '';
  };
  const DOUBT = 'args = prepared(args)';

  it('is exact for the run recorded, even where a line was not understood', () => {
    expect(readConfig(script(DOUBT), 'train.py').notUnderstood).not.toEqual([]);
    expect(claim(script())).toBe('exact for the run recorded');
    expect(claim(script(DOUBT))).toBe('exact for the run recorded, but see line 9');
  });

  it('says what the recording cannot show', () => {
    const text = script(DOUBT);
    const [plan] = planConfig(text, readConfig(text, 'train.py'), 0, 64).plans;
    const caveat = plan && settled(plan, agreement(text)).caveats.find(({ code }) => code === 'run-recorded');
    expect(caveat?.message).toContain('record the changed file too, and compare both recordings');
  });

  it.each<[string, Partial<Recording>]>([
    ['another number', adamw(group({ numbers: { weight_decay: 0 } }))],
    ['a frozen factor', { modules: [module({ trains: { A: false, B: true } })] }],
    ['something unseen', { notSeen: [{ what: 'flattened', why: 'FSDP 1 flattens its parameters.' }] }],
    ['no step', { steps: 0, ended: 'no-step' }],
  ])('is approximate where the recording has %s', (_what, own) => {
    expect([claim(script(), own), claim(script(DOUBT), own)]).toEqual(['approximate', 'approximate']);
  });

  it('of a file without an optimizer is not exact where the run had another than is assumed', () => {
    const text = 'lora_r: 8\nlora_alpha: 16\nlearning_rate: 1e-3\nmax_grad_norm: 1\n';
    const [plan] = planConfig(text, readConfig(text, 'a.yml'), 0, 64).plans;
    const sgd = { optimizers: [{ class: 'torch.optim.sgd.SGD', groups: [group()] }] };
    expect(plan && claimWords(settled(plan, agreement(text, sgd, 'a.yml')).claim)).toBe('approximate');
  });

  it('is approximate for factors of 16 bits where the plan rounds them', () => {
    const half = { modules: [module({ dtype: 'torch.bfloat16' })] };
    const at = (alpha: number): string => {
      const [plan] = planConfig(script(), readConfig(script(), 'train.py'), 0, alpha).plans;
      return plan ? claimWords(settled(plan, agreement(script(), half)).claim) : '';
    };
    expect([at(64), at(48)]).toEqual(['exact for the run recorded', 'approximate']);
  });

  it('is approximate where the run had a number that the file does not say', () => {
    const text =
      'learning_rate: 1e-3\nlora_r: 8\nlora_alpha: 16\nadapter: lora\nbase_model: x\noptimizer: adamw_torch\n';
    const [plan] = planConfig(text, readConfig(text, 'a.yml'), 0, 64).plans;
    const own = agreement(
      text,
      { clips: [{ kind: 'value', threshold: 0.5, over: 'lora', norms: [null, null, null] }] },
      'a.yml',
    );
    expect(plan && claimWords(settled(plan, own).claim)).toBe('approximate');
  });
});

describe('the rates of a run', () => {
  const rises = [0, 1 / 4, 2 / 4, 3 / 4, 1];
  const falls = [0, 1, 2, 3].map((i) => i / 40);
  it.each<[string, number[], string | null]>([
    ['linear', falls.map((x) => 1 - x), null],
    ['linear', [...rises, ...falls.slice(1).map((x) => 1 - x)], null],
    ['cosine', [...rises, ...falls.slice(1).map((x) => (1 + Math.cos(Math.PI * x)) / 2)], null],
    ['constant_with_warmup', [0.25, 0.5, 0.75, 1, 1, 1], null],
    ['polynomial', [1, 0.3, 0.9], null],
    ['linear', [1, 0.5, 0.1], 'which is not linear.'],
    ['cosine', [0.5, 0.1, 1], 'which is not cosine.'],
    ['constant', [1, 1, 0.5], 'which is not constant.'],
  ])('%s: %j', (schedule, rates, says) => {
    const text = script().replace('="constant"', `="${schedule}"`);
    const lr = rates.map((rate) => rate * 1e-3);
    const { why } = agreement(text, adamw(group({ numbers: { lr: 1e-3, initial_lr: 1e-3 }, lr })));
    if (says === null) expect(why).toBe(null);
    else expect(why).toContain(says);
  });
});
