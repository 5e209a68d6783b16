/** Operators of ONNX that run a part of the graph again and again, as long as the graph says. */
const LOOPS = ['Loop', 'Scan'];

/** The field `op_type` of a node, as protobuf writes it: its tag, its length, its characters. */
const FIELDS = LOOPS.map((name) => Buffer.from([0x22, name.length, ...Buffer.from(name)]));

/**
 * Whether a model file may have nodes that run without end, wherever they are nested. All others end after a time that follows from
 * their sizes.
 */
export function mayLoop(bytes: Uint8Array): boolean {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return FIELDS.some((field) => buffer.includes(field));
}
