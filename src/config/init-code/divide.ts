import { initFacts } from '../../recipe/init/facts';
import type { Recipe } from '../../recipe/recipe';

/**
 * The names of a library's LoRA factors among the parameters of a model. A name must match whole parts between dots:
 * `lora_A` fits `layer.lora_A.default.weight` and `layer.lora_A`, but not `layer.lora_A_scale`.
 */
export interface Library {
  A: readonly string[];
  B: readonly string[];
  /** Each adapter of a model has its own factors, with its name in the path: `layer.lora_A.default.weight`. */
  hasAdapters?: true;
  /** PyTorch's parameters are changed in place; MLX's arrays are replaced. */
  isMlx?: true;
}

/**
 * The names of loralib and litgpt, in every kind of layer.
 * @see https://github.com/microsoft/LoRA/blob/main/loralib/layers.py
 * @see https://github.com/Lightning-AI/litgpt/blob/main/litgpt/lora.py
 */
export const LORA_A_B: Library = { A: ['lora_A'], B: ['lora_B'] };

/**
 * The names of sd-scripts and of what was made after it (LyCORIS' LoCon, ai-toolkit, OneTrainer).
 * @see https://github.com/kohya-ss/sd-scripts/blob/main/adapters/lora.py
 */
export const LORA_DOWN_UP: Library = { A: ['lora_down'], B: ['lora_up'] };

/**
 * In embedding layers A starts at zero and B at random, so there it is B that counts.
 * @see https://github.com/huggingface/peft/blob/main/src/peft/tuners/lora/layer.py
 */
export const PEFT_LIBRARY: Library = {
  A: ['lora_A', 'lora_embedding_A'],
  B: ['lora_B', 'lora_embedding_B'],
  hasAdapters: true,
};

/** How a plan changes the factors after their init. */
export interface InitStart {
  /** Factors on A and B, 1/p and 1/q, relative to the init at the old scaling. */
  init: { A: number; B: number };
  /** Factor of the scaling. */
  k: number;
  /** The init method, by our name; null if the file names none. */
  method: Recipe['init'];
  /** PEFT's name of the adapter; `default` unless given. */
  adapter?: string;
}

/**
 * Code that divides the fresh factors of a library, inside a trainer's code.
 * @param lines with comments that say where they go. `    …network` is replaced by the division of `network` with that
 *   indentation, `…` by that of `model`; without such a line the division comes last.
 */
export function dividing(library: Library, lines: readonly string[]): (start: InitStart) => string {
  const isMark = (line: string): boolean => line.trimStart().startsWith('…');
  return (start) => {
    const code = (lines.some(isMark) ? lines : [...lines, '…']).map((line) => {
      const [indent = '', model = ''] = line.split('…');
      return isMark(line) ? indented(divideLines(library, start, model || 'model'), indent) : line;
    });
    return [...code, ''].join('\n');
  };
}

/**
 * The divisors of A and B after the init has run at the new scaling. Some inits divide by the root of the scaling
 * themselves, so that part is done already.
 */
export function divisorsOf({ init, k, method }: InitStart): { A: number; B: number } {
  const done = initFacts({ init: method }).scaling === 'divides' ? Math.sqrt(k) : 1;
  return { A: 1 / init.A / done, B: 1 / init.B / done };
}

/**
 * Python that divides a library's fresh factors in place, whatever init filled them, and touches nothing else.
 * The code uses `p.data`, so that it needs no `torch.no_grad()` and no import: `import torch` inside a function would hide
 * the script's own `torch` above that line.
 * @param model its name in the trainer's code; kohya: that of the adapter
 *
 * Some inits of PEFT (OLoRA, LoRA-GA) take scaling·B·A out of the frozen weights. They ran at the new scaling and took too
 * much or too little, so what the factors lose must go back: W − s'·B·A + (s'·B·A − s'·B'·A') is what the old scaling left.
 * LoftQ never looks at the scaling, and PiSSA's and CorDA's product does not depend on it: there, nothing goes back.
 */
export function divideLines(library: Library, start: InitStart, model = 'model'): string[] {
  const { A, B, isMlx, hasAdapters } = library;
  const { method, k } = start;
  if (hasAdapters && initFacts({ init: method }).scaling === 'subtracts') return dividedWithWeights(start);
  const divisors = divisorsOf(start);
  const part = (names: readonly string[], divisor: number) => ({ names, divisor });
  const parts =
    divisors.A === divisors.B ? [part([...A, ...B], divisors.A)] : [part(A, divisors.A), part(B, divisors.B)];
  const changing = parts.filter(({ divisor }) => divisor !== 1);
  // Back at the original scaling, the code stays where it is and divides by 1.
  const moving = changing.length > 0 ? changing : parts;
  // MLX's arrays are immutable, so the model gets new ones.
  if (isMlx) {
    return moving.flatMap(({ names, divisor }) => [
      `fresh = tree_flatten(${model}.trainable_parameters())`,
      `fresh = [(name, p / ${pythonNumber(divisor)}) for name, p in fresh if name.split(".")[-1] in ${pythonSet(names)}]`,
      `${model}.update(tree_unflatten(fresh))`,
    ]);
  }
  if (!hasAdapters) return dividedUntilTheFirstStep([...A, ...B], moving, model);
  return [
    ...(method === 'eva' ? ['# After initialize_lora_eva_weights(model), which fills A.'] : []),
    ...moving.flatMap(({ names, divisor }) => [
      `ends = ${pythonTuple(endsOf(names, start))}`,
      `factors = [p for name, p in ${model}.named_parameters() if name.endswith(ends)]`,
      `assert factors, "the model has no adapter ${adapterOf(start)}"`,
      'for p in factors:',
      `    p.data.div_(${pythonNumber(divisor)})`,
    ]),
    // The bias of B (lora_bias) is zero unless the init is random.
    ...(method === 'random-b'
      ? [`for name, p in ${model}.named_parameters():`, ...ifEnds(`.lora_B.${adapterOf(start)}.bias`, k)]
      : []),
  ];
}

