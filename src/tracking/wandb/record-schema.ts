/** The records of a transaction log (wandb/proto/wandb_internal.proto). Values are JSON texts. */
import type {Field, MessageType} from '../../onnx/protobuf.ts';

const text = (number: number): Field => ({number, kind: 'string'});
const texts = (number: number): Field => ({number, kind: 'string', repeated: true});
const integer = (number: number): Field => ({number, kind: 'int64'});
const one = (number: number, kind: MessageType): Field => ({number, kind});
const many = (number: number, kind: MessageType): Field => ({number, kind, repeated: true});

const TIMESTAMP: MessageType = () => ({seconds: integer(1), nanos: integer(2)});
/** A value by its key, or by the keys on the way to it. */
const ITEM: MessageType = () => ({key: text(1), nested: texts(2), json: text(16)});
const STATS_ITEM: MessageType = () => ({key: text(1), json: text(16)});
const UPDATE: MessageType = () => ({update: many(1, ITEM)});
const STEP: MessageType = () => ({num: integer(1)});
const RUN: MessageType = () => ({
  id: text(1),
  entity: text(2),
  project: text(3),
  config: one(4, UPDATE),
  group: text(6),
  jobType: text(7),
  name: text(8),
  notes: text(9),
  tags: texts(10),
  sweep: text(12),
  host: text(13),
  start: one(17, TIMESTAMP),
  resumed: integer(18),
});
const HISTORY: MessageType = () => ({item: many(1, ITEM), step: one(2, STEP)});
const STATS: MessageType = () => ({type: integer(1), time: one(2, TIMESTAMP), item: many(3, STATS_ITEM)});
const OUTPUT: MessageType = () => ({type: integer(1), time: one(2, TIMESTAMP), line: text(3)});
const FILE: MessageType = () => ({path: text(1), policy: integer(2), type: integer(3)});
const FILES: MessageType = () => ({files: many(1, FILE)});
const METRIC_OPTIONS: MessageType = () => ({stepSync: integer(1), hidden: integer(2), defined: integer(3)});
const METRIC: MessageType = () => ({
  name: text(1),
  glob: text(2),
  stepMetric: text(4),
  options: one(6, METRIC_OPTIONS),
});
const CONTENT: MessageType = () => ({path: text(1), digest: text(2), size: integer(4), local: text(6)});
const POLICY_ITEM: MessageType = () => ({key: text(1), value: text(2)});
const MANIFEST: MessageType = () => ({
  version: integer(1),
  policy: text(2),
  policyConfig: many(3, POLICY_ITEM),
  contents: many(4, CONTENT),
});
const ARTIFACT: MessageType = () => ({
  run: text(1),
  project: text(2),
  entity: text(3),
  type: text(4),
  name: text(5),
  digest: text(6),
  description: text(7),
  metadata: text(8),
  userCreated: integer(9),
  aliases: texts(11),
  manifest: one(12, MANIFEST),
  finalize: integer(14),
  clientId: text(15),
  sequenceClientId: text(16),
  digestAlgorithm: text(20),
});
const MEMORY: MessageType = () => ({total: integer(1)});
const ENVIRONMENT: MessageType = () => ({
  os: text(1),
  started: one(3, TIMESTAMP),
  program: text(6),
  host: text(12),
  executable: text(14),
  cpus: integer(16),
  memory: one(21, MEMORY),
});
const VERSION: MessageType = () => ({producer: text(1), consumer: text(2)});
const HEADER: MessageType = () => ({version: one(1, VERSION)});
const EXIT: MessageType = () => ({code: integer(1), runtime: integer(2)});
const INFO: MessageType = () => ({stream: text(1)});

export const RECORD: MessageType = () => ({
  num: integer(1),
  history: one(2, HISTORY),
  summary: one(3, UPDATE),
  config: one(5, UPDATE),
  files: one(6, FILES),
  stats: one(7, STATS),
  artifact: one(8, ARTIFACT),
  metric: one(12, METRIC),
  output: one(13, OUTPUT),
  run: one(17, RUN),
  exit: one(18, EXIT),
  header: one(21, HEADER),
  environment: one(26, ENVIRONMENT),
  info: one(200, INFO),
});
