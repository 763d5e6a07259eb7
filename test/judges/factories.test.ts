import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { TRAINERS } from '../../src/config/trainers/all';
import { casesOf } from './cases';
import { together, type Ended } from './python';

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

interface FactoryCase {
  name: string;
  before: string;
  plans: readonly { label: string; text: string }[];
}

/** A file with each of the trainer's optimizers, and what its plans for alpha 64 make of it. */
function casesFor(id: string): FactoryCase[] {
  const layout = TRAINERS.find((trainer) => trainer.id === id)?.layouts.find((one) => one.id === id);
  return Object.keys(layout?.optimizers ?? {}).flatMap((name) => {
    const [before, ...plans] = casesOf(`${id}.yaml`, FILES[id]?.(name) ?? '');
    const written = plans.flatMap(({ label, text, folder: to }) =>
      text !== null && to.startsWith('0-64') ? [{ label, text }] : [],
    );
    return before?.text ? [{ name, before: before.text, plans: written }] : [];
  });
}

const textsOf = (cases: readonly FactoryCase[]): string[] =>
  cases.flatMap(({ before, plans }) => [before, ...plans.map(({ text }) => text)]);

const asked = Object.keys(FILES).map((id) => ({ id, cases: casesFor(id) }));
let ended: Ended[];
beforeAll(async () => {
  const scripts = asked.map(({ id, cases }) => {
    const paths = textsOf(cases).map((text, i) => {
      const path = join(folder, `${id}-${i}.yaml`);
      writeFileSync(path, text);
      return path;
    });
    return [resolve('test/judges/factories.py'), id, ...paths];
  });
  ended = await together(scripts);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/**
 * A plan may add a key (a LoRA+ ratio, an eps, arguments). Where the trainer makes its optimizer from the file, it makes one
 * from the rewritten file as well.
 */
it.for(Object.keys(FILES))('%s makes its optimizer from every rewritten file', (id, { skip }) => {
  const i = asked.findIndex((one) => one.id === id);
  const cases = asked[i]?.cases ?? [];
  const texts = textsOf(cases);
  const lines = (ended[i]?.[1] ?? '').trim().split('\n');
  if (lines.length !== texts.length) skip(lines.join('\n') || `Python has no ${id}`);
  // What stops the trainer at each text; null where nothing does.
  const stopped = new Map(texts.map((text, line) => [text, JSON.parse(lines[line] ?? 'null') as string | null]));
  const runs = cases.filter(({ before }) => stopped.get(before) === null);
  const told = runs.flatMap(({ name, plans }) =>
    plans.flatMap(({ label, text }) => {
      const why = stopped.get(text);
      return why ? [`${name}: ${label}: ${why}`] : [];
    }),
  );
  expect(told).toEqual([]);
  expect(runs.length).toBeGreaterThan(10);
});
