import * as l10n from '@vscode/l10n';
import { peftLines } from '../../init-code/peft';
import { OPENRLHF_NAMES } from './optimizers';
import { nodeAt, scalarAt, type MapNode } from '../../syntax/tree';
import { commandOf } from '../shared/command-line';
import { deepspeedHalfPrecision } from '../hugging-face/deepspeed';
import { OPENRLHF } from './known';
import { PEFT_INIT } from '../peft/traps';
import { resumes } from '../shared/common-traps';
import { isFilled } from '../shared/filled';
import { unknownNear } from '../shared/unknown-keys';
import type { Layout, Run, Trainer } from '../trainer';
import type { Trap } from '../shared/trap';
import {
  key,
  type Fields,
  type Key,
  type ReadSoFar,
  type Default,
  type Source,
  field,
  fixedAt,
} from '../shared/fields';

/** One model that a command trains: the prefix of its flags since April 2026, and its older flag. */
interface OpenRlhfModel {
  id: string;
  /** In front of the optimizer's dotted flags: `actor.` */
  prefix: string;
  /** The older flag of its rate. */
  oldRate: string;
}

const ALONE: OpenRlhfModel = { id: 'openrlhf', prefix: '', oldRate: 'learning_rate' };
const ACTOR: OpenRlhfModel = { id: 'openrlhf-actor', prefix: 'actor.', oldRate: 'actor_learning_rate' };
/** The rates of the critic, which has the same LoRA flags. */
const CRITIC_RATES = [key('critic.adam.lr'), key('critic_learning_rate')];

/** Default rates (openrlhf/cli/train_*.py). */
const RATES: Readonly<Record<string, number>> = {
  sft: 5e-6,
  dpo: 1e-5,
  rm: 9e-6,
  actor: 1e-6,
  kto: 5e-7,
  kd: 5e-6,
};

function rateOf({ prefix }: OpenRlhfModel) {
  return ({ root }: ReadSoFar): Default | null => {
    const kind = prefix.replace('.', '') || (/train_(\w+)/.exec(commandOf(root))?.[1] ?? '');
    const rate = RATES[kind];
    return rate === undefined ? null : { value: rate };
  };
}

/** A dotted flag, and the plain one that older versions have. */
const either = (dotted: string, plain: string): readonly Key[] => [key(dotted), key(plain)];

/** A new flag is written as the command writes its others: dotted, or plain. */
const source = (dotted: string, plain: string, rest: Omit<Source, 'keys'> = {}): Source => ({
  keys: either(dotted, plain),
  ...rest,
});

function fieldsOf(part: OpenRlhfModel, isDotted: boolean): Fields {
  const { prefix, oldRate } = part;
  const own = (name: string): string => `${prefix}${name}`;
  const beside = [own('adam.lr'), oldRate, own('max_norm'), 'max_norm'].map((name) => key(name));
  const written = (dotted: string, plain: string): { write: Key } => ({ write: key(isDotted ? dotted : plain) });
  return {
    rank: source('ds.lora.rank', 'lora_rank'),
    alpha: source('ds.lora.alpha', 'lora_alpha', {
      default: { value: 16 },
      ...written('ds.lora.alpha', 'lora_alpha'),
      beside: either('ds.lora.rank', 'lora_rank'),
    }),
    learningRate: source(own('adam.lr'), oldRate, {
      default: rateOf(part),
      ...written(own('adam.lr'), oldRate),
      beside,
    }),
    optimizer: {
      keys: [key(own('optim'))],
      default: { value: 'adam', inWords: l10n.t("DeepSpeed's AdamW") },
    },
    weightDecay: source(own('adam.weight_decay'), 'l2', {
      default: { value: 0 },
      ...written(own('adam.weight_decay'), 'l2'),
      beside,
    }),
    eps: isDotted
      ? { keys: [key(own('adam.eps'))], default: { value: 1e-8 }, beside }
      : fixedAt({ value: 1e-8, why: l10n.t('This version of OpenRLHF has no flag for eps and uses 1e-8.') }),
    betas: field(isDotted ? own('adam.betas') : 'adam_betas', [0.9, 0.95]),
    maxGradNorm: source(own('max_norm'), 'max_norm', {
      default: { value: 1 },
      ...written(own('max_norm'), 'max_norm'),
      beside,
    }),
    scheduler: {
      keys: either(own('lr_scheduler'), 'lr_scheduler'),
      default: {
        value: 'cosine_with_min_lr',
        inWords: l10n.t('a cosine that ends at a tenth of the learning rate'),
      },
    },
    warmup: {
      keys: either(own('lr_warmup_ratio'), 'lr_warmup_ratio'),
      default: { value: 0.03 },
    },
    dropout: source('ds.lora.dropout', 'lora_dropout', { default: { value: 0 } }),
    init: fixedAt(PEFT_INIT),
    targetModules: source('ds.lora.target_modules', 'target_modules', {
      default: { value: 'all-linear' },
    }),
  };
}

