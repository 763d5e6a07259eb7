import { describe, expect, it } from 'vitest';
import { readConfig } from '../../../../../src/config/read';

interface Parts {
  /** How the script gets its options. */
  options?: string;
  /** Code of the script before it reads the learning rate. */
  before?: string;
  /** The object with the options, where the optimizer is made. */
  object?: string;
  /** Code around the training. */
  branch?: string;
}

const argparse = (...added: string[]): string =>
  [
    'def parse_args():',
    '    parser = argparse.ArgumentParser()',
    ...added.map((line) => `    ${line}`),
    '    return parser.parse_args()',
  ].join('\n');

const rate = (rest: string): string => argparse(`parser.add_argument("--rate"${rest})`);
const RATE = rate(', type=float, default=1e-4');

/** A script whose learning rate is an option. */
function script({ options = RATE, before = '', object = 'args', branch = '' }: Parts): string {
  return `import argparse
import torch
from dataclasses import dataclass, field
from peft import LoraConfig, get_peft_model
from transformers import HfArgumentParser
${options}
def main(args):
    model = get_peft_model(load(), LoraConfig(r=8, lora_alpha=16))
    ${before}
    optimizer = torch.optim.AdamW(model.parameters(), lr=${object}.rate)
    ${branch}
    for batch in rows:
        optimizer.step()
args = parse_args()
main(args)
`;
}

const rateOf = (parts: Parts): number | null | undefined =>
  readConfig(script(parts), 'train.py').recipes[0]?.learningRate;

const DATACLASS = (lines: string): string => `@dataclass
class Arguments:
    ${lines}
def parse_args():
    return HfArgumentParser(Arguments).parse_args_into_dataclasses()[0]`;
const PARSED = (given: string): string => RATE.replace('parser.parse_args()', `parser.parse_args(${given})`);
const COPIED = (given: string): string => `${RATE}\ndef start():\n    main(argparse.Namespace(${given}))`;
const WHERE_PARSED = (...lines: string[]): string =>
  RATE.replace(
    '    return parser.parse_args()',
    ['opts = parser.parse_args()', ...lines, 'return opts'].map((line) => `    ${line}`).join('\n'),
  );

