import {readdirSync, readFileSync} from 'node:fs';
import {join, sep} from 'node:path';
import {ROOT} from '../cli/rice.ts';

/** A fenced block of a page. */
export interface Block {
  language: string;
  text: string;
  /** Nothing but empty lines between it and the block before. */
  follows: boolean;
}

/** A command line, and what the page shows of its output; nothing where the page does not show any. */
export interface Example {
  command: string;
  output: string | undefined;
}

const FOLDERS = ['docs', 'models', 'bench', 'scripts', 'schemas', 'test', '.github'];

/** Every page of the repository, by its path from the root. */
export function allPages(): string[] {
  const below = FOLDERS.flatMap((folder) =>
    readdirSync(join(ROOT, folder), {recursive: true, encoding: 'utf8'}).map((name) => join(folder, name)),
  );
  const pages = [...readdirSync(ROOT), ...below].filter((name) => name.endsWith('.md'));
  return pages.map((page) => page.replaceAll(sep, '/')).sort();
}

export function readPage(page: string): string {
  return readFileSync(join(ROOT, page), 'utf8').replaceAll('\r\n', '\n');
}

/** A page without its fenced blocks. */
export function proseOf(page: string): string {
  return readPage(page).replaceAll(/^```[\s\S]*?^```/gm, '');
}

export function blocksOf(page: string): Block[] {
  const text = readPage(page);
  let end = 0;
  return [...text.matchAll(/^```(\w*)\n([\s\S]*?)^```$/gm)].map((match) => {
    const follows = end > 0 && text.slice(end, match.index).trim() === '';
    end = match.index + match[0].length;
    return {language: match[1], text: match[2], follows};
  });
}

/** The anchors of a page's headings, as GitHub makes them. */
export function anchorsOf(page: string): string[] {
  const seen = new Map<string, number>();
  return [...proseOf(page).matchAll(/^#+ (.*)$/gm)].map(([, heading]) => {
    const plain = heading.toLowerCase().replaceAll(/[^\w\- ]/g, '');
    const anchor = plain.replaceAll(' ', '-');
    const count = seen.get(anchor) ?? 0;
    seen.set(anchor, count + 1);
    return count === 0 ? anchor : `${anchor}-${count}`;
  });
}

/** Where the links and pictures of a page lead, but for those to other sites. */
export function linksOf(page: string): string[] {
  const text = proseOf(page).replaceAll(/`[^`\n]*`/g, '``');
  const found = [...text.matchAll(/\]\(([^)\s]+)\)/g), ...text.matchAll(/ src="([^"]+)"/g)];
  return found.map(([, target]) => target).filter((target) => !/^[a-z]+:/.test(target));
}

/**
 * The examples of a page that show what is printed: a `console` block has commands behind `$` and output between them; a `sh`
 * block has one command where a `text` block with its output follows.
 */
export function examplesOf(page: string): Example[] {
  return blocksOf(page).flatMap(({language, text}, i, blocks) => {
    if (language === 'console') return consoleExamples(text);
    const next = blocks[i + 1];
    if (language === 'sh' && next?.follows && next.language === 'text')
      return [{command: text.trimEnd(), output: next.text}];
    return [];
  });
}

function consoleExamples(text: string): Example[] {
  const [before, ...parts] = text.split(/^\$ /m);
  if (before !== '') throw new Error(`a console block begins with output: ${before}`);
  return parts.map((part) => {
    const lines = part.split('\n');
    let count = 1;
    while (lines[count]?.startsWith('> ')) count++;
    const command = [lines[0], ...lines.slice(1, count).map((line) => line.slice(2))].join('\n');
    const output = lines.slice(count).join('\n');
    return {command, output: output === '' ? undefined : output};
  });
}

/** Every command line of a page: those of its examples, and those of `sh` blocks. */
export function commandLinesOf(page: string): string[] {
  return blocksOf(page).flatMap(({language, text}) => {
    if (language === 'console') return consoleExamples(text).map(({command}) => command);
    return language === 'sh' ? text.replaceAll('\\\n', ' ').trimEnd().split('\n') : [];
  });
}

/** The words behind `rice` of every call of it in a command line of a shell. */
export function callsOf(line: string): string[][] {
  const calls: string[][] = [];
  let words: string[] = [];
  const finish = () => {
    while (/^[A-Z_]+=/.test(words[0] ?? '')) words.shift();
    if (words[0] === 'node' && words[1] === 'bin/run.js') words.splice(0, 2, 'rice');
    if (words[0] === 'rice') calls.push(words.slice(1));
    words = [];
  };
  // A word may have parts in quotes; an operator ends a command; the rest of a redirection is no argument.
  for (const [token] of line.matchAll(/\d?>&?\s*[^\s;&|]+|#.*|[;&|\n]+|(?:'[^']*'|"[^"]*"|[^\s'";&|>#])+/g))
    if (/^[;&|\n]/.test(token)) finish();
    else if (!/^(\d?>|#)/.test(token)) words.push(token.replaceAll(/['"]/g, ''));
  finish();
  return calls;
}
