import {createHash} from 'node:crypto';
import type {FastifyInstance, FastifyReply, FastifyRequest} from 'fastify';
import {defined} from '../../common/defined.ts';
import {RiceError} from '../../common/errors.ts';
import {parseCorrections} from '../../scanning/correcting/parse-corrections.ts';
import type {Corrections} from '../../scanning/corrections.ts';
import {pictureEntry, summaryEntry} from '../../scanning/output/picture-entry.ts';
import type {ServerContext} from '../context.ts';
import {deadlineOf} from '../http/deadline.ts';
import {parametersOf} from '../http/parameters.ts';
import {BINARY, reference, routeSchema, TEXT, UPLOAD_ERRORS} from '../openapi/route-schema.ts';
import {RejectedRequest} from '../rejected-request.ts';
import {inParameters, parseScanParameters, SCAN_PARAMETERS} from '../scans/scan-parameters.ts';
import {readScanUpload} from '../uploads/read-scan-upload.ts';
import type {ScanQueue} from '../work/scan-queue.ts';

/** `POST /scan`, where the server scans. */
export function addScan(app: FastifyInstance, context: ServerContext): void {
  const {scans} = context;
  if (scans === undefined) return;
  const {maxBody} = context.settings;
  const corrections = {...TEXT, contentMediaType: 'application/json', description: 'What a person said of its grains'};
  const schema = routeSchema(context, {
    tag: 'Scans',
    summary: 'Finds, measures, names and grades every grain in one photograph',
    description:
      'The picture is the body or the one file of a form; the parameters stand in the address, or in fields of the form. Corrections are those that the page keeps in a file.',
    example:
      'curl -F file=@rice.jpg -F reference=coin:23.25 $URL/scan\ncurl --data-binary @rice.jpg "$URL/scan?pxPerMm=11.8"',
    query: SCAN_PARAMETERS,
    body: {
      'multipart/form-data': {
        type: 'object',
        properties: {file: BINARY, ...SCAN_PARAMETERS, corrections},
        required: ['file'],
      },
      'image/*': BINARY,
      'application/octet-stream': BINARY,
    },
    bodyDescription: `At most ${maxBody.toLocaleString('en')} bytes; what the picture is is told by its bytes.`,
    answers: {'application/json': reference('Scan')},
    errors: [...UPLOAD_ERRORS, 'CORRECTIONS_INVALID', 'CORRECTIONS_MISMATCH', 'REFERENCE_NOT_FOUND'],
  });
  app.post('/scan', {schema}, (request, reply) => scan(request, reply, scans, context));
}

async function scan(request: FastifyRequest, reply: FastifyReply, scans: ScanQueue, context: ServerContext) {
  const started = performance.now();
  const {settings, budget, model} = context;
  const signal = deadlineOf(request, reply, settings.timeout);
  const lease = budget.lease(request.ip);
  try {
    // What is wrong with the address is said before the picture has arrived.
    const asked = parametersOf(request);
    parseScanParameters(asked, model.labels);
    const {picture, fields, corrections} = await readScanUpload(request.raw, {
      maxBody: settings.maxBody,
      lease,
      signal,
    });
    const {name, bytes} = picture;
    const options = {
      ...parseScanParameters([...asked, ...fields], model.labels),
      ...defined({corrections: corrections === undefined ? undefined : correctionsOf(bytes, corrections)}),
    };
    const scanned = await scans.scan({bytes, name, options}, signal).catch(speakOfParameters);
    request.note = {images: 1, grains: scanned.picture.count};
    return reply.send({
      model,
      trust: options.trust ?? context.trust,
      pictures: [pictureEntry({...scanned.picture, warnings: scanned.picture.warnings.map(inParameters)})],
      errors: [],
      summary: summaryEntry({...scanned.summary, warnings: scanned.summary.warnings.map(inParameters)}),
      seconds: Math.round(performance.now() - started) / 1000,
      warnings: [],
    });
  } finally {
    lease.end();
  }
}

/** Errors of a scan name flags of the command line, which nobody has here. */
function speakOfParameters(error: unknown): never {
  if (!(error instanceof RiceError) || error instanceof RejectedRequest) throw error;
  const {code, message, suggestions, cause} = error;
  throw new RiceError(code, inParameters(message), {suggestions: suggestions.map(inParameters), cause});
}

/** Those of the picture, of a file that may hold those of several; of another picture where there are none, which is an error. */
function correctionsOf(picture: Uint8Array, text: string): Corrections | undefined {
  const all = parseCorrections(text, 'corrections');
  const digest = createHash('sha256').update(picture).digest('hex');
  return all.find(({sha256}) => sha256 === digest) ?? all[0];
}
