import * as l10n from '@vscode/l10n';
import { PEFT_LIBRARY } from '../../init-code/peft';
import { nodeAt, type MapNode } from '../../syntax/tree';
import { under } from '../../syntax/table';
import { listed } from '../../syntax/listed';
import { unscaled, type Trap } from '../shared/trap';
import { dividing } from '../shared/init-code';
import type { Layout } from '../trainer';
import { valueAt } from '../shared/fields';

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
  return models.length > 1
    ? dividing(PEFT_LIBRARY, [where, `for model in (${models.join(', ')}):`], { indent: '    ' })
    : dividing(PEFT_LIBRARY, [where, `model = ${models[0]}`]);
}

/** The code for models of text. */
export const textInitCode = initCodeOf(TEXT, TEXT.parts);
