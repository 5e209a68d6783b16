import type {OpenedSource, SourceContext} from './source.ts';
export async function openBucket(_address: string, _context: SourceContext): Promise<OpenedSource> {
  throw new Error('to come');
}
