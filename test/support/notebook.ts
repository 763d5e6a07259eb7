/** A cell of a notebook's file. */
interface StoredCell {
  kind: 'markdown' | 'code';
  source: string;
}

/**
 * A notebook's file as Jupyter and VS Code write it (nbformat 4.4: no ids of cells): keys in order, one blank a level. The
 * first code cell has an output.
 */
export function notebookFile(cells: readonly StoredCell[]): string {
  let count = 0;
  const stored = cells.map(({ kind, source }) => {
    const lines = source.split(/(?<=\n)/);
    if (kind === 'markdown') return { cell_type: kind, metadata: {}, source: lines };
    count += 1;
    const output = { name: 'stdout', output_type: 'stream', text: ['lora_alpha = 16\n'] };
    return {
      cell_type: kind,
      execution_count: count,
      metadata: {},
      outputs: count === 1 ? [output] : [],
      source: lines,
    };
  });
  const metadata = {
    kernelspec: { display_name: 'Python 3', language: 'python', name: 'python3' },
    language_info: { name: 'python', version: '3.12.0' },
  };
  return `${JSON.stringify({ cells: stored, metadata, nbformat: 4, nbformat_minor: 4 }, null, 1)}\n`;
}

const code = (source: string): StoredCell => ({ kind: 'code', source });

const TITLE: StoredCell = { kind: 'markdown', source: '# A fine-tune of our own\nlora_alpha is 16 below.' };

const INSTALL = code('%%capture\n!pip install unsloth');

const MODEL = `model = FastLanguageModel.get_peft_model(
    model,
    r = rank, # any number above 0
    target_modules = ["q_proj", "k_proj", "v_proj", "o_proj"],
    lora_dropout = 0,
    lora_alpha = 16,  # as "usual"
    bias = "none",
)`;

const trainer = (rate: string): string => `trainer = SFTTrainer(
    model = model,
    args = TrainingArguments(
        max_steps = 60,
        learning_rate = ${rate},
        optim = "adamw_torch",
        weight_decay = 0.01,
        max_grad_norm = 1.0,
        adam_epsilon = 1e-8,
        output_dir = "outputs",
        bf16 = True,
    ),
)`;

const LOAD = `from unsloth import FastLanguageModel
rank = 16
model, tokenizer = FastLanguageModel.from_pretrained("unsloth/any-model", load_in_4bit = True)`;

const IMPORTS = 'from trl import SFTTrainer\nfrom transformers import TrainingArguments\n';

/** A fine-tune over four code cells: the rank stands in cell 3, alpha in line 6 of cell 4, the rate in line 7 of cell 5. */
export const UNSLOTH = notebookFile([TITLE, INSTALL, code(LOAD), code(MODEL), code(IMPORTS + trainer('2e-4'))]);

/** The same, but its rate is a variable that cell 3 sets in line 3. */
export const UNSLOTH_VARIABLE = notebookFile([
  TITLE,
  INSTALL,
  code(LOAD.replace('rank = 16\n', 'rank = 16\nlr = 2e-4\n')),
  code(MODEL),
  code(IMPORTS + trainer('lr')),
]);

/** No alpha is written, and the one that Unsloth takes is a quarter of the rank. */
export const UNSLOTH_IMPLIED = notebookFile([
  TITLE,
  INSTALL,
  code(LOAD.replace('rank = 16', 'rank = 64')),
  code(MODEL.replace('    lora_alpha = 16,  # as "usual"\n', '')),
  code(IMPORTS + trainer('2e-4')),
]);

/** Two networks in one cell. */
export const TWO_NETWORKS = notebookFile([
  code('from peft import LoraConfig\na = LoraConfig(r=8, lora_alpha=32)\nb = LoraConfig(r=16, lora_alpha=16)'),
]);

/** A notebook that speaks of alphas and ranks, and trains no LoRA. */
export const FOREIGN_NOTEBOOK = notebookFile([
  { kind: 'markdown', source: 'Alpha is the exponent of the power law, not that of LoRA.' },
  code('import numpy as np\nalpha, rank = 0.5, 3\nlr = 1e-3\nplt.plot(x, y, alpha=alpha)'),
]);
