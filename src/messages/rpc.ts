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

/** A method without an answer, whose parameter comes from a page or a worker and is checked. */
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

/** What may be sent for it: a schema may turn what arrives into something handier. */
type Sent<S extends Schema> = v.InferInput<S> | v.InferOutput<S>;

export type Handlers<C extends Contract> = {
  [M in keyof C]: (params: Params<C, M>) => Sent<C[M]['result']> | Promise<Sent<C[M]['result']>>;
};

/** The other side, as seen from here. */
export interface Peer<C extends Contract> {
  /** Ask and wait. Rejects when the other side throws, answers nonsense, or is disposed of. */
  call<M extends keyof C & string>(method: M, params: Sent<C[M]['params']>): Promise<v.InferOutput<C[M]['result']>>;
  /** Tell, without waiting for an answer. */
  notify<M extends keyof C & string>(method: M, params: Sent<C[M]['params']>): void;
  /** Reject every open call with `reason` and stop listening. */
  dispose(reason?: string): void;
}

const envelope = v.variant('type', [
  v.object({ type: v.literal('call'), id: v.number(), method: v.string(), params: v.optional(v.unknown()) }),
  v.object({ type: v.literal('tell'), method: v.string(), params: v.optional(v.unknown()) }),
  v.object({ type: v.literal('answer'), id: v.number(), value: v.optional(v.unknown()) }),
  v.object({ type: v.literal('failure'), id: v.number(), error: v.string() }),
]);

/**
 * Connects two contracts over a port: `handlers` answer what the other side asks of `local`,
 * the returned peer asks what `remote` offers. Every message is checked against its schema on arrival.
 * @param onFault told of every message that fits neither contract, and of handlers that throw on a notification
 */
export function connect<L extends Contract, R extends Contract>(
  port: Port,
  local: L,
  handlers: Handlers<L>,
  remote: R,
  onFault: (message: string) => void = () => undefined,
): Peer<R> {
  const pending = new Map<number, { resolve(value: unknown): void; reject(error: Error): void }>();
  let lastId = 0;
  let closed: string | null = null;

  const answer = async (method: string, params: unknown): Promise<unknown> => {
    const known = Object.hasOwn(local, method) ? local[method] : undefined;
    if (!known) throw new Error(`there is no method called ${shortened(method)}`);
    return handlers[method as keyof L](checkedBy(known.params, params, method) as Params<L, keyof L>);
  };

  const stop = port.listen((message) => {
    const parsed = v.safeParse(envelope, message);
    if (!parsed.success) return onFault(`not a message: ${issuesOf(parsed.issues)}`);
    const data = parsed.output;
    if (data.type === 'tell') answer(data.method, data.params).catch((error: unknown) => onFault(messageOf(error)));
    else if (data.type === 'call') {
      answer(data.method, data.params).then(
        (value) => closed ?? port.post({ type: 'answer', id: data.id, value }),
        (error: unknown) => closed ?? port.post({ type: 'failure', id: data.id, error: messageOf(error) }),
      );
    } else {
      const call = pending.get(data.id);
      pending.delete(data.id);
      if (data.type === 'failure') call?.reject(new Error(data.error));
      else call?.resolve(data.value);
    }
  });

  return {
    async call(method, params) {
      if (closed !== null) throw new Error(closed);
      const id = ++lastId;
      const answered = new Promise<unknown>((resolve, reject) => pending.set(id, { resolve, reject }));
      port.post({ type: 'call', id, method, params });
      return checkedBy(remote[method]?.result ?? v.never(), await answered, `${method}: the answer does not fit`);
    },
    notify(method, params) {
      if (closed === null) port.post({ type: 'tell', method, params });
    },
    dispose(reason = 'the connection was closed') {
      if (closed !== null) return;
      closed = reason;
      stop();
      for (const { reject } of pending.values()) reject(new Error(reason));
    },
  };
}

/** @throws Error that says what is wrong with it */
function checkedBy<S extends Schema>(schema: S, value: unknown, what: string): v.InferOutput<S> {
  const { success, output, issues } = v.safeParse(schema, value);
  if (!success) throw new Error(`${what}: ${issuesOf(issues)}`);
  return output;
}

/** Five faults of a message say what is wrong with it; it may be a large one. */
function issuesOf(issues: readonly v.BaseIssue<unknown>[]): string {
  const told = issues.map((issue) => shortened(`${v.getDotPath(issue) ?? 'value'}: ${issue.message}`));
  return [...told.slice(0, 5), ...(told.length > 5 ? [`and ${told.length - 5} more`] : [])].join('; ');
}

function shortened(text: string): string {
  return text.length > 200 ? `${text.slice(0, 200)} …` : text;
}

/** What an error says; what is thrown need not be one. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
