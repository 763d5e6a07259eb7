// A workspace as people have them: LoRA configs among other configs, code, data and notebooks, and a few links.
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** Of twenty files: one LoRA config, the rest is none. */
const KINDS = [
  lora,
  ...Array(4).fill(yaml),
  ...Array(4).fill(smallJson),
  ...Array(7).fill(code),
  ...Array(2).fill(script),
  notebook,
  largeJson,
];

/** @returns {{files: number, configs: number, bytes: number}} what was written */
export function writeWorkspace(folder, files) {
  const written = { files, configs: 0, bytes: 0 };
  for (let i = 0; i < files; i++) {
    const make = KINDS[i % KINDS.length];
    const [name, text] = make(i);
    const own = path.join(folder, `project-${String(i % 97).padStart(2, '0')}`, `part-${i % 7}`);
    mkdirSync(own, { recursive: true });
    writeFileSync(path.join(own, name), text);
    written.bytes += text.length;
    if (make === lora) written.configs++;
  }
  linkAround(folder);
  // The editor's own extensions look for package.json, and would read the whole disk through the link.
  mkdirSync(path.join(folder, '.vscode'));
  writeFileSync(path.join(folder, '.vscode', 'settings.json'), '{ "search.followSymlinks": false }\n');
  return written;
}

/** Loops, and the whole disk: whoever followed these would not come back soon. */
function linkAround(folder) {
  const links = path.join(folder, 'links');
  mkdirSync(links);
  symlinkSync('..', path.join(links, 'up'), 'dir');
  symlinkSync('.', path.join(links, 'here'), 'dir');
  symlinkSync(path.parse(folder).root, path.join(links, 'everything'), 'dir');
}

const times = (length, make) => Array.from({ length }, (_, k) => make(k));

/** Axolotl, kohya and PEFT by turns; one in eight of them as long as a config with all its datasets is. */
function lora(i) {
  const n = i / KINDS.length;
  const [alpha, lr] = [8 * 2 ** (n % 5), [1e-4, 2e-4, 5e-5][n % 3]];
  if (n % 3 === 0) {
    const sizes = `network_dim = 16\nnetwork_alpha = ${alpha}\nlearning_rate = ${lr}\n`;
    return [`config-${i}.toml`, `network_module = "networks.lora"\n${sizes}optimizer_type = "AdamW8bit"\n`];
  }
  if (n % 3 === 1) {
    const own = { r: 16, lora_alpha: alpha, lora_dropout: 0.05, target_modules: ['q_proj', 'v_proj'] };
    return [`adapter_config-${i}.json`, JSON.stringify({ peft_type: 'LORA', ...own }, null, 2)];
  }
  const sets = times(
    n % 8 === 0 ? 900 : 3,
    (k) => `  - path: data/set-${k}\n    type: alpaca\n    split: train # ${k}\n`,
  );
  const head = `base_model: some/model-${n}\nadapter: lora\nlora_r: 16\nlora_alpha: ${alpha}\noptimizer: adamw_torch\n`;
  return [`axolotl-${i}.yml`, `${head}learning_rate: ${lr}\ndatasets:\n${sets.join('')}`];
}

function yaml(i) {
  const service = (k) => `  service-${k}:\n    image: registry/thing:${k}\n    ports: ["80:80"]\n`;
  return [`compose-${i}.yaml`, `services:\n${times(1 + (i % 40), service).join('')}`];
}

function smallJson(i) {
  return [`data-${i}.json`, JSON.stringify({ name: `thing-${i}`, values: times(50 + (i % 200), (k) => k * i) })];
}

/** A quarter of a megabyte of records; one in three names LoRA somewhere, as a list of models does. */
function largeJson(i) {
  const records = times(4000, (k) => ({ id: k, text: `record ${k} of ${i}`, score: k / 7 }));
  return [`records-${i}.json`, JSON.stringify(i % 3 === 0 ? [...records, { text: 'a lora model' }] : records)];
}

function code(i) {
  const one = (k) => `def function_${k}(x):\n    """Adds ${k}."""\n    return x + ${k}\n\n`;
  return [`module_${i}.py`, `import math\n\n${times(5 + (i % 60), one).join('')}`];
}

function script(i) {
  return [`run-${i}.sh`, `#!/bin/sh\nset -e\npython train.py --epochs ${i % 9} --output out/${i}\n`];
}

/** Mostly a picture. */
function notebook(i) {
  const picture = { output_type: 'display_data', data: { 'image/png': 'iVBORw0KGgo'.repeat(10_000) }, metadata: {} };
  const source = ['import math\n', `print(${i})\n`];
  const cell = { cell_type: 'code', metadata: {}, execution_count: 1, source, outputs: [picture] };
  return [`notebook-${i}.ipynb`, JSON.stringify({ cells: [cell], metadata: {}, nbformat: 4, nbformat_minor: 5 })];
}
