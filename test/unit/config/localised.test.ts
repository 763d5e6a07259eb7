import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import * as l10n from '@vscode/l10n';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import type { ConfigPlan } from '../../../src/config/planned';
import type { Reading } from '../../../src/config/reading';
import { pseudoBundle } from '../../support/pseudo';
import { PYTHON_SCRIPTS } from '../../support/python-scripts';

/**
 * What is said about every config of our own, in a language with accents on every letter. Two plain English words in a
 * row that are not in the config itself were not localised.
 */
const ROOT = path.resolve(import.meta.dirname, '../../..');
const FILES = ['examples', 'test/fixtures']
  .flatMap((folder) =>
    readdirSync(path.join(ROOT, folder), { recursive: true, encoding: 'utf8' }).map((name) => path.join(folder, name)),
  )
  .filter((name) => /\.(?:ya?ml|json|toml|sh|bat|ps1|env|py|ipynb)$/.test(name))
  .map((name) => ({ name, text: readFileSync(path.join(ROOT, name), 'utf8') }));

const AXOLOTL =
  'base_model: m\nadapter: lora\nlora_r: 16\nlora_alpha: 32\nlearning_rate: 2e-4\noptimizer: adamw_torch\n';
const TRAIN = 'python train_network.py --network_module networks.lora --network_dim 16 --network_alpha';

/** Texts that are broken, locked or unknown, which no fixture is. */
const SMALL: Readonly<Record<string, string>> = {
  'tab.yml': `${AXOLOTL}a:\n\tb: 1\n`,
  'indent.yml': `${AXOLOTL}  b: 1\n`,
  'quote.yml': `${AXOLOTL}a: "b\n`,
  'alias.yml': `${AXOLOTL}a: *b\n`,
  'reserved.yml': `${AXOLOTL}a: @b\n`,
  'lax.yml': `${AXOLOTL}a: [1,\n2]\n`,
  'comma.json': '{"peft_type": "LORA" "r": 16}',
  'word.json': '{"peft_type": LORA}',
  'equals.toml': 'network_module = "networks.lora"\nnetwork_dim =\n',
  'unquoted.toml': 'network_module = networks.lora\n',
  'anchor.yml': AXOLOTL.replace('lora_alpha: 32', 'lora_alpha: &a 32\nx: *a'),
  'anchors.yml': AXOLOTL.replace('lora_alpha: 32', 'lora_alpha: &a 32\nx: *a\ny: *a\nz: *a\nu: *a'),
  'twice.yml': `${AXOLOTL}lora_alpha: 8\n`,
  'text.yml': AXOLOTL.replace('2e-4', '"2e-4"'),
  'wrong.yml': AXOLOTL.replace('32', '-1').replace('2e-4', 'fast'),
  'missing.yml': AXOLOTL.replace('lora_r: 16\n', ''),
  'optimizer.yml': AXOLOTL.replace('adamw_torch', 'my_optimizer'),
  'documents.yml': `${AXOLOTL}---\n${AXOLOTL}`,
  'nested.yml': `${AXOLOTL}a: ${'['.repeat(250)}${']'.repeat(250)}\n`,
  'loop.sh': `for a in 8 16; do\n  ${TRAIN} $a\ndone\n`,
  'set-once.sh': `A=8\n${TRAIN} "$A"\n`,
  'set-and-used.sh': `A=8\n${TRAIN} "$A"\necho $A\n`,
  'used-twice.sh': `A=8\n${TRAIN} "$A"\necho $A\necho $A\n`,
  'branch.sh': `if x; then A=8; else A=9; fi\n${TRAIN} $A --learning_rate $LR\n`,
  'default.sh': `${TRAIN} \${A:-8} --learning_rate \${LR:-1e-4}\n`,
  'arguments.sh': `${TRAIN} $1 "$@"\n`,
  'computed.sh': `${TRAIN} $((4 * 2))\n`,
  'source.sh': `. ./settings.sh\n${TRAIN} $A\n`,
  'escaped.sh': `${TRAIN} 1\\6 --optimizer_args "eps=1\\e-8"\n`,
  'shared.sh': `ARGS=(--network_module networks.lora --network_dim 16 --network_alpha 8)\npython train_network.py "\${ARGS[@]}"\npython train_network.py "\${ARGS[@]}"\n`,
  'late.bat': `if 1==1 (\nset A=8\n${TRAIN} %A%\n)\n`,
  'blank.bat': `set A =8\n${TRAIN} %A%\n`,
  'parameter.ps1': `param($A)\n${TRAIN} $A\n`,
  'home-made.yml': 'lora:\n  rank: 16\n  alpha: 32\ntraining:\n  lr: 1e-4\nfinetune:\n  lr: 1e-5\n',
  'search.yml':
    'method: grid\nparameters:\n  lora_alpha:\n    values: [16, 32]\n  learning_rate:\n    values: [1e-4, 2e-4]\n',
  'torchtune.yaml':
    'model:\n  _component_: torchtune.models.llama3.lora_llama3_8b\n  lora_rank: 8\n  lora_alpha: ${alpha}\n  lora_attn_modules: [q_proj]\noptimizer:\n  _component_: torch.optim.AdamW\n  lr: ${a}\na: ${a}\nalpha: 16\n',
};

