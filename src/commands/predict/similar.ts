import {createProgress, type Progress} from '../../cli/progress.ts';
import {round} from '../../common/round.ts';
import type {Prediction} from '../../model/classifier.ts';
import type {SimilarEntry} from '../../prediction/entry.ts';
import {type SimilarOptions, type SimilarPhase, SimilarPictures} from '../../similarity/open-similar.ts';

const LABELS: Record<SimilarPhase, string> = {
  hashing: 'hashing',
  preparing: 'preparing',
  indexing: 'indexing',
};

/** What `rice predict --similar` adds to answers. */
export class Similar {
  readonly #pictures: SimilarPictures;
  readonly #count: number;

  private constructor(pictures: SimilarPictures, count: number) {
    this.#pictures = pictures;
    this.#count = count;
  }

  /** Opens the index, or makes it with a bar. @throws RiceError as `SimilarPictures.open` */
  static async open(count: number, options: SimilarOptions & {quiet: boolean}): Promise<Similar> {
    const {quiet, ...rest} = options;
    let bar: Progress | undefined;
    let shown: SimilarPhase | undefined;
    const onProgress = (phase: SimilarPhase, done: number, total: number) => {
      if (phase !== shown) {
        bar?.stop();
        bar = createProgress({label: LABELS[phase], unit: 'pictures', total, quiet});
        shown = phase;
      }
      bar!.update(done);
    };
    try {
      return new Similar(await SimilarPictures.open({...rest, onProgress}), count);
    } finally {
      bar?.stop();
    }
  }

  /** The pictures most like one, from its features. */
  find({features}: Prediction): SimilarEntry[] {
    const found = features ? this.#pictures.find(features, this.#count) : [];
    return found.map(({path, label, similarity}) => ({path, label, similarity: round(similarity)}));
  }

  /** The same pictures as the network sees them. */
  windows({features}: Prediction): Uint8Array[] {
    return features ? this.#pictures.windows(features, this.#count) : [];
  }

  close(): void {
    this.#pictures.close();
  }
}
