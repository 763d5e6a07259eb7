import * as l10n from '@vscode/l10n';
import { dividing, PEFT_LIBRARY } from '../../init-code/divide';
import { listed } from '../../../recipe/listed';
import { nodeAt, scalarAt, type Entry, type MapNode, type SyntaxNode } from '../../syntax/tree';
import { PEFT_FIELDS, PEFT_TRAPS, unreadLora } from '../peft/lora-config';
import { SCRIPT_NAMES } from '../python/optimizers';
import { bareNode, isModule, LORA_CONFIG } from '../python/tree';
import { classNumbers, field, isMap, key, valueAt, type AdapterSources, type Source } from '../shared/fields';
import { fieldsUnder, keyUnder, mapAt, sourceUnder, trapUnder } from '../shared/prefixed';
import { clipsAll, float16, resumes, unclear, unscaled, type Trap } from '../shared/trap';
import type { Layout, Run, Trainer } from '../trainer';
import { typeIn, unreadVariables } from './variables';

/** A part of a model that can have a LoRA: the key of the LoRA, the part's name, its attribute in the model's class. */
type ModelPart = Readonly<Record<'lora' | 'name' | 'attribute', string>>;

/** A class of models, its file and its parts in order; what trains in every run without a scaling. */
type ModelClass = readonly [name: string, file: string, parts: readonly ModelPart[], always?: string];

const seeing = (llm: string, encoder: string): readonly ModelPart[] => [
  { lora: 'llm_lora', name: 'llm', attribute: llm },
  { lora: 'visual_encoder_lora', name: 'visual_encoder', attribute: encoder },
];

/** A model of text alone. */
const TEXT: ModelClass = ['SupervisedFinetune', 'sft.py', [{ lora: 'lora', name: 'llm', attribute: 'llm' }]];
const LLAVA: ModelClass = ['LLaVAModel', 'llava.py', seeing('llm', 'visual_encoder'), l10n.t('the projector')];
const INTERNVL: ModelClass = [
  ...(['InternVL_V1_5', 'internvl.py', seeing('model.language_model', 'model.vision_model')] as const),
  l10n.t('the projector (mlp1)'),
];

const REWARD: ModelClass = ['RewardModel', 'reward.py', TEXT[2], l10n.t('the value head (v_head)')];

/** The model that a config trains. All but two have one LoRA, under `lora`. */
function modelOf(root: MapNode): ModelClass {
  const name = typeIn(nodeAt(root, ['model'])).replace(/^.*\./, '');
  return [LLAVA, INTERNVL, REWARD].find(([own]) => own === name) ?? TEXT;
}

const trainedParts = (root: MapNode): readonly ModelPart[] =>
  modelOf(root)[2].filter(({ lora }) => isMap(root, `model.${lora}`));

/**
 * What trains beside the LoRAs, at their rate: the projector always, and every part that has no LoRA and is not frozen.
 * @see https://github.com/InternLM/xtuner (xtuner/model/llava.py and internvl.py, b934f462: __init__, state_dict)
 */
function trainsBesides(root: MapNode): readonly Trap[] {
  const [, , parts, always] = modelOf(root);
  if (always === undefined) return [];
  const adapted = trainedParts(root);
  const named = parts.flatMap((part) => {
    const freeze = `freeze_${part.name}`;
    const isWhole = valueAt(root, `model.${freeze}`) !== true && !adapted.includes(part);
    return isWhole ? [l10n.t`${part.name} (${freeze} is not True)`] : [];
  });
  return [unscaled('model.type', listed([always, ...named]), { when: () => true })];
}

/** Python that divides the fresh factors of every part of a model that has some. */
function initCodeOf([name, file]: ModelClass, parts: readonly ModelPart[]): Layout['initCode'] {
  const models = parts.map(({ attribute }) => `self.${attribute}`);
  const where = `# At the end of ${name}.__init__ (xtuner/model/${file}), after the LoRA of ${models.join(' and ')} is made:`;
  const each = [`for model in (${models.join(', ')}):`, '    …'];
  return dividing(PEFT_LIBRARY, [where, ...(models.length > 1 ? each : [`model = ${models[0]}`])]);
}

/**
 * A config's variables, with its first LoRA under `lora`, a second under a name of its own, and the arguments of its
 * optimizer under `optimizer`.
 */
function runsOf(root: MapNode): readonly Run[] {
  const parts = isModule(root) ? trainedParts(root) : [];
  if (parts.length === 0) return [];
  const wrapper = mapAt(root, 'optim_wrapper');
  const part = (name: string, value: SyntaxNode): Entry => ({ key: name, keyRange: value.range, value });
  const given = nodeAt(wrapper, ['optimizer']);
  const optimizer = mapAt(wrapper, 'optimizer');
  const own = ({ range }: SyntaxNode): MapNode => ({ ...optimizer, range, entries: optimizer.entries.map(classOf) });
  const entries = [
    ...root.entries.filter(({ home }) => home !== 'python-argument'),
    ...parts.map(({ lora }, i) => part(i === 0 ? 'lora' : lora, mapAt(mapAt(root, 'model'), lora))),
    ...(given ? [part('optimizer', own(given)), part('clip', mapAt(wrapper, 'clip_grad'))] : []),
  ];
  return [{ root: { ...root, entries }, unread: unreadVariables(root) }];
}