beforeAll(() => {
  l10n.config({ contents: pseudoBundle() });
  vi.resetModules();
});
afterAll(() => {
  l10n.config({ contents: {} });
  vi.resetModules();
});

const texts = [...FILES, ...Object.entries({ ...SMALL, ...PYTHON_SCRIPTS }).map(([name, text]) => ({ name, text }))];

it('says nothing about a config in English alone', async () => {
  const { readConfig } = await import('../../../src/config/read');
  const { planConfig } = await import('../../../src/config/planned');
  const { rewriteConfig } = await import('../../../src/config/rewrite');
  const plain = new Map<string, string>();
  let count = 0;
  for (const { name, text } of texts) {
    const reading = readConfig(text, path.basename(name));
    const said = [...wordsOfReading(reading)];
    for (const [index, { alpha }] of reading.recipes.entries()) {
      const { plans, refusal } = planConfig(text, reading, index, alpha * 3);
      said.push(...(refusal ? [refusal.message] : []), ...plans.flatMap(wordsOfPlan));
      for (const { id } of plans) {
        const written = rewriteConfig(text, reading, index, alpha * 3, id);
        if ('refusal' in written) said.push(written.refusal.message);
      }
    }
    count += said.length;
    for (const words of said) if (isEnglish(words, text)) plain.set(words, name);
  }
  expect(count).toBeGreaterThan(4000);
  expect([...plain].map(([words, name]) => `${name}: ${words}`)).toEqual([]);
}, 120_000);

function wordsOfReading({ findings, recipes, notUnderstood }: Reading): string[] {
  return [
    // The words of a loader that stops are quoted as they are: `PyYAML stops here: found undefined alias.`
    ...findings.map(({ code, message }) =>
      code === 'syntax' ? message.replace(/: [^\u0301]*\.(?: |$)/, '. ') : message,
    ),
    ...(notUnderstood ?? []).map(({ why }) => why),
    ...recipes.flatMap(({ assumed, guess = '', alphaIsIgnored = '', optimizer: { unknown = '' } }) => [
      ...Object.values(assumed),
      guess,
      alphaIsIgnored,
      unknown,
    ]),
  ];
}

function wordsOfPlan({ title, caveats, rows, claim }: ConfigPlan): string[] {
  return [title, claim.limit ?? '', ...caveats.map(({ message }) => message), ...rows.map(({ why }) => why)];
}

/** Whether two words of plain letters stand side by side that the config does not contain. */
function isEnglish(words: string, config: string): boolean {
  return [...words.matchAll(/[a-z]{2,}[,;:]? [a-z]{2,}/g)].some(([pair]) => !config.includes(pair));
}
