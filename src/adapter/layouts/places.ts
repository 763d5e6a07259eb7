import * as l10n from '@vscode/l10n';
import type { Adapter, AdapterModule } from '../adapter';
import type { Wrong } from '../files/safetensors';

/** The layouts that are written, and the parts of a pipeline that each has names for; `model` is a language model. */
const HOLDS = {
  ...{ peft: /./, kohya: /^(?:unet|text)/, diffusers: /^(?!model)/, 'ai-toolkit': /^transformer/ },
  ...{ onetrainer: /^(?!model)/, mlx: /^model/ },
};
export type Target = keyof typeof HOLDS;
export const TARGETS = Object.keys(HOLDS) as Target[];

/** The prefix of a name with underscores, by the part of a pipeline that the module is in. */
const UNDERSCORED = {
  ...{ unet: 'lora_unet_', transformer: 'lora_transformer_' },
  ...{ text_encoder: 'lora_te1_', text_encoder_2: 'lora_te2_', text_encoder_3: 'lora_te3_' },
} as const;

/** Where a module is, and its name with dots. */
interface Place {
  component: keyof typeof UNDERSCORED | 'model';
  name: string;
}

/** Names of diffusers' and CLIP's modules that have an underscore of their own. */
const WORDS = `down_blocks up_blocks mid_block transformer_blocks single_transformer_blocks time_emb_proj conv_shortcut
  conv_in conv_out proj_in proj_out proj_mlp to_q to_k to_v to_out to_add_out add_q_proj add_k_proj add_v_proj
  time_embedding time_embed linear_1 linear_2 ff_context text_model self_attn q_proj k_proj v_proj out_proj
  text_projection norm_out norm1_context x_embedder context_embedder time_text_embed timestep_embedder guidance_embedder
  text_embedder attentions resnets downsamplers upsamplers attn1 attn2 attn ff net proj conv conv1 conv2 linear encoder
  layers mlp fc1 fc2 norm norm1`.split(/\s+/);
const WORD = new RegExp(`^(?:${WORDS.toSorted((one, other) => other.length - one.length).join('|')}|\\d+)(?=_|$)`);

/** `down_blocks_0_attentions_1_to_out_0` with its dots; null where a word is unknown, such as in Stability's names. */
export function dotted(underscored: string): string | null {
  const words: string[] = [];
  for (let rest = underscored; rest !== ''; rest = rest.slice((words.at(-1)?.length ?? 0) + 1)) {
    const [word] = WORD.exec(rest) ?? [];
    if (word === undefined) return null;
    words.push(word);
  }
  return words.join('.');
}

/** Of a model that is no language model, by diffusers' names. */
function componentOf(name: string): Place['component'] {
  if (/^(?:single_)?transformer_blocks\.|^proj_out$|^x_embedder$/.test(name)) return 'transformer';
  if (/^(?:down_blocks|up_blocks|mid_block|conv_in)\b/.test(name)) return 'unet';
  return /^text_model\./.test(name) ? 'text_encoder' : 'model';
}

function placeOf({ prefix, name }: AdapterModule): Place | Wrong {
  const parts = Object.keys(UNDERSCORED) as (keyof typeof UNDERSCORED)[];
  const named = parts.find((part) => prefix === `${part}.` || prefix === UNDERSCORED[part]);
  const component = prefix === 'lora_te_' ? 'text_encoder' : named;
  if (/^(?:lora|lycoris)_/.test(prefix)) {
    const found = dotted(name);
    if (found !== null && component) return { component, name: found };
    return { wrong: l10n.t`The dots in ${name} are unknown, which only the layouts with underscores can do without.` };
  }
  if (prefix === 'diffusion_model.' || prefix === 'text_encoders.') {
    const full = `${prefix}${name}`;
    return { wrong: l10n.t`${full} has the names of the model's makers, which diffusers and PEFT do not have.` };
  }
  const plain = name.replace('.processor.', '.').replace(/\.to_out$/, '.to_out.0');
  return { component: component ?? componentOf(plain), name: plain };
}

/** What stands in front of `.lora_A.weight` and its like in another layout. */
export type Stems = ReadonlyMap<AdapterModule, string>;

/** The names of all modules in another layout, or why it has none for one of them. */
export function stemsIn({ modules }: Adapter, target: Target): Stems | Wrong {
  const places = modules.map((module) => [module, placeOf(module)] as const);
  const all = new Set(places.map(([, place]) => ('wrong' in place ? '' : place.component)));
  const stems = new Map<AdapterModule, string>();
  for (const [module, place] of places) {
    const { prefix, name } = module;
    // sd-scripts and OneTrainer share their names, but for a transformer.
    const isShared = /^lora_(?:unet|te[123]?)_$/.test(prefix) && (target === 'kohya' || target === 'onetrainer');
    if (!isShared && 'wrong' in place) return place;
    const stem = isShared || 'wrong' in place ? `${prefix}${name}` : stemOf(place, target, all);
    if (typeof stem !== 'string') return stem;
    stems.set(module, stem);
  }
  if (new Set(stems.values()).size < stems.size) return { wrong: l10n.t('Two modules would have one name.') };
  return stems;
}

function stemOf({ component, name }: Place, target: Target, all: ReadonlySet<string>): string | Wrong {
  if ((target === 'peft' || target === 'mlx') && all.size > 1) {
    return { wrong: l10n.t`It has several models (${[...all].join(', ')}), and a file of ${target} holds one.` };
  }
  if (!HOLDS[target].test(component)) {
    const what = component === 'model' ? l10n.t('language model') : component;
    return { wrong: l10n.t`${target} has no names for the modules of this ${what} (${name}).` };
  }
  if (target === 'peft') return `base_model.model.${name}`;
  if (component === 'model') return name;
  if (target === 'diffusers' || target === 'ai-toolkit') return `${component}.${name}`;
  // A pipeline with one text encoder has no number.
  const isAlone = component === 'text_encoder' && !all.has('text_encoder_2') && !all.has('transformer');
  return `${isAlone ? 'lora_te_' : UNDERSCORED[component]}${name.replaceAll('.', '_')}`;
}
