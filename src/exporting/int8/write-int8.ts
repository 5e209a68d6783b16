import {RiceError} from '../../common/errors.ts';
import {formatPercent} from '../../common/format-percent.ts';
import type {QuantizedAccuracy, RiceMetadata} from '../../model/metadata.ts';
import {decodeModel} from '../../onnx/model.ts';
import {type Answers, answersOf, joinAnswers} from '../compare/answers.ts';
import {compareAnswers} from '../compare/compare-answers.ts';
import {measureAnswers} from '../compare/measure-answers.ts';
import {ModelGraph} from '../graph/model-graph.ts';
import {networkNodes} from '../graph/network-nodes.ts';
import type {ExportPictures} from '../pictures/windows.ts';
import type {Comparison, ExportJob, ExportPhase, Quantization, Written} from '../types.ts';
import {encodeExport, writeModelFile} from '../write-model.ts';
import {attempts} from './attempts.ts';
import {calibrate} from './calibrate.ts';
import {ENOUGH, type Worse, worseThanAllowed} from './gate.ts';
import {planOf} from './plan.ts';
import {quantizeGraph} from './quantize-graph.ts';
import {refitThresholds} from './refit-thresholds.ts';
import {bySensitivity} from './sensitivity.ts';

/** The pictures that a model is measured on. */
const KINDS = ['validation', 'changed', 'unlike'] as const;
type Kind = (typeof KINDS)[number];
type AllAnswers = Record<Kind, Answers>;

/**
 * Writes the model with weights and values of 8 bits, calibrated by pictures that it was trained on, with thresholds that fit, if it
 * is nearly as good on others.
 *
 * @throws RiceError EXPORT_IMPOSSIBLE without pictures, QUANTIZATION_REFUSED if it is worse than `LIMITS` allow
 */
export async function writeInt8(job: ExportJob): Promise<Written> {
  const pictures = await job.pictures();
  if (!pictures)
    throw new RiceError('EXPORT_IMPOSSIBLE', 'onnx-int8 needs labeled pictures, to calibrate by and to measure on', {
      suggestions: [
        'Name a folder of them: --data DIR, best the one that the model was trained on.',
        'Or name the folder of a run, which keeps its pictures: rice export runs/NAME.',
      ],
    });
  try {
    return await quantize(job, pictures);
  } finally {
    pictures.close();
  }
}

interface Candidate {
  metadata: RiceMetadata;
  compared: Comparison;
  quantization: Quantization;
}

async function quantize(job: ExportJob, pictures: ExportPictures): Promise<Written> {
  const {file} = job.source;
  const graph = new ModelGraph(decodeModel(file.bytes).graph);
  const network = networkNodes(graph);
  const once = KINDS.reduce((sum, kind) => sum + pictures[kind].count, 0);
  let progress = countingTo(2 * once + pictures.calibration.count, 'measuring', job);
  const before = await allAnswers(file.bytes, pictures, progress);
  // The values of every other plan are among these.
  const calibration = await calibrate(graph, planOf(graph, network, 8), pictures.calibration, progress());
  const ranked = (bits: number) =>
    bySensitivity(graph, network, bits, calibration, pictures.calibration, {
      onProgress: (done, total) => job.events.onPhase('measuring layers', done, total),
      signal: job.signal,
    });
  let worse: Worse[] = [];
  let last: Quantization | undefined;
  for await (const plan of attempts(graph, network, ranked)) {
    if (last) progress = countingTo(once, 'measuring again', job);
    const quantized = quantizeGraph(graph, network, plan, calibration);
    const after = await allAnswers(encodeExport(quantized, file.metadata), pictures, progress);
    const layers = {layers: network.weighted.length, float32Layers: network.weighted.length - plan.weighted.size};
    const how = {weightBits: plan.weightBits, ...layers, calibrationImages: pictures.calibration.count};
    const {metadata, compared, quantization} = candidateOf(job, pictures, how, before, after);
    last = quantization;
    worse = worseThanAllowed(quantization.before, quantization.after);
    if (worse.length > 0) continue;
    if (pictures.validation.count < ENOUGH) job.events.onWarning(fewPictures(pictures.validation.count));
    return {...writeModelFile(job.output, encodeExport(quantized, metadata)), compared, quantization};
  }
  throw refused(worse, last!);
}

function candidateOf(
  {source: {file}}: ExportJob,
  pictures: ExportPictures,
  how: Omit<Quantization, 'validationImages' | 'before' | 'after'>,
  before: AllAnswers,
  after: AllAnswers,
): Candidate {
  const [from, to] = [before, after].map(({validation, changed}) => joinAnswers(validation, changed));
  const {labels} = pictures.validation;
  const unknown = refitThresholds(file.metadata.unknown, from, to);
  const quantization = {
    ...how,
    validationImages: labels.length,
    before: measureAnswers(before.validation, labels, before.unlike, file.metadata.unknown),
    after: measureAnswers(after.validation, labels, after.unlike, unknown),
  };
  const compared = {...compareAnswers(before.validation, after.validation), drawn: false};
  const record = {format: 'onnx-int8', from: file.sha256, compared, quantization};
  const accuracy = {validation: {images: labels.length, accuracy: quantization.after.accuracy}};
  return {metadata: {...file.metadata, unknown, accuracy, export: record}, compared, quantization};
}

async function allAnswers(model: Uint8Array, pictures: ExportPictures, progress: NextProgress): Promise<AllAnswers> {
  const answers: Partial<AllAnswers> = {};
  for (const kind of KINDS) answers[kind] = await answersOf(model, pictures[kind], progress());
  return answers as AllAnswers;
}

/** What the next of several runs over pictures reports to. */
type NextProgress = () => {onProgress: (done: number) => void; signal: AbortSignal};

/** One count over several runs. */
function countingTo(total: number, phase: ExportPhase, {events, signal}: ExportJob): NextProgress {
  let done = 0;
  return () => {
    const before = done;
    const onProgress = (more: number) => {
      done = before + more;
      events.onPhase(phase, done, total);
    };
    return {onProgress, signal};
  };
}

function fewPictures(count: number): string {
  const points = formatPercent(1 / count, 1).replace('%', '');
  return `only ${count} pictures were measured: a loss of less than ${points} points of accuracy would not be seen`;
}

const IN_WORDS: Readonly<Record<keyof QuantizedAccuracy, string>> = {
  accuracy: 'the accuracy falls',
  ece: 'the calibration error rises',
  rejected: 'the share of known pictures that are answered unknown rises',
  unlikeAccepted: 'the share of unlike pictures that are accepted rises',
};

function refused(worse: readonly Worse[], {validationImages, layers, float32Layers}: Quantization): RiceError {
  const reasons = worse.map(({what, before, after, limit}) => {
    const [from, to] = [before, after].map((share) => formatPercent(share, 2));
    const points = Number((100 * limit).toFixed(2));
    return `${IN_WORDS[what]} from ${from} to ${to} (limit: ${points} point${points === 1 ? '' : 's'})`;
  });
  return new RiceError(
    'QUANTIZATION_REFUSED',
    `with 8 bits, and ${float32Layers} of ${layers} layers in float32, the model is worse on ${validationImages} pictures: ${reasons.join('; ')}`,
    {
      suggestions: [
        'Use --format onnx-fp16, which halves the file and changes nearly nothing.',
        'Or name more pictures with --data: of few, chance alone can make the difference.',
      ],
    },
  );
}
