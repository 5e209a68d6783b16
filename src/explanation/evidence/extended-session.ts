import type {InferenceSession, Tensor} from 'onnxruntime-node';

type Feeds = Record<string, Tensor>;

/**
 * The session of a model file with additions, which looks like that of the file without them: added inputs and outputs are hidden
 * from whoever prepares inputs for the model, and what was fed is kept, so that the same can be run for the added outputs.
 */
export class ExtendedSession {
  readonly #session: InferenceSession;
  readonly #hidden: {input: string; columns: number} | undefined;
  readonly #outputs: string[];
  #feeds: Feeds | undefined;

  /**
   * @param outputs of the file without additions
   * @param hidden the added input, float32 [N, columns]
   */
  constructor(session: InferenceSession, outputs: readonly string[], hidden?: {input: string; columns: number}) {
    this.#session = session;
    this.#outputs = [...outputs];
    this.#hidden = hidden;
  }

  /** As a session without the additions. */
  get plain(): InferenceSession {
    const {inputMetadata, outputMetadata} = this.#session;
    return {
      inputMetadata: inputMetadata.filter(({name}) => name !== this.#hidden?.input),
      outputMetadata: outputMetadata.filter(({name}) => this.#outputs.includes(name)),
      run: (feeds: Feeds, wanted?: string[]) => this.#run(feeds, wanted ?? this.#outputs),
      release: () => this.#session.release(),
    } as unknown as InferenceSession;
  }

  /**
   * Runs the graph again on what it was last fed, for added outputs.
   *
   * @param values of the hidden input, the same for each picture of the batch
   */
  async again(wanted: string[], values: Float32Array = new Float32Array(0)): Promise<Record<string, Tensor>> {
    if (!this.#feeds) throw new RangeError('nothing was fed yet');
    return (await this.#session.run(await this.#complete(this.#feeds, values), wanted)) as Record<string, Tensor>;
  }

  async #run(feeds: Feeds, wanted: string[]): Promise<InferenceSession.ReturnType> {
    this.#feeds = feeds;
    return this.#session.run(await this.#complete(feeds, new Float32Array(0)), wanted);
  }

  async #complete(feeds: Feeds, values: Float32Array): Promise<Feeds> {
    if (!this.#hidden) return feeds;
    const {input, columns} = this.#hidden;
    const {Tensor} = await import('onnxruntime-node');
    const pictures = Object.values(feeds)[0].dims[0];
    const all = new Float32Array(pictures * columns);
    if (values.length > 0) for (let i = 0; i < pictures; i++) all.set(values, i * columns);
    return {...feeds, [input]: new Tensor('float32', all, [pictures, columns])};
  }
}
