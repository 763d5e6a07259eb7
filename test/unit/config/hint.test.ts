import { describe, expect, it } from 'vitest';
import { mayHoldLora } from '../../../src/config/hint';
import { TRAINERS } from '../../../src/config/trainers/all';

/** Texts that match each trainer's own hint as briefly as can be. */
const BRIEFLY: Readonly<Record<string, readonly string[]>> = {
  xtuner: ['lora=dict(type=LoraConfig)'],
  unsloth: ['FastLanguageModel.get_peft_model(model, r=8)'],
  peft: ['LoraConfig(r=8)', '{"peft_type": "LORA"}'],
  axolotl: ['adapter: qlora', '"adapter": "lora"'],
  llamafactory: ['finetuning_type: lora', 'lora_rank: 8', 'lora_target: all', 'lora_alpha: 16', 'peft_config:'],
  torchtune: ['_component_: torchtune.models.llama3.lora_llama3_8b', '_component_: a.qlora_b'],
  trl: ['use_peft: true', 'LoraConfig(r=8)'],
  'ms-swift': ['tuner_type: lora', '"train_type": "lora"', 'sft_type: lora', 'lora_rank: 8'],
  litgpt: ['lora_r: 8', 'lora_query: true', 'lora_head: false'],
  'mlx-lm': ['fine_tune_type: dora', '"lora_parameters": {'],
  ludwig: ['adapter: lora', 'adapter:\n  type: lora'],
  h2o: ['lora_r: 4', 'lora_unfreeze_layers: []'],
  nemo: ['_target_: nemo.collections.llm.peft.LoRA'],
  automodel: ['peft:\n  _target_: nemo_automodel.components._peft.lora.PeftConfig'],
  verl: ['lora_rank: 32', 'actor_rollout_ref: {model: {lora: {rank: 8}}}'],
  'prime-rl': ['[trainer.model.lora]', 'lora = { rank = 8 }'],
  'ai-toolkit': ['network: {linear: 16}', 'linear_alpha: 16', '"type": "lora"', 'type: dora', 'type: "locon"'],
  onetrainer: ['{"training_method": "LORA"}'],
  simpletuner: ['"--model_type": "lora"'],
  'diffusion-pipe': ['[adapter]', "adapter = { type = 'lora' }"],
  fluxgym: ['--network_module networks.lora_flux'],
  'kohya-gui': ['{"LoRA_type": "Standard"}'],
  musubi: ['network_module = "networks.lora_wan"'],
  diffusers: ['train_dreambooth_lora_flux.py'],
  openrlhf: ['openrlhf.cli.train_sft --lora_rank 8'],
  loralib: ['--apply_lora'],
  generic: ['lora: {r: 8, alpha: 16}', '{"alpha": 1, "useLoRA": 1}'],
  kohya: ['network_module = "networks.dylora"', 'network_dim = 8'],
};

describe('mayHoldLora', () => {
  it('lets through whatever a trainer hints at', () => {
    expect(Object.keys(BRIEFLY).sort(), 'every trainer has texts in BRIEFLY, above').toEqual(
      TRAINERS.map(({ id }) => id).sort(),
    );
    for (const { id, hint } of TRAINERS) {
      for (const text of BRIEFLY[id] ?? []) {
        expect(hint.test(text), `the hint of ${id} matches: ${text}`).toBe(true);
        expect(mayHoldLora(text), `TELLTALE in src/config/hint.ts matches what ${id} hints at: ${text}`).toBe(true);
      }
    }
  });

  it('keeps out what no trainer wrote', () => {
    expect(mayHoldLora('{"name": "package", "dependencies": {"yaml": "^2"}}')).toBe(false);
    expect(mayHoldLora('exploration: 0.1\nexplorative: true\n')).toBe(false);
    expect(mayHoldLora('import colorama\ncolorama.init()\n')).toBe(false);
    expect(mayHoldLora('version: "3"\nservices:\n  db:\n    image: postgres\n')).toBe(false);
  });
});
