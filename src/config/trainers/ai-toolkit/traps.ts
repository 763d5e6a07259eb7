import * as l10n from '@vscode/l10n';
import { nodeAt, type MapNode } from '../../syntax/tree';
import { on, resumes, stops, unclear, unscaledInAll, type Trap, type When } from '../shared/trap';
import { has, valueAt, wordAt } from '../shared/fields';

/**
 * Models whose LoRA has a scaling of alpha / rank. For all others ai-toolkit sets alpha to the rank
 * (toolkit/lora_special.py: is_flux, is_v3, is_lumina2, is_transformer; 27a03a91).
 */
const WITH_ALPHA = ['sd1', 'sd2', 'sdxl', 'ssd', 'vega', 'pixart', 'pixart_sigma', 'auraflow'];

/** Switches that older configs name a model by; Stable Diffusion 1 where there is none. */
const SWITCHES: readonly (readonly [key: string, arch: string])[] = [
  ['is_flux', 'flux'],
  ['is_v3', 'sd3'],
  ['is_lumina2', 'lumina2'],
  ['is_v2', 'sd2'],
  ['is_xl', 'sdxl'],
  ['is_ssd', 'ssd'],
  ['is_vega', 'vega'],
  ['is_pixart', 'pixart'],
  ['is_pixart_sigma', 'pixart_sigma'],
  ['is_auraflow', 'auraflow'],
];

/** The model a process trains: `flux`, `sdxl`, `wan21`. */
export function modelOf(process: MapNode): string {
  // What follows a colon is a tag of the interface's.
  const [arch = ''] = wordAt(process, 'model.arch').split(':');
  return arch || (SWITCHES.find(([name]) => valueAt(process, `model.${name}`) === true)?.[1] ?? 'sd1');
}

/** Whether the model's LoRA always has a scaling of 1. */
export const forcesAlpha = (process: MapNode): boolean => !WITH_ALPHA.includes(modelOf(process));

export const typeOf = (process: MapNode): string => (wordAt(process, 'network.type') || 'lora').toLowerCase();

/** LyCORIS' adapter takes alpha for every model (toolkit/lycoris_special.py). */
export const ignoresAlpha = (process: MapNode): boolean =>
  forcesAlpha(process) && !['locon', 'lycoris'].includes(typeOf(process));

/** Whether the process has an alpha that is ignored: its own, or the rank. */
function ignores(process: MapNode, isRank: boolean): boolean {
  const alpha = valueAt(process, 'network.linear_alpha') ?? valueAt(process, 'network.alpha');
  const rank = valueAt(process, 'network.rank') ?? valueAt(process, 'network.linear') ?? 4;
  return ignoresAlpha(process) && alpha !== undefined && (Number(alpha) === Number(rank)) === isRank;
}

const optimizer = (process: MapNode): string => wordAt(process, 'train.optimizer') || 'adamw';

const isMap = (process: MapNode, label: string): boolean => nodeAt(process, [label])?.kind === 'map';

/** What trains besides LoRA: some with their own learning rate, all with the weight decay and eps of LoRA. */
const UNSCALED: readonly (readonly [at: string, what: string, when: When])[] = [
  ['embedding', l10n.t('an embedding'), (process) => isMap(process, 'embedding')],
  ['decorator', l10n.t('additional tokens'), (process) => isMap(process, 'decorator')],
  ['adapter', l10n.t('an adapter'), (process) => valueAt(process, 'adapter.train') === true],
  ['network.all_layers', l10n.t('whole norms, embeddings and biases'), [true]],
  ['network.network_kwargs.full_if_contains', l10n.t('whole layers'), undefined],
  ['train.learnable_snr_gos', l10n.t('weights of the loss'), [true]],
];

/** What a user of ai-toolkit should know of a process. */
export const AI_TOOLKIT_TRAPS: readonly Trap[] = [
  resumes('network.pretrained_lora_path'),
  on(
    'network.linear_alpha',
    'alpha-ignored',
    l10n.t`ai-toolkit ignores this alpha, which is not the rank: it sets alpha to the rank for transformer models, so the scaling is 1.`,
    {
      severity: 'warning',
      when: (process) => ignores(process, false),
      isRemovable: true,
    },
  ),
  on(
    'network.linear_alpha',
    'alpha-ignored',
    l10n.t('ai-toolkit ignores alpha: it sets alpha to the rank for transformer models, so the scaling is 1.'),
    { when: (process) => ignores(process, true) },
  ),
  ...['train.unet_lr', 'train.text_encoder_lr', 'train.refiner_lr'].map((rate) =>
    on(rate, 'rate-overridden', l10n.t`${rate} is ignored: ai-toolkit trains every part of a LoRA with train.lr.`, {
      when: (process) => ![undefined, valueAt(process, 'train.lr')].includes(valueAt(process, rate)),
    }),
  ),
  ...UNSCALED.map(([at, what, when]) => unscaledInAll(at, what, when)),
  unclear(
    'train.merge_network_on_save',
    l10n.t`merge_network_on_save merges the LoRA into the model at every save and draws a new A with the size of the init. The code of a plan divides A once, so the run differs from the first save on.`,
    { when: [true] },
  ),
  unclear(
    'train.lr',
    l10n.t`Automagic replaces a learning rate above 1e-3 by 1e-6, so the run does not train with the learning rate of the file.`,
    {
      when: (process) => /^automagic/i.test(optimizer(process)) && Number(valueAt(process, 'train.lr') ?? 0) > 1e-3,
    },
  ),
  // toolkit/optimizer.py: optimizers that get an eps besides optimizer_params
  stops(
    'train.optimizer_params.eps',
    l10n.t`ai-toolkit passes this optimizer an eps of 1e-6 itself. With an eps in optimizer_params it passes eps twice, and the run stops. Remove it.`,
    {
      when: (process) =>
        /^(?:adamw?(?:8|8bit)?|ademamix8bit|prodigy\w*|dadaptation\w*)$/i.test(optimizer(process)) &&
        has(process, 'train.optimizer_params.eps'),
    },
  ),
];
