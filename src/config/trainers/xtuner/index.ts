import * as l10n from '@vscode/l10n';
import { dividing, PEFT_LIBRARY } from '../../init-code/divide';
import type { Unread } from '../../reading';
import { listed } from '../../syntax/listed';
import { under } from '../../syntax/table';
import { mayBeNumber, nodeAt, scalarAt, type Entry, type MapNode, type SyntaxNode } from '../../syntax/tree';
import { patternNetworks, PEFT_FIELDS, PEFT_TRAPS } from '../peft/lora-config';
import { SCRIPT_NAMES } from '../python/optimizers';
import { bareNode, isModule, LORA_CONFIG } from '../python/tree';
import { field, fromRow, key, valueAt, type AdapterSources, type Key, type Source } from '../shared/fields';
import { fieldsUnder, keyUnder, mapAt, sourceUnder, trapUnder } from '../shared/prefixed';
import { unscaled, type Trap } from '../shared/trap';
import type { Layout, Run, Trainer } from '../trainer';

/** A part of a model that can have a LoRA: the key of the LoRA, and the part's name. */
interface ModelPart {
  lora: string;
  name: string;
  /** The switch that freezes its own weights; absent if a LoRA always freezes them. */
  freeze?: string;
  /** The part's attribute in the model's class. */
  attribute: string;
}

/** A class of models: its file, and its parts. */
interface ModelClass {
  name: string;
  file: string;
  parts: readonly ModelPart[];
  /** What trains in every run, without a scaling. */
  always?: string;
}

const seeing = (llm: string, encoder: string): readonly ModelPart[] => [
  { lora: 'llm_lora', name: 'llm', freeze: 'freeze_llm', attribute: llm },
  { lora: 'visual_encoder_lora', name: 'visual_encoder', freeze: 'freeze_visual_encoder', attribute: encoder },
];

/** The classes with other keys for their LoRA; all other models have one LoRA, under `lora`. */
const MODELS: Readonly<Record<string, ModelClass>> = {
  LLaVAModel: {
    name: 'LLaVAModel',
    file: 'llava.py',
    parts: seeing('llm', 'visual_encoder'),
    always: l10n.t('the projector'),
  },
  InternVL_V1_5: {
    name: 'InternVL_V1_5',
    file: 'internvl.py',
    parts: seeing('model.language_model', 'model.vision_model'),
    always: l10n.t('the projector (mlp1)'),
  },
};

/** A model of text alone. */
const TEXT: ModelClass = {
  name: 'SupervisedFinetune',
  file: 'sft.py',
  parts: [{ lora: 'lora', name: 'llm', attribute: 'llm' }],
};

/** The model that a config trains. */
function modelOf(root: MapNode): ModelClass {
  const type = nodeAt(root, ['model', 'type']);
  const path = type?.kind === 'scalar' ? (type.unresolved ?? String(type.value)) : '';
  return under(MODELS, path.split('.').at(-1) ?? '') ?? TEXT;
}

/** The parts that get a LoRA, in the order of the class. */
export function trainedParts(root: MapNode): readonly ModelPart[] {
  return modelOf(root).parts.filter(({ lora }) => nodeAt(root, ['model', lora])?.kind === 'map');
}

/**
 * What trains beside the LoRAs, at their rate: the projector always, and every part that has no LoRA and is not frozen.
 * @see https://github.com/InternLM/xtuner (xtuner/model/llava.py and internvl.py, b934f462: __init__, state_dict)
 */
export function trainsBesides(root: MapNode): readonly Trap[] {
  const { parts, always } = modelOf(root);
  const adapted = trainedParts(root);
  const whole = parts.filter((part) => {
    const isFrozen = part.freeze === undefined || valueAt(root, `model.${part.freeze}`) === true;
    return !isFrozen && !adapted.includes(part);
  });
  const named = whole.map(({ name, freeze }) => l10n.t`${name} (${freeze ?? ''} is not True)`);
  const all = listed([...(always ? [always] : []), ...named]);
  return all === '' ? [] : [unscaled('model.type', all, { when: () => true })];
}

/** Python that divides the fresh factors of every part of a config's model that has some. */
export const initCodeIn = (root: MapNode): Layout['initCode'] => initCodeOf(modelOf(root), trainedParts(root));

function initCodeOf({ name, file }: ModelClass, parts: readonly ModelPart[]): Layout['initCode'] {
  const models = parts.map(({ attribute }) => `self.${attribute}`);
  const where = `# At the end of ${name}.__init__ (xtuner/model/${file}), after the LoRA of ${models.join(' and ')} is made:`;
  const each = [`for model in (${models.join(', ')}):`, '    …'];
  return dividing(PEFT_LIBRARY, [where, ...(models.length > 1 ? each : [`model = ${models[0]}`])]);
}

/** The code for models of text. */
export const textInitCode = initCodeOf(TEXT, TEXT.parts);

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
  unread: unreadSchedules,
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
  source: { repository: 'InternLM/xtuner', commit: '13630b0c8a48', date: '2024-01-19' },
  runs: runsOf,
  programs: ['xtuner'],
  owns: /(?:^|[ /\\])xtuner(?:[ ./\\]|$)/,
  layouts: [layout],
};
