import * as l10n from '@vscode/l10n';
import { HF_TRAINER } from '../hugging-face/fields';
import { LORA_A_B } from '../../init-code/library';
import { callIn, nodeAt, scalarAt, type Entry, type MapNode } from '../../syntax/tree';
import { keyUnder, fieldsUnder } from '../shared/prefixed';
import { scriptLayouts } from '../python/layouts';
import { afterModel } from '../python/places';
import { scriptRuns } from '../python/runs';
import { calleeIs, isModule } from '../python/tree';
import type { Run } from '../trainer';
import { key, type Fields, type Key, type NetworkSources, field, fixedAt } from '../shared/fields';

/** loralib's layers; `lora.` is what its readme imports it as. */
const LAYER = /^(?:lora(?:lib)?|loralib\.layers)\.(?:Linear|MergedLinear|Embedding|Conv[123]d)$/;

/** @see https://github.com/microsoft/LoRA (loralib/layers.py, c4593f06) */
const FIELDS: Fields = {
  rank: field('r'),
  alpha: { ...field('lora_alpha', 1), beside: [key('r')] },
  dropout: field('lora_dropout', 0),
  init: fixedAt({ value: 'kaiming-uniform' }),
};

/**
 * All of loralib's layers of a script as one run: they train together. The first stands under `lora`, the others under
 * `layers`. A layer of rank 0 is an ordinary one.
 */
export function loralibRuns(root: MapNode): readonly Run[] {
  if (!isModule(root)) return [{ root }];
  const runs = scriptRuns(root, (call) => calleeIs(call, LAYER)).filter(
    (run) => Number(scalarAt(run.root, ['lora', 'r']) ?? 0) > 0,
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

function layersOf(root: MapNode): readonly NetworkSources[] {
  const layers = nodeAt(root, ['layers']);
  if (layers?.kind !== 'map') return [];
  return layers.entries.map(({ key: name, value }, i) => {
    const layer = value.kind === 'map' ? (callIn(value)?.callee.split('.').at(-1) ?? 'layer') : 'layer';
    const title = `${layer} ${i + 2}`;
    const under = (label: string): Key => ({ path: ['layers', name, label], label: l10n.t`${label} of ${title}` });
    return {
      name: title,
      rank: { keys: [under('r')] },
      alpha: { ...FIELDS.alpha, keys: [under('lora_alpha')], beside: [under('r')] },
    };
  });
}

export const LORALIB_SCRIPTS = scriptLayouts({
  id: 'loralib-script',
  recognise: (root) => nodeAt(root, ['layers']) !== null && nodeAt(root, ['lora']) !== null,
  lora: fieldsUnder('lora', FIELDS),
  networks: layersOf,
  rate: () => ({ value: 5e-5, who: HF_TRAINER }),
  traps: [
    {
      code: 'unscaled-parameters',
      severity: 'info',
      message: l10n.t(
        'Without mark_only_lora_as_trainable the whole model trains with the same numbers. It has no scaling, so another learning rate changes how it learns.',
      ),
      applies: (root) => nodeAt(root, ['marked']) === null,
      limits: 'approximate',
      unscaled: l10n.t('the whole model'),
    },
    {
      code: 'trained-biases',
      severity: 'info',
      message: l10n.t(
        "mark_only_lora_as_trainable trains the model's biases too. They have no scaling, so another learning rate changes how they learn.",
      ),
      applies: (root) => ['all', 'lora_only'].includes(String(scalarAt(root, ['marked', 'bias']))),
      at: keyUnder('marked', key('bias')),
      limits: 'approximate',
      plans: ['symmetric', 'keep-init', 'lr-only'],
      unscaled: l10n.t('the biases'),
    },
  ],
  library: LORA_A_B,
  made: afterModel('the model is made'),
});
