import { describe, expect, it } from 'vitest';
import { readConfig } from '../../../../../src/config/read';

interface Parts {
  /** How the script gets its options. */
  options?: string;
  /** Code of the script before it reads the options. */
  before?: string;
  /** The branch, from its condition on. */
  branch?: string;
}

const LOAD = '        accelerator.load_state("last")';

const argparse = (...added: string[]): string =>
  [
    'def parse_args():',
    '    parser = argparse.ArgumentParser()',
    ...added.map((line) => `    ${line}`),
    '    return parser.parse_args()',
  ].join('\n');

const resume = (rest: string): string => argparse(`parser.add_argument("--resume"${rest})`);

/** A script that loads a saved state in a branch. */
function script({ options = resume(''), before = '', branch = `if args.resume:\n${LOAD}` }: Parts): string {
  return `import argparse
import torch
from dataclasses import dataclass, field
from peft import LoraConfig, get_peft_model
from transformers import HfArgumentParser
${options}
def main(args):
    model = get_peft_model(load(), LoraConfig(r=8, lora_alpha=16))
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-3)
    ${before}
    ${branch}
    for batch in rows:
        optimizer.step()
args = parse_args()
main(args)
`;
}

/** The number of uses not understood, and the findings on branches that the defaults skip. */
function seen(parts: Parts): { named: number; said: string[] } {
  const { notUnderstood, findings } = readConfig(script(parts), 'train.py');
  const said = findings.filter(({ code }) => code === 'branch-not-taken').map(({ message }) => message);
  return { named: notUnderstood.length, said };
}

const DATACLASS = (field: string): string => `@dataclass
class Arguments:
    ${field}
def parse_args():
    return HfArgumentParser(Arguments).parse_args_into_dataclasses()[0]`;

const PARSED = (given: string): string => resume('').replace('parser.parse_args()', `parser.parse_args(${given})`);
const COPIED = (given: string): string => `${resume('')}\ndef start():\n    main(argparse.Namespace(${given}))`;

