import * as v from 'valibot';

/** Something that carries messages both ways: a worker, a MessagePort, a webview. */
export interface Port {
  post(message: unknown): void;
  /** Returns a function that stops listening. */
  listen(listener: (message: unknown) => void): () => void;
}

type Schema = v.GenericSchema;

/** What one side can be asked: a schema for each method's parameter and for its answer. */
export type Contract = Readonly<Record<string, { params: Schema; result: Schema }>>;

/** A method without an answer, whose parameter comes from a page and is checked. */
export function asked<S extends Schema = v.UndefinedSchema<undefined>>(
  params?: S,
): { params: S; result: v.VoidSchema<undefined> } {
  return { params: params ?? (v.undefined() as Schema as S), result: v.void() };
}

/** A method whose parameter and answer come from our own host or thread, which sends what the compiler has checked. */
export function unchecked<P = undefined, R = void>(): { params: v.GenericSchema<P>; result: v.GenericSchema<R> } {
  return { params: v.custom<P>(() => true), result: v.custom<R>(() => true) };
}

export type Params<C extends Contract, M extends keyof C> = v.InferOutput<C[M]['params']>;
type MethodResult<C extends Contract, M extends keyof C> = v.InferOutput<C[M]['result']>;

/** What may be sent for it: a schema may turn what arrives into something handier. */
type Sent<S extends Schema> = v.InferInput<S> | v.InferOutput<S>;

export type Handlers<C extends Contract> = {
  [M in keyof C]: (params: Params<C, M>) => Sent<C[M]['result']> | Promise<Sent<C[M]['result']>>;
};

/** The other side, as seen from here. */
export interface Peer<C extends Contract> {
  /** Ask and wait. Rejects when the other side throws, answers nonsense, is disposed of, or takes too long. */
  call<M extends keyof C & string>(method: M, params: Sent<C[M]['params']>): Promise<MethodResult<C, M>>;
  /** Tell, without waiting for an answer. */
  notify<M extends keyof C & string>(method: M, params: Sent<C[M]['params']>): void;
  /** Reject every open call with `reason` and stop listening. */
  dispose(reason?: string): void;
}

/** How long a call may take; the timer functions are passed in because this room knows no platform. */
interface Clock {
  set(callback: () => void, ms: number): unknown;
  clear(timer: unknown): void;
}

/** A call that was given up after its time. */
export class NoAnswer extends Error {}

interface ConnectOptions {
  clock?: Clock;
  /** Milliseconds until a call without an answer is given up; none without a clock. */
  timeoutMs?: number;
  /** Told of every message that fits neither contract, and of handlers that throw on a notification. */
  onFault?: (message: string) => void;
}

const envelope = v.variant('type', [
  v.object({ type: v.literal('call'), id: v.number(), method: v.string(), params: v.optional(v.unknown()) }),
  v.object({ type: v.literal('tell'), method: v.string(), params: v.optional(v.unknown()) }),
  v.object({ type: v.literal('answer'), id: v.number(), value: v.optional(v.unknown()) }),
  v.object({ type: v.literal('failure'), id: v.number(), error: v.string() }),
]);

interface Pending {
  method: string;
  resolve: (value: unknown) => void;
  reject: (error: Error) => void;
  timer: unknown;
}

/**
 * Connects two contracts over a port: `handlers` answer what the other side asks of `local`,
 * the returned peer asks what `remote` offers. Every message is checked against its schema on arrival.
 */
export function connect<L extends Contract, R extends Contract>(
  port: Port,
  local: L,
  handlers: Handlers<L>,
  remote: R,
  { clock, timeoutMs = 10_000, onFault = () => undefined }: ConnectOptions = {},
): Peer<R> {
  const pending = new Map<number, Pending>();
  let lastId = 0;
  let closed: string | null = null;

  const settle = (id: number): Pending | undefined => {
    const call = pending.get(id);
    pending.delete(id);
    if (call && clock) clock.clear(call.timer);
    return call;
  };

  const answer = async (method: string, params: unknown): Promise<unknown> => {
    const known = Object.hasOwn(local, method) ? local[method] : undefined;
    if (!known) throw new Error(`there is no method called ${shortened(method)}`);
    const checked = v.safeParse(known.params, params);
    if (!checked.success) throw new Error(`${method}: ${issuesOf(checked.issues)}`);
    return handlers[method as keyof L](checked.output as Params<L, keyof L>);
  };

  const stop = port.listen((message) => {
    const parsed = v.safeParse(envelope, message);
    if (!parsed.success) return onFault(`not a message: ${issuesOf(parsed.issues)}`);
    const data = parsed.output;
    if (data.type === 'call') {
      answer(data.method, data.params).then(
        (value) => closed ?? port.post({ type: 'answer', id: data.id, value }),
        (error: unknown) => closed ?? port.post({ type: 'failure', id: data.id, error: messageOf(error) }),
      );
    } else if (data.type === 'tell') {
      answer(data.method, data.params).catch((error: unknown) => onFault(messageOf(error)));
    } else {
      const call = settle(data.id);
      if (!call) return;
      if (data.type === 'failure') return call.reject(new Error(data.error));
      const known = remote[call.method];
      const checked = known && v.safeParse(known.result, data.value);
      if (checked?.success) call.resolve(checked.output);
      else call.reject(new Error(`${call.method}: the answer does not fit: ${issuesOf(checked?.issues ?? [])}`));
    }
  });

  return {
    call(method, params) {
      if (closed !== null) return Promise.reject(new Error(closed));
      return new Promise((resolve, reject) => {
        const id = ++lastId;
        const giveUp = (): void => settle(id)?.reject(new NoAnswer(`${method}: no answer within ${timeoutMs} ms`));
        const timer = clock?.set(giveUp, timeoutMs);
        pending.set(id, { method, resolve: resolve as (value: unknown) => void, reject, timer });
        port.post({ type: 'call', id, method, params });
      });
    },
    notify(method, params) {
      if (closed === null) port.post({ type: 'tell', method, params });
    },
    dispose(reason = 'the connection was closed') {
      if (closed !== null) return;
      closed = reason;
      stop();
      for (const id of [...pending.keys()]) settle(id)?.reject(new Error(reason));
    },
  };
}

/** So many faults of a message, and so much of each, say what is wrong with it; it may be a large one. */
const MOST_ISSUES = 5;
const LONGEST_ISSUE = 200;

function issuesOf(issues: readonly v.BaseIssue<unknown>[]): string {
  const told = issues.slice(0, MOST_ISSUES).map((issue) => `${v.getDotPath(issue) ?? 'value'}: ${issue.message}`);
  const more = issues.length > MOST_ISSUES ? [`and ${issues.length - MOST_ISSUES} more`] : [];
  return [...told.map(shortened), ...more].join('; ');
}

function shortened(text: string): string {
  return text.length > LONGEST_ISSUE ? `${text.slice(0, LONGEST_ISSUE)} …` : text;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
