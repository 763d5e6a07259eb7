import * as l10n from '@vscode/l10n';
import { SCRIPT_NAMES } from '../python/optimizers';
import type { Unread } from '../../reading';
import { mayBeNumber, nodeAt, scalarAt, type Entry, type MapNode, type SyntaxNode } from '../../syntax/tree';
import { patternNetworks, PEFT_FIELDS, PEFT_TRAPS } from '../peft/lora-config';
import { fieldsUnder, keyUnder, mapAt, sourceUnder, trapUnder } from '../shared/prefixed';
import { bareNode, isModule, LORA_CONFIG } from '../python/tree';
import type { Layout, Run, Trainer } from '../trainer';
import { field, fromRow, key, type Key, type AdapterSources, type Source } from '../shared/fields';
import { initCodeIn, textInitCode, trainedParts, trainsBesides } from './models';

/**
 * A config's variables, with its first LoRA under `lora`, a second under a name of its own, and the arguments of its
 * optimizer under `optimizer`.
 */
function runsOf(root: MapNode): readonly Run[] {
  if (!isModule(root)) return [];
  const loras = trainedParts(root).flatMap(({ lora }) => {
    const map = nodeAt(root, ['model', lora]);
    return map?.kind === 'map' ? [{ name: lora, map }] : [];
  });
  const [first, ...others] = loras;
  if (!first) return [];
  const wrapper = nodeAt(root, ['optim_wrapper', 'optimizer']);
  const given = wrapper?.kind === 'map' ? wrapper.entries : [];
  const optimizer: MapNode = {
    kind: 'map',
    range: wrapper?.range ?? first.map.range,
    entries: given.map((entry) => (entry.key === 'type' ? classOf(entry) : entry)),
  };
  const clip = mapAt(mapAt(root, 'optim_wrapper'), 'clip_grad');
  const part = (name: string, value: SyntaxNode): Entry => ({ key: name, keyRange: value.range, value });
  return [
    {
      root: {
        ...root,
        entries: [
          ...root.entries.filter(({ home }) => home !== 'python-argument'),
          part('lora', first.map),
          ...others.map(({ name, map }) => part(name, map)),
          ...(wrapper ? [part('optimizer', optimizer), part('clip', clip)] : []),
        ],
      },
    },
  ];
}

/** `type=AdamW`: the path of the class. */
function classOf(entry: Entry): Entry {
  const { value } = entry;
  return value.kind === 'scalar' && value.unresolved !== undefined
    ? { ...entry, value: bareNode(value.unresolved, value.range) }
    : entry;
}

const inOptimizer = (...names: string[]): Key[] => names.map((name) => keyUnder('optimizer', key(name)));

/** The other LoRAs, and the adapters that patterns define in each. */
function adaptersOf(root: MapNode): readonly AdapterSources[] {
  const { rank = { keys: [] }, alpha = { keys: [] } } = PEFT_FIELDS;
  const others = trainedParts(root).slice(1);
  return [
    ...others.map(({ lora, name }) => ({ name, rank: named(lora, rank), alpha: named(lora, alpha) })),
    ...patternsIn(root, 'lora'),
    ...others.flatMap(({ lora, name }) =>
      patternsIn(root, lora).map((own) => ({ ...own, name: `${name}.${own.name}` })),
    ),
  ];
}

const patternsIn = (root: MapNode, lora: string): readonly AdapterSources[] =>
  patternNetworks(
    root,
    { rank: `${lora}.rank_pattern`, alpha: `${lora}.alpha_pattern` },
    { fields: fieldsUnder(lora, PEFT_FIELDS) },
  );

/** What the LoRAs of one model have in common where one recipe is to speak of both. */
const SHARED = ['use_rslora', 'use_dora', 'init_lora_weights'] as const;

function isLora(map: MapNode): boolean {
  const type = nodeAt(map, ['type']);
  return type?.kind === 'scalar' && LORA_CONFIG.test(type.unresolved ?? String(type.value));
}

