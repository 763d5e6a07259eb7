import { describe, expect, it } from 'vitest';
import { readConfig } from '../../../../../src/config/read';

interface Parts {
  /** How the script gets its options. */
  options?: string;
  /** Code of the script before it reads the options. */
  before?: string;
  /** The learning rate of the optimizer. */
  rate?: string;
}

const argparse = (...added: string[]): string =>
  [
    'def parse_args():',
    '    parser = argparse.ArgumentParser()',
    ...added.map((line) => `    ${line}`),
    '    return parser.parse_args()',
  ].join('\n');

const option = (rest: string): string => argparse(`parser.add_argument("--lr"${rest})`);
const PLAIN = option(', type=float, default=1e-4');

/** A script that takes its learning rate from the command line. */
function script({ options = PLAIN, before = '', rate = 'args.lr' }: Parts): string {
  return `import argparse
import torch
from dataclasses import dataclass, field
from peft import LoraConfig, get_peft_model
from transformers import HfArgumentParser
${options}
def main(args):
    model = get_peft_model(load(), LoraConfig(r=8, lora_alpha=16))
    ${before}
    optimizer = torch.optim.AdamW(model.parameters(), lr=${rate})
    for batch in rows:
        optimizer.step()
args = parse_args()
main(args)
`;
}

const rateOf = (parts: Parts): number | null | undefined =>
  readConfig(script(parts), 'train.py').recipes[0]?.learningRate;

const DATACLASS = (field: string): string => `@dataclass
class Arguments:
    ${field}
def parse_args():
    return HfArgumentParser(Arguments).parse_args_into_dataclasses()[0]`;

const PARSED = (given: string): string => PLAIN.replace('parser.parse_args()', `parser.parse_args(${given})`);
/** `args` is parsed, and `lines` come before the function returns it. */
const SET = (...lines: string[]): string =>
  PLAIN.replace('return parser.parse_args()', ['args = parser.parse_args()', ...lines, 'return args'].join('\n    '));

describe('the default of an option is read', () => {
  it.each<[string, Parts]>([
    ['of argparse', {}],
    ['with a name of its own', { options: argparse('parser.add_argument("--rate", dest="lr", default=1e-4)') }],
    ['of a command line that is named', { options: PARSED('sys.argv[1:]') }],
    ['of a field', { options: DATACLASS('lr: float = 1e-4') }],
    ['of a field()', { options: DATACLASS('lr: float = field(default=1e-4)') }],
  ])('%s', (_, parts) => expect(rateOf(parts)).toBe(1e-4));

  it.each(['str', 'SchedulerType', 'transformers.SchedulerType'])('as a text of type %s', (type) => {
    const text = `import argparse
from peft import LoraConfig, get_peft_model
from transformers import Trainer, TrainingArguments
parser = argparse.ArgumentParser()
parser.add_argument("--schedule", type=${type}, default="cosine")
args = parser.parse_args()
model = get_peft_model(model, LoraConfig(r=8, lora_alpha=16))
Trainer(model, TrainingArguments("out", learning_rate=1e-3, lr_scheduler_type=args.schedule)).train()
`;
    expect(readConfig(text, 'train.py').recipes[0]?.scheduler).toBe('cosine');
  });
});

