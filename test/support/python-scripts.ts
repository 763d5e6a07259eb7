import { pieces } from './pieces';

/** Small scripts and notebooks whose numbers are locked or unknown, or which do more than LoRA Alpha understands. */
const HEAD = `import argparse, dataclasses, torch
from peft import LoraConfig, PeftModelForTokenClassification, get_peft_model, set_peft_model_state_dict
from transformers import Trainer, TrainerCallback, TrainingArguments
`;
const MADE = `config = LoraConfig(r=8, lora_alpha=16, target_modules=["q_proj"])
model = get_peft_model(base, config)
`;

/** A script that trains with the Trainer; lines go before the trainer and behind it. */
function trained(made: string, { args = '', given = '', behind = '' } = {}): string {
  return `${HEAD}${MADE}args = TrainingArguments("out", learning_rate=1e-3, optim="adamw_torch"${args})
${made}
trainer = Trainer(model=model, args=args${given})
${behind}
trainer.train()
`;
}

/** A script with a loop of its own. */
function looped(
  made: string,
  { step = '', optimizer = 'torch.optim.AdamW(model.parameters(), lr=1e-3)' } = {},
): string {
  return `${HEAD}${MADE}optimizer = ${optimizer}
${made}
for batch in rows:
    model(**batch).loss.backward()
    ${step}
    optimizer.step()
`;
}

/** A script with these arguments of the LoRA config. */
function configured(before: string, lora: string, behind = ''): string {
  return `${HEAD}${before}
model = get_peft_model(base, LoraConfig(${lora}))
trainer = Trainer(model=model, args=TrainingArguments("out", learning_rate=1e-3, optim="adamw_torch"))
trainer.train()
${behind}
`;
}

/** A script whose numbers come from options of the command line. */
function parsed(options: string, behind = ''): string {
  return configured(
    `parser = argparse.ArgumentParser()
parser.add_argument("--rank", type=int, default=8)
parser.add_argument("--resume", action="store_true")
parser.add_argument("--again", action="store_true")
args = parser.parse_args()
${options}`,
    'r=args.rank, lora_alpha=args.rank',
    behind,
  );
}

/** Lines between the LoRA model and its trainer. */
const BESIDE_TRAINER = pieces`
  args.learning_rate = 2e-3 ¦ args.set_optimizer("sgd") ¦ args.set_lr_scheduler("polynomial")
  args.set_training(learning_rate=1) ¦ args.set_other(1) ¦ setattr(args, name, 0.1) ¦ vars(args).update(more)
  args = dataclasses.replace(args, learning_rate=1e-2) ¦ config.lora_alpha = 32 ¦ config.update(more)
  setattr(config, name, 3) ¦ model.q_proj.scaling["default"] = 4.0 ¦ model.q_proj.scaling.update(more)
  model.q_proj.lora_alpha = 3 ¦ for m in model.modules():\n    m.set_scale("default", 2)
  for m in model.modules():\n    m.scale_layer(2) ¦ for m in model.modules():\n    m.unscale_layer(2)
  for m in model.modules():\n    m.update_layer("default", 4)
  for m in model.modules():\n    m.reset_lora_parameters("default", True) ¦ model.apply(f)
  model.initialize_lora_eva_weights() ¦ model.overhaul() ¦ model.add_adapter("other", LoraConfig())
  model.load_adapter("there", "other") ¦ model.set_adapter("other") ¦ model.set_adapters(["other"], [2])
  model.add_weighted_adapter(["other"], [2], "mixed") ¦ model.load_state_dict(weights)
  set_peft_model_state_dict(model, weights) ¦ replace_lora_weights_loftq(model) ¦ preprocess_loraga(model)
  for p in model.parameters():\n    p.requires_grad = True
  for n, p in model.named_parameters():\n    p.data.mul_(2)
  for n, p in model.named_parameters():\n    p.data = p.data * 2
  for n, p in model.named_parameters():\n    p.register_hook(f)
  for n, p in model.named_parameters():\n    p.square()
  for n, p in model.named_parameters():\n    torch.nn.init.normal_(p) ¦ model.half()
  again = get_peft_model(other, config) ¦ patch(model.peft_config) ¦ patch(args) ¦ patch(config) ¦ patch(model)
  patch(model.parameters()) ¦ def change(a):\n    a.weight_decay = 2\nchange(args) ¦ torch.optim.AdamW.step = mine
  exec(open("config.py").read()) ¦ globals()["lr"] = 3 ¦ accelerator.load_state("there")
  class Mine(Trainer):\n    def create_optimizer(self):\n        return make()
  class Mine(Trainer):\n    def create_scheduler(self):\n        return make()
  class Mine(Trainer):\n    def get_optimizer_cls_and_kwargs(self):\n        return make()
  class Mine(Trainer):\n    def get_optimizer_group(self):\n        return make()
  class Mine(Trainer):\n    def optimizer_step(self):\n        return make()
  class Mine(Trainer):\n    def get_decay_parameter_names(self):\n        return make()
  class Mine(Trainer):\n    def training_step(self):\n        return make()
  class Mine(Trainer):\n    def inner_training_loop(self):\n        return make()
  class Mine(Trainer):\n    def _clip_grad_norm(self):\n        return make()
  class Mine(TrainingArguments):\n    learning_rate: float = 3\nmine = Mine("out")
  class Slow(TrainerCallback):\n    def on_step_end(self, args, state, control, optimizer=None, **kw):\n        optimizer.param_groups[0]["lr"] *= 0.5
  second = TrainingArguments("other", learning_rate=3)
`;