describe('the default of an option', () => {
  it.each<[string, Parts]>([
    ['a number', {}],
    ['a name for it', { options: rate(', dest="rate", type=float, default=1e-4') }],
    ['a field', { options: DATACLASS('rate: float = 1e-4') }],
    ['a field()', { options: DATACLASS('rate: float = field(default=1e-4)') }],
    ['a copy of the options', { options: COPIED('**vars(parse_args())') }],
    ['the command line by its name', { options: PARSED('sys.argv[1:]') }],
    ['an argument', { options: PARSED('argv').replace('def parse_args()', 'def parse_args(argv=None)') }],
    ['options that are logged', { before: 'wandb.init(config=vars(args))' }],
    [
      'a file in another branch',
      {
        options: DATACLASS('rate: float = 1e-4').replace(
          '    return ',
          '    if found():\n        return HfArgumentParser(Arguments).parse_json_file("a.json")[0]\n    else:\n        return ',
        ),
      },
    ],
  ])('is read with %s', (_, parts) => {
    expect(rateOf(parts)).toBe(1e-4);
  });

  it.each<[string, Parts]>([
    ['no default', { options: rate(', type=float') }],
    ['None', { options: rate(', type=float, default=None') }],
    ['an option that must be given', { options: rate(', default=1e-4, required=True') }],
    ['a text that is converted', { options: rate(', type=float, default="1e-4"') }],
    [
      'two parsers that differ',
      { options: argparse('parser.add_argument("--rate", default=1e-4)', 'other.add_argument("--rate")') },
    ],
    [
      'a default that is set later',
      { options: argparse('parser.add_argument("--rate", default=1e-4)', 'parser.set_defaults(rate=1)') },
    ],
    ['an assignment before', { before: 'args.rate = newest()' }],
    ['an assignment that may happen', { before: 'if found():\n        args.rate = 1' }],
    ['an assignment where it is parsed', { options: WHERE_PARSED('opts.rate = 1') }],
    ['setattr', { before: 'setattr(args, name, 1)' }],
    ['setattr of this option', { before: 'setattr(args, "rate", 1)' }],
    [
      'setattr where it is parsed',
      { options: WHERE_PARSED('for key, value in more.items():', '    setattr(opts, key, value)') },
    ],
    ['a config file that is read over it', { options: WHERE_PARSED('opts = with_config(opts, "run.yaml")') }],
    ['vars()', { before: 'vars(args)["rate"] = 1' }],
    ['vars() under another name', { before: 'all = vars(args)\n    all.update(rate=1)' }],
    [
      'an object of a class that is set elsewhere',
      { options: `${DATACLASS('rate: float = 1e-4')}\nmore = Arguments()\nmore.rate = 1` },
    ],
    [
      'a method that sets it',
      { options: DATACLASS('rate: float = 1e-4\n    def __post_init__(self):\n        self.rate = 1') },
    ],
    ['a namespace that is given', { options: PARSED('namespace=argparse.Namespace(rate=1)') }],
    ['a text that is split', { options: PARSED('"--rate 1".split()') }],
    ['a list with a name', { options: `argv = ["--rate", "1"]\n${PARSED('argv')}` }],
    ['a command line that is set', { options: `import sys\nsys.argv += ["--rate", "1"]\n${RATE}` }],
    [
      'the default of an action',
      { options: argparse('flag = parser.add_argument("--rate", default=1e-4)', 'flag.default = 1') },
    ],
    [
      'fields from a file alone',
      {
        options: DATACLASS('rate: float = 1e-4').replace('parse_args_into_dataclasses()', 'parse_json_file("a.json")'),
      },
    ],
    [
      'a derived class that sets it',
      {
        options: DATACLASS(
          'rate: float = 1e-4\nclass More(Arguments):\n    def __post_init__(self):\n        self.rate = 1',
        ).replace('HfArgumentParser(Arguments)', 'HfArgumentParser(More)'),
      },
    ],
    [
      'a class that is set',
      {
        options: 'class Arguments:\n    rate = 1e-4\nArguments.rate = 1\ndef parse_args():\n    return 0',
        before: 'args = Arguments()',
      },
    ],
    [
      'a class that sets itself',
      {
        options:
          'class Arguments:\n    rate = 1e-4\n    @classmethod\n    def on(cls):\n        cls.rate = 1\ndef parse_args():\n    return 0',
        before: 'args = Arguments()',
      },
    ],
    ['a copy with another value', { options: COPIED('**vars(parse_args()), rate=1') }],
    ['a copy of another dict', { options: COPIED('**json.load(file)') }],
    ['another object', { before: 'state = json.load(file)', object: 'state' }],
    ['an object that is loaded', { before: 'args = OmegaConf.load("config.yaml")' }],
    ['a field of something else', { options: 'class Loader:\n    rate = 1e-4\ndef parse_args():\n    return load()' }],
    ['a command line in the script', { options: PARSED('["--rate", "1"]') }],
    [
      'a command line in the script, by an argument',
      { options: PARSED('argv').replace('def parse_args()', 'def parse_args(argv=["--rate", "1"])') },
    ],
    ['a module that reads files', { options: `import configargparse\n${RATE}` }],
    ['code that is run', { before: 'exec(more)' }],
  ])('is not read with %s', (_, parts) => {
    expect(rateOf(parts)).toBeNull();
  });

  it.each(['str', 'SchedulerType', 'transformers.SchedulerType'])('is a text of type %s', (type) => {
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

describe('a branch that options choose', () => {
  it.each(['args.resume', 'args.resume is not None', 'not args.fresh', 'args.kind == "last"'])(
    'is read as if it may run: if %s',
    (test) => {
      const branch = `if ${test}:\n        model.half()`;
      const { notUnderstood } = readConfig(script({ branch }), 'train.py');
      expect(notUnderstood.map(({ line, source }) => [line, source])).toEqual([[15, 'model.half()']]);
    },
  );

  it('leaves the optimizer open', () => {
    const text = script({}).replace(
      '    optimizer = torch.optim.AdamW(',
      `    if args.use_8bit_adam:
        optimizer_class = bitsandbytes.optim.AdamW8bit
    else:
        optimizer_class = torch.optim.AdamW
    optimizer = optimizer_class(`,
    );
    const { recipes, notUnderstood } = readConfig(text, 'train.py');
    expect(recipes[0]?.optimizer.name).toBeNull();
    expect(notUnderstood).not.toEqual([]);
  });
});