describe('the value of an option is unknown', () => {
  it.each<[string, Parts]>([
    ['without a default', { options: option(', type=float') }],
    ['with None', { options: option(', default=None') }],
    ['that must be given', { options: option(', required=True, default=1e-4') }],
    ['in a place', { options: argparse('parser.add_argument("lr")') }],
    ['of an unknown action', { options: option(', action=Latest') }],
    [
      'that two parsers have',
      { options: argparse('parser.add_argument("--lr", default=1e-4)', 'other.add_argument("--lr", default=1e-3)') },
    ],
    [
      'whose default is set later',
      { options: argparse('parser.add_argument("--lr", default=1e-4)', 'parser.set_defaults(lr=1)') },
    ],
    ['that is set before', { before: 'args.lr = newest()' }],
    ['that a branch sets', { before: 'if found():\n        args.lr = 1' }],
    ['that is set where it is parsed', { options: SET('args.lr = 1') }],
    ['after setattr', { before: 'setattr(args, name, 1)' }],
    ['after setattr where it is parsed', { options: SET('for key, value in more:', '    setattr(args, key, value)') }],
    ['after a config file', { options: SET('args = with_config(args, "run.yaml")') }],
    ['of an object that is set', { options: `${DATACLASS('lr: float = 1e-4')}\nmore = Arguments()\nmore.lr = 1` }],
    [
      'that a method sets',
      { options: DATACLASS('lr: float = 1e-4\n    def __post_init__(self):\n        self.lr = 1') },
    ],
    ['of a given namespace', { options: PARSED('namespace=argparse.Namespace(lr=1)') }],
    ['of a text', { options: PARSED('"--lr 1".split()') }],
    ['of a list with a name', { options: `argv = ["--lr", "1"]\n${PARSED('argv')}` }],
    ['of a command line in the script', { options: PARSED('["--lr", "1"]') }],
    ['of a command line that is set', { options: `import sys\nsys.argv += ["--lr", "1"]\n${PLAIN}` }],
    [
      'whose action is set',
      { options: argparse('flag = parser.add_argument("--lr", default=1e-4)', 'flag.default = 1') },
    ],
    [
      'that a derived class sets',
      {
        options: DATACLASS(
          'lr: float = 1e-4\nclass More(Arguments):\n    def __post_init__(self):\n        self.lr = 1',
        ).replace('HfArgumentParser(Arguments)', 'HfArgumentParser(More)'),
      },
    ],
    [
      'of a class that is set',
      { options: 'class Arguments:\n    lr = 1e-4\nArguments.lr = 1\ndef parse_args():\n    return Arguments()' },
    ],
    [
      'of a file alone',
      { options: DATACLASS('lr: float = 1e-4').replace('parse_args_into_dataclasses()', 'parse_json_file("a.json")') },
    ],
    [
      'of a file in a branch',
      { options: SET('if found():', '    args = HfArgumentParser(Arguments).parse_json_file("a.json")[0]') },
    ],
    ['of a dict that is set', { before: 'vars(args).update(more)' }],
    ['of another object', { before: 'state = json.load(file)', rate: 'state.lr' }],
    ['of a file', { before: 'args = OmegaConf.load("config.yaml")' }],
    ['of an argument of its own', { before: 'class Run:\n        def go(self):\n            pass', rate: 'self.lr' }],
  ])('%s', (_, parts) => expect(rateOf(parts)).toBeNull());
});

describe('branches', () => {
  it.each([
    ['an option', 'if args.resume:'],
    ['an option that is off', 'if args.quick:'],
    ['a function', 'if found():'],
  ])('are not followed, whatever %s says', (_, condition) => {
    const options = argparse(
      'parser.add_argument("--lr", default=1e-4)',
      'parser.add_argument("--resume")',
      'parser.add_argument("--quick", action="store_true")',
    );
    const before = `${condition}\n        accelerator.load_state("last")`;
    const { notUnderstood } = readConfig(script({ options, before }), 'train.py');
    expect(notUnderstood.map(({ source }) => source)).toEqual(['accelerator.load_state("last")']);
  });

  it.each([
    ['if args.prodigy:\n    kind = prodigyopt.Prodigy\nelse:\n    kind = torch.optim.AdamW\n', 'kind'],
    ['kind = torch.optim.SGD\nif can():\n    kind = torch.optim.AdamW\n', 'kind'],
  ])('leave the optimizer that they choose open: %j', (chosen, name) => {
    const text = script({}).replace('torch.optim.AdamW(', `${name}(`).replace('    optimizer =', indented(chosen));
    const { recipes } = readConfig(text, 'train.py');
    expect(recipes[0]?.optimizer.row ?? null).toBeNull();
  });

  const indented = (code: string): string => `${code.replace(/^(?=.)/gm, '    ')}    optimizer =`;
});

it.each([
  ['a function', 'groups_of(model)'],
  ['a variable that may be groups', 'params_to_optimize'],
])('parameter groups that come from %s leave the rate open', (_, groups) => {
  const text = script({ rate: 'x' }).replace('model.parameters(), lr=x', groups);
  expect(readConfig(text, 'train.py').recipes[0]?.learningRate).toBeNull();
});
