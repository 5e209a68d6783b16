import type {ChalkInstance} from 'chalk';
import {displayPath} from '../../cli/display-path.ts';
import {printable} from '../../cli/printable.ts';
import {renderTable} from '../../cli/table.ts';
import type {Source} from '../../fetching/sources/source.ts';

/** The sources as a table, in the order in which they are tried. */
export function renderSources(sources: readonly Source[], style: ChalkInstance): string {
  const head = ['name', 'access', 'where'].map((name) => style.dim(name));
  const rows = sources.map(({name, access, address, available}) => [
    style.bold(name),
    available ? printable(access) : 'not there',
    printable(displayPath(address)),
  ]);
  return `${renderTable([head, ...rows], 'l')}

--source also takes a URL (https://, gs://bucket/prefix), an archive or a folder.`;
}

/** The sources for `--json`. */
export function sourcesDocument(sources: readonly Source[]) {
  return {
    sources: sources.map(({name, title, address, access, available}) => ({name, title, address, access, available})),
  };
}
