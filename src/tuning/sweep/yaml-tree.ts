import {EVENT_ID, type Event, getScalarValue, parseEvents, SCALAR_STYLE, YAMLException} from 'js-yaml';

/** A value of a YAML or JSON document that knows the line it stands in, counted from 1. */
export type YamlNode = YamlMap | YamlList | YamlScalar;

export interface YamlMap {
  kind: 'map';
  line: number;
  entries: {key: string; line: number; value: YamlNode}[];
}

export interface YamlList {
  kind: 'list';
  line: number;
  items: YamlNode[];
}

export interface YamlScalar {
  kind: 'scalar';
  line: number;
  value: string | number | boolean | null;
  /** Whether it is written as a number with a fraction or an exponent: 1.0 is, 1 is not. */
  float: boolean;
}

/** What is wrong with a document, and where. */
export class YamlError extends Error {
  constructor(
    readonly line: number,
    message: string,
  ) {
    super(message);
  }
}

/**
 * Reads the only document of a YAML or JSON text. Plain values are those of YAML 1.2's core schema, so 1e-4 is a number.
 *
 * @throws YamlError
 */
export function readYaml(text: string): YamlNode {
  const lineAt = lineFinder(text);
  let events: Event[];
  try {
    events = parseEvents(text, {});
  } catch (error) {
    if (!(error instanceof YAMLException)) throw error;
    throw new YamlError((error.mark?.line ?? 0) + 1, error.reason);
  }
  let next = 0;
  const anchors = new Map<string, YamlNode>();
  const read = (): YamlNode => {
    const event = events[next++];
    if (event.type === EVENT_ID.ALIAS) {
      const name = text.slice(event.anchorStart, event.anchorEnd);
      const node = anchors.get(name);
      if (!node) throw new YamlError(lineAt(event.anchorStart), `*${name} is not defined`);
      return node;
    }
    if (event.type !== EVENT_ID.SCALAR && event.type !== EVENT_ID.MAPPING && event.type !== EVENT_ID.SEQUENCE)
      throw new YamlError(1, 'it is empty');
    const node = nodeOf(event);
    if (event.anchorStart >= 0) anchors.set(text.slice(event.anchorStart, event.anchorEnd), node);
    return node;
  };
  const nodeOf = (event: Extract<Event, {anchorStart: number; tagStart: number}>): YamlNode => {
    if (event.type === EVENT_ID.SCALAR) {
      const written = getScalarValue(text, event);
      const plain = event.style === SCALAR_STYLE.PLAIN;
      return {
        kind: 'scalar',
        line: lineAt(event.valueStart),
        ...(plain ? coreValue(written) : {value: written, float: false}),
      };
    }
    const line = lineAt(event.start);
    if (event.type === EVENT_ID.SEQUENCE) {
      const items: YamlNode[] = [];
      while (events[next].type !== EVENT_ID.POP) items.push(read());
      next++;
      return {kind: 'list', line, items};
    }
    const entries: YamlMap['entries'] = [];
    while (events[next].type !== EVENT_ID.POP) {
      const key = read();
      if (key.kind !== 'scalar') throw new YamlError(key.line, 'a key must be a word');
      const name = String(key.value);
      if (entries.some((entry) => entry.key === name)) throw new YamlError(key.line, `${name} stands there twice`);
      entries.push({key: name, line: key.line, value: read()});
    }
    next++;
    return {kind: 'map', line, entries};
  };
  if (events[next++]?.type !== EVENT_ID.DOCUMENT) throw new YamlError(1, 'it is empty');
  const root = read();
  if (events.filter(({type}) => type === EVENT_ID.DOCUMENT).length > 1)
    throw new YamlError(1, 'it has more than one document');
  return root;
}

function coreValue(text: string): Pick<YamlScalar, 'value' | 'float'> {
  if (/^(~|null|Null|NULL|)$/.test(text)) return {value: null, float: false};
  if (/^(true|True|TRUE)$/.test(text)) return {value: true, float: false};
  if (/^(false|False|FALSE)$/.test(text)) return {value: false, float: false};
  if (/^[-+]?\d+$/.test(text)) return {value: Number(text), float: false};
  if (/^[-+]?(\.\d+|\d+(\.\d*)?)([eE][-+]?\d+)?$/.test(text)) return {value: Number(text), float: true};
  return {value: text, float: false};
}

function lineFinder(text: string): (position: number) => number {
  const ends = [...text.matchAll(/\n/g)].map(({index}) => index);
  return (position) => {
    const line = ends.findIndex((end) => end >= position);
    return line < 0 ? ends.length + 1 : line + 1;
  };
}
