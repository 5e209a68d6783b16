import type {ExportJob, Written} from '../types.ts';
import {writeWeb} from './write-web.ts';

/** Writes a folder for a web server, whose page runs the model file as it is. */
export async function exportWeb({source, output, force}: ExportJob): Promise<Written> {
  const {bytes} = await writeWeb({model: source.file.path, folder: output, force});
  return {bytes};
}
