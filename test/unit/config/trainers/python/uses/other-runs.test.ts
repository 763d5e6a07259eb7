import { describe, expect, it } from 'vitest';
import { planConfig } from '../../../../../../src/config/planned';
import { readConfig } from '../../../../../../src/config/read';

const IMPORTS = `from dataclasses import dataclass
from peft import LoraConfig, get_peft_model
from transformers import HfArgumentParser, Trainer, TrainingArguments
`;
const ARGS = 'TrainingArguments(output_dir="o", learning_rate=2e-4, weight_decay=0.0)';

/** The options are a file's, though another parser asks for the name of that file. */
const fromFile = (assigned: string): string => `${IMPORTS}import argparse

@dataclass
class Options:
    r: int = 8
    lora_alpha: int = 16

cli = argparse.ArgumentParser()
cli.add_argument("--config", default="a.json")
opts = cli.parse_args()
${assigned}
model = get_peft_model(base, LoraConfig(r=args.r, lora_alpha=args.lora_alpha))
Trainer(model=model, args=${ARGS}).train()
`;

const twoTrainers = (around: string): string => `${IMPORTS}
${around}
    model = get_peft_model(base, LoraConfig(r=8, lora_alpha=16))
    args = ${ARGS}
    first = Trainer(model=model, args=args)
    second = Trainer(model=model, args=args)
    first.train()
    second.train()
${around === 'try:' ? 'finally:\n    done()\n' : ''}`;

/** A function that is given the configs of more functions than are told apart. */
const manyConfigs = (count: number): string => `${IMPORTS}
def tweak(cfg):
    cfg.lora_alpha = pick()
${Array.from(
  { length: count },
  (_, i) => `
def run${i}(base):
    cfg = LoraConfig(r=8, lora_alpha=${16 + i})
    tweak(cfg)
    model = get_peft_model(base, cfg)
    Trainer(model=model, args=${ARGS}).train()
`,
).join('')}`;

/** The exactness of the best plan of the last run; null if nothing is planned. */
function claimOf(text: string): string | null {
  const reading = readConfig(text, 'train.py');
  const last = reading.recipes.length - 1;
  const recipe = reading.recipes[last];
  return recipe ? (planConfig(text, reading, last, recipe.alpha * 4).plans[0]?.exactness ?? null) : null;
}

/** Options of a parser, which may be one that reads files as well. */
const options = (parsing: string): string => `${IMPORTS}
${parsing}
cli.add_argument("--alpha", type=int, default=16)
args = cli.parse_args()
model = get_peft_model(base, LoraConfig(r=8, lora_alpha=args.alpha))
Trainer(model=model, args=${ARGS}).train()
`;

it('reads options of argparse', () => {
  expect(claimOf(options('import argparse\ncli = argparse.ArgumentParser()'))).toBe('exact');
});

describe('no plan is exact where', () => {
  it.each([
    ['a file fills the options', fromFile('args = HfArgumentParser(Options).parse_json_file(opts.config)[0]')],
    ['a file fills unpacked options', fromFile('args, = HfArgumentParser(Options).parse_json_file(opts.config)')],
    ['configargparse fills the options', options('import configargparse\ncli = configargparse.ArgumentParser()')],
    ['it has the name of argparse', options('import configargparse as argparse\ncli = argparse.ArgumentParser()')],
    ['jsonargparse fills the options', options('from jsonargparse import ArgumentParser\ncli = ArgumentParser()')],
    ['two trainers run under one if', twoTrainers('if __name__ == "__main__":')],
    ['two trainers run in one try', twoTrainers('try:')],
    ['a function changes the configs of 25 runs', manyConfigs(25)],
  ])('%s', (_, text) => expect(claimOf(text)).not.toBe('exact'));
});

it('of two trainers in the two branches of an if only one runs', () => {
  const text = `${IMPORTS}
args = ${ARGS}
model = get_peft_model(base, LoraConfig(r=8, lora_alpha=16))
if __name__ == "__main__":
    if quick:
        Trainer(model=model, args=args, train_dataset=few).train()
    else:
        Trainer(model=model, args=args, train_dataset=all_rows).train()
`;
  expect(readConfig(text, 'train.py').notUnderstood.map(({ source }) => source)).not.toContain('Trainer');
});