/** A source of one LoRA among several, called by the whole path. */
function named(lora: string, source: Source): Source {
  const own = sourceUnder(lora, source);
  return { ...own, keys: own.keys.map((one) => ({ ...one, label: one.path.join('.') })) };
}

/** A schedule is a list of these, each for a part of the run; as many are read. */
const PARTS_OF_SCHEDULE = [0, 1, 2, 3] as const;

/** mmengine's schedulers whose arguments are shares of the rate, but for eta_min (mmengine/optim/scheduler/lr_scheduler.py). */
const SCHEDULERS =
  /^(?:mmengine\.optim\.)?(?:Constant|CosineAnnealing|CosineRestart|Exponential|Linear|MultiStep|Poly|Step)LR$/;

function unreadSchedules(root: MapNode): Unread[] {
  const list = nodeAt(root, ['param_scheduler']);
  const parts = list?.kind === 'list' ? list.items : list?.kind === 'map' ? [list] : [];
  return parts.flatMap((part, i): Unread[] => {
    const type = nodeAt(part, ['type']);
    const name = type?.kind === 'scalar' ? (type.unresolved ?? String(type.value)) : '';
    if (i < PARTS_OF_SCHEDULE.length && SCHEDULERS.test(name)) return [];
    const why = l10n.t('This schedule is unknown; its arguments may hold learning rates.');
    return [{ range: part.range, why, ...(mayBeNumber(part) ? { mayMove: true } : {}) }];
  });
}

/** @see https://github.com/InternLM/xtuner (xtuner/configs, xtuner/model/sft.py, 13630b0c) */
const layout: Layout = {
  id: 'xtuner',
  recognise: (root) => {
    const [first, ...others] = trainedParts(root).map(({ lora }, i) => mapAt(root, i === 0 ? 'lora' : lora));
    if (!first || ![first, ...others].every(isLora)) return false;
    const odd = SHARED.find((name) => others.some((other) => scalarAt(other, [name]) !== scalarAt(first, [name])));
    return (
      odd === undefined || {
        not: l10n.t`The two LoRAs of this model differ in ${odd}, which LoRA Alpha does not read.`,
      }
    );
  },
  fields: {
    ...fieldsUnder('lora', PEFT_FIELDS),
    learningRate: field(inOptimizer('lr'), ({ row }) => row && { value: row.defaults.learningRate, who: row.title }),
    optimizer: field(inOptimizer('type')),
    weightDecay: field(inOptimizer('weight_decay'), fromRow('weightDecay')),
    eps: field(inOptimizer('eps'), fromRow('eps')),
    betas: field(inOptimizer('betas'), fromRow('betas')),
    momentum: field(inOptimizer('momentum'), fromRow('momentum')),
    maxGradNorm: field(keyUnder('clip', key('max_norm')), 0),
    warmup: field('warmup_ratio'),
  },
  adapters: adaptersOf,
  linkedRates: ['', ...PARTS_OF_SCHEDULE.map((i) => `${i}.`)].map((part) => key(`param_scheduler.${part}eta_min`)),
  notUnderstood: unreadSchedules,
  optimizers: SCRIPT_NAMES,
  argumentsAt: 'optimizer',
  traps: PEFT_TRAPS.map((trap) => trapUnder('lora', trap)),
  initCode: textInitCode,
  inFile: (root) => {
    const others = trainedParts(root).slice(1);
    const traps = others.flatMap(({ lora }) => PEFT_TRAPS.map((trap) => trapUnder(lora, trap)));
    return { ...layout, traps: [...layout.traps, ...traps, ...trainsBesides(root)], initCode: initCodeIn(root) };
  },
};

export const xtuner: Trainer = {
  id: 'xtuner',
  name: 'XTuner',
  syntaxes: ['python'],
  hint: /\b(?:llm_|visual_encoder_)?lora\s*=\s*dict\s*\(/,
  textNumbers: 'fails',
  interpolates: false,
  source: { repository: 'InternLM/xtuner', commit: '13630b0c8a48', date: '2024-01-19' },
  runs: runsOf,
  programs: ['xtuner'],
  owns: /(?:^|[ /\\])xtuner(?:[ ./\\]|$)/,
  layouts: [layout],
};
