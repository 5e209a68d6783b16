/**
 * The password of a machine in a `.netrc` file (https://www.gnu.org/software/inetutils/manual/html_node/The-_002enetrc-file.html),
 * or that of its `default` entry.
 */
export function netrcPassword(text: string, machine: string): string | undefined {
  const words = text
    .split('\n')
    .map((line) => line.replace(/(^|\s)#.*$/, ''))
    .join('\n')
    .split(/\s+/)
    .filter((word) => word !== '');
  let [place, fallback]: [string | undefined, string | undefined] = [undefined, undefined];
  for (let i = 0; i < words.length; i++) {
    if (words[i] === 'machine') place = words[++i];
    else if (words[i] === 'default') place = '';
    else if (words[i] === 'login' || words[i] === 'account') i++;
    else if (words[i] === 'password') {
      const password = words[++i];
      if (place === machine) return password;
      if (place === '') fallback = password;
    }
  }
  return fallback;
}
