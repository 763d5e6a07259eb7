import { describe, expect, it } from 'vitest';
import { readConfig } from '../../../../../../src/config/read';
import { rewriteConfig } from '../../../../../../src/config/rewrite';
import { HEAD, loop, script, unread } from './scripts';

describe('uses that are understood', () => {
  it.each([
    ['nothing besides', {}],
    ['a frozen base', { before: 'for p in model.parameters():\n    p.requires_grad = False' }],
    ['a base in another precision', { before: 'for p in model.parameters():\n    p.data = p.data.to(torch.float32)' }],
    ['a trained base that PEFT freezes', { before: 'model.requires_grad_(True)' }],
    ['a print', { made: 'model.print_trainable_parameters()\nprint(args, config)' }],
    ['checkpointing', { made: 'model.gradient_checkpointing_enable()\nmodel.enable_input_require_grads()' }],
    ['the config of the base model', { made: 'model.config.use_cache = False' }],
    ['the precision of LoRA', { made: 'for n, p in model.named_parameters():\n    p.data = p.data.float()' }],
    ['a variable that is deleted by its name', { made: 'del globals()["rows"]' }],
    ['a count', { made: 'sum(p.numel() for p in model.parameters() if p.requires_grad)' }],
    ['another seed and length', { made: 'args.seed = 3\nargs.num_train_epochs = 2' }],
    [
      'a loss of its own',
      {
        made: 'class Mine(Trainer):\n    def compute_loss(self, model, inputs, **kw):\n        return model(**inputs).loss',
      },
    ],
    [
      'a callback that prints',
      {
        made: 'class Log(TrainerCallback):\n    def on_log(self, args, state, control, logs=None, **kwargs):\n        print(logs)',
        behind: 'trainer.add_callback(Log())',
      },
    ],
    [
      'the optimizer that is read',
      {
        made: 'optimizer = torch.optim.SGD(model.parameters(), lr=1e-2)',
        given: ', optimizers=(optimizer, None)',
      },
    ],
    ['a function of its own that prints', { made: 'def show(m):\n    m.print_trainable_parameters()\nshow(model)' }],
    ['another name', { made: 'm = model\nm.eval()' }],
    [
      'a chosen optimizer by an option',
      { made: 'kind = "adamw"\nif kind.lower() == "sgd":\n    args.learning_rate = 3' },
    ],
    ['a call of the base class', { made: 'class Mine(Trainer):\n    def log(self, *a):\n        super().log(*a)' }],
    ['a keyword that is called as an object', { made: 'client = OpenAI(model="gpt")' }],
    [
      'a device that is asked of a parameter',
      { made: 'device = next(p.device for p in model.parameters())\nx = torch.rand(3, device=device)' },
    ],
    ['a branch that is never taken', { made: 'again = None\nif again is not None:\n    model.load_state_dict(again)' }],
  ])('%s', (_, parts) => {
    expect(unread(script(parts))).toEqual([]);
  });

  it.each([
    ['a loop', {}],
    ['shares of the rate', { made: 'torch.optim.lr_scheduler.LambdaLR(optimizer, lambda step: 0.9**step)' }],
    ['a scaler', { made: 'scaler = torch.amp.GradScaler()', step: 'scaler.unscale_(optimizer)' }],
    ['accelerate', { made: 'model, optimizer = accelerator.prepare(model, optimizer)' }],
    ['a clip', { step: 'torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)' }],
    ['a printed rate', { step: 'print(optimizer.param_groups[0]["lr"])' }],
    ['a norm of the gradient', { step: 'sum(p.grad.norm() for p in model.parameters())' }],
  ])('%s', (_, parts) => {
    expect(unread(loop(parts))).toEqual([]);
  });

  it('a branch that an argument’s default rules out', () => {
    const text = `from peft import LoraConfig, get_peft_model, set_peft_model_state_dict
from transformers import Trainer, TrainingArguments
def train(base="m", again=None):
    model = get_peft_model(base, LoraConfig(r=8, lora_alpha=16))
    if again:
        set_peft_model_state_dict(model, weights)
    args = TrainingArguments(output_dir="out", learning_rate=1e-3)
    trainer = Trainer(model=model, args=args)
    trainer.train(again)
train()
`;
    expect(unread(text)).toEqual([]);
    expect(unread(text.replace('train()\n', 'train(again="there")\n'))).toEqual([
      'set_peft_model_state_dict(model, weights)',
    ]);
  });

  it('code after the training, and functions that try the model', () => {
    const ask = 'def ask(model):\n    print(model.generate())\n';
    const behind = 'model.load_adapter("other")\nask(model)\n';
    expect(unread(`${ask}${script({})}${behind}`)).toEqual([]);
    const again = `def further(model):\n    Trainer(model=model).train()\n${ask.replace('print', 'further(model)\n    print')}`;
    expect(unread(`${again}${script({})}${behind}`)).toContain('model.load_adapter("other")');
  });

  it('whatever comes behind the training', () => {
    expect(
      unread(`${script({})}\nmodel = quantize(model)\nfor p in model.parameters():\n    p.data.mul_(2)\n`),
    ).toEqual([]);
  });
});

