import { numberLabel } from '../recipe/notation';
import type { Adapter, AdapterModule } from './adapter';
import { inGroups, type Group } from './groups';

export const sizeLabel = (bytes: number): string => {
  const [unit, size] = bytes >= 1e6 ? ['MB', 1e6] : bytes >= 1000 ? ['kB', 1000] : ['bytes', 1];
  return `${numberLabel(bytes / size, 3)} ${unit}`;
};

/** The type of a module's tensors: `BF16`, or `F32/F16` where A and B differ. */
export const dtypeOf = ({ a, b }: AdapterModule): string => (a.dtype === b.dtype ? a.dtype : `${a.dtype}/${b.dtype}`);

/** Modules grouped by kind, rank, alpha, scaling and type; the largest group first. */
export const moduleGroups = ({ modules }: Pick<Adapter, 'modules'>): readonly Group<AdapterModule>[] =>
  inGroups(modules, (module) => {
    const { kind, rank, alpha, scaling } = module;
    return [kind, rank, alpha, scaling, dtypeOf(module)].join();
  }).toSorted((one, other) => other.length - one.length);

/** A name with underscores in place of dots ends in one of these. */
const LAST = /(?:to_[a-z]+(?:_0)?|[a-z]+_proj|proj_[a-z]+|[a-z]+\d?)$/;

/** The last parts of the modules' names, each once: `q_proj, v_proj`. */
export function lastNames(modules: readonly AdapterModule[]): readonly string[] {
  const last = ({ name, prefix }: AdapterModule): string =>
    (/^(?:lora|lycoris)_/.test(prefix) ? LAST.exec(name) : /[^.]+(?:\.\d+)?$/.exec(name))?.[0] ?? name;
  return [...new Set(modules.map(last))].toSorted();
}

/** Keys of a header that say how the adapter was trained. */
const RECIPE =
  `ss_network_module ss_network_args ss_learning_rate ss_unet_lr ss_text_encoder_lr ss_optimizer ss_lr_scheduler ss_seed
  ss_lr_warmup_steps ss_max_grad_norm ss_steps ss_max_train_steps ss_total_batch_size ss_batch_size_per_device
  ss_batch_size ss_mixed_precision lora_alpha_signature modelspec.title software ot_revision`.split(/\s+/);

/** How the adapter was trained, as far as its header says. */
export const recipeOf = ({ metadata }: Pick<Adapter, 'metadata'>): readonly (readonly [key: string, value: string])[] =>
  RECIPE.flatMap((key) => {
    const value = metadata[key] ?? '';
    return /^(?:|None|\{\})$/.test(value) ? [] : [[key, value] as const];
  });

/** The base model that config or header names. */
export function baseOf({ config, metadata }: Pick<Adapter, 'config' | 'metadata'>): string | null {
  const keys = ['ss_sd_model_name', 'ss_base_model_version', 'modelspec.architecture', 'general.base_model.0.name'];
  return config?.base ?? keys.map((key) => metadata[key]).find((value) => value && value !== 'None') ?? null;
}
