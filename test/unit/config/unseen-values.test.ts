import { expect, it } from 'vitest';
import { planConfig } from '../../../src/config/planned';
import { readConfig } from '../../../src/config/read';

const TRAIN =
  'accelerate launch train_network.py --network_module=networks.lora --network_dim=8 --learning_rate=1e-4 --optimizer_type=AdamW --max_grad_norm=0 --lr_scheduler=constant';
const PLUS = '--network_args=loraplus_lr_ratio=4';

const notebook = (...cells: string[]): string =>
  JSON.stringify({
    cells: cells.map((source) => ({ cell_type: 'code', source, metadata: {}, outputs: [], execution_count: null })),
    nbformat: 4,
    nbformat_minor: 5,
  });

const options = (parse: string): string => `from dataclasses import dataclass
from peft import LoraConfig, get_peft_model
from transformers import HfArgumentParser, Trainer, TrainingArguments
import argparse
@dataclass
class Options:
    r: int = 8
    lora_alpha: int = 16

o = argparse.ArgumentParser().parse_args()
${parse}
model = get_peft_model(base, LoraConfig(r=args.r, lora_alpha=args.lora_alpha))
Trainer(model=model, args=TrainingArguments(output_dir="o", learning_rate=2e-4, max_grad_norm=0.0)).train()
`;

/** What a text says of its runs where not all of it can be seen: nothing may be called exact, nor taken for known. */
it.each<[string, string, string]>([
  [
    'a parameter with a global name',
    'a.ps1',
    `$r = 16\nfunction Go {\n  param($r)\n  ${TRAIN} --network_alpha=$r\n}\nGo 8\n`,
  ],
  ['a parameter in parentheses', 'a.ps1', `$a = 4\nfunction Go($a) {\n  ${TRAIN} --network_alpha=$a\n}\nGo 8\n`],
  ['flags of a hashtable', 'a.ps1', `$h = @{ x = "${PLUS}" }\n${TRAIN} --network_alpha=16 $h.x\n`],
  ['flags that a function returns', 'a.ps1', `${TRAIN} --network_alpha=16 (Get-Extra)\n`],
  ['flags in an array', 'a.ps1', `${TRAIN} --network_alpha=16 @(Get-Extra)\n`],
  ['flags of a loop, cmd', 'a.bat', `for %%e in (${PLUS}) do ${TRAIN} --network_alpha=16 %%e\n`],
  ['flags of a loop, bash', 'a.sh', `for e in ${PLUS} --x; do\n${TRAIN} --network_alpha=16 $e\ndone\n`],
  ['flags of a file', 'a.sh', `X=$(cat extra.txt)\n${TRAIN} --network_alpha=16 $X\n`],
  [
    'endlocal behind a file called set',
    'a.bat',
    `setlocal\nset A=16\nif exist set.txt endlocal\n${TRAIN} --network_alpha=%A%\n`,
  ],
  [
    'a loop back behind an open parenthesis',
    'a.bat',
    `set A=16\necho (start\n:loop\n${TRAIN} --network_alpha=%A%\ncall env.bat\ngoto loop\n`,
  ],
  ['a script that is called without its ending', 'a.bat', `set A=16\ncall settings\n${TRAIN} --network_alpha=%A%\n`],
  ['a name that Python computes', 'a.ipynb', notebook('A = pick()', `!A=8; ${TRAIN} --network_alpha=$A`)],
  [
    'a name in a program that is not read',
    'a.ipynb',
    notebook('A = 4', '* '.repeat(9000), `!A=8; ${TRAIN} --network_alpha=$A`),
  ],
  ['a name that a magic sets', 'a.ipynb', notebook('A = 8', 'A = %env B', `!${TRAIN} --network_alpha=$A`)],
  [
    'a name that a command sets',
    'a.ipynb',
    notebook('A = 8', 'if x:\n    A = !echo 4', `!${TRAIN} --network_alpha=$A`),
  ],
  [
    'a parameter of the function around a command',
    'a.ipynb',
    notebook(`def go(alpha):\n    x = 1\n    !alpha=4; ${TRAIN} --network_alpha=$alpha\ngo(16)`),
  ],
  ['a name that exec may set', 'a.ipynb', notebook('exec(code)', `!alpha=4; ${TRAIN} --network_alpha=$alpha`)],
  [
    'a default of a variable that is set',
    'a.ipynb',
    notebook('%env A=16', `%%bash\n${TRAIN} --network_alpha=\${A:-8}`),
  ],
  [
    'the same by way of the shell',
    'a.ipynb',
    notebook('os.environ["A"] = "16"', `%%bash\nA=\${A:-8}\n${TRAIN} --network_alpha=$A`),
  ],
  [
    'a kind of LoRA that is a reference',
    'a.yaml',
    "model: {path: m, lora_rank: 16, lora_alpha: 32, target_modules: [q_proj], lora: '${l}'}\nengine: {strategy: fsdp}\noptim: {lr: 1e-4, clip_grad: 1.0, optimizer: AdamW}\n",
  ],
  [
    'options that a function reads from a file',
    'a.py',
    options('def load(p):\n    return HfArgumentParser(Options).parse_json_file(p)[0]\nargs = load("a.json")'),
  ],
  [
    'options from a file in another branch',
    'a.py',
    options(
      'p = HfArgumentParser(Options)\nif __name__ == "__main__":\n    args = p.parse_json_file("a.json")[0]\nif o.y:\n    args = p.parse_args_into_dataclasses()[0]',
    ),
  ],
])('calls nothing exact that hangs on %s', (_, path, text) => {
  const reading = readConfig(text, path);
  expect(reading.isLora).toBe(true);
  const [recipe] = reading.recipes;
  const claim = recipe ? planConfig(text, reading, 0, 64).plans[0]?.claim : undefined;
  expect(claim?.asRead === 'exact' && claim.notUnderstood.length === 0).toBe(false);
});
