import * as l10n from '@vscode/l10n';
import { HF_FIELDS, HF_TRAINER } from '../hugging-face/fields';
import { HF_KEYS } from '../hugging-face/known';
import { HF_NAMES } from '../hugging-face/optimizers';
import { LORA_A_B } from '../../init-code/library';
import { callIn, nodeAt, type Entry, type MapNode } from '../../syntax/tree';
import { scriptLayouts } from '../python/layouts';
import { afterModel } from '../python/places';
import { scriptRuns } from '../python/runs';
import { calleeIs, isModule } from '../python/tree';
import { names, unknownNear } from '../shared/known';
import { fieldsUnder, trapUnder } from '../shared/prefixed';
import { BIASES, unscaled } from '../shared/trap';
import { dividing } from '../shared/init-code';
import type { Layout, Run, Trainer } from '../trainer';
import { field, fixedAt, has, valueAt, type Fields, type Key, type AdapterSources } from '../shared/fields';

/** Flags of these examples besides those of the Trainer, except `--lora_path`, which loads trained factors. */
const KNOWN = names(HF_KEYS, 'apply_lora lora_alpha lora_r');

/**
 * The examples of the LoRA paper on GLUE: Hugging Face's Trainer of then, with `--apply_lora`.
 * @see https://github.com/microsoft/LoRA (examples/NLU/examples/text-classification/run_glue.py, c4593f06)
 */
const understanding: Layout = {
  id: 'loralib-nlu',
  owner: 'run_glue.py',
  recognise: (root) => valueAt(root, 'apply_lora') === true && Number(valueAt(root, 'lora_r') ?? 1) > 0,
  fields: {
    ...HF_FIELDS,
    rank: field('lora_r'),
    // None by default, which loralib cannot divide.
    alpha: field('lora_alpha'),
    learningRate: field('learning_rate', 5e-5, HF_TRAINER),
    optimizer: fixedAt('adamw_hf'),
    scheduler: field('lr_scheduler_type', 'linear', HF_TRAINER),
    dropout: fixedAt(0),
    init: fixedAt('kaiming-uniform'),
    targetModules: fixedAt('query,value'),
  },
  optimizers: HF_NAMES,
  notUnderstood: (root) => unknownNear(root, { '': KNOWN }),
  wholeAlpha: true,
  traps: [unscaled('apply_lora', l10n.t('the classifier'), { when: [true] })],
  initCode: dividing(LORA_A_B, ['# In run_glue.py, after the model is made and before Trainer(...):']),
};

/** loralib's layers; `lora.` is what its readme imports it as. */
const LAYER = /^(?:lora(?:lib)?|loralib\.layers)\.(?:Linear|MergedLinear|Embedding|Conv[123]d)$/;

/** @see https://github.com/microsoft/LoRA (loralib/layers.py, c4593f06) */
const FIELDS: Fields = {
  rank: field('r'),
  alpha: field('lora_alpha', 1),
  dropout: field('lora_dropout', 0),
  init: fixedAt('kaiming-uniform'),
};

/**
 * All of loralib's layers of a script as one run: they train together. The first stands under `lora`, the others under
 * `layers`. A layer of rank 0 is an ordinary one.
 */
function loralibRuns(root: MapNode): readonly Run[] {
  if (!isModule(root)) return [{ root }];
  const runs = scriptRuns(root, (call) => calleeIs(call, LAYER)).filter(
    (run) => Number(valueAt(run.root, 'lora.r') ?? 0) > 0,
  );
  const [first, ...others] = runs;
  if (!first) return [];
  const layers = others.flatMap(({ root: other }): Entry[] => {
    const layer = nodeAt(other, ['lora']);
    return layer ? [{ key: String(layer.range.start), keyRange: layer.range, value: layer }] : [];
  });
  const map: MapNode = { kind: 'map', range: first.root.range, entries: layers };
  const all: Entry = { key: 'layers', keyRange: map.range, value: map };
  const unread = new Map(runs.flatMap((run) => run.unread ?? []).map((use) => [use.range.start, use]));
  return [
    {
      root: { ...first.root, entries: [...first.root.entries, all] },
      ...(unread.size > 0 ? { unread: [...unread.values()] } : {}),
    },
  ];
}

function layersOf(root: MapNode): readonly AdapterSources[] {
  const layers = nodeAt(root, ['layers']);
  if (layers?.kind !== 'map') return [];
  return layers.entries.map(({ key: name, value }, i) => {
    const layer = value.kind === 'map' ? (callIn(value)?.callee.split('.').at(-1) ?? 'layer') : 'layer';
    const title = `${layer} ${i + 2}`;
    const under = (label: string): Key => ({ path: ['layers', name, label], label: l10n.t`${label} of ${title}` });
    return { name: title, rank: field(under('r')), alpha: field(under('lora_alpha'), 1) };
  });
}

const scripts = scriptLayouts({
  id: 'loralib-script',
  recognise: (root) => has(root, 'layers') && has(root, 'lora'),
  lora: fieldsUnder('lora', FIELDS),
  networks: layersOf,
  rate: () => ({ value: 5e-5, who: HF_TRAINER }),
  traps: [
    // Without mark_only_lora_as_trainable.
    unscaled('mark_only_lora_as_trainable', l10n.t('the whole model'), { when: (root) => !has(root, 'marked') }),
    trapUnder('marked', unscaled('bias', l10n.t('the biases'), BIASES)),
  ],
  library: LORA_A_B,
  made: afterModel('the model is made'),
});

export const loralib: Trainer = {
  id: 'loralib',
  name: 'loralib',
  syntaxes: ['python'],
  hint: /--apply_lora\b|\bloralib\b/,
  textNumbers: 'converts',
  interpolates: false,
  source: { repository: 'microsoft/LoRA', commit: 'c4593f060e6a', date: '2024-12-16' },
  runs: loralibRuns,
  commandLine: { isCommonName: true, program: /\.py\b/, hint: /--apply_lora\b/ },
  owns: /(?:^|[ /\\])(?:run_glue|gpt2_ft)\.py\b/,
  layouts: [understanding, ...scripts],
};
