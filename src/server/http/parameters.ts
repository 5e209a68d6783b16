import type {FastifyRequest} from 'fastify';

/** What stands behind the question mark of the address, in its order. */
export function parametersOf({query}: FastifyRequest): [string, string][] {
  return Object.entries(query as Record<string, string | string[]>).flatMap(([name, values]) =>
    [values].flat().map((value): [string, string] => [name, value]),
  );
}
