import type {FastifyInstance, FastifyReply, FastifyRequest} from 'fastify';
import {defined} from '../../common/defined.ts';
import {RiceError} from '../../common/errors.ts';
import {dataUri} from '../../common/report/data-uri.ts';
import type {ExplanationEntry} from '../../explanation/explanation-entry.ts';
import type {Trust} from '../../model/trust.ts';
import type {Answer} from '../../prediction/answer-batch.ts';
import {type Entry, type ErrorEntry, isError, type PredictionEntry, toEntry} from '../../prediction/entry.ts';
import {Tally} from '../../prediction/tally.ts';
import type {ServerContext} from '../context.ts';
import {deadlineOf} from '../http/deadline.ts';
import {parametersOf} from '../http/parameters.ts';
import {statusOf, statusOfAll} from '../http/status.ts';
import {BINARY, reference, routeSchema, UPLOAD_ERRORS} from '../openapi/route-schema.ts';
import {EXPLAIN_PARAMETER, explainOf, requireOnePicture} from '../uploads/explain-parameter.ts';
import {readFormOrPicture} from '../uploads/read-upload.ts';
import {parseTrust, TRUST_PARAMETER} from '../uploads/trust-parameter.ts';

/** `POST /predict`, and `POST /` for the shortest of commands. */
export function addPredict(app: FastifyInstance, context: ServerContext): void {
  const handler = (request: FastifyRequest, reply: FastifyReply) => predict(request, reply, context);
  const {maxFiles, maxBody} = context.settings;
  const files = {type: 'array', items: BINARY, minItems: 1, maxItems: maxFiles};
  const about = {
    tag: 'Predictions',
    query: {trust: TRUST_PARAMETER, explain: EXPLAIN_PARAMETER},
    body: {
      'multipart/form-data': {
        type: 'object',
        properties: {file: files, trust: TRUST_PARAMETER, explain: EXPLAIN_PARAMETER},
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
    const parameters = parametersOf(request);
    const asked = trustOf(parameters);
    const explainAsked = explainOf(parameters);
    const {files, fields} = await readFormOrPicture(request.raw, {...settings, lease, signal});
    const named = fields.map(({name, value}) => [name, value] as const);
    const trust = trustOf(named) ?? asked ?? context.trust;
    const explain = explainOf(named) ?? explainAsked ?? false;
    if (explain) requireOnePicture(files.length);
    const pictures = files.map(({bytes}) => bytes);
    const {answers, explanation} = await limiter.through(async () => {
      const answers = await queue.classify('pictures', pictures, signal, {trust});
      const explanation = explain ? await explained(context, pictures[0], answers[0], signal) : undefined;
      return {answers, explanation};
    });
    const names = files.map(({name}) => name);
    watch.see(answers, names, {id: request.id, trust});
    request.note = {images: answers.length};
    return answerWith(reply, answers, {names, tally, trust, model: context.model, explanation});
  } finally {
    lease.end();
  }
}

interface Answered {
  names: readonly string[];
  tally: Tally;
  trust: Trust;
  model: ServerContext['model'];
  /** Of the one picture, where it was asked for. */
  explanation: ShownExplanation | undefined;
}

/** With the picture that shows it, as a data URI. */
type ShownExplanation = ExplanationEntry & {image: string};

/** Nothing for a picture that cannot be used. */
async function explained(
  {explanations}: ServerContext,
  bytes: Uint8Array,
  answer: Answer,
  signal: AbortSignal,
): Promise<ShownExplanation | undefined> {
  if (answer instanceof RiceError) return undefined;
  const {label, confidence, known, reason} = answer;
  const shown = {label, confidence, known, ...defined({reason})};
  const {explanation, picture} = await explanations.explain(bytes, shown, signal);
  return {...explanation, image: dataUri('image/png', picture)};
}

/**
 * One picture that cannot be used is an error like any other. Of several, those that can be are answered all the same, with
 * the status of an error: who looks at nothing else must not take it for success.
 */
function answerWith(
  reply: FastifyReply,
  answers: readonly Answer[],
  {names, tally, trust, model, explanation}: Answered,
) {
  const failures = answers.filter((answer) => answer instanceof RiceError);
  const [first] = failures;
  if (first && answers.length === 1) return reply.code(statusOf(first.code)).send({error: first.toJSON()});
  const entries = answers.map((answer, i) => toEntry(names[i], answer, {}));
  for (const entry of entries) tally.add(entry);
  if (first) reply.code(statusOfAll(failures.map(({code}) => code)));
  return reply.send({
    model,
    predictions: entries.filter(isPrediction).map((entry) => ({...entry, ...defined({explanation})})),
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
