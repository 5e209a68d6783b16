import type {FastifyInstance, FastifyReply, FastifyRequest} from 'fastify';
import {RiceError} from '../../common/errors.ts';
import type {Trust} from '../../model/trust.ts';
import type {Answer} from '../../prediction/answer-batch.ts';
import {type Entry, type ErrorEntry, isError, type PredictionEntry, toEntry} from '../../prediction/entry.ts';
import {Tally} from '../../prediction/tally.ts';
import type {ServerContext} from '../context.ts';
import {deadlineOf} from '../http/deadline.ts';
import {parametersOf} from '../http/parameters.ts';
import {statusOf, statusOfAll} from '../http/status.ts';
import {BINARY, reference, routeSchema, UPLOAD_ERRORS} from '../openapi/route-schema.ts';
import {readFormOrPicture} from '../uploads/read-upload.ts';
import {parseTrust, TRUST_PARAMETER} from '../uploads/trust-parameter.ts';

/** `POST /predict`, and `POST /` for the shortest of commands. */
export function addPredict(app: FastifyInstance, context: ServerContext): void {
  const handler = (request: FastifyRequest, reply: FastifyReply) => predict(request, reply, context);
  const {maxFiles, maxBody} = context.settings;
  const files = {type: 'array', items: BINARY, minItems: 1, maxItems: maxFiles};
  const about = {
    tag: 'Predictions',
    query: {trust: TRUST_PARAMETER},
    body: {
      'multipart/form-data': {
        type: 'object',
        properties: {file: files, trust: TRUST_PARAMETER},
        description: 'Files may have any names',
      },
      'image/*': BINARY,
      'application/octet-stream': BINARY,
    },
    bodyDescription: `At most ${maxBody.toLocaleString('en')} bytes; what the pictures are is told by their bytes.`,
    answers: {'application/json': reference('Predictions')},
    errors: UPLOAD_ERRORS,
  } as const;
  const schema = routeSchema(context, {
    ...about,
    summary: 'Tells the variety of the grain in each picture',
    description: `The files of a form, at most ${maxFiles}, or one picture as the body. A picture that cannot be used is answered with the status of its error; of several, the others are answered all the same, in the same document.`,
    example:
      'curl -F file=@grain.jpg -F file=@other.png $URL/predict\ncurl --data-binary @grain.jpg -H "Content-Type: image/jpeg" $URL/predict',
  });
  app.post('/predict', {schema}, handler);
  const short = {summary: 'The same, for the shortest of commands', example: 'curl -F file=@grain.jpg $URL'};
  app.post('/', {schema: routeSchema(context, {...about, ...short})}, handler);
}

async function predict(request: FastifyRequest, reply: FastifyReply, context: ServerContext) {
  const {settings, budget, limiter, queue, watch} = context;
  const tally = new Tally();
  const signal = deadlineOf(request, reply, settings.timeout);
  const lease = budget.lease(request.ip);
  try {
    // What is wrong with the address is said before the pictures have arrived.
    const asked = trustOf(parametersOf(request));
    const {files, fields} = await readFormOrPicture(request.raw, {...settings, lease, signal});
    const trust = trustOf(fields.map(({name, value}) => [name, value])) ?? asked ?? context.trust;
    const pictures = files.map(({bytes}) => bytes);
    const answers = await limiter.through(() => queue.classify('pictures', pictures, signal, {trust}));
    const names = files.map(({name}) => name);
    watch.see(answers, names, {id: request.id, trust});
    request.note = {images: answers.length};
    return answerWith(reply, answers, {names, tally, trust, model: context.model});
  } finally {
    lease.end();
  }
}

/**
 * One picture that cannot be used is an error like any other. Of several, those that can be are answered all the same, with
 * the status of an error: who looks at nothing else must not take it for success.
 */
function answerWith(
  reply: FastifyReply,
  answers: readonly Answer[],
  {names, tally, trust, model}: {names: readonly string[]; tally: Tally; trust: Trust; model: ServerContext['model']},
) {
  const failures = answers.filter((answer) => answer instanceof RiceError);
  const [first] = failures;
  if (first && answers.length === 1) return reply.code(statusOf(first.code)).send({error: first.toJSON()});
  const entries = answers.map((answer, i) => toEntry(names[i], answer, {}));
  for (const entry of entries) tally.add(entry);
  if (first) reply.code(statusOfAll(failures.map(({code}) => code)));
  return reply.send({
    model,
    predictions: entries.filter(isPrediction),
    errors: entries.filter(isError) satisfies ErrorEntry[],
    trust,
    summary: tally.summary(),
    warnings: [],
    ...(first ? {error: first.toJSON()} : {}),
  });
}

/** What the parameters say; the last of several. */
function trustOf(parameters: readonly (readonly [name: string, value: string])[]): Trust | undefined {
  const said = parameters.filter(([name]) => name === 'trust').map(([, value]) => parseTrust(value));
  return said.at(-1);
}

function isPrediction(entry: Entry): entry is PredictionEntry {
  return !isError(entry);
}
