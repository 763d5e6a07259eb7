import { describe, expect, it } from 'vitest';
import { planConfig } from '../../../../../src/config/planned';
import { readConfig } from '../../../../../src/config/read';
import type { PlanId } from '../../../../../src/recipe/plans/plan';

/** A script with Hugging Face's Trainer that neither clips nor decays, and these arguments of its LoraConfig. */
function exactnessOf(lora: string): Partial<Record<PlanId, string>> {
  const text = [
    'from peft import LoraConfig, get_peft_model, TaskType',
    'from transformers import Trainer, TrainingArguments',
    `config = LoraConfig(r=8, lora_alpha=16, target_modules=["q_proj"], ${lora})`,
    'model = get_peft_model(base, config)',
    'args = TrainingArguments("out", learning_rate=2e-4, max_grad_norm=0.0)',
    'trainer = Trainer(model=model, args=args, train_dataset=data)',
    'trainer.train()',
    '',
  ].join('\n');
  const { plans } = planConfig(text, readConfig(text, 'train.py'), 0, 64);
  return Object.fromEntries(plans.map(({ id, exactness }) => [id, exactness]));
}

describe('what a LoraConfig trains beside A and B', () => {
  it.each([
    'lora_bias=True',
    'task_type="SEQ_CLS"',
    'task_type=TaskType.SEQ_CLS',
    'task_type="TOKEN_CLS"',
    'task_type=TaskType.QUESTION_ANS',
    'modules_to_save=["lm_head"]',
    'trainable_token_indices=[3, 4]',
    'bias="lora_only"',
    'kasa_config=KasaConfig()',
    'monteclora_config=MontecloraConfig()',
    'arrow_config=ArrowConfig()',
    'ensure_weight_tying=True',
    'megatron_config=megatron',
  ])('keeps the symmetric plan from being exact: %s', (lora) => {
    expect(exactnessOf(lora).symmetric).toBe('approximate');
  });

  it.each([
    'task_type="CAUSAL_LM"',
    'task_type=TaskType.SEQ_2_SEQ_LM',
    'modules_to_save=None',
    'velora_config=VeloraConfig(num_groups=8)',
    'layer_replication=[(0, 2), (1, 2)]',
    'target_parameters=["mlp.gate_proj.weight"]',
    'alora_invocation_tokens=[5]',
    'layers_to_transform=[1]',
  ])('leaves the symmetric plan exact: %s', (lora) => {
    expect(exactnessOf(lora).symmetric).toBe('exact');
  });

  it('says that a classification head is trained, and names it', () => {
    const text = 'from peft import LoraConfig\nc = LoraConfig(r=8, lora_alpha=16, task_type="SEQ_CLS")\n';
    const { findings, recipes } = readConfig(text, 'a.py');
    expect(findings.map(({ code, line }) => [code, line])).toContainEqual(['unscaled-parameters', 2]);
    expect(recipes[0]?.unscaled).toEqual(['the head of task_type']);
  });

  it('reads task types in an adapter’s config and in a config for trl', () => {
    const adapter = '{"peft_type": "LORA", "r": 8, "lora_alpha": 16, "task_type": "TOKEN_CLS"}';
    expect(readConfig(adapter, 'adapter_config.json').recipes[0]?.unscaled).toHaveLength(1);
    const trl = 'model_name_or_path: a\nuse_peft: true\nlora_r: 8\nlearning_rate: 1e-4\nlora_task_type: SEQ_CLS\n';
    expect(readConfig(trl, 'reward.yaml').recipes[0]?.unscaled).toHaveLength(1);
  });
});

describe('what of a LoraConfig is not understood', () => {
  const notUnderstood = (lora: string): readonly (readonly [string, boolean])[] => {
    const text = `from peft import LoraConfig\nc = LoraConfig(r=8, lora_alpha=16, ${lora})\na = TrainingArguments("o", learning_rate=1e-4)\n`;
    return readConfig(text, 'a.py').notUnderstood.map(({ source, mayMove }) => [source, mayMove] as const);
  };

  it.each([
    ['new_method=True', [['new_method=True', true]]],
    ['modules_to_save=args.modules', [['modules_to_save=args.modules', false]]],
    ['task_type=kind', [['task_type=kind', false]]],
    ['task_type=TaskType.CAUSAL_LM', []],
    ['kasa_config=KasaConfig()', []],
    ['target_modules=find(model), lora_dropout=0.1, bias="none"', []],
    ['layer_replication=[(0, 4), (2, 5)], use_bdlora=None, runtime_config=LoraRuntimeConfig()', []],
  ])('names %s', (lora, expected) => {
    expect(notUnderstood(lora)).toEqual(expected);
  });

  it('names a task type that is a positional argument', () => {
    const text =
      'from peft import LoraConfig\nc = LoraConfig(TaskType.TOKEN_CLS, r=8, lora_alpha=16)\na = TrainingArguments("o", learning_rate=1e-4)\n';
    expect(readConfig(text, 'a.py').notUnderstood.map(({ source }) => source)).toEqual(['TaskType.TOKEN_CLS']);
  });

  it('names keys of an adapter’s config that PEFT does not have', () => {
    const text = '{"peft_type": "LORA", "r": 8, "lora_alpha": 16, "lora_gain": 2, "peft_version": "0.21.2"}';
    const { notUnderstood: list } = readConfig(text, 'adapter_config.json');
    expect(list.map(({ source }) => source)).toContain('"lora_gain": 2');
  });
});

describe('adapters in bfloat16', () => {
  it.each([
    [64, 'exact'],
    [4, 'exact'],
    [48, 'approximate'],
  ])('are rounded unless A and B are divided by powers of two: alpha %s', (alpha, exactness) => {
    const text =
      'model_name_or_path: a\nuse_peft: true\nlora_r: 8\nlora_alpha: 16\nlearning_rate: 1e-4\nload_in_4bit: true\nmax_grad_norm: 0\noptim: adamw_torch\n';
    const [plan] = planConfig(text, readConfig(text, 'sft.yaml'), 0, alpha).plans;
    expect([plan?.id, plan?.exactness]).toEqual(['symmetric', exactness]);
  });

  it.each([
    [64, 'exact'],
    [48, 'approximate'],
  ])('are TRL’s in a script as well: alpha %s', (alpha, exactness) => {
    const text = [
      'from peft import LoraConfig',
      'from transformers import BitsAndBytesConfig',
      'from trl import SFTConfig, SFTTrainer',
      'quantisation = BitsAndBytesConfig(load_in_4bit=True)',
      'config = LoraConfig(r=8, lora_alpha=16, target_modules=["q_proj"])',
      'args = SFTConfig("out", learning_rate=1e-4, max_grad_norm=0.0, model_init_kwargs={"quantization_config": quantisation})',
      'trainer = SFTTrainer("some/model", args=args, train_dataset=data, peft_config=config)',
      'trainer.train()',
      '',
    ].join('\n');
    const plan = planConfig(text, readConfig(text, 'a.py'), 0, alpha).plans.find(({ id }) => id === 'symmetric');
    expect(plan?.claim.asRead).toBe(exactness);
  });
});
