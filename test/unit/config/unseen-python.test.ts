import { expect, it } from 'vitest';
import { planConfig } from '../../../src/config/planned';
import { readConfig } from '../../../src/config/read';

const IMPORTS = `import math, os, itertools
import torch
from torch import nn
from peft import LoraConfig, PeftModel, get_peft_model
from transformers import Trainer, TrainingArguments
`;
const CONFIG = `config = LoraConfig(r=16, lora_alpha=16, target_modules=["c_attn"], task_type="CAUSAL_LM")
`;
const MODEL = `${CONFIG}model = get_peft_model(base, config)
`;
const ARGS = `args = TrainingArguments(output_dir="out", learning_rate=2e-4, optim="adamw_torch", weight_decay=0.01)
`;
const TRAIN = `Trainer(model=model, args=args, train_dataset=data).train()
`;
const trained = (beside: string, model = MODEL): string => `${IMPORTS}${beside}${model}${ARGS}${TRAIN}`;
const after = (more: string): string => `${IMPORTS}${MODEL}${more}${ARGS}${TRAIN}`;

const OPTIMIZER = `opt = torch.optim.AdamW(model.parameters(), lr=2e-4, weight_decay=0.01)
`;
const STEPS = `for batch in data:
    loss = model(**batch).loss
    loss.backward()
    torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
    opt.step()
    opt.zero_grad()
`;
const loop = (optimizer = OPTIMIZER, steps = STEPS, model = MODEL): string => `${IMPORTS}${model}${optimizer}${steps}`;
const loss = (line: string): string => STEPS.replace('    loss.backward()', `${line}\n    loss.backward()`);

const CLIPPED = (behind: string): string =>
  STEPS.replace(
    '    torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)\n',
    `    gn = torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)\n${behind}`,
  );

const loralib = (more: string, mark = 'lora.mark_only_lora_as_trainable(model)\n'): string => `import torch
from torch import nn
import loralib as lora
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.q = lora.Linear(64, 64, r=8, lora_alpha=16)
        self.head = nn.Linear(64, 2)
model = Net()
${mark}${more}opt = torch.optim.AdamW(model.parameters(), lr=2e-4)
for batch in data:
    model(batch).backward()
    opt.step()
`;

function isExact(text: string): boolean {
  const reading = readConfig(text, 'a.py');
  expect(reading.isLora).toBe(true);
  const claim = reading.recipes.length > 0 ? planConfig(text, reading, 0, 64).plans[0]?.claim : undefined;
  return claim?.asRead === 'exact' && claim.notUnderstood.length === 0;
}

it.each<[string, string]>([
  ['a script of a Trainer', trained('')],
  ['a script with a loop', loop()],
  [
    'a model of its own that PEFT freezes',
    trained(
      'class Net(nn.Module):\n    def __init__(self):\n        super().__init__()\n        self.lin = nn.Linear(8, 8)\nbase = Net()\n',
    ),
  ],
  [
    'a schedule of shares',
    loop(`${OPTIMIZER}sched = torch.optim.lr_scheduler.LambdaLR(opt, lambda step: max(0.1, 1 - step / 100))\n`),
  ],
  ['loralib', loralib('')],
  ['a NaN check', loop(OPTIMIZER, CLIPPED('    if gn != gn or gn == float("inf"):\n        continue\n'))],
  [
    'clipping that may be off',
    loop(OPTIMIZER, STEPS.replace('    opt.step()', '    if max_grad_norm is not None:\n        opt.step()')),
  ],
  [
    'a function of shares with a comment',
    loop(
      `${OPTIMIZER}def warm(step: int):\n    # decays the lr\n    return max(0.0, 1 - step / 1000)\nsched = torch.optim.lr_scheduler.LambdaLR(opt, warm)\n`,
    ),
  ],
  [
    'a list of the same name elsewhere',
    loop(
      `def count(m):\n    params = list(m.parameters())\n    return len(params)\nparams = [p for p in model.parameters() if p.requires_grad]\n${OPTIMIZER.replace('model.parameters()', 'params')}`,
    ),
  ],
  [
    'a logged norm',
    loop(OPTIMIZER, `norm = sum((p ** 2).sum().item() for p in model.parameters())\nprint(norm)\n${STEPS}`),
  ],
])('still calls exact %s', (_, text) => {
  expect(isExact(text)).toBe(true);
});

