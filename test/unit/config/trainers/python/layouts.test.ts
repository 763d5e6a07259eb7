import { describe, expect, it } from 'vitest';
import { applyEdits } from '../../../../../src/config/write/edits';
import { readConfig } from '../../../../../src/config/read';
import { rewriteConfig } from '../../../../../src/config/rewrite';

describe('PEFT in a script', () => {
  it('writes an alpha behind a list where no other argument is its neighbour', () => {
    const text = 'model = get_peft_model(model, LoraConfig(target_modules=["q_proj"]))\n';
    const result = rewriteConfig(text, readConfig(text, 'train.py'), 0, 32, 'symmetric');
    expect('edits' in result && applyEdits(text, result.edits)).toContain(
      'LoraConfig(target_modules=["q_proj"], lora_alpha=32)',
    );
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

  it('writes into a LoraConfig that is told nothing', () => {
    const text =
      'from peft import LoraConfig\nargs = SFTConfig(learning_rate=1e-4, max_grad_norm=0, adam_epsilon=0)\nt = SFTTrainer(args=args, peft_config=LoraConfig( ))\n';
    const result = rewriteConfig(text, readConfig(text, 'a.py'), 0, 32, 'symmetric');
    expect(result).toMatchObject({ edits: [{}, { text: 'lora_alpha=32' }] });
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
