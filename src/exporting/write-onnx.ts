import {sealModel} from '../onnx/seal.ts';
import {compareWithSource} from './compare/compare-models.ts';
import type {ExportJob, Written} from './types.ts';
import {writeModelFile} from './write-model.ts';

/** Writes the model file as it is, with the seal that files of earlier versions lack, after it was run. */
export async function writeOnnx(job: ExportJob): Promise<Written> {
  const pictures = await job.pictures();
  try {
    const bytes = sealModel(job.source.file.bytes);
    const compared = await compareWithSource(job, bytes, pictures);
    return {...writeModelFile(job.output, bytes), compared};
  } finally {
    pictures?.close();
  }
}
