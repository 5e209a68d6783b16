/** A class or function that a pickle may name, and what stands for a call of it. */
export class PickleGlobal {
  readonly name: string;
  readonly call: (args: unknown[]) => unknown;

  constructor(name: string, call: (args: unknown[]) => unknown) {
    this.name = name;
    this.call = call;
  }
}

export interface PickleHandlers {
  /** What stands for `module.name`. Throws for everything that is not known to be harmless. */
  find(module: string, name: string): PickleGlobal;
  /** What stands for an object that is stored outside the pickle. */
  load(id: unknown): unknown;
}

/** Marks the beginning of a list of arguments on the stack. */
const MARK = Symbol('mark');

/** The stack machine that a pickle is a program for. */
export class PickleMachine {
  readonly #handlers: PickleHandlers;
  readonly #stack: unknown[] = [];
  readonly #memo = new Map<number, unknown>();

  constructor(handlers: PickleHandlers) {
    this.#handlers = handlers;
  }

  push(value: unknown): void {
    this.#stack.push(value);
  }

  top(): unknown {
    const value = this.pop();
    this.#stack.push(value);
    return value;
  }

  /** Takes what lies above the last mark, and the mark. */
  popToMark(): unknown[] {
    const mark = this.#stack.lastIndexOf(MARK);
    if (mark < 0) throw new Error('its pickle has no mark where one is needed');
    const values = this.#stack.splice(mark);
    return values.slice(1);
  }

  popMany(count: number): unknown[] {
    return Array.from({length: count}, () => this.pop()).reverse();
  }

  mark(): void {
    this.#stack.push(MARK);
  }

  /** Whatever is on top, a mark too. */
  discard(): void {
    if (this.#stack.length === 0) throw new Error('its pickle takes more than it has');
    this.#stack.pop();
  }

  remember(index: number): void {
    this.#memo.set(index, this.top());
  }

  memoize(): void {
    this.remember(this.#memo.size);
  }

  recall(index: number): void {
    if (!this.#memo.has(index)) throw new Error(`its pickle refers to object ${index}, which it does not have`);
    this.push(this.#memo.get(index));
  }

  find(module: string, name: string): void {
    this.push(this.#handlers.find(module, name));
  }

  load(id: unknown): void {
    this.push(this.#handlers.load(id));
  }

  call(): void {
    const args = this.pop();
    const callee = this.pop();
    if (!(callee instanceof PickleGlobal) || !Array.isArray(args))
      throw new Error('its pickle calls what is no function');
    this.push(callee.call(args));
  }

  /** Attributes of an object, such as the `_metadata` of a state dict, are not needed. */
  build(): void {
    this.pop();
    if (!(this.top() instanceof Map)) throw new Error('its pickle gives attributes to what has none');
  }

  append(values: unknown[]): void {
    const list = this.top();
    if (!Array.isArray(list)) throw new Error('its pickle appends to what is no list');
    for (const value of values) list.push(value);
  }

  setItems(flat: unknown[]): void {
    const target = this.top();
    if (!(target instanceof Map) || flat.length % 2 !== 0) throw new Error('its pickle sets a key of what is no dict');
    for (let i = 0; i < flat.length; i += 2) target.set(flat[i], flat[i + 1]);
  }

  addItems(values: unknown[]): void {
    const target = this.top();
    if (!(target instanceof Set)) throw new Error('its pickle adds to what is no set');
    for (const value of values) target.add(value);
  }

  pop(): unknown {
    const value = this.#stack.at(-1);
    if (this.#stack.length === 0 || value === MARK) throw new Error('its pickle takes more than it has');
    this.#stack.pop();
    return value;
  }
}
