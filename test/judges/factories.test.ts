import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { TRAINERS } from '../../src/config/trainers/all';
import { casesOf } from './cases';

const python = process.env.LORA_ALPHA_PYTHON ?? 'python3';
const folder = mkdtempSync(join(tmpdir(), 'lora-alpha-factories-'));

/** A file of the trainer with this optimizer, and how it names one that has a key of its own. */
const FILES: Readonly<Record<string, (optimizer: string) => string>> = {
  llamafactory: (name) => `model_name_or_path: m
stage: sft
do_train: true
finetuning_type: lora
dataset: d
template: default
output_dir: out
lora_rank: 8
lora_alpha: 16
lora_target: q_proj,v_proj
learning_rate: 1.0e-4
${/^(?:galore|apollo|badam|adam_mini|muon)$/.test(name) ? `use_${name}: true` : `optim: ${name}`}
optim_target_modules: [q_proj, v_proj]
`,
  axolotl: (name) => `base_model: m
adapter: lora
lora_r: 8
lora_alpha: 16
lora_target_modules: [q_proj, v_proj]
datasets: [{ path: d, type: alpaca }]
sequence_len: 64
micro_batch_size: 1
gradient_accumulation_steps: 1
learning_rate: 1.0e-4
optimizer: ${name}
optim_target_modules: [q_proj, v_proj]
output_dir: out
`,
  'ms-swift': (name) => `model: m
dataset: d
tuner_type: lora
lora_rank: 8
lora_alpha: 16
learning_rate: 1.0e-4
${/^(?:galore|muon|muonclip)$/.test(name) ? 'optimizer' : 'optim'}: ${name}
optim_target_modules: [q_proj, v_proj]
output_dir: out
`,
};

afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** What stops the trainer at each text; null where nothing does. */
function stopsAt(id: string, texts: readonly string[]): (string | null)[] | string {
  const paths = texts.map((_, i) => join(folder, `${id}-${i}.yaml`));
  paths.forEach((path, i) => writeFileSync(path, texts[i] ?? ''));
  const { stdout } = spawnSync(python, ['test/judges/factories.py', id, ...paths], { encoding: 'utf8' });
  const lines = stdout.trim().split('\n');
  return lines.length === paths.length ? lines.map((line) => JSON.parse(line) as string | null) : stdout;
}

/**
 * A plan may add a key (a LoRA+ ratio, an eps, arguments). Where the trainer makes its optimizer from the file, it makes one
 * from the rewritten file as well.
 */
it.for(Object.keys(FILES))('%s makes its optimizer from every rewritten file', (id, { skip }) => {
  const layout = TRAINERS.find((trainer) => trainer.id === id)?.layouts.find((one) => one.id === id);
  const cases = Object.keys(layout?.optimizers ?? {}).flatMap((name) => {
    const [before, ...plans] = casesOf(`${id}.yaml`, FILES[id]?.(name) ?? '');
    return before?.text
      ? [
          {
            name,
            before: before.text,
            plans: plans.filter(({ text, folder: to }) => text !== null && to.startsWith('0-64')),
          },
        ]
      : [];
  });
  const texts = cases.flatMap(({ before, plans }) => [before, ...plans.map(({ text }) => text ?? '')]);
  const found = stopsAt(id, texts);
  if (typeof found === 'string') skip(found.trim() || `Python has no ${id}`);
  const stopped = new Map(texts.map((text, i) => [text, found[i] ?? null]));
  const runs = cases.filter(({ before }) => stopped.get(before) === null);
  const told = runs.flatMap(({ name, plans }) =>
    plans.flatMap(({ label, text }) => {
      const why = stopped.get(text ?? '');
      return why ? [`${name}: ${label}: ${why}`] : [];
    }),
  );
  expect(told).toEqual([]);
  expect(runs.length).toBeGreaterThan(10);
});
