import {addAbortSignal, type Readable} from 'node:stream';
import {TextDecoder} from 'node:util';
import {fromFileSystemError} from '../../common/errors.ts';
import {openStream} from '../../dataset/read-file.ts';

export interface PathListOptions {
  /** The stream for `-`. */
  input?: Readable;
  /** Stops reading, also while waiting for data. */
  signal?: AbortSignal | undefined;
}

/** No valid path is longer. Of a longer line only the beginning is kept, for the error. */
const LONGEST_PATH = 65_536;

/**
 * Reads the paths of a list, one per line, in portions as they arrive: from a file, or from standard input for `-`. If the
 * first path ends with NUL, all do, as `find -print0` writes them. Empty lines are ignored. The encoding is UTF-8 with or
 * without a byte order mark, or UTF-16 with one, as PowerShell writes it.
 *
 * @throws RiceError for a list that cannot be read
 */
export async function* readPathList(
  file: string,
  {input = process.stdin, signal}: PathListOptions = {},
): AsyncGenerator<string[]> {
  const lines = new LineSplitter();
  let decoder: TextDecoder | undefined;
  try {
    const stream = file === '-' ? input : (openStream(file) as Readable);
    if (signal) addAbortSignal(signal, stream);
    for await (const chunk of stream) {
      decoder ??= decoderFor(chunk);
      const paths = lines.push(decoder.decode(chunk, {stream: true}));
      if (paths.length > 0) yield paths;
    }
  } catch (error) {
    throw fromFileSystemError(error, file === '-' ? 'standard input' : file, 'read');
  }
  const last = lines.end(decoder?.decode() ?? '');
  if (last.length > 0) yield last;
}

function decoderFor(beginning: Uint8Array): TextDecoder {
  const isUtf16 = beginning[0] === 0xff && beginning[1] === 0xfe;
  return new TextDecoder(isUtf16 ? 'utf-16le' : 'utf-8');
}

/** Splits text that arrives in chunks into lines. */
class LineSplitter {
  #separator: RegExp | undefined;
  #rest = '';

  push(text: string): string[] {
    this.#rest += text;
    this.#separator ??= separatorOf(this.#rest);
    const lines = this.#separator ? this.#rest.split(this.#separator) : [this.#rest];
    // Limits the memory for an endless line; one extra character shows that it is too long.
    this.#rest = lines.pop()!.slice(0, LONGEST_PATH + 1);
    return lines.filter((line) => line !== '').map((line) => line.slice(0, LONGEST_PATH));
  }

  end(text: string): string[] {
    const lines = this.push(text);
    const last = this.#rest.replace(/\r$/, '').slice(0, LONGEST_PATH);
    return last === '' ? lines : [...lines, last];
  }
}

/** Undefined until the first path ends. A path may contain newlines, but the first one of a NUL-separated list hardly does. */
function separatorOf(text: string): RegExp | undefined {
  if (text.includes('\0')) return /\0/;
  return text.includes('\n') ? /\r?\n/ : undefined;
}