/** Lines between the trainer and its training. */
const BEHIND_TRAINER = pieces`
  trainer.optimizer = mine ¦ trainer.accelerator.backward = clamped ¦ setattr(trainer, name, 1)
  setattr(trainer.accelerator, name, 1) ¦ trainer.hyperparameter_search(space)
  trainer.create_accelerator_and_postprocess() ¦ trainer.overhaul() ¦ trainer.add_callback(Clamp())
  patch(trainer) ¦ patch(trainer.accelerator) ¦ trainer.train()\ntrainer = Trainer(model=model, args=args)
`;

/** Lines before a loop of the script's own. */
const BEFORE_LOOP = pieces`
  for group in optimizer.param_groups:\n    group["lr"] = 3e-4 ¦ optimizer.param_groups = mine
  optimizer.param_groups.append(mine) ¦ optimizer.param_groups[0].update(lr=1)
  optimizer.add_param_group({"params": more}) ¦ optimizer.load_state_dict(state) ¦ optimizer.overhaul()
  optimizer.step = mine ¦ setattr(optimizer, name, 1) ¦ patch(optimizer) ¦ patch(optimizer.param_groups)
  patch(optimizer.param_groups[0]) ¦ second = torch.optim.SGD(model.parameters(), lr=1)
  schedule = WarmThenFall(optimizer, 1e-5)
  class Fall(torch.optim.lr_scheduler.LRScheduler):\n    pass\nschedule = Fall(optimizer)
  schedule = torch.optim.lr_scheduler.StepLR(optimizer, 3)\nschedule.load_state_dict(state)
  schedule = torch.optim.lr_scheduler.StepLR(optimizer, 3)\nschedule.overhaul()
  schedule = torch.optim.lr_scheduler.StepLR(optimizer, 3)\nschedule.base_lrs = [1]
  schedule = torch.optim.lr_scheduler.StepLR(optimizer, 3)\npatch(schedule)
`;

/** Lines between the gradient and the step of a loop. */
const IN_LOOP = pieces`
  for p in model.parameters(): p.grad.clamp_(-1, 1) ¦ for p in model.parameters(): p.grad = p.grad / 2
  for p in model.parameters(): patch(p) ¦ for p in model.parameters(): patch(p.grad)
  for p in model.parameters(): patch(p.data) ¦ for p in model.parameters(): p.data.overhaul()
  for p in model.parameters(): p.grad.overhaul() ¦ if norm > 0.5: optimizer.step()
  torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)\n    torch.nn.utils.clip_grad_norm_(model.parameters(), 2.0)
`;

/** Arguments of the trainer. */
const GIVEN = pieces`
  , optimizers=make(model)
  , optimizer_cls_and_kwargs=(torch.optim.SGD, {"lr": 0.1, "weight_decay": 0.1, "speed": 2})
  , optimizer_cls_and_kwargs=choice ¦ , callbacks=[Clamp(0.1)] ¦ , model_init=make
`;

const named = (kind: string, texts: readonly string[]): (readonly [string, string])[] =>
  texts.map((text, i) => [`${kind}-${i}.py`, text] as const);

/** A notebook of these cells. */
function notebook(...cells: readonly string[]): string {
  const stored = cells.map((source) => ({ cell_type: 'code', metadata: {}, outputs: [], source }));
  return JSON.stringify({ cells: stored, nbformat: 4 });
}

const COMMAND = 'train_network.py --network_module=networks.lora --network_dim 16 --learning_rate 1e-4 --network_alpha';