describe('branches that the defaults of options skip', () => {
  it.each<[string, Parts]>([
    ['no default at all', {}],
    ['None', { options: resume(', type=str, default=None') }],
    ['a copy of the options', { options: COPIED('**vars(parse_args())') }],
    ['the command line by its name', { options: PARSED('sys.argv[1:]') }],
    ['an argument', { options: PARSED('argv').replace('def parse_args()', 'def parse_args(argv=None)') }],
    ['False', { options: resume(', default=False') }],
    ['an empty text', { options: resume(', type=str, default=""') }],
    ['0', { options: resume(', type=int, default=0') }],
    ['a flag', { options: resume(', action="store_true"') }],
    ['a choice', { options: resume(', choices=["a", "b"]') }],
    ['a field that is None', { options: DATACLASS('resume: str = None') }],
    ['a field() that is None', { options: DATACLASS('resume: str = field(default=None)') }],
    ['a comparison with None', { branch: `if args.resume is not None:\n${LOAD}` }],
    ['a comparison with a text', { branch: `if args.resume == "latest":\n${LOAD}` }],
    ['one of two conditions', { branch: `if args.resume and torch.cuda.is_available():\n${LOAD}` }],
    ['the other branch', { branch: `if not args.resume:\n        pass\n    else:\n${LOAD}` }],
    [
      'a branch behind one that is taken',
      { branch: `if args.resume is None:\n        pass\n    elif fresh:\n${LOAD}` },
    ],
    ['a branch within', { branch: `if args.resume:\n        if found():\n    ${LOAD}` }],
    ['one that clears the option itself', { branch: `if args.resume:\n        args.resume = None\n${LOAD}` }],
  ])('%s', (_, parts) => {
    const { named, said } = seen(parts);
    expect(named).toBe(0);
    expect(said).toEqual([expect.stringMatching(/^With the default of (?:--)?resume, /)]);
  });

  it.each<[string, Parts]>([
    ['a default that is true', { options: resume(', default="latest"') }],
    ['a flag that takes away', { options: resume(', action="store_false"') }],
    ['an option that must be given', { options: resume(', required=True') }],
    ['a positional argument', { options: argparse('parser.add_argument("resume")') }],
    ['an unknown action', { options: resume(', action=Latest') }],
    [
      'a default for the whole parser',
      { options: resume('').replace('ArgumentParser()', 'ArgumentParser(argument_default="last")') },
    ],
    [
      'two parsers that differ',
      { options: argparse('parser.add_argument("--resume", default="latest")', 'other.add_argument("--resume")') },
    ],
    [
      'a default that is set later',
      { options: argparse('parser.add_argument("--resume")', 'parser.set_defaults(resume="last")') },
    ],
    ['an assignment before', { before: 'args.resume = newest()' }],
    ['an assignment that may happen', { before: 'if found():\n        args.resume = "last"' }],
    [
      'an assignment where it is parsed',
      {
        options: resume('').replace(
          '    return parser.parse_args()',
          '    args = parser.parse_args()\n    args.resume = "last"\n    return args',
        ),
      },
    ],
    ['setattr', { before: 'setattr(args, name, "last")' }],
    [
      'setattr where it is parsed',
      {
        options: resume('').replace(
          '    return parser.parse_args()',
          '    opts = parser.parse_args()\n    for key, value in more.items():\n        setattr(opts, key, value)\n    return opts',
        ),
      },
    ],
    [
      'a config file that is read over it',
      {
        options: resume('').replace(
          '    return parser.parse_args()',
          '    opts = parser.parse_args()\n    opts = with_config(opts, "run.yaml")\n    return opts',
        ),
      },
    ],
    [
      'an object of a class that is set elsewhere',
      { options: `${DATACLASS('resume: bool = False')}\nmore = Arguments()\nmore.resume = True` },
    ],
    [
      'a method that sets it',
      { options: DATACLASS('resume: bool = False\n    def __post_init__(self):\n        self.resume = True') },
    ],
    ['a namespace that is given', { options: PARSED('namespace=argparse.Namespace(resume="last")') }],
    ['a text that is split', { options: PARSED('"--resume last".split()') }],
    ['a list with a name', { options: `argv = ["--resume", "last"]\n${PARSED('argv')}` }],
    ['a command line that is set', { options: `import sys\nsys.argv += ["--resume", "last"]\n${resume('')}` }],
    [
      'the default of an action',
      { options: argparse('flag = parser.add_argument("--resume")', 'flag.default = "last"') },
    ],
    [
      'fields from a file alone',
      {
        options: DATACLASS('resume: str = None').replace('parse_args_into_dataclasses()', 'parse_json_file("a.json")'),
      },
    ],
    [
      'a derived class that sets it',
      {
        options: DATACLASS(
          'resume: bool = False\nclass More(Arguments):\n    def __post_init__(self):\n        self.resume = True',
        ).replace('HfArgumentParser(Arguments)', 'HfArgumentParser(More)'),
      },
    ],
    [
      'a class that is set',
      {
        options: `class Arguments:\n    resume = None\nArguments.resume = "last"\ndef parse_args():\n    return 0`,
        before: 'args = Arguments()',
      },
    ],
    [
      'a class that sets itself',
      {
        options:
          'class Arguments:\n    resume = None\n    @classmethod\n    def on(cls):\n        cls.resume = "last"\ndef parse_args():\n    return 0',
        before: 'args = Arguments()',
      },
    ],
    [
      'an attribute of that name',
      {
        options: `${resume('')}\nclass Run:\n    def __init__(self, resume):\n        self.resume = resume`,
        branch: `class Sub(Run):\n        def go(self):\n            if self.resume:\n                accelerator.load_state("last")`,
      },
    ],
    ['a copy with another value', { options: COPIED('**vars(parse_args()), resume="last"') }],
    ['a copy of another dict', { options: COPIED('**json.load(file)') }],
    ['another object', { before: 'state = json.load(file)', branch: `if state.resume:\n${LOAD}` }],
    ['an object that is loaded', { before: 'args = OmegaConf.load("config.yaml")' }],
    [
      'a field of something else',
      { options: 'class Loader:\n    resume = None\ndef parse_args():\n    return load()' },
    ],
    ['a command line in the script', { options: PARSED('["--resume", "a"]') }],
    [
      'a command line in the script, by an argument',
      { options: PARSED('argv').replace('def parse_args()', 'def parse_args(argv=["--resume", "a"])') },
    ],
    ['one of two conditions', { branch: `if args.resume or found():\n${LOAD}` }],
    ['the other branch', { branch: `if args.resume:\n        pass\n    else:\n${LOAD}` }],
    ['the branch of what is not given', { branch: `if not args.resume:\n${LOAD}` }],
    ['a comparison with None', { branch: `if args.resume is None:\n${LOAD}` }],
  ])('is named with %s', (_, parts) => {
    expect(seen(parts)).toEqual({ named: 1, said: [] });
  });

  it('names the lines, once for each option', () => {
    const branch = `if args.resume:\n${LOAD}\n${LOAD}`;
    expect(seen({ branch }).said).toEqual([
      'With the default of --resume, this code does not run: line 15 and line 16. With another value it does: LoRA Alpha does not know what load_state does to the run.',
    ]);
  });

  it('reads no default of a number that is set where the options are parsed', () => {
    const options = argparse('parser.add_argument("--lr", type=float, default=1e-4)').replace(
      'return parser.parse_args()',
      'args = parser.parse_args()\n    args.lr = 1\n    return args',
    );
    const text = script({ options }).replace('lr=1e-3', 'lr=args.lr');
    expect(readConfig(text, 'train.py').recipes[0]).toMatchObject({ unresolved: { learningRate: 'args.lr' } });
  });
});