describe('uses that are not understood', () => {
  it.each([
    ['args.learning_rate = 2e-3', 'args.learning_rate = 2e-3 !'],
    ['args.set_optimizer("sgd", learning_rate=1.0)', 'args.set_optimizer("sgd", learning_rate=1.0) !'],
    ['args.set_lr_scheduler("polynomial")', 'args.set_lr_scheduler("polynomial") !'],
    ['setattr(args, "weight_decay", 0.1)', 'setattr(args, "weight_decay", 0.1) !'],
    ['setattr(args, name, 0.1)', 'setattr(args, name, 0.1) !'],
    ['vars(args).update(more)', 'vars(args).update(more) !'],
    ['args.__dict__.update(more)', 'args.__dict__.update(more) !'],
    ['args = dataclasses.replace(args, learning_rate=1e-2)', 'dataclasses.replace(args, learning_rate=1e-2) !'],
    ['also = args\nalso.learning_rate = 3', 'also.learning_rate = 3 !'],
    ['config.lora_alpha = 32', 'config.lora_alpha = 32 !'],
    ['model.peft_config["default"].lora_alpha = 32', 'model.peft_config["default"].lora_alpha = 32 !'],
    ['model.q_proj.scaling["default"] = 4.0', 'model.q_proj.scaling["default"] = 4.0 !'],
    ['for m in model.modules():\n    m.set_scale("default", 2)', 'm.set_scale("default", 2) !'],
    ['model.add_adapter("other", LoraConfig())', 'model.add_adapter("other", LoraConfig()) !'],
    [
      'model.load_adapter("there", "other", is_trainable=True)',
      'model.load_adapter("there", "other", is_trainable=True)',
    ],
    ['model.load_state_dict(torch.load("there"))', 'model.load_state_dict(torch.load("there"))'],
    ['set_peft_model_state_dict(model, weights)', 'set_peft_model_state_dict(model, weights)'],
    ['for p in model.parameters():\n    p.requires_grad = True', 'p.requires_grad = True'],
    [
      'for n, p in model.named_parameters():\n    if "lora_" in n:\n        p.requires_grad = True',
      'p.requires_grad = True',
    ],
    ['for n, p in model.named_parameters():\n    p.data.mul_(2)', 'p.data.mul_(2)'],
    ['for n, p in model.named_parameters():\n    p.register_hook(f)', 'p.register_hook(f)'],
    [
      'for n, p in model.named_parameters():\n    torch.nn.init.normal_(p, std=0.02)',
      'torch.nn.init.normal_(p, std=0.02) !',
    ],
    ['model.lm_head.weight.requires_grad = True', 'model.lm_head.weight.requires_grad = True'],
    ['model.half()', 'model.half()'],
    ['model.to(torch.bfloat16)', 'model.to(torch.bfloat16)'],
    ['again = get_peft_model(other, config)', 'get_peft_model(other, config)'],
    [
      'class Mine(Trainer):\n    def compute_loss(self, model, inputs):\n        return sum(p.square().sum() for p in model.parameters())',
      'p.square()',
    ],
    ['patch(model)', 'patch(model)'],
    ['patch(args)', 'patch(args) !'],
    ['def change(a):\n    a.learning_rate = 2\nchange(args)', 'a.learning_rate = 2 !'],
    ['Trainer.create_optimizer = mine', 'Trainer.create_optimizer = mine !'],
    ['torch.optim.AdamW.step = mine', 'torch.optim.AdamW.step = mine !'],
    ['exec(open("config.py").read())', 'exec(open("config.py").read()) !'],
    ['globals()["lr"] = 3', 'globals()["lr"] = 3 !'],
    ['class Mine(Trainer):\n    def create_optimizer(self):\n        return make()', 'def create_optimizer(self) !'],
    [
      'class Mine(Trainer):\n    def training_step(self, model, inputs):\n        return f()',
      'def training_step(self, model, inputs)',
    ],
    [
      'class Slow(TrainerCallback):\n    def on_step_end(self, args, state, control, optimizer=None, **kwargs):\n        for group in optimizer.param_groups:\n            group["lr"] = 1e-5',
      'group["lr"] = 1e-5 !',
    ],
    [
      'class Slow(TrainerCallback):\n    def on_step_end(self, args, state, control, **kwargs):\n        kwargs["optimizer"].param_groups[0]["lr"] *= 0.5',
      'kwargs["optimizer"].param_groups[0]["lr"] *= 0.5 !',
    ],
  ])('%s', (made, expected) => {
    expect(unread(script({ made }))).toEqual([expected]);
  });

  it.each([
    [', optimizers=make(model)', ['optimizers=make(model) !']],
    [
      ', optimizers=(create_lorafa_optimizer(model=model, r=8, lora_alpha=16, lr=7e-5), None)',
      ['create_lorafa_optimizer(model=model, r=8, lora_alpha=16, lr… !'],
    ],
    [', optimizers=(build(model), None)', ['optimizers=(build(model), None) !']],
    [', optimizer_cls_and_kwargs=(SGD, {})', ['optimizer_cls_and_kwargs=(SGD, {}) !']],
  ])('a trainer with %s', (given, expected) => {
    expect(unread(script({ given }))).toEqual(expect.arrayContaining(expected));
  });

  it.each([
    ['trainer.optimizer = mine', 'trainer.optimizer = mine !'],
    ['trainer.args.learning_rate = 1', 'trainer.args.learning_rate = 1 !'],
    ['trainer.hyperparameter_search(space)', 'trainer.hyperparameter_search(space)'],
    ['patch(trainer)', 'patch(trainer) !'],
  ])('%s', (behind, expected) => {
    const found = unread(script({ behind }));
    expect(found.map((each) => each.replace(' !', ''))).toEqual([expected.replace(' !', '')]);
    expect(found).toEqual([behind.startsWith('trainer.hyper') ? `${expected} !` : expected]);
  });

  it.each([
    [{ made: 'for group in optimizer.param_groups:\n    group["lr"] = 3e-4' }, ['group["lr"] = 3e-4 !']],
    [
      { made: 'optimizer.add_param_group({"params": more, "lr": 1e-5})' },
      ['optimizer.add_param_group({"params": more, "lr": 1e-5}) !'],
    ],
    [{ made: 'optimizer.load_state_dict(state)' }, ['optimizer.load_state_dict(state) !']],
    [{ made: 'tune(optimizer)' }, ['tune(optimizer) !']],
    [{ made: 'second = torch.optim.SGD(model.parameters(), lr=1)' }, ['torch.optim.SGD(model.parameters(), lr=1) !']],
    [{ made: 'schedule = WarmThenFall(optimizer, 1e-5)' }, ['WarmThenFall(optimizer, 1e-5) !']],
    [{ step: 'for p in model.parameters():\n        p.grad.clamp_(-1, 1)' }, ['p.grad.clamp_(-1, 1)']],
    [{ step: 'for p in model.parameters():\n        p.grad = p.grad / 2' }, ['p.grad = p.grad / 2']],
    [{ step: 'loss = loss + sum(p.pow(2).sum() for p in model.parameters())' }, ['p.pow(2)']],
    [{ step: 'if norm > 0.5: optimizer.step()' }, ['norm > 0.5 !']],
    [{ step: 'if torch.isfinite(norm) and norm < 10: optimizer.step()' }, ['torch.isfinite(norm) and norm < 10 !']],
    [{ step: 'optimizer.step() if norm < 10 else None' }, ['optimizer.step() if norm < 10 else None !']],
    [{ step: 'while norm < 10: optimizer.step()' }, ['norm < 10 !']],
    [
      { step: 'size = torch.nn.utils.clip_grad_norm_(model.parameters(), 1)\n    if size > 2: continue' },
      ['size > 2 !'],
    ],
    [{ step: 'size = grad_norm.item()\n    if size > 2: continue' }, ['size > 2 !']],
    [
      { step: 'size, k = torch.nn.utils.clip_grad_norm_(model.parameters(), 1), 3\n    if size > 2: continue' },
      ['size > 2 !'],
    ],
    [{ step: 'skip = False\n    if norm > 2: skip = True\n    if skip: continue' }, ['norm > 2 !']],
    [{ step: 'if late:\n        if norm > 2: continue' }, ['norm > 2 !']],
    [
      { step: 'sum_ = 0\n    for p in model.parameters(): sum_ += p.grad.norm()\n    if sum_ > 2: continue' },
      ['sum_ > 2 !'],
    ],
    [{ step: 'if norm > 2: print("large")\n    else: optimizer.step()' }, ['norm > 2 !']],
    [{ step: 'if norm > 2: optimizer.zero_grad()' }, ['norm > 2 !']],
    [{ step: 'if norm < 1e-3: break' }, ['norm < 1e-3 !']],
    [{ step: 'assert norm < 100' }, ['norm < 100 !']],
    [{ step: 'late = norm > 2\n    if late is True: continue' }, ['late is True !']],
    [{ step: 'sizes.append(p.grad.norm())\n    if sum(sizes) > 1: continue' }, ['sum(sizes) > 1 !']],
    [{ step: 'if norm > 2: print("large")' }, []],
    [{ step: 'if not torch.isfinite(norm) or norm != norm or norm == float("inf"): continue' }, []],
    [{ step: 'for p in model.parameters():\n        if p.grad is None: continue' }, []],
    [
      { made: 'tower = model.vision_tower\nfor p in tower.parameters(): p.requires_grad = True' },
      ['p.requires_grad = True'],
    ],
    [
      { made: 'for p in model.get_output_embeddings().parameters(): p.requires_grad = True' },
      ['p.requires_grad = True'],
    ],
    [
      { optimizer: 'torch.optim.AdamW([{"params": model.parameters(), KEY: 1}])' },
      ['{"params": model.parameters(), KEY: 1} !'],
    ],
    [{ before: 'g = {"params": p}\ng.update(lr=1)', optimizer: 'torch.optim.AdamW([g])' }, ['g.update(lr=1) !']],
    [{ made: 'log = {"params": 3, "loss": 0}' }, []],
    [{ made: 'for p in model.classifier.parameters():\n    p.requires_grad = True' }, ['p.requires_grad = True']],
    [{ made: 'head = model.lm_head\nhead.weight.requires_grad = True' }, ['head.weight.requires_grad = True']],
    [{ made: 'for m in [model.lm_head]: m.requires_grad_(True)' }, ['m.requires_grad_(True)']],
    [{ made: 'for p, name in zip(model.parameters(), names): p.requires_grad = True' }, ['p.requires_grad = True']],
    [{ optimizer: 'torch.optim.AdamW(get_grouped_parameters(model))' }, ['get_grouped_parameters(model) !']],
    [{ optimizer: 'make_optimizer(model)' }, ['make_optimizer(model) !']],
  ])('in a loop: %s', (parts, expected) => {
    expect(unread(loop(parts))).toEqual(
      expected.length === 1 && 'optimizer' in parts ? expect.arrayContaining(expected) : expected,
    );
  });

  it.each([
    ['from a function', 'def made(m):\n    return [G]', 'made(model)'],
    ['added one by one', 'groups = []\ngroups.append(G)', 'groups'],
    ['added as a list', 'groups = []\ngroups += [G]', 'groups'],
    ['in a sum of lists', 'groups = [G] + []', 'groups'],
    ['in a comprehension', '', '[G for p in model.parameters()]'],
  ])('groups with numbers of their own, %s', (_, made, groups) => {
    const group = '{"params": model.parameters(), "lr": 5e-4}';
    const parts = { before: made, optimizer: `torch.optim.AdamW(${groups}, lr=1e-3)` };
    expect(unread(loop(parts).replaceAll('G', group))).toEqual([`${group} !`]);
  });

  it.each([
    [
      'imported twice',
      'try:\n    from bitsandbytes.optim import AdamW8bit as AdamW\nexcept ImportError:\n    from torch.optim import AdamW',
    ],
    ['replaced', 'from torch.optim import AdamW\nif small: AdamW = Lion'],
  ])('an optimizer whose class is %s', (_, before) => {
    const optimizer = 'AdamW(model.parameters(), lr=1e-3)';
    expect(unread(loop({ before, optimizer }))).toEqual([`${optimizer} !`]);
  });

  it('a model that has LoRA under a name of its own', () => {
    const text = `${HEAD}dit = pipe.dit\ndit.add_adapter(LoraConfig(r=8, lora_alpha=16, target_modules=["q"]))\ndit.half()
optimizer = torch.optim.AdamW(dit.parameters(), lr=1e-3)\n`;
    expect(unread(text)).toContain('dit.half()');
  });

  it('a group whose numbers are set later', () => {
    const before = 'g = {"params": model.parameters()}\ng["weight_decay"] = 0.1';
    expect(unread(loop({ before, optimizer: 'torch.optim.AdamW([g], lr=1e-3)' }))).toEqual(['g["weight_decay"] !']);
  });

  it('an optimizer class of the script that has the name of PyTorch’s', () => {
    const text = loop({ optimizer: 'AdamW(model.parameters(), lr=1e-3)' }).replace(
      'config =',
      'class AdamW(torch.optim.Optimizer):\n    def step(self):\n        pass\nconfig =',
    );
    expect(unread(text)).toContain('AdamW(model.parameters(), lr=1e-3) !');
  });

  it.each([
    ['settings.update(use_rslora=True)', ['settings.update(use_rslora=True) !']],
    ['settings["use_rslora"] = True', ['settings["use_rslora"] = True !']],
    ['print(settings)', []],
  ])('a dict of settings behind %s', (line, expected) => {
    const text = script({}).replace(
      'config = LoraConfig(r=8, lora_alpha=16, target_modules=["q_proj"])',
      `settings = dict(lora_dropout=0.1)\n${line}\nconfig = LoraConfig(r=8, lora_alpha=16, **settings)`,
    );
    const found = unread(text);
    expect(found.filter((each) => each.startsWith('settings'))).toEqual(expect.arrayContaining(expected));
    if (expected.length === 0) expect(found).toEqual([]);
  });

  it.each([
    ['adafactor=True', ['adafactor=True !']],
    ['adafactor=False', []],
    ['some_new_rate=3', ['some_new_rate=3 !']],
    ['deepspeed="ds.json"', ['deepspeed="ds.json"']],
    ['deepspeed=None', []],
    ['lr_scheduler_type="polynomial", lr_scheduler_kwargs=more', ['more !']],
    ['lr_scheduler_type="cosine_with_min_lr", lr_scheduler_kwargs=\'{"min_lr": 1e-5}\'', []],
    ['lr_scheduler_kwargs={"min_lr": 1e-5}', []],
    ['gradient_checkpointing=True, report_to="none"', []],
  ])('training arguments with %s', (keyword, expected) => {
    expect(unread(script({ args: `, ${keyword}` }))).toEqual(expected);
  });

  it('an unknown argument of the optimizer', () => {
    const optimizer = 'torch.optim.AdamW(model.parameters(), lr=1e-3, floor=1e-5)';
    expect(unread(loop({ optimizer }))).toEqual(['floor=1e-5 !']);
  });

  it('refuses to write where a number may have to move, and only there', () => {
    const written = (made: string): boolean => {
      const text = script({ made });
      return 'edits' in rewriteConfig(text, readConfig(text, 'a.py'), 0, 64, 'symmetric');
    };
    expect([written('args.learning_rate = 2e-3'), written('patch(model)')]).toEqual([false, true]);
  });

  const again = 'trainer = Trainer(model=model, args=args, train_dataset=rows)';
  it.each([
    ['a second trainer', `trainer.train()\n${again}`, ['Trainer(model=model, args=args, train_dataset=rows)']],
    [
      "a trainer of the first one's model",
      'trainer.train()\ntrainer = Trainer(trainer.model, args)',
      ['Trainer(trainer.model, args)'],
    ],
    ['a trainer in a loop', `for rows in more:\n    ${again}`, ['Trainer(model=model, args=args, train_dataset=rows)']],
    ['a trainer that only evaluates', `trainer.train()\n${again}\ntrainer.evaluate()\nsys.exit()`, []],
    ['a trainer of another branch', '', []],
  ])('an adapter that is trained again: %s', (name, behind, expected) => {
    const text = script({ behind });
    const branch = text.replace(again, `if one:\n    ${again}\nelse:\n    ${again}`);
    const only = name.includes('evaluates') ? text.replace('\ntrainer.train()\ntrainer.save', '\ntrainer.save') : text;
    expect(unread(name.includes('branch') ? branch : only)).toEqual(expected);
  });

  it.each([
    [', callbacks=[EarlyStoppingCallback(3)]', ['EarlyStoppingCallback(3)']],
    [', callbacks=[transformers.EarlyStoppingCallback(3), WandbCallback()]', []],
    [', callbacks=[Clamp(0.1)]', ['Clamp(0.1)']],
    [', callbacks=[mine]', []],
    [', model_init=make', ['make']],
    [', model_init=None', []],
  ])('what a trainer is given from elsewhere: %s', (given, expected) => {
    const made = `import transformers\nfrom swanlab.integration import WandbCallback\nfrom mylib import Clamp\nclass Mine(TrainerCallback):\n    pass\nmine = Mine()`;
    expect(unread(script({ made, given }))).toEqual(expected);
    const added = /callbacks=\[([A-Z].*)\]/.exec(given)?.[1];
    if (added) expect(unread(script({ made, behind: `trainer.add_callback(${added})` }))).toEqual(expected);
  });

  it('a class that trains the head of its model', () => {
    const text = script({}).replace('get_peft_model(model, config)', 'PeftModelForTokenClassification(model, config)');
    expect(unread(text)).toContain('PeftModelForTokenClassification(model, config)');
  });

  it('an optimizer that is created again in every epoch', () => {
    const text = loop({}).replace(
      'for batch',
      'for epoch in range(3):\n  optimizer = torch.optim.AdamW(model.parameters(), lr=1e-3)\n  for batch',
    );
    const inner = text.replace(/ {4}(?=\S)/g, '      ').replace(/^optimizer = .*\n/m, '');
    expect(unread(inner)).toEqual(['torch.optim.AdamW(model.parameters(), lr=1e-3)']);
  });

  it('gives each of several runs what is done to its own objects', () => {
    const text = `${HEAD}one = LoraConfig(r=8, lora_alpha=16)\ntwo = LoraConfig(r=4, lora_alpha=8)\ntwo.lora_alpha = 32\nget_peft_model(model, one)\nget_peft_model(model, two)\n`;
    expect(unread(text).filter((each) => each.startsWith('two'))).toEqual(['two.lora_alpha = 32 !']);
  });

  it('shows the argument if its value is a name assigned above', () => {
    expect(unread(script({ args: ', moved=config' }))).toContain('moved !');
  });
});