/** By the name of the file. */
export const PYTHON_SCRIPTS: Readonly<Record<string, string>> = Object.fromEntries([
  ...named(
    'beside',
    BESIDE_TRAINER.map((made) => trained(made)),
  ),
  ...named(
    'behind',
    BEHIND_TRAINER.map((behind) => trained('', { behind })),
  ),
  ...named(
    'before',
    BEFORE_LOOP.map((made) => looped(made)),
  ),
  ...named(
    'in-loop',
    IN_LOOP.map((step) => looped('', { step })),
  ),
  ...named(
    'given',
    GIVEN.map((given) => trained('', { given })),
  ),
  ...named('arguments', [
    trained('', { args: ', some_rate=3' }),
    trained('', { args: ', deepspeed="ds.json"' }),
    trained('', { args: ', **more' }),
    trained('', { behind: 'trainer.train(resume_from_checkpoint=last)' }),
    trained('', { behind: 'trainer.train(resume_from_checkpoint=True)' }),
    trained('').replace('model, config', 'model, config, autocast_adapter_dtype=False').replace('(base,', '(model,'),
    trained('').replace('get_peft_model(base', 'PeftModelForTokenClassification(base'),
    trained('').replace('get_peft_model(base, config)', 'get_peft_model(base, config, autocast_adapter_dtype=False)'),
  ]),
  ...named('optimizer', [
    looped('', { optimizer: 'make_optimizer(model)' }),
    looped('', { optimizer: 'torch.optim.AdamW(model.parameters(), lr=1e-3, floor=1e-5)' }),
    looped('', { optimizer: 'torch.optim.AdamW([{"params": a, "lr": 1e-3}, {"params": b, "lr": 2e-3}])' }),
    looped('', { optimizer: 'create_loraplus_optimizer(model, torch.optim.AdamW, lr=1e-3, loraplus_lr_ratio=4)' }),
  ]),
  ...named('names', [
    configured('A = 16', 'r=8, lora_alpha=A'),
    configured('A = 16', 'r=8, lora_alpha=A', 'print(A)\nuse(A)'),
    configured('A = 16', 'r=8, lora_alpha=A', Array.from({ length: 9 }, (_, i) => `use(${i}, A)`).join('\n')),
    configured('A = 16\nA = 32', 'r=8, lora_alpha=A'),
    configured('A = 16', 'r=8, lora_alpha=A * 2'),
    configured('', 'r=8, lora_alpha=choose()'),
    configured('', 'r=8, lora_alpha=choose(\n    1,\n)'),
    configured('', 'r=8, lora_alpha=16, init_lora_weights="gau\\x73sian"'),
    configured('', 'r=8, lora_alpha=16, target_modules=["q_proj"'),
    configured('', 'r=8, lora_alpha="16"'),
    configured('', 'r=8, **more'),
    configured('', 'r=8, lora_alpha="\\x316"'),
    ...[
      'settings.update(use_rslora=True)',
      'settings["use_rslora"] = True',
      'settings[name] = 1',
      'patch(settings)',
      'settings.overhaul()',
    ].map((use) => configured(`settings = dict(lora_dropout=0.1)\n${use}`, 'r=8, lora_alpha=16, **settings')),
    configured('', 'r=8'),
    `${HEAD}for a in [8, 16]:\n    model = get_peft_model(base, LoraConfig(r=8, lora_alpha=a))\n`,
    `${HEAD}def train(alpha=16):\n    return get_peft_model(base, LoraConfig(r=8, lora_alpha=alpha))\n`,
    `${HEAD}def train(alpha=16):\n    use(alpha)\n    return get_peft_model(base, LoraConfig(r=8, lora_alpha=alpha))\n`,
  ]),
  ...named('options', [
    parsed(''),
    parsed('', 'use(args.rank)'),
    parsed('if args.resume:\n    args.rank = 4'),
    parsed('if args.resume:\n    args.rank = 4\nif args.again:\n    args.rank = 2', 'use(args.rank)'),
    parsed('args.rank = choose()'),
    parsed('').replace(
      /trainer[^]*/,
      'if args.resume:\n    optimizer_class = torch.optim.SGD\nelse:\n    optimizer_class = torch.optim.AdamW\noptimizer = optimizer_class(model.parameters(), lr=1e-3)\noptimizer.step()\n',
    ),
  ]),
  ['value.ipynb', notebook('A = 16', `!python ${COMMAND} {A}`)],
  ['dollar.ipynb', notebook('A = 16', `!python ${COMMAND} $A`)],
  ['twice.ipynb', notebook('A = 16\nA = f()', `!python ${COMMAND} {A}`)],
  ['computed.ipynb', notebook('A = 16', `!python ${COMMAND} {A * 2}`)],
  ['expression.ipynb', notebook('A = 16', `!python ${COMMAND} {f("a") or A}`)],
  ['environment.ipynb', notebook('%env A=16', `!python ${COMMAND} $A`, `%%bash\npython ${COMMAND} $A`)],
  ['unset.ipynb', notebook(`!python ${COMMAND} $A`)],
  ['script.ipynb', notebook(configured('A = 16', 'r=8, lora_alpha=A'), 'print(A)\nuse(A)')],
  ['texts.py', `open("a.yml", "w").write("""adapter: lora\nlora_r: 8\nlora_alpha: 16\nlora_r: 4\n""")\n`],
]);
