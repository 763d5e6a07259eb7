import { describe, expect, it } from 'vitest';
import { applyEdits } from '../../../../../src/config/write/edits';
import { readConfig } from '../../../../../src/config/read';
import { rewriteConfig } from '../../../../../src/config/rewrite';
import { fixture, type Fixture } from '../fixture';

describe('PEFT in a script', () => {
  it('takes the training arguments with the LoraConfig', () => {
    const { recipe, reading, codes } = fixture('peft-script/trainer.py');
    expect([reading.trainer, reading.layout]).toEqual(['peft', 'peft-script-trainer']);
    expect(recipe()).toMatchObject({ rank: 16, alpha: 32, learningRate: 2e-4, scheduler: 'cosine', maxGradNorm: 1 });
    expect(recipe().optimizer).toMatchObject({ name: 'adamw_torch_fused', weightDecay: 0.01, eps: 1e-8 });
    expect(recipe().stated.learningRate).toMatchObject({ line: 20, column: 19 });
    expect(Object.keys(recipe().assumed)).toEqual(expect.arrayContaining(['eps', 'maxGradNorm', 'init']));
    expect(codes).toEqual(['unscaled-parameters', 'unscaled-parameters']);
  });

  it('writes an alpha first where no argument is its neighbour', () => {
    const text = 'model = get_peft_model(model, LoraConfig(target_modules=["q_proj"]))\n';
    const result = rewriteConfig(text, readConfig(text, 'train.py'), 0, 32, 'symmetric');
    expect('edits' in result && applyEdits(text, result.edits)).toContain(
      'LoraConfig(lora_alpha=32, target_modules=["q_proj"])',
    );
  });

  it('writes into both calls, a line each, below their comments', () => {
    expect(fixture('peft-script/trainer.py').written(128)).toEqual(
      [
        'lora_alpha=128,',
        'learning_rate=1e-4,  # not alpha',
        'weight_decay=0.02,',
        'lr_scheduler_type="cosine",',
        'max_grad_norm=2.0,',
        'adam_epsilon=2e-8,',
      ].filter((line) => line !== 'lr_scheduler_type="cosine",'),
    );
    expect(fixture('peft-script/trainer.py').written(128, 'lr-only')).toEqual([
      'lora_alpha=128,',
      'learning_rate=5e-5,  # not alpha',
    ]);
  });

  it('takes an optimizer and a clip of the script’s own from another function', () => {
    const { recipe, reading, written } = fixture('peft-script/loop.py');
    expect(reading.layout).toBe('peft-script-optimizer');
    expect(recipe()).toMatchObject({ rank: 8, alpha: 16, learningRate: 1e-3, maxGradNorm: 1 });
    expect(recipe().optimizer).toMatchObject({ name: 'torch.optim.AdamW', row: 'adamw', weightDecay: 0.01 });
    expect(written(64)).toEqual([
      'config = LoraConfig(r=8, lora_alpha=64, target_modules=["q_proj"], use_rslora=False)',
      'optimizer = optim.AdamW(model.parameters(), lr=5e-4, weight_decay=2e-2, eps=2e-8)',
      'torch.nn.utils.clip_grad_norm_(model.parameters(), 2.0)',
    ]);
  });

  it('knows what the class takes, also in its place, and that nobody clips', () => {
    const { recipe } = fixture(
      'peft-script/loop.py',
      ['lr=1e-3, weight_decay=1e-2', '2e-3'],
      [/ +torch.nn.utils.*\n/, ''],
    );
    expect(recipe()).toMatchObject({ learningRate: 2e-3, maxGradNorm: 0 });
    expect(recipe().optimizer).toMatchObject({ weightDecay: 0.01 });
    expect(recipe().assumed.weightDecay).toContain('AdamW');
  });

  it('gives a LoraConfig that is told nothing every default, where it is trained', () => {
    const read = (code: string): ReturnType<typeof readConfig> =>
      readConfig(`from peft import LoraConfig, get_peft_model\n${code}`, 'a.py');
    const used = [
      'trainer = SFTTrainer(model, args=make(), peft_config=LoraConfig())\n',
      'config = LoraConfig()\nmodel = get_peft_model(model, config)\n',
      'class A:\n    def run(self):\n        self.config = LoraConfig()\n        self.args = SFTConfig(learning_rate=1e-4)\n',
    ];
    for (const code of used) expect(read(code).recipes).toMatchObject([{ rank: 8, alpha: 8, scaling: 1 }]);
    const unused = [
      'assert LoraConfig() is not None\n',
      'def a():\n    LoraConfig()\ndef b():\n    SFTConfig(learning_rate=1)\n',
    ];
    for (const code of unused) expect(read(code).isLora).toBe(false);
    expect(read('LoraConfig = make\nmodel = get_peft_model(model, config)\n').isLora).toBe(false);
  });

  it('finds no place in a LoraConfig that is told nothing', () => {
    const text =
      'from peft import LoraConfig\nargs = SFTConfig(learning_rate=1e-4, max_grad_norm=0, adam_epsilon=0)\nt = SFTTrainer(args=args, peft_config=LoraConfig( ))\n';
    const result = rewriteConfig(text, readConfig(text, 'a.py'), 0, 32, 'symmetric');
    expect(result).toMatchObject({ refusal: { code: 'no-place' } });
  });

  it('leaves an optimizer out that no Trainer gets', () => {
    const { recipe } = fixture('peft-script/trainer.py', [/$/, 'other = torch.optim.SGD(head.parameters(), lr=1.0)\n']);
    expect(recipe()).toMatchObject({ learningRate: 2e-4, optimizer: { name: 'adamw_torch_fused' } });
  });

  it('reads PEFT’s LoRA+, and the class it is given', () => {
    const { recipe, written } = fixture('peft-script/loraplus.py');
    expect(recipe()).toMatchObject({ learningRate: 5e-5, loraplusLrRatio: 16, lrB: 8e-4, maxGradNorm: 0.5 });
    expect(recipe().optimizer).toMatchObject({ name: 'bitsandbytes.optim.Adam8bit', weightDecay: 0, quantized: true });
    expect(written(64, 'keep-init')).toEqual([
      'model = get_peft_model(base, LoraConfig(r=8, lora_alpha=64, target_modules="all-linear"))',
      'loraplus_lr_ratio=4,',
    ]);
  });

  it('has no decay in PEFT’s LoRA+ unless told otherwise, whatever the class has', () => {
    const { recipe } = fixture('peft-script/loraplus.py', [/bnb\.optim\.Adam8bit|Adam8bit/g, 'torch.optim.AdamW']);
    expect(recipe().optimizer).toMatchObject({ name: 'torch.optim.AdamW', weightDecay: 0 });
  });

  it('takes options of the command line at their defaults, and leaves them alone', () => {
    const { recipe, written } = fixture('peft-script/options.py');
    expect(recipe()).toMatchObject({ rank: 4, alpha: 4, learningRate: 1e-4, init: 'gaussian', maxGradNorm: 1 });
    expect(recipe().optimizer).toMatchObject({ weightDecay: 0.01, eps: 1e-8 });
    expect(written(16)).toBe('default-option');
  });

  it('says which version it assumes, and what that version refuses', () => {
    const { recipe, codes } = fixture('peft-script/trainer.py', ['num_train_epochs=3', 'warmup_ratio=0.1']);
    expect(recipe().assumed.optimizer).toContain('transformers 5.24 with torch 2.8 or later');
    expect([recipe().warmup, codes.includes('argument-gone')]).toEqual([0.1, true]);
    expect(fixture('peft-script/trainer.py').codes).not.toContain('argument-gone');
  });

  it('does not guess what is not in the file', () => {
    const { recipe, written } = fixture(
      'peft-script/options.py',
      ['lora_alpha=args.rank', 'lora_alpha=8'],
      ['lr=args.learning_rate', 'lr=cfg.lr'],
    );
    expect(recipe()).toMatchObject({ alpha: 8, learningRate: null, unresolved: { learningRate: 'cfg.lr' } });
    expect(written(32, 'lr-only')).toBe('rate-elsewhere');
    expect(fixture('peft-script/options.py', ['lora_alpha=args.rank', 'lora_alpha=args.alpha']).codes).toContain(
      'value-elsewhere',
    );
  });

  it('takes no default where arguments are unpacked that it does not know', () => {
    const { recipe } = fixture('peft-script/loop.py', ['use_rslora=False', '**extra']);
    expect(recipe().unresolved).toMatchObject({ dropout: 'extra', useRslora: 'extra' });
    expect(recipe().dropout).toBeNull();
  });

  it('has a run for every LoraConfig, each by the name of its variable', () => {
    const second = 'style = LoraConfig(r=4, lora_alpha=4)\nargs2 = TrainingArguments("b", learning_rate=1e-3)\n';
    const { reading, written } = fixture('peft-script/trainer.py', [/$/, second]);
    expect(reading.recipes.map(({ run, rank, learningRate }) => [run, rank, learningRate])).toEqual([
      ['peft_config', 16, 2e-4],
      ['style', 4, 1e-3],
    ]);
    expect(written(16, 'lr-only', 1)).toEqual([
      'style = LoraConfig(r=4, lora_alpha=16)',
      'args2 = TrainingArguments("b", learning_rate=2.5e-4)',
    ]);
  });

  it('says that groups of parameters are not rewritten', () => {
    const groups = '[{"params": a, "lr": 1e-3}, {"params": b}]';
    const { codes } = fixture('peft-script/loop.py', ['model.parameters(), lr', `${groups}, lr`]);
    expect(codes).toContain('lr-groups');
  });

  it('takes no rate for all where every group of parameters has its own', () => {
    const of = (groups: string): Fixture =>
      fixture('peft-script/loop.py', ['model.parameters(), lr=1e-3, weight_decay=1e-2', groups]);
    const own = of('[{"params": a, "lr": 2e-4}, {"params": b, "lr": 1e-5}], weight_decay=0.1');
    expect(own.recipe()).toMatchObject({ learningRate: null, unresolved: { learningRate: '2e-4 or 1e-5' } });
    expect(own.recipe().optimizer.weightDecay).toBe(0.1);
    expect([own.codes, own.written(64)]).toEqual([
      expect.arrayContaining(['lr-groups', 'value-elsewhere']),
      'rate-elsewhere',
    ]);
    const decays = of('params=[{"params": a, "weight_decay": 0.1}, {"params": b, "weight_decay": 0.0}], lr=1e-3');
    expect(decays.recipe()).toMatchObject({ learningRate: 1e-3, unresolved: { weightDecay: '0.1 or 0.0' } });
    expect(decays.codes).toContain('lr-groups');
    const some = of('[{"params": a, "lr": 2e-4}, {"params": b}], 1e-3');
    expect([some.recipe().learningRate, some.codes]).toEqual([1e-3, ['lr-groups']]);
  });

  it.each([
    ['model.parameters()', 1e-3],
    ['[p for p in model.parameters() if p.requires_grad]', 1e-3],
    ['trainable', 1e-3],
    ['[{"params": [p], "lr": rate(p)} for p in model.parameters()]', null],
    ['optimizer_grouped_parameters', null],
    ['split(model, 1e-4)', null],
  ])('knows of %s whether the class’s rate holds', (parameters, rate) => {
    const { recipe } = fixture('peft-script/loop.py', ['model.parameters(), lr=1e-3', parameters]);
    expect([recipe().learningRate, recipe().optimizer.weightDecay]).toEqual([rate, 0.01]);
  });

  it('takes the numbers of the only group of parameters for those of the optimizer', () => {
    const { recipe, codes, written } = fixture('peft-script/loop.py', [
      'model.parameters(), lr=1e-3, weight_decay=1e-2',
      '[{"params": model.parameters(), "lr": 2e-4}], lr=1e-3, weight_decay=1e-2',
    ]);
    expect([recipe().learningRate, codes]).toEqual([2e-4, []]);
    expect(written(64)).toContainEqual(expect.stringContaining('"lr": 1e-4'));
  });

  it('says that the diagonal of KaSA has no scaling', () => {
    const { codes, recipe } = fixture('peft-script/loop.py', ['use_rslora=False', 'kasa_config=KasaConfig(beta=1e-4)']);
    expect(codes).toEqual(['unscaled-parameters']);
    expect(recipe().unscaled).toEqual(['a diagonal between B and A']);
    expect(fixture('peft-script/loop.py', ['use_rslora=False', 'kasa_config=None']).codes).toEqual([]);
  });

  it('reads patterns as networks', () => {
    const { reading } = fixture('peft-script/loop.py', ['use_rslora=False', 'rank_pattern={"o_proj": 2}']);
    expect(reading.recipes.map(({ name, rank, scaling }) => [name, rank, scaling])).toEqual([
      ['lora', 8, 2],
      ['o_proj', 2, 8],
    ]);
  });

  it('takes no default for a LoraConfig that is not PEFT’s', () => {
    const call = 'c = LoraConfig(r=16, alpha=64)\n';
    const own = `class LoraConfig:\n    r: int = 4\n    alpha: int = 8\n\n${call}`;
    for (const text of [own, `from .lora import LoraConfig\n${call}`, `from vendor.lora import LoraConfig\n${call}`]) {
      const { isLora, findings } = readConfig(text, 'own.py');
      expect([isLora, findings.filter(({ code }) => code !== 'trainer-unknown')]).toEqual([false, []]);
    }
    const said = call.replace('alpha', 'lora_alpha');
    for (const text of [said, `from .reexports import LoraConfig\n${said}`, `import peft as p\np.${said.slice(4)}`]) {
      expect(readConfig(text, 'said.py').recipes).toMatchObject([{ rank: 16, alpha: 64 }]);
    }
    const silent = 'from peft import LoraConfig\nc = LoraConfig(r=16)\n';
    expect(readConfig(silent, 'silent.py').recipes).toMatchObject([{ rank: 16, alpha: 8 }]);
  });

  it('takes no defaults of Hugging Face for the Trainer of Lightning', () => {
    const run = 'm = get_peft_model(m, LoraConfig(r=8, lora_alpha=16))\n';
    const from = (name: string, call: string): unknown => {
      const text = `from peft import LoraConfig, get_peft_model\nimport ${name} as pl\n${run}${call}`;
      const [recipe] = readConfig(text, 'own.py').recipes;
      return [recipe?.rank, recipe?.learningRate, recipe?.optimizer.name];
    };
    const call = 't = pl.Trainer(max_epochs=1)\nt.fit(Own(m))\n';
    expect(from('pytorch_lightning', call)).toEqual([8, null, null]);
    expect(from('lightning.pytorch', call)).toEqual([8, null, null]);
    expect(from('transformers', 't = pl.Trainer(m)\nt.train()\n')).toEqual([8, 5e-5, 'adamw_torch_fused']);
  });

  it('does not call a rank wrong that is 0 unless told otherwise', () => {
    const text = [
      'from peft import LoraConfig',
      'class Actor:',
      '    def __init__(self, rank=0, alpha=16):',
      '        config = LoraConfig(r=rank, lora_alpha=alpha)',
      '',
    ].join('\n');
    const { recipes, findings } = readConfig(text, 'actor.py');
    expect(recipes).toEqual([]);
    expect(findings).toMatchObject([{ code: 'value-elsewhere', severity: 'info', line: 4 }]);
    expect(readConfig(text.replace('r=rank', 'r=0'), 'actor.py').findings).toMatchObject([{ code: 'value-invalid' }]);
  });

  it('leaves scripts without LoRA alone', () => {
    const full =
      'from transformers import TrainingArguments\n# no lora\nargs = TrainingArguments("o", learning_rate=1e-5)\n';
    expect(readConfig(full, 'full.py')).toMatchObject({ isLora: false, findings: [] });
    const other = 'from peft import IA3Config\nc = IA3Config(task_type="lora")\n';
    expect(readConfig(other, 'ia3.py')).toMatchObject({ isLora: false, findings: [] });
    const loads = 'from peft import LoraConfig, PeftModel\nc = LoraConfig.from_pretrained("x")\n# LoraConfig(r=8)\n';
    expect(readConfig(loads, 'load.py')).toMatchObject({ isLora: false, findings: [] });
  });
});

