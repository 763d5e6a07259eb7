import { describe, expect, it } from 'vitest';
import { compareConfigs } from '../../../../src/config/compare/compare-configs';
import { configRecipe, type ConfigRecipe } from '../../../../src/config/plan/as-trained';
import { readConfig } from '../../../../src/config/read';
import { summaryOf } from '../../../../src/scan/summary';

const SCRIPT = (args: string): string => `from peft import LoraConfig, get_peft_model
from transformers import Trainer, TrainingArguments

model = get_peft_model(model, LoraConfig(r=8, lora_alpha=16))
args = TrainingArguments(output_dir="out", learning_rate=1e-4, optim="adamw_torch", ${args})
Trainer(model=model, args=args, train_dataset=rows).train()
`;
const PLAIN = SCRIPT('lr_scheduler_type="linear"');
const OPEN = SCRIPT('lr_scheduler_type=cli.schedule');

function configOf(text: string): ConfigRecipe {
  const config = configRecipe(text, readConfig(text, 'train.py'), 0);
  if (!config) throw new Error('no recipe');
  return config;
}

describe('a comparison', () => {
  it('says "the same run" only of files that were understood', () => {
    const same = compareConfigs(configOf(PLAIN), configOf(PLAIN));
    expect(same).toMatchObject({ verdict: 'same', notUnderstood: null, comparison: { same: true } });
    const open = compareConfigs(configOf(OPEN), configOf(OPEN));
    expect(open).toMatchObject({ verdict: 'unknown', comparison: { same: null } });
    expect(open.comparison.meaning).toMatch(
      /The same run for what was read\. Not understood: line 5, .*\(the first\)\. Not understood: line 5, .*\(the second\)/,
    );
  });

  it('names what was not understood beside a difference', () => {
    const { comparison, verdict } = compareConfigs(configOf(PLAIN), configOf(OPEN.replace('alpha=16', 'alpha=32')));
    expect(verdict).toBe('different');
    expect(comparison.meaning).toMatch(/Not understood: line 5, .*\(the second\)/);
  });
});

it('tells the list of recipes which files were not understood', () => {
  expect(summaryOf(PLAIN, 'train.py')).toMatchObject({ notUnderstood: null });
  expect(summaryOf(OPEN, 'train.py')?.notUnderstood).toContain('Not understood: line 5');
});