describe('a number of an object, which a plan changes', () => {
  it.each([
    ['loss = loss * config.lora_alpha / config.r', ['config.lora_alpha']],
    ['scale = (-config.lora_alpha) ** 2', ['config.lora_alpha']],
    ['loss = loss * model.peft_config["default"].lora_alpha', ['model.peft_config["default"].lora_alpha']],
    ['loss = loss / (1 + optimizer.param_groups[0]["lr"])', ['optimizer.param_groups[0]["lr"]']],
    ['print(config.lora_alpha / config.r)', []],
    ['print(f"{1e3 * optimizer.param_groups[0][\'lr\']}")', []],
    ['loss *= config.lora_alpha', ['config.lora_alpha']],
    ['loss = loss * float(config.lora_alpha)', ['float(config.lora_alpha)']],
    ['lr = torch.tensor(optimizer.param_groups[0]["lr"])\n    loss = loss * lr', ['lr']],
    ['loss = loss.mul(config.lora_alpha)', ['config.lora_alpha']],
    ['loss = loss / math.sqrt(config.lora_alpha)', ['config.lora_alpha']],
    ['lr = float(optimizer.param_groups[0]["lr"])\n    wandb.log({"lr": lr})', []],
    ['lr = optimizer.param_groups[0]["lr"]\n    loss = loss * lr', ['lr']],
    ['loss = loss * optimizer.defaults["lr"]', ['optimizer.defaults["lr"]']],
    ['alpha, rank = config.lora_alpha, config.r\n    loss = loss * (alpha / rank)', ['alpha']],
    ['loss = weighed(loss, config.lora_alpha)', ['alpha']],
    ['for group in optimizer.param_groups:\n        loss = loss - group["eps"]', ['group["eps"]']],
    ['loss = loss * model.q_proj.scaling["default"]', ['model.q_proj.scaling["default"]']],
    ['lr = optimizer.param_groups[0]["lr"]\n    print("lr", lr * 1e3)', []],
    ['size = 2 * config.r', []],
    ['alpha = config.lora_alpha', []],
  ])('%s: computed with %j', (step, computed) => {
    const before = 'def weighed(loss, alpha):\n    return loss * alpha / 8\n';
    expect(unread(loop({ before, step }))).toEqual(computed);
  });

  it('is one of the training arguments, too', () => {
    expect(unread(script({ made: 'steps = int(args.learning_rate * 1e6)' }))).toEqual(['args.learning_rate']);
  });
});