/** `type=AdamW`: the path of the class. */
function classOf(entry: Entry): Entry {
  const { key: name, value } = entry;
  const isClass = name === 'type' && value.kind === 'scalar' && value.unresolved !== undefined;
  return isClass ? { ...entry, value: bareNode(value.unresolved ?? '', value.range) } : entry;
}

/** The other LoRAs, called by their whole paths. */
function adaptersOf(root: MapNode): readonly AdapterSources[] {
  const { rank = { keys: [] }, alpha = { keys: [] } } = PEFT_FIELDS;
  const named = (lora: string, source: Source): Source => {
    const own = sourceUnder(lora, source);
    return { ...own, keys: own.keys.map((one) => ({ ...one, label: one.path.join('.') })) };
  };
  const others = trainedParts(root).slice(1);
  return others.map(({ lora, name }) => ({ name, rank: named(lora, rank), alpha: named(lora, alpha) }));
}

const trapsOf = (lora: string): readonly Trap[] => [
  ...[resumes('load_from'), clipsAll('clip.max_norm')],
  resumes('resume', [true]),
  ...PEFT_TRAPS.map((trap) => trapUnder(lora, trap)),
  ...['rank_pattern', 'alpha_pattern'].map((name) =>
    unclear(`${lora}.${name}`, l10n.t('This gives layers their own scaling.'), { blocksEdits: true }),
  ),
];

/** @see https://github.com/InternLM/xtuner (xtuner/configs, xtuner/model/sft.py, 13630b0c) */
const layout: Layout = {
  id: 'xtuner',
  recognise: (root) => {
    const [first, ...others] = trainedParts(root).map(({ lora }, i) => mapAt(root, i === 0 ? 'lora' : lora));
    if (!first || ![first, ...others].every((lora) => LORA_CONFIG.test(typeIn(lora)))) return false;
    // One recipe speaks of both.
    const odd = ['use_rslora', 'use_dora', 'init_lora_weights'].find((name) =>
      others.some((other) => scalarAt(other, [name]) !== scalarAt(first, [name])),
    );
    if (odd === undefined) return true;
    return { not: l10n.t`The two LoRAs of this model differ in ${odd}, which LoRA Alpha does not read.` };
  },
  fields: {
    ...fieldsUnder('lora', PEFT_FIELDS),
    learningRate: field('optimizer.lr', ({ row }) => row && { value: row.defaults.learningRate, who: row.title }),
    optimizer: field('optimizer.type'),
    ...classNumbers('optimizer'),
    maxGradNorm: field(keyUnder('clip', key('max_norm')), 0),
    warmup: field('warmup_ratio'),
  },
  adapters: adaptersOf,
  linked: {
    // A schedule may be a list, each for a part of the run; as many are read.
    learningRate: ['', '0.', '1.', '2.', '3.', '4.', '5.', '6.', '7.'].map((i) => key(`param_scheduler.${i}eta_min`)),
  },
  // A config's variables have any name, and a LoRA's arguments are PEFT's.
  known: {
    ...{ '': '*', lora: '*', clip: 'error_if_nonfinite norm_type type' },
    // beta, … are of the loss of DPO and ORPO, which takes the model's outputs alone (xtuner/model/{dpo,orpo}.py).
    model: `beta freeze_* label_smoothing llm llm_lora lora loss_type penalty_* projector_depth template type
      use_activation_checkpointing visual_*`,
    optim_wrapper: 'accumulative_counts clip_grad optimizer type',
  },
  unread: (root) => trainedParts(root).flatMap(({ lora }, i) => unreadLora(mapAt(root, i ? lora : 'lora'))),
  optimizers: SCRIPT_NAMES,
  argumentsAt: 'optimizer',
  traps: trapsOf('lora'),
  // Without a dtype, autocast computes in float16 (mmengine/runner/amp.py, v0.10.7).
  float16: float16('optim_wrapper.dtype', (root) => {
    const wrapper = nodeAt(root, ['optim_wrapper']);
    return typeIn(wrapper).endsWith('AmpOptimWrapper') && /^$|(?:^|\.)float16$/.test(typeIn(wrapper, 'dtype'));
  }),
  initCode: initCodeOf(TEXT, TEXT[2]),
  inFile: (root) => {
    const [, ...others] = trainedParts(root);
    const traps = [...trapsOf('lora'), ...others.flatMap(({ lora }) => trapsOf(lora)), ...trainsBesides(root)];
    return { ...layout, traps, initCode: initCodeOf(modelOf(root), trainedParts(root)) };
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