/** A script whose options choose the optimizer, like diffusers' examples. */
const CHOOSING = `import argparse
import torch
from peft import LoraConfig
def parse_args():
    parser = argparse.ArgumentParser()
    parser.add_argument("--learning_rate", type=float, default=1e-4)
    parser.add_argument("--scale_lr", action="store_true")
    parser.add_argument("--use_8bit_adam", action="store_true")
    parser.add_argument("--optimizer", type=str, default="AdamW")
    return parser.parse_args()
def main(args):
    unet.add_adapter(LoraConfig(r=8, lora_alpha=16))
    if args.scale_lr:
        args.learning_rate = args.learning_rate * 8
    if not (args.optimizer.lower() == "prodigy" or args.optimizer.lower() == "adamw"):
        args.optimizer = "adamw"
    if args.optimizer.lower() == "adamw":
        if args.use_8bit_adam:
            import bitsandbytes as bnb
            optimizer_class = bnb.optim.AdamW8bit
        else:
            optimizer_class = torch.optim.AdamW
        optimizer = optimizer_class(unet.parameters(), lr=args.learning_rate)
    if args.optimizer.lower() == "prodigy":
        import prodigyopt
        optimizer_class = prodigyopt.Prodigy
        optimizer = optimizer_class(unet.parameters(), lr=args.learning_rate)
    for batch in rows:
        optimizer.step()
main(parse_args())
`;

describe('values that options choose', () => {
  it('reads optimizer and learning rate with the defaults, and says what other values would choose', () => {
    const { recipes, notUnderstood, findings } = readConfig(CHOOSING, 'train.py');
    expect(notUnderstood).toEqual([]);
    expect(recipes).toMatchObject([{ learningRate: 1e-4, optimizer: { name: 'torch.optim.AdamW', row: 'adamw' } }]);
    const said = findings.map(({ code, message }) => `${code} ${message}`).join('\n');
    expect(said).toMatch(/branch-not-taken With the default of --use_8bit_adam, /);
    expect(said).toMatch(/branch-not-taken With the default of --optimizer, .* LoRA Alpha does not read this /);
    expect(said).toMatch(/default-may-change lr is 0.0001 here.* It holds while --scale_lr has its default\./);
  });

  it.each([
    [
      'another default',
      ['"--optimizer", type=str, default="AdamW"', '"--optimizer", type=str, default="prodigy"'],
      'prodigyopt.Prodigy',
    ],
    [
      'a flag that is on',
      ['use_8bit_adam", action="store_true"', 'use_8bit_adam", action="store_false"'],
      'bitsandbytes.optim.AdamW8bit',
    ],
  ] as const)('follows %s', (_, [from, to], name) => {
    expect(readConfig(CHOOSING.replace(from, to), 'train.py').recipes[0]?.optimizer.name).toBe(name);
  });

  it('leaves open what a branch that is taken sets', () => {
    const text = CHOOSING.replace('"--scale_lr", action="store_true"', '"--scale_lr", action="store_false"');
    expect(readConfig(text, 'train.py').recipes[0]?.learningRate).toBeNull();
  });

  it.each([
    ['an option that must be given', ['"--use_8bit_adam", action="store_true"', '"--use_8bit_adam", required=True']],
    ['an option that is set', ['    if args.scale_lr:', '    args.use_8bit_adam = can()\n    if args.scale_lr:']],
    ['no option', ['if args.use_8bit_adam:', 'if can():']],
  ] as const)('leaves the optimizer open with %s', (_, [from, to]) => {
    const { recipes, notUnderstood } = readConfig(CHOOSING.replace(from, to), 'train.py');
    expect(recipes[0]?.optimizer.name).toBeNull();
    expect(notUnderstood).not.toEqual([]);
  });

  it.each([
    ['no option', ['if args.scale_lr:', 'if can():']],
    ['groups that nobody can see', ['unet.parameters(), lr=args.learning_rate', 'groups_of(unet)']],
    ['a variable that may be groups', ['unet.parameters(), lr=args.learning_rate', 'params_to_optimize']],
  ] as const)('leaves the rate open with %s', (_, [from, to]) => {
    expect(readConfig(CHOOSING.replace(from, to), 'train.py').recipes[0]?.learningRate).toBeNull();
  });

  it.each(['str', 'SchedulerType', 'transformers.SchedulerType'])('keeps a text of type %s', (type) => {
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
