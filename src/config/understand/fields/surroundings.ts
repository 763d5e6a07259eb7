import type { Surrounding, Surroundings } from '../../../recipe/recipe';
import type { MapNode, Scalar, SyntaxNode } from '../../syntax/tree';

/** The trainers' names, in lower case with underscores. `path` and `name` count in a map of such a name: `model.path`. */
const NAMES: Readonly<Record<Surrounding | 'accumulation' | 'half', RegExp>> = {
  model:
    /^(?:(?:(?:base_?)?model|pretrained_model)(?:_id|_name)?(?:_?or)?(?:_path)?|pretrain|name_or_path|checkpoint_dir)$/,
  data: /^(?:data|datasets?|train_(?:data(?:set)?|files?|path)|data(?:set)?_(?:name|path|dir|config)|train_data_dir)$/,
  batch:
    /^(?:(?:per_device_)?(?:micro_)?(?:train_)?(?:per_device_)?batch_size(?:_per_device)?|micro_batch_size_per_gpu)$/,
  accumulation: /^(?:gradient|grad)_accumulation(?:_steps)?$|^accumulation_steps$|^accumulate_grad_batches$/,
  steps: /^(?:max_|num_|total_)?(?:train(?:ing)?_)?(?:steps|iters)$/,
  epochs: /^(?:max_|num_|total_|n_)?(?:train_)?epochs?$/,
  seed: /^(?:train_|manual_|global_)?seed$/,
  precision: /^(?:mixed_precision|precision|(?:torch_|train_|param_)?dtype)$/,
  half: /^(?:bf16|fp16)$/,
};

/** Parts of a file that are about another model, or about no training. */
const OTHERS =
  /eval|val|test|ref|reward|critic|teacher|draft|sampl|infer|generat|rollout|lora|peft|optim|quant|vae|logg/;

const PRECISIONS: readonly (readonly [name: string, RegExp])[] = [
  ['bfloat16', /^(?:bf16|bfloat_?16|torch\.bfloat16)/],
  ['float16', /^(?:fp16|float_?16|half|16|torch\.float16)/],
  ['float32', /^(?:fp32|float_?32|no$|32|torch\.float32)/],
];

/**
 * What decides a run besides its recipe, as far as the file states it by a name that trainers use. Of several values for
 * one thing none counts. It serves comparisons alone: no plan changes it.
 * @param trainer in whose unit a batch counts that is not said to be of one device
 * @param isHuggingFace whether a number of steps overrides one of epochs (transformers, training_args.py: max_steps)
 */
export function surroundingsIn(root: MapNode, trainer: string, isHuggingFace: boolean): Surroundings {
  const found = new Map<string, Set<string>>();
  const add = (kind: string, value: Scalar | undefined): void => {
    const isUsable = value !== null && value !== undefined && value !== '' && Number(value) !== -1;
    if (isUsable) found.set(kind, (found.get(kind) ?? new Set()).add(String(value)));
  };
  const visit = (map: MapNode, within: string | null): void => {
    for (const { key, value } of map.entries) {
      const name = (key.split('.').at(-1) ?? key).toLowerCase().replaceAll('-', '_');
      const isPart = within !== null && /^(?:path|name)$/.test(name);
      const kind = isPart ? within : Object.entries(NAMES).find(([, pattern]) => pattern.test(name))?.[0];
      if (OTHERS.test(key.toLowerCase())) continue;
      for (const one of value.kind === 'list' ? value.items : [value]) {
        if (one.kind === 'map') visit(one, kind === 'model' || kind === 'data' ? kind : null);
        else if (kind === 'half') add(scalarOf(one) === true ? 'precision' : `${name} ${scalarOf(one)}`, name);
        else if (kind) add(kind, scalarOf(one));
        if (kind === 'batch') add('batchUnit', /device|micro/.test(name) ? 'device' : trainer);
      }
    }
  };
  visit(root, null);
  const only = (kind: string): string | undefined => {
    const values = [...(found.get(kind) ?? [])];
    return kind === 'data' ? values.sort().join(', ') || undefined : values.length === 1 ? values[0] : undefined;
  };
  const [size, accumulation = '1'] = [only('batch'), only('accumulation')];
  const words = [...(found.get('precision') ?? [])].map((word) => word.toLowerCase());
  const precisions = new Set(words.map((word) => PRECISIONS.find(([, pattern]) => pattern.test(word))?.[0] ?? null));
  // Hugging Face's switch, off, and nothing else that says it.
  const usual = found.has('bf16 false') && precisions.size === 0 ? 'float32' : null;
  const [precision = usual] = precisions.size === 1 ? precisions : [];
  const steps = only('steps');
  const epochs = isHuggingFace && Number(steps) > 0 ? undefined : only('epochs');
  const of = {
    ...{ model: only('model'), data: only('data'), steps, epochs, seed: only('seed'), batchUnit: only('batchUnit') },
    batch: size === undefined ? undefined : String(Number(size) * Number(accumulation)),
    precision: precision ?? undefined,
  };
  return Object.fromEntries(Object.entries(of).filter(([, value]) => value !== undefined && value !== 'NaN'));
}

const scalarOf = (node: SyntaxNode): Scalar | undefined =>
  node.kind === 'scalar' && node.unresolved === undefined ? node.value : undefined;
