import { join } from 'node:path';
import { expect, it } from 'vitest';
import { claimWords } from '../../../src/config/plan/claim';
import { planConfig } from '../../../src/config/planned';
import { readConfig } from '../../../src/config/read';
import { readAgainstRan, settled } from '../../../src/run/read-against-ran';
import type { Recording } from '../../../src/run/recording';
import { group, module, recording } from '../../support/recording';

/** What is found in each case, and what the first plan may be called, is in read-against-ran.txt; `vitest -u` writes it. */
interface Case {
  own?: Partial<Recording>;
  text?: string;
  alpha?: number;
}

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

type Optimizer = Recording['optimizers'][number];
const under = (optimizer: string, ...groups: Optimizer['groups']): Optimizer => ({ class: optimizer, groups });
const adamw = (...groups: Optimizer['groups']): Partial<Recording> => ({
  optimizers: [under('torch.optim.adamw.AdamW', ...groups)],
});
const sgd = (...groups: Optimizer['groups']): Optimizer => under('torch.optim.sgd.SGD', ...groups);

/** Numbers and factors of the run that the file has otherwise. */
const DIFFER: Readonly<Record<string, Partial<Recording>>> = {
  'weight decay': adamw(group({ numbers: { weight_decay: 0 } })),
  'the learning rate': adamw(group({ numbers: { lr: 2e-3 }, lr: [2e-3, 2e-3] })),
  'the scaling': { modules: [module({ scaling: 4 })] },
  'the rank': { modules: [module({ rank: 16 })] },
  clipping: { clips: [] },
  DoRA: { modules: [module({ dora: true })] },
  'the start of B': { modules: [module({ initB: { max: 1 } })] },
  'a schedule': adamw(group({ lr: [1e-3, 9e-4, 8e-4] })),
  'what else trains': { others: { count: 2, names: ['score.weight', 'score.bias'] } },
  'LoRA+': adamw(group({ roles: { A: 1 } }), group({ roles: { B: 1 }, numbers: { lr: 0.016 } })),
  'the optimizer': { optimizers: [sgd(group({ numbers: { momentum: 0 } }))] },
  'a second scaling': { modules: [module(), module({ name: 'x.v_proj', scaling: 4 })] },
  'a bias of B': { modules: [module({ bias: true })] },
  'a rate set after the optimizer was made': adamw(group({ numbers: { initial_lr: 1e-3 }, lr: [5e-3, 5e-3] })),
  'a dropout of some modules': { modules: [module(), module({ name: 'x.v_proj', dropout: 0.5 })] },
  'the optimizer of some factors': {
    optimizers: [
      under('torch.optim.adamw.AdamW', group({ roles: { A: 1 } })),
      sgd(group({ roles: { B: 1 }, numbers: { momentum: 0 } })),
    ],
  },
  'a loss scale': { precision: { scaler: {} } },
  'a number that changed': adamw(group({ changed: ['step', 'weight_decay'] })),
  'the rate of one group': adamw(group({ roles: { A: 1 } }), group({ roles: { B: 1 }, lr: [1e-3, 5e-4, 1e-4] })),
  'clipping twice': { clips: recording().clips.map((clip) => ({ ...clip, norms: [0, 0, 0, 0, 0, 0] })) },
  'a frozen factor': { modules: [module({ trains: { A: false, B: true } })] },
  'something unseen': { notSeen: [{ what: 'flattened', why: 'FSDP 1 flattens its parameters.' }] },
  'no step': { steps: 0, ended: 'no-step' },
};

const RISES = [0, 1 / 4, 2 / 4, 3 / 4, 1];
const FALLS = [0, 1, 2, 3].map((i) => i / 40);
const HALF: Partial<Recording> = { modules: [module({ dtype: 'torch.bfloat16' })] };
const DOUBT = 'args = prepared(args)';

function rates(schedule: string, shares: readonly number[]): Case {
  const lr = shares.map((share) => share * 1e-3);
  const own = adamw(group({ numbers: { lr: 1e-3, initial_lr: 1e-3 }, lr }));
  return { own, text: script().replace('="constant"', `="${schedule}"`) };
}

const CASES: Readonly<Record<string, Case>> = {
  'the same numbers': {},
  'a line that was not understood': { text: script(DOUBT) },
  ...Object.fromEntries(
    Object.entries(DIFFER).flatMap(([what, own]) => [
      [what, { own }],
      [`${what}, and a line that was not understood`, { own, text: script(DOUBT) }],
    ]),
  ),
  'a schedule that the run did not follow': { text: script().replace('"constant"', '"cosine"') },
  'a learning rate that a plan changes anyway': {
    text: script().replace('learning_rate=1e-3', 'learning_rate=float(sys.argv[1])'),
  },
  'no optimizer in the file': {
    text: 'lora_r: 8\nlora_alpha: 16\nlearning_rate: 1e-3\nmax_grad_norm: 1\n',
    own: { optimizers: [sgd(group())] },
  },
  'factors of 16 bits at a power of four': { own: HALF },
  'factors of 16 bits where the plan rounds them': { own: HALF, alpha: 48 },
  'clipping by value, of which the file does not say': {
    text: 'learning_rate: 1e-3\nlora_r: 8\nlora_alpha: 16\nadapter: lora\nbase_model: x\noptimizer: adamw_torch\n',
    own: { clips: [{ kind: 'value', threshold: 0.5, over: 'lora', norms: [null, null, null] }] },
  },
  'rates that fall': rates(
    'linear',
    FALLS.map((x) => 1 - x),
  ),
  'rates that rise and fall': rates('linear', [...RISES, ...FALLS.slice(1).map((x) => 1 - x)]),
  'rates of a cosine': rates('cosine', [...RISES, ...FALLS.slice(1).map((x) => (1 + Math.cos(Math.PI * x)) / 2)]),
  'rates that warm up': rates('constant_with_warmup', [0.25, 0.5, 0.75, 1, 1, 1]),
  'rates of any polynomial': rates('polynomial', [1, 0.3, 0.9]),
  'rates that are not linear': rates('linear', [1, 0.5, 0.1]),
  'rates that are no cosine': rates('cosine', [0.5, 0.1, 1]),
  'rates that are not constant': rates('constant', [1, 1, 0.5]),
};

it('says of every recording what the file has otherwise, and what a plan may be called', async () => {
  const texts = Object.entries(CASES).map(([title, { own = {}, text = script(), alpha = 64 }]) => {
    const [run, path] = [recording(own), text.startsWith('from') ? 'train.py' : 'a.yml'];
    const reading = readConfig(text, path);
    const found = readAgainstRan(text, reading, run, JSON.stringify(run));
    const [plan] = planConfig(text, reading, 0, alpha).plans.map((one) => settled(one, found));
    const recorded = plan?.caveats.find(({ code }) => code === 'run-recorded');
    return [
      `--- ${title}: ${found.agrees ? 'agrees' : `does not agree (${found.why})`}`,
      ...found.findings.map(({ severity, line, message }) => `  ${severity}, line ${line}: ${message}`),
      `  ${plan && claimWords(plan.claim)}${recorded ? `; ${recorded.message}` : ''}`,
      '',
    ].join('\n');
  });
  await expect(texts.join('\n')).toMatchFileSnapshot(join(import.meta.dirname, 'read-against-ran.txt'));
});
