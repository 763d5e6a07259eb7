import * as l10n from '@vscode/l10n';
import { numberLabel } from '../recipe/notation';
import type { Adapter, AdapterModule } from './adapter';

export const LAYOUT_NAMES: Readonly<Record<Adapter['layout'], string>> = {
  ...{ peft: 'PEFT', diffusers: 'diffusers', 'diffusers-old': l10n.t('diffusers before PEFT'), kohya: 'kohya' },
  ...{ lycoris: 'LyCORIS', 'ai-toolkit': 'ai-toolkit', onetrainer: 'OneTrainer', mlx: 'mlx-lm', gguf: 'GGUF' },
  ...{ torchtune: 'torchtune', nemo: 'NeMo', unknown: l10n.t('unknown layout') },
};

export const sizeLabel = (bytes: number): string => {
  const [unit, size] = bytes >= 1e6 ? ['MB', 1e6] : bytes >= 1000 ? ['kB', 1000] : ['bytes', 1];
  return `${numberLabel(bytes / size, 3)} ${unit}`;
};

export const bytesIn = ({ modules, saved }: Adapter): number => {
  const tensors = modules.flatMap(({ a, b, magnitude, biasB, others }) => [a, b, magnitude, biasB, ...others]);
  return [...tensors, ...saved].reduce((sum, tensor) => sum + (tensor?.at.length ?? 0), 0);
};

/** Modules that are alike, said once. */
export interface ModuleGroup {
  readonly kind: AdapterModule['kind'];
  readonly rank: number;
  readonly alpha: number | null;
  readonly scaling: number | null;
  readonly dtype: string;
  readonly modules: readonly AdapterModule[];
}

/** The type of a module's tensors: `BF16`, or `F32/F16` where A and B differ. */
export const dtypeOf = ({ a, b }: AdapterModule): string => (a.dtype === b.dtype ? a.dtype : `${a.dtype}/${b.dtype}`);

/** Modules grouped by kind, rank, alpha, scaling and type; the largest group first. */
export function moduleGroups({ modules }: Pick<Adapter, 'modules'>): readonly ModuleGroup[] {
  const groups = new Map<string, ModuleGroup & { modules: AdapterModule[] }>();
  for (const module of modules) {
    const { kind, rank, alpha, scaling } = module;
    const said = { kind, rank, alpha, scaling, dtype: dtypeOf(module) };
    const key = JSON.stringify(said);
    const group = groups.get(key) ?? { ...said, modules: [] };
    group.modules.push(module);
    groups.set(key, group);
  }
  return [...groups.values()].toSorted((one, other) => other.modules.length - one.modules.length);
}

/** A name with underscores in place of dots ends in one of these. */
const LAST = /(?:to_[a-z]+(?:_0)?|[a-z]+_proj|proj_[a-z]+|[a-z]+\d?)$/;

/** The last parts of the modules' names, each once: `q_proj, v_proj`. */
export function lastNames(modules: readonly AdapterModule[]): readonly string[] {
  const last = ({ name, prefix }: AdapterModule): string =>
    (/^(?:lora|lycoris)_/.test(prefix) ? LAST.exec(name) : /[^.]+(?:\.\d+)?$/.exec(name))?.[0] ?? name;
  return [...new Set(modules.map(last))].toSorted();
}

/** Keys of a header that say how the adapter was trained, and what people call them. */
const RECIPE: readonly (readonly [label: string, ...keys: readonly string[]])[] = [
  [l10n.t('network'), 'ss_network_module'],
  [l10n.t('network args'), 'ss_network_args'],
  [l10n.t('learning rate'), 'ss_learning_rate'],
  [l10n.t('U-Net learning rate'), 'ss_unet_lr'],
  [l10n.t('text encoder learning rate'), 'ss_text_encoder_lr'],
  [l10n.t('optimizer'), 'ss_optimizer'],
  [l10n.t('schedule'), 'ss_lr_scheduler'],
  [l10n.t('warmup steps'), 'ss_lr_warmup_steps'],
  [l10n.t('max grad norm'), 'ss_max_grad_norm'],
  [l10n.t('steps'), 'ss_steps', 'ss_max_train_steps'],
  [l10n.t('batch size'), 'ss_total_batch_size', 'ss_batch_size_per_device', 'ss_batch_size'],
  [l10n.t('precision'), 'ss_mixed_precision'],
  [l10n.t('seed'), 'ss_seed'],
  [l10n.t('signature'), 'lora_alpha_signature'],
  [l10n.t('title'), 'modelspec.title'],
  [l10n.t('trainer'), 'software', 'ot_revision'],
];

/** How the adapter was trained, as far as its header says. */
export const recipeOf = ({
  metadata,
}: Pick<Adapter, 'metadata'>): readonly (readonly [label: string, value: string])[] =>
  RECIPE.flatMap(([label, ...keys]) => {
    const value = keys.map((key) => metadata[key]).find((text) => text !== undefined && !/^(?:|None|\{\})$/.test(text));
    return value === undefined ? [] : [[label, value] as const];
  });

/** The base model that config or header names. */
export function baseOf({ config, metadata }: Pick<Adapter, 'config' | 'metadata'>): string | null {
  const keys = ['ss_sd_model_name', 'ss_base_model_version', 'modelspec.architecture', 'general.base_model.0.name'];
  return config?.base ?? keys.map((key) => metadata[key]).find((value) => value && value !== 'None') ?? null;
}
