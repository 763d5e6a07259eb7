import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { planConfig } from '../../../../../src/config/planned';
import { readConfig } from '../../../../../src/config/read';
import { notebookFile } from '../../../../support/notebook';

const CASES = path.join(import.meta.dirname, 'started.txt');

const IMPORTS = 'from peft import LoraConfig, get_peft_model\nfrom transformers import Trainer, TrainingArguments\n';
const TRAIN = `model = get_peft_model(load(), LoraConfig(r=8, lora_alpha=16, target_modules=["q_proj"]))
args = TrainingArguments(output_dir="out", learning_rate=1e-3, optim="adamw_torch")
trainer = Trainer(model=model, args=args, train_dataset=rows)
trainer.train()
`;
const FLAGS = `train_network.py --network_module networks.lora --network_dim 8 --network_alpha 16 \\
  --pretrained_model_name_or_path m --learning_rate 1e-4 --optimizer_type AdamW --max_grad_norm 1.0`;

/** The text of a case: `TRAIN` and `RUN` are trainings, FLAGS the flags of one; without them a script trains at its end. */
function textOf(kind: string, body: string): [text: string, file: string] {
  const put = (text: string): string =>
    text
      .replace(/^TRAIN$/m, () => TRAIN)
      .replace(/^RUN/m, () => `accelerate launch --mixed_precision bf16 ${FLAGS}`)
      .replace('FLAGS', () => FLAGS);
  if (kind === 'python') return [IMPORTS + put(/^TRAIN$/m.test(body) ? body : `${body}\nTRAIN\n`), 'train.py'];
  if (kind === 'powershell') return [`${put(body).replaceAll('\\\n', '`\n')}\n`, 'run.ps1'];
  if (kind === 'shell') return [`${put(body)}\n`, 'run.sh'];
  const cells = body.split('\n---\n').map((cell) => {
    if (cell === 'TRAIN') return IMPORTS + TRAIN;
    return put(cell.replace(/^RUN$/, '!RUN').replace(/^!RUN/, '!accelerate launch --mixed_precision bf16 FLAGS'));
  });
  return [notebookFile(cells.map((source) => ({ kind: 'code', source }))), 'run.ipynb'];
}

function doubtsOf(kind: string, body: string): string[] {
  const [text, file] = textOf(kind, body);
  const reading = readConfig(text, file);
  const [plan] = planConfig(text, reading, 0, 64).plans;
  expect(plan?.claim.asRead).toBe('exact');
  return reading.notUnderstood.map(({ source }) => `=> ${source}`);
}

// `npx vitest -u` writes what is said now; look at each case that loses its doubts.
it('names what is started, written or set that may change what a run reads', async () => {
  const cases = readFileSync(CASES, 'utf8').trimEnd().split('\n\n#### ');
  const said = cases.map((block) => {
    const [head = '', ...lines] = block.split('\n').filter((line) => !line.startsWith('=> '));
    const kind = /\w+$/.exec(head)?.[0] ?? '';
    const name = head.replace(/^#### /, '');
    return [`#### ${name}`, ...lines, ...doubtsOf(kind, lines.join('\n'))].join('\n');
  });
  await expect(`${said.join('\n\n')}\n`).toMatchFileSnapshot(CASES);
});