describe('TRL in a script', () => {
  it('knows the rate of each config, and that LoraConfig has PEFT’s defaults there', () => {
    const { recipe, reading, codes } = fixture('trl-script/dpo.py');
    expect(reading.layout).toBe('trl-script-trainer');
    expect(recipe()).toMatchObject({ rank: 32, alpha: 8, scaling: 0.25, learningRate: 1e-6, dropout: 0.1 });
    expect(codes).toEqual(['alpha-implied']);
    for (const [config, rate] of [
      ['SFTConfig', 2e-5],
      ['RewardConfig', 1e-4],
      ['GRPOConfig', 1e-6],
      ['KTOConfig', 1e-6],
    ] as const) {
      expect(fixture('trl-script/dpo.py', [/DPOConfig\(/, `${config}(`]).recipe().learningRate).toBe(rate);
    }
  });

  it('writes what was implied', () => {
    expect(fixture('trl-script/dpo.py').written(32)).toEqual([
      'peft_config = LoraConfig(r=32, lora_alpha=32, target_modules="all-linear", **common)',
      'learning_rate=5.0e-7,',
      'max_grad_norm=2.0,',
      'adam_epsilon=2.0e-8,',
    ]);
  });
});

describe('an option of the command line without a default', () => {
  it.each(['type=int, default=None', 'type=int', 'type=int, default="8"'])(
    '(%s) is unknown, not what PEFT defaults to',
    (how) => {
      const text = `import argparse
from peft import LoraConfig, get_peft_model
parser = argparse.ArgumentParser()
parser.add_argument("--lora_r", ${how})
args = parser.parse_args()
model = get_peft_model(base, LoraConfig(r=args.lora_r, lora_alpha=16))
`;
      const { recipes, findings } = readConfig(text, 'train.py');
      expect(recipes).toEqual([]);
      expect(findings.map(({ code }) => code)).toContain('value-elsewhere');
    },
  );
});