describe('the state dict of a model', () => {
  it.each([
    ['model.state_dict()["lora"].mul_(2)', 'model.state_dict()["lora"].mul_(2)'],
    ['states = model.state_dict()\nstates["lora"].copy_(other)', 'states["lora"].copy_(other)'],
    ['for name, w in model.state_dict().items():\n    w.clamp_(-1, 1)', 'w.clamp_(-1, 1)'],
    ['tune(model.state_dict())', 'tune(model.state_dict())'],
  ])('%s', (made, expected) => {
    expect(unread(loop({ made }))).toEqual([expected]);
  });

  it.each([
    ['before = {k: v.clone() for k, v in model.state_dict().items()}'],
    ['print(len(model.state_dict()), model.state_dict()["lora"].shape)'],
    ['torch.save(model.state_dict(), "a.pt")'],
  ])('%s is harmless', (made) => {
    expect(unread(loop({ made }))).toEqual([]);
  });
});

describe('what was called exact and was another run', () => {
  it.each([
    ['a backward pass of its own', 'trainer.accelerator.backward = clamped'],
    ['a clip of its own, by another name', 'acc = trainer.accelerator\nacc.clip_grad_norm_ = clip'],
    ['a clip of its own, by setattr', 'setattr(trainer.accelerator, "clip_grad_norm_", clip)'],
    [
      'keyword arguments of a callback by another name',
      'class Clamp(TrainerCallback):\n    def on_step_end(self, args, state, control, **kw):\n        for p in kw["model"].parameters():\n            p.data.clamp_(-1, 1)\ntrainer.add_callback(Clamp())',
    ],
    [
      'a model that a callback gets by its name',
      'class Clamp(TrainerCallback):\n    def on_step_end(self, args, state, control, model=None, **kw):\n        for p in model.parameters():\n            p.clamp_(-1, 1)\ntrainer.add_callback(Clamp())',
    ],
  ])('%s', (_, behind) => {
    expect(unread(script({ behind }))).toHaveLength(1);
  });

  it.each([
    ['by map', 'list(map(again, [trainer]))'],
    ['from a dict', 'STAGES["again"](trainer)'],
    ['by another name', 'go = trainer.train\ngo()'],
  ])('a second training %s', (_, start) => {
    const made = 'def again(t):\n    t.train()\nSTAGES = {"again": again}';
    const text = `${script({ made })}trainer.args.learning_rate = 5e-3\n${start}\n`;
    expect(unread(text)).toContain('trainer.args.learning_rate = 5e-3 !');
  });

  it('a second training in another file', () => {
    const text = `${script({})}model.load_state_dict(other)\nfinetune(model)\n`;
    expect(unread(text)).toContain('model.load_state_dict(other)');
    expect(unread(text.replace('finetune(model)', 'show(model)'))).toEqual([]);
  });

  it.each([
    ['twice', 'go()\ngo()', 1],
    ['in a loop', 'for _ in range(2):\n    go()', 1],
    ['in a comprehension', '[go() for _ in range(2)]', 1],
    ['once', 'go()', 0],
    ['in one of two branches', 'if fast:\n    go()\nelse:\n    go()', 0],
  ])('a function that makes the optimizer, called %s', (_, calls, count) => {
    const made = `def go():\n    optimizer = torch.optim.SGD(model.parameters(), lr=1e-2)\n    optimizer.step()\n${calls}`;
    const text = `${HEAD}config = LoraConfig(r=8, lora_alpha=16)\nmodel = get_peft_model(model, config)\n${made}\n`;
    expect(unread(text)).toHaveLength(count);
  });

  it('a method that trains, called twice', () => {
    const made = 'class Runner:\n    def go(self):\n        Trainer(model=model, args=args).train()\nrunner = Runner()';
    const text = `${HEAD}config = LoraConfig(r=8, lora_alpha=16)\nmodel = get_peft_model(model, config)\nargs = TrainingArguments(learning_rate=1e-3)\n${made}\nrunner.go()\n`;
    expect(unread(text)).toEqual([]);
    expect(unread(`${text}runner.go()\n`)).toHaveLength(1);
  });
});
