import {addAbortSignal, type Readable} from 'node:stream';
import {TextDecoder} from 'node:util';
import {fromFileSystemError} from '../../common/errors.ts';
import {openStream} from '../../dataset/read-file.ts';

export interface PathListOptions {
  /** What `-` stands for. */
  input?: Readable;
  /** Ends the reading, also where more is waited for. */
  signal?: AbortSignal | undefined;
}

/** No path is longer; of a line that is, only the beginning is kept, to be told about. */
const LONGEST_PATH = 65_536;

/**
 * The paths of a list, a line each, in portions as they come: from a file, or from standard input for `-`. Where the
 * first of them ends with a NUL, all do, as `find -print0` writes them. Empty lines are left out. UTF-8, with or without
 * a mark at the beginning, or UTF-16 with one, as PowerShell writes.
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
    throw fromFileSystemError(error, file === '-' ? 'the standard input' : file, 'read');
  }
  const last = lines.end(decoder?.decode() ?? '');
  if (last.length > 0) yield last;
}

function decoderFor(beginning: Uint8Array): TextDecoder {
  const marked = beginning[0] === 0xff && beginning[1] === 0xfe;
  return new TextDecoder(marked ? 'utf-16le' : 'utf-8');
}

/** Cuts text that comes in pieces into lines. */
class LineSplitter {
  #separator: RegExp | undefined;
  #rest = '';

  push(text: string): string[] {
    this.#rest += text;
    this.#separator ??= separatorOf(this.#rest);
    const lines = this.#separator ? this.#rest.split(this.#separator) : [this.#rest];
    // Not all of a line that never ends is kept in memory; one character more shows that it was too long.
    this.#rest = lines.pop()!.slice(0, LONGEST_PATH + 1);
    return lines.filter((line) => line !== '').map((line) => line.slice(0, LONGEST_PATH));
  }

  end(text: string): string[] {
    const lines = this.push(text);
    const last = this.#rest.replace(/\r$/, '').slice(0, LONGEST_PATH);
    return last === '' ? lines : [...lines, last];
  }
}

/** Unknown until a path has ended. A path may hold newlines, but hardly the first of a list that ends them with NULs. */
function separatorOf(text: string): RegExp | undefined {
  if (text.includes('\0')) return /\0/;
  return text.includes('\n') ? /\r?\n/ : undefined;
}
