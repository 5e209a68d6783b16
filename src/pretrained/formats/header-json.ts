/**
 * Parses a JSON object as strictly as the header of a file deserves. `JSON.parse` lets the last of two equal keys win, so that
 * two readers may see two files, and takes 1.0 and 1e3 for integers.
 *
 * @throws Error with the reason
 */
export function parseHeaderJson(text: string): Record<string, unknown> {
  if (!text.startsWith('{')) throw new Error('its header does not begin with {');
  const parsed = parse(text);
  checkTokens(text);
  return parsed;
}

function parse(text: string): Record<string, unknown> {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Error('its header is not JSON', {cause: error});
  }
}

const TOKEN = /"(?:[^"\\]+|\\.)*"|[{}[\],:]|[^\s{}[\],:"]+/g;

/** Checks text that `JSON.parse` has accepted: what follows which token need not be checked again. */
function checkTokens(text: string): void {
  /** The keys of each object that is open; undefined for a list. */
  const open: (Set<string> | undefined)[] = [];
  let before = '';
  for (const [token] of text.matchAll(TOKEN)) {
    if (token === '{') open.push(new Set());
    else if (token === '[') open.push(undefined);
    else if (token === '}' || token === ']') open.pop();
    else if (token.startsWith('"') && (before === '{' || before === ',')) addKey(open.at(-1), token);
    else if (/^[-\d]/.test(token) && !/^\d+$/.test(token)) throw new Error(`its header has the number ${token}`);
    before = token;
  }
}

function addKey(keys: Set<string> | undefined, token: string): void {
  const key = JSON.parse(token) as string;
  if (keys?.has(key)) throw new Error(`its header has ${token} twice`);
  keys?.add(key);
}