/** Parts of the names of what a LoRA layer trains beside A and B: magnitudes of DoRA, which no plan divides. */
const MAGNITUDES = ['dora_scale', 'lora_magnitude', 'magnitude'];

/**
 * Trainers make further layers (experts) with names of their own, and draw adapters anew. So the code stops where it would
 * leave a factor of LoRA as it is, and at the first step where one has no longer the size that it got. Optimizers that step
 * inside the backward pass leave no gradients (ai-toolkit's automagic3.py): B has grown by then, but A, whose gradient is 0
 * where B was, has its size.
 */
function dividedUntilTheFirstStep(
  all: readonly string[],
  moving: readonly { names: readonly string[]; divisor: number }[],
  model: string,
): string[] {
  const moved = moving.flatMap(({ names }) => names);
  const others = [...all.filter((name) => !moved.includes(name)), ...MAGNITUDES];
  return [
    'sizes = {}',
    `for name, p in ${model}.named_parameters():`,
    '    parts = set(name.split("."))',
    ...moving.flatMap(({ names, divisor }) => [
      `    if ${pythonSet(names)} & parts:`,
      `        sizes[p] = p.data.div_(${pythonNumber(divisor)}).norm().item()`,
    ]),
    `    known = p in sizes or "lora" not in name or ${pythonSet(others)} & parts or not p.requires_grad`,
    '    assert known, f"these lines do not divide {name}, which is a part of LoRA"',
    'assert sizes, "the model has no LoRA"',
    'def check(optimizer, *_, sizes=sizes):',
    '    factors = [p for group in optimizer.param_groups for p in group["params"] if p in sizes]',
    '    # A factor of zeros that has no gradient may have been stepped inside the backward pass.',
    '    for p in [p for p in factors if sizes[p] or p.grad is not None]:',
    '        # A resumed run, which loads its factors, goes without these lines.',
    '        size = sizes.pop(p)',
    '        assert abs(p.data.norm().item() - size) <= 0.01 * size, "LoRA was filled again after its division"',
    'steps = __import__("torch.optim.optimizer", fromlist=["Optimizer"])',
    'steps.register_optimizer_step_pre_hook(check)',
  ];
}

function dividedWithWeights(start: InitStart): string[] {
  const { method, k } = start;
  const { A, B } = divisorsOf(start);
  const adapter = adapterOf(start);
  const isGa = method === 'lora-ga';
  const by = (divisor: number): string => pythonNumber(divisor) + (isGa ? ' / done' : '');
  return [
    `# ${method} subtracted scaling * B @ A from the frozen weights. What the factors lose is added back to the weights.`,
    '# If you subtract the untrained adapter later, save it after these lines: it belongs to the corrected weights.',
    `adapter = "${adapter}"`,
    'layers = [module for module in model.modules() if adapter in getattr(module, "lora_A", {})]',
    `assert layers, "the model has no adapter ${adapter}"`,
    ...(isGa
      ? [
          '# With scale="gd_scale", LoRA-GA has already divided both factors by the scaling.',
          `done = ${pythonNumber(k)} if model.peft_config[adapter].lora_ga_config.scale == "gd_scale" else 1.0`,
        ]
      : []),
    'for layer in layers:',
    '    frozen = layer.get_base_layer().weight',
    '    assert frozen.is_floating_point(), "quantised weights cannot be corrected"',
    '    before = layer.get_delta_weight(adapter)',
    `    layer.lora_A[adapter].weight.data.div_(${by(A)})`,
    `    layer.lora_B[adapter].weight.data.div_(${by(B)})`,
    '    frozen.data.add_((before - layer.get_delta_weight(adapter)).detach())',
    "# Embedding layers have PEFT's default init.",
    'for name, p in model.named_parameters():',
    ...ifEnds(`.lora_embedding_A.${adapter}`, A),
    ...ifEnds(`.lora_embedding_B.${adapter}`, B),
  ];
}

/** Inside a loop over parameters `name, p`. */
const ifEnds = (end: string, divisor: number): string[] => [
  `    if name.endswith("${end}"):`,
  `        p.data.div_(${pythonNumber(divisor)})`,
];

/** The ends of the names of one adapter's parameters. Those of embedding layers have no `weight`. */
export const endsOf = (names: readonly string[], start: Pick<InitStart, 'adapter'>): string[] =>
  names.map((name) => `.${name}.${adapterOf(start)}${name.includes('embedding') ? '' : '.weight'}`);

export const adapterOf = ({ adapter = 'default' }: Pick<InitStart, 'adapter'>): string => adapter;

/** A number as a Python float literal, with all its digits. */
export function pythonNumber(value: number): string {
  const text = String(value);
  return /[.e]/.test(text) ? text : `${text}.0`;
}

const quoted = (texts: readonly string[]): string => texts.map((text) => `"${text}"`).join(', ');

const pythonSet = (texts: readonly string[]): string => `{${quoted(texts)}}`;

export const pythonTuple = (texts: readonly string[]): string => `(${quoted(texts)}${texts.length === 1 ? ',' : ''})`;

/** Joins lines, each after `indent`; empty lines stay empty. */
export const indented = (lines: readonly string[], indent: string): string =>
  lines.map((line) => (line === '' ? line : indent + line)).join('\n');
