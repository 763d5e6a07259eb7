import * as l10n from '@vscode/l10n';
import { dividing, PEFT_LIBRARY } from '../../init-code/divide';
import type { Unread } from '../../reading';
import { listed } from '../../../recipe/listed';
import { mayBeNumber, nodeAt, programOf, scalarAt, type Entry, type MapNode, type SyntaxNode } from '../../syntax/tree';
import { PEFT_FIELDS, PEFT_TRAPS, unreadLora } from '../peft/lora-config';
import { SCRIPT_NAMES } from '../python/optimizers';
import { bareNode, isModule, LORA_CONFIG } from '../python/tree';
import { classNumbers, field, isMap, key, valueAt, type AdapterSources, type Source } from '../shared/fields';
import { unread } from '../shared/known';
import { fieldsUnder, keyUnder, mapAt, sourceUnder, trapUnder } from '../shared/prefixed';
import { float16, unclear, unscaled, type Trap } from '../shared/trap';
import type { Layout, Run, Trainer } from '../trainer';

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

/** The class of a dict, by its path or name. */
function typeIn(node: SyntaxNode | null): string {
  const type = node && nodeAt(node, ['type']);
  return type?.kind === 'scalar' ? (type.unresolved ?? String(type.value)) : '';
}

/** The model that a config trains. All but two have one LoRA, under `lora`. */
function modelOf(root: MapNode): ModelClass {
  const name = typeIn(nodeAt(root, ['model'])).replace(/^.*\./, '');
  return [LLAVA, INTERNVL].find(([own]) => own === name) ?? TEXT;
}

/** The parts that get a LoRA. */
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
  // mmengine merges other files under this one (mmengine/config/config.py: fromfile)
  const merged = root.entries.filter((entry) => MERGES.test(entry.key) && !mapsData(root, entry));
  const why = l10n.t('Another file seems to complete this one, so the defaults may not hold.');
  return [{ root: { ...root, entries }, unread: merged.map((entry) => unread(entry, why, true)) }];
}

const MERGES = /^_base_$|(?:^|\.)read_base$/;
const MAPS_DATA = /^:\s+from\s+\S+\s+import\s+(?:\w+\s+as\s+)?\w*map_fn\s*$/;

/**
 * Whether `with read_base():` brings one function that maps data: a name that is imported comes alone.
 * @see https://github.com/open-mmlab/mmengine (mmengine/config/utils.py, v0.10.7: ImportTransformer.visit_ImportFrom)
 */
function mapsData(root: MapNode, { keyRange }: Entry): boolean {
  const program = programOf(root);
  const body = program?.tree.resolveInner(keyRange.start, 1).parent?.parent?.getChild('Body');
  return MAPS_DATA.test(program?.text.slice(body?.from ?? 0, body?.to ?? 0) ?? '');
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

/** A schedule is a list of these, each for a part of the run; as many are read. */
const PARTS_OF_SCHEDULE = [0, 1, 2, 3];

/** mmengine's schedulers whose arguments are shares of the rate, but for eta_min (mmengine/optim/scheduler/lr_scheduler.py). */
const SCHEDULERS =
  /^(?:mmengine\.optim\.)?(?:Constant|CosineAnnealing|CosineRestart|Exponential|Linear|MultiStep|Poly|Step)LR$/;

function unreadSchedules(root: MapNode): Unread[] {
  const list = nodeAt(root, ['param_scheduler']);
  const parts = list?.kind === 'list' ? list.items : list?.kind === 'map' ? [list] : [];
  return parts.flatMap((part, i): Unread[] => {
    if (i < PARTS_OF_SCHEDULE.length && SCHEDULERS.test(typeIn(part))) return [];
    const why = l10n.t('This schedule is unknown; its arguments may hold learning rates.');
    return [{ range: part.range, why, mayMove: mayBeNumber(part) }];
  });
}

const trapsOf = (lora: string): readonly Trap[] => [
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
    learningRate: ['', ...PARTS_OF_SCHEDULE.map((i) => `${i}.`)].map((i) => key(`param_scheduler.${i}eta_min`)),
  },
  // A config's variables have any name, and a LoRA's arguments are PEFT's.
  known: {
    ...{ '': '*', lora: '*', clip: 'error_if_nonfinite norm_type type' },
    // beta, … are of the loss of DPO and ORPO, which takes the model's outputs alone (xtuner/model/{dpo,orpo}.py).
    model: `beta freeze_* label_smoothing llm llm_lora lora loss_type penalty_* projector_depth template type
      use_activation_checkpointing visual_*`,
    optim_wrapper: 'accumulative_counts clip_grad optimizer type',
  },
  unread: (root) => [
    ...unreadSchedules(root),
    ...trainedParts(root).flatMap(({ lora }, i) => unreadLora(mapAt(root, i ? lora : 'lora'))),
  ],
  optimizers: SCRIPT_NAMES,
  argumentsAt: 'optimizer',
  traps: trapsOf('lora'),
  float16: float16('optim_wrapper.dtype', ['float16', 'torch.float16']),
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
