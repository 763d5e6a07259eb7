import * as l10n from '@vscode/l10n';
import type { Adapter, AdapterModule, Fault, Source, Tensor } from './adapter';
import { ADAPTER_CONFIG } from '../config/trainers/peft/trained-adapter';
import { configOf, configsOfMetadata, type AdapterConfig } from './config';
import { faultsOf } from './faults';
import { isFloat, numbersOf } from './files/dtype';
import { readGguf } from './files/gguf';
import { parsed } from './files/json';
import { readSafetensors, textOf, type Contents, type Wrong } from './files/safetensors';
import { bytesOf } from './files/source';
import { layoutOf, nameOf } from './layouts/names';
import { grouped, moduleOf } from './modules';

const SHARD = /^adapter_model-\d+-of-(\d+)\.safetensors$/;

/** The names of weights in a folder, the best first; shards belong together. */
const WEIGHTS = [
  ...[/^adapter_model\.safetensors$/, SHARD, /^adapters\.safetensors$/, /^pytorch_lora_weights\.safetensors$/],
  ...[/\.safetensors$/, /\.gguf$/],
];
const PICKLES = /\.(?:bin|pt|pth|ckpt|pkl)$/;

/** Which files of a folder are the adapter's. @param names those in the folder, or the file that was named alone */
export function adapterFiles(names: readonly string[]): readonly string[] | Wrong {
  const kinds = WEIGHTS.map((pattern) => names.filter((name) => pattern.test(name)).toSorted());
  const found = kinds.find((some) => some.length > 0) ?? [];
  const [first] = found;
  if (first === undefined) {
    const none = l10n.t('There are no weights of an adapter (.safetensors, .gguf).');
    const name = names.find((each) => PICKLES.test(each)) ?? '';
    const pickled = l10n.t`${name} may run code when it is opened, so it is not. Save it as .safetensors.`;
    return { wrong: name === '' ? none : pickled };
  }
  const all = SHARD.exec(first)?.[1];
  if (found.length === Number(all ?? 1)) return [...found, ...names.filter((name) => name === ADAPTER_CONFIG)];
  return all === undefined
    ? { wrong: l10n.t`There are several weights: ${found.join(', ')}. Name one of them.` }
    : { wrong: l10n.t`The adapter has ${Number(all)} files, and ${found.length} of them are here.` };
}

/** The files of the adapter that a file belongs to. @param beside the names in its folder */
export function adapterFilesOf(file: string, beside: readonly string[]): readonly string[] | Wrong {
  // One of several shards stands for all of them.
  const own = SHARD.test(file) ? beside.filter((name) => SHARD.test(name)) : [file];
  return adapterFiles(file === ADAPTER_CONFIG ? beside : [...own, ...beside.filter((name) => name === ADAPTER_CONFIG)]);
}

/** Opens the files of one adapter: its weights, and its adapter_config.json if it has one. Only headers are read. */
export async function openAdapter(sources: readonly Source[]): Promise<Adapter | Wrong> {
  const weights = sources.filter(({ name }) => name !== ADAPTER_CONFIG);
  const files: Contents[] = [];
  for (const source of weights) {
    const file = await (source.name.endsWith('.gguf') ? readGguf(source) : readSafetensors(source));
    if ('wrong' in file) return file;
    files.push(file);
  }
  const beside = sources.find(({ name }) => name === ADAPTER_CONFIG);
  const config = beside ? await configIn(beside) : null;
  if (config && 'wrong' in config) return config;
  const tensors = files.flatMap((file) => file.tensors);
  const keys = tensors.map(({ key }) => key).toSorted();
  const twice = keys.find((key, i) => key === keys[i + 1]);
  if (twice !== undefined) return { wrong: l10n.t`Two of the files have ${twice}.` };
  const metadata = Object.fromEntries(files.flatMap((file) => Object.entries(file.metadata)));
  return adapterOf(tensors, metadata, config, weights.map(({ name }) => name).join(', '));
}

/** A config has a few kilobytes. */
const MOST_CONFIG = 4 * 1024 * 1024;

async function configIn(source: Source): Promise<AdapterConfig | Wrong> {
  if (source.size > MOST_CONFIG) return { wrong: l10n.t`${source.name} is too large to be a config.` };
  const raw = parsed(textOf(await source.read(0, source.size)));
  return raw ? configOf(source.name, raw) : { wrong: l10n.t`${source.name} is no JSON object.` };
}

async function adapterOf(
  tensors: readonly Tensor[],
  metadata: Adapter['metadata'],
  file: AdapterConfig | null,
  label: string,
): Promise<Adapter | Wrong> {
  const isGguf = metadata['general.type'] !== undefined;
  const named = tensors.map((tensor) => ({ tensor, name: nameOf(tensor.key) }));
  const names = named.flatMap(({ name }) => name ?? []);
  const layout = isGguf ? 'gguf' : layoutOf(names, metadata, file?.raw['lora_parameters'] !== undefined);
  const components = configsOfMetadata(metadata);
  const config = file ?? (isGguf ? ggufConfig(metadata) : ([...components.values()][0] ?? null));
  const { groups, saved } = grouped(named);
  const alphas = await alphasOf(groups.flatMap(({ parts }) => parts.get('alpha') ?? []));
  const configIn = (prefix: string): AdapterConfig | null =>
    components.get(prefix) ?? (components.size > 0 ? null : config);
  const all = groups.map((group) => moduleOf(group, { layout, metadata, alphas, configOf: configIn }));
  const modules = all.filter((one): one is AdapterModule => !('code' in one));
  const [other] = tensors;
  if (modules.length === 0) {
    const what = other && `${other.key}, ${other.dtype} ${other.shape.join(' × ')}`;
    const begins = l10n.t`${label} holds no LoRA: its tensors (${tensors.length}) begin with ${what ?? ''}.`;
    return { wrong: other ? begins : l10n.t`${label} holds no LoRA.` };
  }
  const bytes = tensors.reduce((sum, { at }) => sum + at.length, 0);
  const opened = { layout, config, metadata, modules, saved, bytes };
  return { ...opened, faults: [...all.filter((one): one is Fault => 'code' in one), ...faultsOf(opened)] };
}

/** What a GGUF file says of the adapter, as PEFT would say it. */
const ggufConfig = (metadata: Adapter['metadata']): AdapterConfig =>
  configOf('adapter.lora.alpha', {
    lora_alpha: Number(metadata['adapter.lora.alpha'] ?? NaN),
    base_model_name_or_path: metadata['general.base_model.0.name'],
  });

/** Reads that wait at once: each may have a file open. */
const AT_ONCE = 64;

/** The values of all `.alpha`, which have two or four bytes each. */
async function alphasOf(scalars: readonly Tensor[]): Promise<ReadonlyMap<Tensor, number | null>> {
  const found = new Map<Tensor, number | null>();
  const small = scalars.filter(({ at }) => at.length <= 8 && at.length > 0);
  const note = async (tensor: Tensor): Promise<void> => void found.set(tensor, scalarOf(await bytesOf(tensor), tensor));
  for (let at = 0; at < small.length; at += AT_ONCE) await Promise.all(small.slice(at, at + AT_ONCE).map(note));
  return found;
}

function scalarOf(bytes: Uint8Array, { dtype }: Tensor): number | null {
  if (isFloat(dtype)) return numbersOf(bytes, dtype)[0] ?? NaN;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  return dtype === 'F64' ? view.getFloat64(0, true) : dtype === 'I64' ? Number(view.getBigInt64(0, true)) : null;
}