it.each<[string, string]>([
  ['an alpha in an object', after('').replace('lora_alpha=16', 'lora_alpha=Option(16)')],
  [
    'a default in an object',
    `${IMPORTS}def main(lr: float = typer.Option(2e-4), alpha: int = typer.Option(16)):\n    model = get_peft_model(base, LoraConfig(r=16, lora_alpha=alpha))\n    args = TrainingArguments(output_dir="o", learning_rate=lr)\n    Trainer(model=model, args=args).train()\n`,
  ],
  [
    'a module around the model',
    `${trained('class Clf(nn.Module):\n    def __init__(self, encoder):\n        super().__init__()\n        self.encoder = encoder\n        self.classifier = nn.Linear(768, 2)\n', `${CONFIG}model = Clf(get_peft_model(base, config))\n`)}`,
  ],
  [
    'a module around the model, trained by a loop',
    `${IMPORTS}${CONFIG}class Clf(nn.Module):\n    def __init__(self, base):\n        super().__init__()\n        self.encoder = get_peft_model(base, config)\n        self.classifier = nn.Linear(768, 2)\nmodel = Clf(base)\n${OPTIMIZER}${STEPS}`,
  ],
  [
    'a module of Lightning',
    `${IMPORTS}import pytorch_lightning as pl\n${CONFIG}class Lit(pl.LightningModule):\n    def __init__(self, base):\n        super().__init__()\n        self.model = get_peft_model(base, config)\n        self.classifier = nn.Linear(768, 2)\n    def configure_optimizers(self):\n        return torch.optim.AdamW(self.parameters(), lr=2e-4)\n`,
  ],
  [
    'two lists of parameters',
    loop(OPTIMIZER.replace('model.parameters()', 'list(model.parameters()) + list(head.parameters())')),
  ],
  [
    'a chain of parameters',
    loop(OPTIMIZER.replace('model.parameters()', 'itertools.chain(model.parameters(), head.parameters())')),
  ],
  ['a list of parameters', loop(OPTIMIZER.replace('model.parameters()', '[*model.parameters(), *head.parameters()]'))],
  [
    'a list that grows',
    loop(
      `params = list(model.parameters())\nparams += list(head.parameters())\n${OPTIMIZER.replace('model.parameters()', 'params')}`,
    ),
  ],
  [
    'a list of modules',
    loop(OPTIMIZER.replace('model.parameters()', 'nn.ModuleList([model, nn.Linear(8, 8)]).parameters()')),
  ],
  ['a head that is set', after('model.value_head = nn.Linear(768, 1)\n')],
  ['a head that is set deep inside', after('model.base_model.model.lm_head = nn.Linear(768, 10)\n')],
  ['loralib with a head', loralib('for p in model.head.parameters(): p.requires_grad = True\n')],
  [
    'loralib with a head by its name',
    loralib('for n, p in model.named_parameters():\n    p.requires_grad = "lora_" in n or "head" in n\n'),
  ],
  ['loralib that trains all', loralib('', '')],
  [
    'norms that train',
    after('for n, p in model.named_parameters():\n    p.requires_grad = "lora" in n or "norm" in n\n'),
  ],
  [
    'any of several names',
    after('for n, p in model.named_parameters():\n    p.requires_grad = any(k in n for k in ("lora", "norm"))\n'),
  ],
  [
    'a choice',
    after(
      'for n, p in model.named_parameters():\n    p.requires_grad = True if "lora" in n or n.endswith("bias") else False\n',
    ),
  ],
  ['setattr', after('for n, p in model.named_parameters():\n    setattr(p, "requires_grad", True)\n')],
  [
    'a penalty',
    loop(
      OPTIMIZER,
      loss('    loss = loss + 1e-3 * sum((p ** 2).sum() for n, p in model.named_parameters() if "lora" in n)'),
    ),
  ],
  [
    'a product of weights',
    loop(OPTIMIZER, loss('    for p in model.parameters():\n        loss = loss + torch.norm(p @ p.T)')),
  ],
  [
    'a penalty on the gradient',
    loop(
      OPTIMIZER,
      loss(
        '    grads = torch.autograd.grad(loss, list(model.parameters()), create_graph=True)\n    loss = loss + sum(g.pow(2).sum() for g in grads)',
      ),
    ),
  ],
  [
    'a floor of the rate',
    loop(
      `MIN_LR = 1e-5\n${OPTIMIZER}def share(step):\n    return max(MIN_LR / opt.defaults["lr"], 1 - step / 100)\nsched = torch.optim.lr_scheduler.LambdaLR(opt, share)\n`,
    ),
  ],
  [
    'a schedule of its own',
    `from torch.optim.lr_scheduler import _LRScheduler\nclass Warm(_LRScheduler):\n    def get_lr(self):\n        return [max(1e-5, b) for b in self.base_lrs]\n${loop(`${OPTIMIZER}sched = Warm(opt)\n`)}`,
  ],
  [
    'a threshold of Lightning',
    loop(OPTIMIZER, 'import pytorch_lightning as pl\npl.Trainer(max_epochs=1, gradient_clip_val=1.0).fit(lit, data)\n'),
  ],
  [
    'settings of DeepSpeed',
    loop(
      `${OPTIMIZER}engine, opt, _, _ = deepspeed.initialize(model=model, optimizer=opt, config={"gradient_clipping": 1.0})\n`,
    ),
  ],
  [
    'a trainer from elsewhere',
    trained('from llava.train.llava_trainer import LLaVATrainer\n').replace('Trainer(model', 'LLaVATrainer(model'),
  ],
  [
    'a trainer derived from one from elsewhere',
    trained('from llava.train.llava_trainer import LLaVATrainer\nclass MyTrainer(LLaVATrainer):\n    pass\n').replace(
      'Trainer(model',
      'MyTrainer(model',
    ),
  ],
  [
    'arguments from elsewhere',
    trained('from my_args import MyTrainingArguments\n').replace('args = Training', 'args = MyTraining'),
  ],
  ['a config from elsewhere', trained('from my_lora import LoraConfig\n')],
  [
    'an adapter that is loaded',
    trained(
      '',
      `${CONFIG}if os.path.isdir("out"):\n    model = PeftModel.from_pretrained(base, "out", is_trainable=True)\nelse:\n    model = get_peft_model(base, config)\n`,
    ),
  ],
  [
    'a pattern that is computed',
    after('').replace('lora_alpha=16,', 'lora_alpha=16, alpha_pattern={f"h.{i}": 32 for i in range(6)},'),
  ],
  [
    'a pattern that is filled',
    trained('', `${CONFIG}config.alpha_pattern["h.0"] = 32\nmodel = get_peft_model(base, config)\n`),
  ],
  [
    'modules that are added',
    trained('', `${CONFIG}config.modules_to_save.append("lm_head")\nmodel = get_peft_model(base, config)\n`),
  ],
  [
    'a step that is left out',
    loop(
      OPTIMIZER,
      STEPS.replace(
        '    torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)\n',
        '    gn = torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)\n    if gn > 10.0:\n        opt.zero_grad()\n        continue\n',
      ),
    ),
  ],
  [
    'a step in an elif',
    loop(
      OPTIMIZER,
      CLIPPED('    if batch is None:\n        pass\n    elif gn < 10:\n        opt.step()\n').replace(
        '    opt.step()\n    opt.zero_grad()\n',
        '    opt.zero_grad()\n',
      ),
    ),
  ],
  [
    'a floor in a method',
    loop(
      `${OPTIMIZER}class W:\n    def share(self, step):\n        return max(self.min_lr / 2e-4, 1 - step / 100)\nsched = torch.optim.lr_scheduler.LambdaLR(opt, w.share)\n`,
    ),
  ],
  [
    'two variables of parameters',
    loop(
      `a = list(model.parameters())\nb = list(head.parameters())\n${OPTIMIZER.replace('model.parameters()', '[*a, *b]')}`,
    ),
  ],
  ['a head by setattr', after('setattr(model, "head", nn.Linear(8, 8))\n')],
  [
    'a step by a norm of its own',
    loop(
      OPTIMIZER,
      STEPS.replace(
        '    opt.step()',
        '    gnorm = torch.stack([p.grad.norm() for p in model.parameters()]).norm()\n    if gnorm < 5:\n        opt.step()',
      ),
    ),
  ],
  [
    'a step by a norm that may be missing',
    loop(OPTIMIZER, CLIPPED('    if gn is None or gn > 10:\n        continue\n')),
  ],
])('calls nothing exact that hangs on %s', (_, text) => {
  expect(isExact(text)).toBe(false);
});

it('takes an object in the place of a rate for no rate, and for no default', () => {
  const text = after('').replace('learning_rate=2e-4', 'learning_rate=Decimal("3e-4")');
  const [recipe] = readConfig(text, 'a.py').recipes;
  expect(recipe).toMatchObject({ learningRate: null, unresolved: { learningRate: 'Decimal(…)' } });
});
