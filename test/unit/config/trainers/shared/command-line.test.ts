import { describe, expect, it } from 'vitest';
import { applyEdits } from '../../../../../src/config/write/edits';
import { readConfig } from '../../../../../src/config/read';
import { rewriteConfig } from '../../../../../src/config/rewrite';

describe('command lines', () => {
  it('goes on from an adapter whose path is a variable', () => {
    const run =
      'llamafactory-cli train --stage sft --do_train true --finetuning_type lora --adapter_name_or_path $FIRST\n';
    expect(readConfig(run, 'on.sh').findings.map(({ code }) => code)).toContain('continues-adapter');
  });

  it('does not write half a plan where the base weights have a rate beside that of the LoRA', () => {
    const text = 'python a.py --lora_dim 128 --lora_alpha 16 --learning_rate 1e-5 --lora_learning_rate 5e-4';
    const reading = readConfig(text, 'a.sh');
    expect(reading.findings.map(({ code }) => code)).toContain('guess-unsure');
    expect(rewriteConfig(text, reading, 0, 64, 'symmetric')).toMatchObject({ refusal: { code: 'guess-unsure' } });
  });

  it('writes nothing among the options of a launcher', () => {
    const text = 'accelerate launch --gradient_clipping 1.0 f.py --lora_r 8 --lora_alpha 16 --lr 1e-4';
    const rewritten = rewriteConfig(text, readConfig(text, 'a.sh'), 0, 64, 'symmetric');
    expect('edits' in rewritten && applyEdits(text, rewritten.edits)).toBe(
      text.replace('alpha 16', 'alpha 64').replace('1e-4', '5e-5'),
    );
  });

  it('finds a script whose folder nobody knows', () => {
    const text = 'python "$ROOT/train_network.py" --network_module networks.lora --network_dim 8 --network_alpha 4';
    expect(readConfig(text, 'a.sh')).toMatchObject({ trainer: 'kohya', recipes: [{ rank: 8, alpha: 4 }] });
  });

  it('takes a blank behind a backslash for the end of the command, and for no value', () => {
    const text = 'python train_network.py --network_module networks.lora --network_dim 8 \\ \n  --network_alpha 4\n';
    const { recipes, notUnderstood } = readConfig(text, 'a.sh');
    expect(recipes).toMatchObject([{ rank: 8, alpha: 1 }]);
    expect(notUnderstood).toMatchObject([{ line: 2, source: '--network_alpha', mayMove: true }]);
  });

  it.each([
    ['--network_dim 16 --network_alpha 8', 'my_train.py'],
    ['--rank 16 --network_alpha 8', 'my_flux_train.py'],
    ['--model.lora.rank=16 --lora_alpha 32', 'main.py'],
    ['--rank 16 --network_alpha 8', 'train_dreambooth_lora_flux.py'],
    ['--rank 16 --network_alpha 8 --lora_alpha 4', 'main.py'],
    // DreamBooth of PEFT's examples: a second LoRA at the same rate.
    ['--lora_r 16 --lora_alpha 27 --lora_text_encoder_r 16 --lora_text_encoder_alpha 17', 'main.py'],
  ])('is silent on %s of a program that nobody knows', (flags, program) => {
    expect(readConfig(`python ${program} ${flags} --learning_rate 1e-4`, 'a.sh').recipes).toEqual([]);
  });

  it('asks about the runs that it guessed at, and about no others', () => {
    const own = 'python mine.py --lora_r 8 --lora_alpha 16 --learning_rate 1e-4';
    const known =
      'accelerate launch train_network.py --network_dim 8 --network_alpha 4 --unet_lr 1e-4 --network_module networks.lora';
    const reading = readConfig(`${known}\n${own}\n${own.replace('mine', 'other')} --weight_decay 0.1\n`, 'a.sh');
    expect(reading).toMatchObject({ trainer: 'kohya', isGuess: true });
    const [first, second, third] = reading.recipes.map(({ guess }) => guess);
    expect(first).toBeUndefined();
    expect(second).toMatch(/^No known trainer .* Not found: the optimizer, weight decay/);
    expect(third).toMatch(/^No known trainer .* weight_decay for weight decay/);
  });

  it.each([
    ['python tune.py --lora_r 8 --lora_alpha 16 --lr 1e-4', 'a.ps1'],
    [
      'python -m mine.train \
  --lora_rank 8 \
  --lora_alpha 16 \
  --learning_rate 1e-4',
      'a.sh',
    ],
    ['"${RUN[@]}" src/train.py --lora-r 8 --lora-alpha 16 --learning-rate 1e-4', 'a.sh'],
    ['python "$ROOT/finetune.py" --lora_r 8 --lora_alpha 16 --learning_rate 1e-4', 'a.sh'],
    ['python t.py --use_peft 1 --name vera-run-1 --LoRA_r 8 --LoRA_alpha 16 --lr 1e-4', 'a.sh'],
    ['python tests/finetune_chat.py --lora_r 8 --lora_alpha 16 --lr 1e-4', 'a.sh'],
    ['python t.py --do_train --do_eval --lora_r 8 --lora_alpha 16 --lr 1e-4', 'a.sh'],
    ['python src/dpo_mine.py --rank 8 --lora_alpha 16 --lr 1e-4', 'a.sh'],
    ['deepspeed mine/train_lora.py --lora_r 8 --lora_alpha 16 --learning_rate 1e-4', 'a.sh'],
    ['$PYTHON -m mine.train --lora_r 8 --lora_alpha 16 --lr 1e-4', 'a.sh'],
    [
      JSON.stringify({ cells: [{ cell_type: 'code', source: '!python t.py --lora_r 8 --lora_alpha 16 --lr 1e-4' }] }),
      'a.ipynb',
    ],
  ])('takes the flags of %s for what they are called', (text, path) => {
    const [recipe] = readConfig(text, path).recipes;
    expect(recipe).toMatchObject({ rank: 8, alpha: 16, learningRate: 1e-4 });
  });

  it.each([
    'python eval.py --lora_r 8 --lora_alpha 16',
    'python train.py --lora_enable False --lora_r 8 --lora_alpha 16 --lr 1e-4',
    'python train.py --use_peft_lora False --lora_r 8 --lora_alpha 16 --lr 1e-4',
    'python train.py --train_type full --lora_r 8 --lora_alpha 16 --lr 1e-4',
    'swift sft --train_type full --lora_rank 8 --lora_alpha 16 --learning_rate 1e-4',
    'python examples/scripts/sft.py --lora_r 8 --lora_alpha 16 --learning_rate 1e-4',
    'python src/train.py --finetuning_type full --lora_rank 8 --lora_alpha 16 --learning_rate 1e-4',
    'python -m verl.trainer.main_ppo lora_rank=0 lora_alpha=16 lr=1e-4',
    'python -m trl.scripts.sft --lora_r 8 --lora_alpha 16 --lr 1e-4',
    'python -m axolotl.cli.merge_lora --lora_r 8 --lora_alpha 16 --lr 1e-4',
    'python sdxl_train.py --lora_r 8 --lora_alpha 16 --lr 1e-4',
    'python qlora.py --full_finetune --lora_r 64 --lora_alpha 16 --lr 1e-4',
    'python t.py --no-lora --lora_r 8 --lora_alpha 16 --lr 1e-4',
    'python t.py --use_lora 0 --lora_r 8 --lora_alpha 16 --lr 1e-4',
    'python t.py --peft ia3 --lora_r 8 --lora_alpha 16 --lr 1e-4',
    'python main.py --eval --resume c.pth --lora_r 8 --lora_alpha 16 --lr 1e-4',
    'python main.py --mode test --lora_r 8 --lora_alpha 16 --lr 1e-4',
    'python main.py --do_train False --do_predict True --lora_r 8 --lora_alpha 16 --lr 1e-4',
    'python export_model.py --lora_r 8 --lora_alpha 16 --lr 0',
    '# lora_alpha\npython distill.py --lora_rank 8 --alpha 0.5 --lr 1e-4',
    'python t.py --dim 4096 --lora_alpha 16 --lr 1e-4',
    'python t.py --lora_r 8 --lora_alpha 4 --lr 1e-4 --lora_alpha 16',
    'vllm serve m --lora_r 8 --lora_alpha 16 --lr 1e-4',
    'LORA_R=8\nLORA_ALPHA=16\nLR=1e-4\npython train.py config.json',
  ])('leaves %s alone', (text) => {
    const { isLora, findings } = readConfig(text, 'a.sh');
    expect([isLora, findings.filter(({ code }) => code !== 'trainer-unknown')]).toEqual([false, []]);
  });

  it('name the lines that may give further flags, and are not written then', () => {
    const script = [
      'if [ -n "$1" ]; then ARGS=(--optimizer_type Lion --resume "$1"); fi',
      'accelerate launch train_network.py --network_module networks.lora --network_dim 32 --network_alpha 16 --learning_rate 1e-4 "${ARGS[@]}"',
    ].join('\n');
    const reading = readConfig(script, 'train.sh');
    const [recipe] = reading.recipes;
    expect([recipe?.alpha, recipe?.optimizer.name]).toEqual([16, 'AdamW']);
    expect(recipe?.assumed.optimizer).toMatch(/Flags in \$\{ARGS\[@\]\} may override this default\.$/);
    expect(reading.notUnderstood).toMatchObject([{ line: 2, source: '${ARGS[@]}', mayMove: true }]);
    expect(reading.notUnderstood[0]?.why).toMatch(/^Line 1 may set the variable ARGS/);
    expect(rewriteConfig(script, reading, 0, 64, 'symmetric')).toMatchObject({ refusal: { code: 'not-understood' } });
  });
});
