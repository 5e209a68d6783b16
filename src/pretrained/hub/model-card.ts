/**
 * The license in the front matter of a model card, as the hub writes licenses: `apache-2.0`. Where it lists several, joined by
 * commas.
 */
export function licenseOf(card: string): string | undefined {
  const [, matter = ''] = /^\ufeff?---\r?\n(.*?)\r?\n---\r?(\n|$)/s.exec(card) ?? [];
  const [, value = '', list = ''] = /^license:[ \t]*(.*)((?:\r?\n[ \t]*- .*)*)/m.exec(matter) ?? [];
  const items = list.split(/\r?\n/).map((line) => line.replace(/^[ \t]*- /, ''));
  const names = [...value.replace(/^\[(.*)\]$/, '$1').split(','), ...items].map(plain).filter((name) => name !== '');
  return names.length === 0 ? undefined : names.join(', ');
}

/** A scalar of YAML without comment and quotes. */
function plain(text: string): string {
  return text
    .replace(/\s#.*$/, '')
    .trim()
    .replace(/^(["'])(.*)\1$/, '$2')
    .toLowerCase();
}
