import { type Library } from './library';
import { initFacts } from '../../recipe/init/facts';
import { adapterOf, divideLines, divisorsOf, endsOf, type InitStart } from './divide';
import { pythonNumber } from './python';

/**
 * In embedding layers A starts at zero and B at random, so there it is B that counts.
 * @see https://github.com/huggingface/peft/blob/main/src/peft/tuners/lora/layer.py
 */
export const PEFT_LIBRARY: Library = {
  A: ['lora_A', 'lora_embedding_A'],
  B: ['lora_B', 'lora_embedding_B'],
  hasAdapters: true,
  arrays: 'torch',
};

/**
 * Python that divides PEFT's fresh factors, whatever init filled them, for a model called `model`.
 *
 * Some inits (OLoRA, LoRA-GA) take scaling·B·A out of the frozen weights. They ran at the new scaling and took too much
 * or too little, so what the factors lose must go back: W − s'·B·A + (s'·B·A − s'·B'·A') is what the old scaling left.
 * LoftQ never looks at the scaling, and PiSSA's and CorDA's product does not depend on it: there, nothing goes back.
 */
export function peftLines(start: InitStart): string[] {
  const { method } = start;
  if (initFacts({ init: method }).scaling === 'subtracts') return dividedWithWeights(start);
  const after = method === 'eva' ? ['# After initialize_lora_eva_weights(model), which fills A.'] : [];
  return [...after, ...divideLines(PEFT_LIBRARY, start)];
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
    ...ifEnds(endsOf(['lora_embedding_A'], start), A),
    ...ifEnds(endsOf(['lora_embedding_B'], start), B),
  ];
}

function ifEnds([end = '']: readonly string[], divisor: number): string[] {
  return [`    if name.endswith("${end}"):`, `        p.data.div_(${pythonNumber(divisor)})`];
}