const isDottedIn = (root: MapNode): boolean => nodeAt(root, ['ds']) !== null;

/** A rank of 0, which is the default, is no LoRA. */
function usesLora(root: MapNode): boolean {
  const path = isDottedIn(root) ? ['ds', 'lora', 'rank'] : ['lora_rank'];
  const node = nodeAt(root, path);
  return node?.kind === 'scalar' && (node.unresolved !== undefined || Number(node.value) > 0);
}

/** The critic has a LoRA with the same alpha, and its own learning rate. */
const criticRate = (isDotted: boolean): Trap => ({
  code: 'rate-groups',
  severity: 'info',
  message: l10n.t`The critic has a LoRA of the same alpha, and its learning rate defaults to 9e-6. Set --${isDotted ? 'critic.adam.lr' : 'critic_learning_rate'}, so that a plan can change it.`,
  applies: (root) =>
    (isFilled(root, key('critic')) || isFilled(root, key('critic_pretrain'))) &&
    CRITIC_RATES.every(({ path }) => nodeAt(root, path) === null),
  at: key('critic_pretrain'),
  limits: 'approximate',
});

/** @see https://github.com/OpenRLHF/OpenRLHF (openrlhf/cli/train_sft.py, train_ppo_ray.py, 3c3be623; plain flags: before ed62d0e2) */
function layoutOf(part: OpenRlhfModel, isDotted: boolean): Layout {
  const dtype = key(isDotted ? 'ds.param_dtype' : 'param_dtype');
  return {
    id: `${part.id}${isDotted ? '' : '-plain'}`,
    recognise: (root) => root.run === part.id && isDottedIn(root) === isDotted && usesLora(root),
    fields: fieldsOf(part, isDotted),
    optimizers: OPENRLHF_NAMES,
    wholeAlpha: true,
    linkedRates: CRITIC_RATES,
    traps: [
      ...(part === ACTOR ? [criticRate(isDotted)] : []),
      // bf16 by default (openrlhf/utils/deepspeed/deepspeed_utils.py)
      deepspeedHalfPrecision(dtype.label, (root) => !/32$/.test(String(scalarAt(root, dtype.path)))),
      resumes('ckpt.load_enable', (root) => scalarAt(root, ['ckpt', 'load_enable']) === true),
      resumes('load_checkpoint', (root) => scalarAt(root, ['load_checkpoint']) === true),
    ],
    notUnderstood: (root) => unknownNear(root, OPENRLHF),
    initCode: (start) =>
      [
        '# In openrlhf/models/actor.py (model.py for reward models and critics), after get_peft_model(...):',
        'model = self.model',
        ...peftLines(start),
        '',
      ].join('\n'),
  };
}

/** PPO's actor, or the one model of the other commands. */
function runOf(root: MapNode): readonly Run[] {
  const part = /train_ppo/.test(commandOf(root)) ? ACTOR : ALONE;
  return [{ root: { ...root, run: part.id } }];
}

export const openrlhf: Trainer = {
  id: 'openrlhf',
  name: 'OpenRLHF',
  syntaxes: [],
  hint: /\bopenrlhf\.cli\.train_/,
  textNumbers: 'converts',
  interpolates: false,
  runs: runOf,
  source: { repository: 'OpenRLHF/OpenRLHF', commit: '3c3be623', date: '2026-08-13' },
  commandLine: { program: /\bopenrlhf\.cli\.train_\w+/, hint: /\bopenrlhf\.cli\.train_/ },
  programs: ['openrlhf'],
  owns: /(?:^|[ /\\])openrlhf(?:[ ./\\]|$)/,
  layouts: [ALONE, ACTOR].flatMap((part) => [layoutOf(part, true), layoutOf(part, false)]),
};
