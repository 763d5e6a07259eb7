import { describe, expect, it } from 'vitest';
import { planConfig } from '../../../../../src/config/planned';
import { readConfig } from '../../../../../src/config/read';
import { fixture } from '../fixture';

describe('XTuner', () => {
  it('reads the variables of a config, and what they are handed to', () => {
    const { recipe, reading, codes } = fixture('xtuner/qlora.py');
    expect([reading.trainer, codes]).toEqual(['xtuner', []]);
    expect(recipe()).toMatchObject({
      rank: 64,
      alpha: 16,
      learningRate: 2e-4,
      dropout: 0.1,
      maxGradNorm: 1,
      warmup: 0.03,
    });
    expect(recipe().optimizer).toMatchObject({ name: 'torch.optim.AdamW', weightDecay: 0.01, betas: [0.9, 0.999] });
    expect(recipe().stated.learningRate).toMatchObject({ line: 12, path: 'lr' });
  });

  it('writes into the variables, and what is implied beside the optimizer’s arguments', () => {
    expect(fixture('xtuner/qlora.py').written(64)).toEqual([
      'lr = 1e-4',
      'weight_decay = 0.02',
      'max_norm = 2  # grad clip',
      'lora_alpha=64,',
      'type=optim_type, lr=lr, betas=betas, weight_decay=weight_decay, eps=2e-8),',
    ]);
  });

  it('takes PEFT’s defaults for what nobody says', () => {
    const { recipe } = fixture('xtuner/qlora.py', [/ +lora_alpha=16,\n/, ''], [/ +r=64,\n/, '']);
    expect(recipe()).toMatchObject({ rank: 8, alpha: 8 });
  });

  it('does not take a variable for what is set twice', () => {
    const { written } = fixture('xtuner/qlora.py', ['lr = 2e-4', 'lr = 2e-4\nif fast:\n    lr = 4e-4']);
    expect(written(64)).toBe('rate-elsewhere');
  });

  it('reads the LoRAs of a model that sees as two networks of one run, and moves both', () => {
    const { recipe, reading, codes, written } = fixture('xtuner/llava.py');
    expect(reading.recipes.map(({ name, rank, alpha }) => [name, rank, alpha])).toEqual([
      ['lora', 512, 256],
      ['visual_encoder', 64, 16],
    ]);
    expect(recipe().learningRate).toBe(2e-4);
    expect(recipe(1).stated.alpha).toMatchObject({ line: 31 });
    expect(recipe(1).stated.alpha?.path).toBe('visual_encoder_lora.lora_alpha');
    expect(codes).toEqual(['unscaled-parameters']);
    expect(reading.findings[0]?.message).toMatch(/^The projector trains with the same learning rate/);
    expect(written(1024)).toEqual([
      'lr = 1e-4',
      'max_norm = 2',
      'lora_alpha=1024,',
      "visual_encoder_lora=dict(type=LoraConfig, r=64, lora_alpha=64, lora_dropout=0.05, bias='none'))",
      'optimizer=dict(type=optim_type, lr=lr, betas=betas, weight_decay=weight_decay, eps=2e-8),',
    ]);
  });

  it('moves what patterns set apart in the second LoRA, too', () => {
    const pattern = "r=64, alpha_pattern={'fc1': 32},";
    const { reading, written } = fixture('xtuner/llava.py', ['r=64,', pattern]);
    expect(reading.recipes.map(({ name, alpha }) => [name, alpha])).toEqual([
      ['lora', 256],
      ['visual_encoder', 16],
      ['visual_encoder.fc1', 32],
    ]);
    expect(written(1024)).toContainEqual(expect.stringContaining("alpha_pattern={'fc1': 128}, lora_alpha=64"));
  });

  it('does not speak for a second LoRA that is of another kind', () => {
    const odd = fixture('xtuner/llava.py', ['r=64,', 'r=64, use_rslora=True,']);
    expect([odd.reading.recipes, odd.codes]).toEqual([[], ['other-adapter']]);
    expect(odd.reading.findings[0]?.message).toBe(
      'The two LoRAs of this model differ in use_rslora, which LoRA Alpha does not read.',
    );
    const other = fixture('xtuner/llava.py', ['lora=dict(type=LoraConfig, r=64', 'lora=dict(type=LoHaConfig, r=64']);
    expect(other.reading).toMatchObject({ isLora: false, findings: [] });
  });

  it('says of a second LoRA what its inits make of a plan', () => {
    const { codes } = fixture('xtuner/llava.py', ['r=64,', "r=64, modules_to_save=['head'],"]);
    expect(codes).toEqual(['unscaled-parameters', 'unscaled-parameters']);
  });

  it('says what trains whole beside the LoRA, which the config does not freeze', () => {
    const { recipe, codes, reading } = fixture('xtuner/internvl.py');
    expect(recipe()).toMatchObject({ rank: 128, alpha: 256, learningRate: 4e-5 });
    expect(codes).toEqual(['unscaled-parameters']);
    expect(reading.findings[0]?.message).toMatch(
      /^The projector \(mlp1\) and visual_encoder \(freeze_visual_encoder is not True\) train with/,
    );
  });

  it.each([
    ['qlora.py', /^# At the end of SupervisedFinetune\.__init__ .*sft\.py.*\n[^]*^model = self\.llm\n/m],
    ['internvl.py', /^# At the end of InternVL_V1_5\.__init__ .*\n[^]*^model = self\.model\.language_model\n/m],
    ['llava.py', /^for model in \(self\.llm, self\.visual_encoder\):\n {4}ends = .*\n {4}factors = .* in model\./m],
  ])('divides the fresh factors of every part that has some, in %s', (name, lines) => {
    const { text, reading, recipe } = fixture(`xtuner/${name}`);
    const { plans } = planConfig(text, reading, 0, 4 * recipe().alpha);
    expect(plans.find(({ id }) => id === 'symmetric')?.code).toMatch(lines);
  });

  it('leaves a model of an unknown class with two LoRAs alone, whatever it is called', () => {
    for (const name of ['OtherModel', 'constructor', '__proto__'])
      expect(fixture('xtuner/llava.py', ['type=LLaVAModel', `type=${name}`]).reading.recipes).toEqual([]);
  });

  it('leaves a full fine-tune alone', () => {
    const full =
      'model = dict(type=SupervisedFinetune, llm=dict(a=1), lora=None)\nother = dict(lora=dict(type=Net, r=8))\nlora = dict(a=1)\n';
    expect(readConfig(full, 'full.py')).toMatchObject({ isLora: false, findings: [] });
  });
});

describe('dicts of other trainers', () => {
  it('are read in Axolotl’s DictDefault', () => {
    const { recipe, reading, written } = fixture('dicts/axolotl.py');
    expect(reading).toMatchObject({ trainer: 'axolotl', findings: [] });
    expect(recipe()).toMatchObject({ rank: 32, alpha: 64, learningRate: 2e-4 });
    expect(written(256, 'keep-init')).toEqual(['lora_alpha=256,', 'loraplus_lr_ratio=0.25,']);
  });

  it('are read in LLaMA-Factory’s notebooks, where 1e-4 is a number', () => {
    const { recipe, reading, written } = fixture('dicts/llamafactory.py');
    expect(reading).toMatchObject({ trainer: 'llamafactory', findings: [] });
    expect(recipe()).toMatchObject({ rank: 8, alpha: 16, loraplusLrRatio: 16 });
    expect(written(64, 'lr-only')).toEqual(['lora_alpha=64,', 'learning_rate=1.25e-5,']);
  });
});
