import {request} from 'node:http';
import {expect} from 'chai';
import {randomNumbers} from '../helpers/images.ts';
import {metric, type Serving, servers} from './serving.ts';

/** Number of damaged requests of each kind, and their seed. */
const CASES = Number(process.env.RICE_FUZZ_CASES ?? 300);
const SEED = Number(process.env.RICE_FUZZ_SEED ?? 1);

describe('damaged requests', () => {
  const {jpegs, start} = servers();
  let server: Serving;
  before(async () => {
    server = await start(['--log-level', 'error', '--timeout', '5', '--max-body', '1MB']);
  });

  /** Changes, removes or duplicates some bytes, or truncates the end. */
  function damage(whole: Buffer, random: () => number): Buffer {
    let bytes = whole;
    for (let changes = 1 + Math.floor(random() * 4); changes > 0; changes--) {
      const at = Math.floor(random() * bytes.length);
      const length = 1 + Math.floor(random() * 30);
      const [before, part, after] = [
        bytes.subarray(0, at),
        bytes.subarray(at, at + length),
        bytes.subarray(at + length),
      ];
      switch (Math.floor(random() * 5)) {
        case 0:
          bytes = Buffer.concat([before, Buffer.from(part.map(() => Math.floor(random() * 256))), after]);
          break;
        case 1:
          bytes = Buffer.concat([before, after]);
          break;
        case 2:
          bytes = Buffer.concat([before, part, part, after]);
          break;
        case 3:
          bytes = before;
          break;
        default:
          bytes = Buffer.concat([before, Buffer.from('\r\n--x\r\n'), after]);
      }
    }
    return bytes;
  }

  function send(path: string, headers: Record<string, string>, body: Buffer): Promise<{status: number; text: string}> {
    return new Promise((resolve, reject) => {
      const sent = request(`${server.url}${path}`, {method: 'POST', headers}, (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (data: string) => {
          text += data;
        });
        response.on('end', () => resolve({status: response.statusCode!, text}));
      });
      sent.on('error', reject).end(body);
    });
  }

  async function expectSound(path: string, headers: Record<string, string>, whole: Buffer): Promise<void> {
    const random = randomNumbers(SEED);
    const statuses = new Map<number, number>();
    for (let number = 0; number < CASES; number++) {
      const body = damage(whole, random);
      const {status, text} = await send(path, headers, body);
      expect(status, `case ${number}: ${text}`).to.satisfy(() => status === 200 || (status >= 400 && status < 500));
      expect('error' in JSON.parse(text), `case ${number}: ${status} ${text}`).to.equal(status !== 200);
      statuses.set(status, (statuses.get(status) ?? 0) + 1);
    }
    // Some requests are still valid, and some are damaged.
    expect([...statuses.keys()].sort()).to.include.members([400]);
    expect(statuses.size, JSON.stringify([...statuses])).to.be.above(1);
  }

  it('get a correct answer or a client error: forms', async () => {
    const part = (name: string, bytes: Buffer) => [
      Buffer.from(`--x\r\ncontent-disposition: form-data; name="file"; filename="${name}"\r\n\r\n`),
      bytes,
      Buffer.from('\r\n'),
    ];
    const form = Buffer.concat([...part('a.jpg', jpegs.Red), ...part('b.jpg', jpegs.Blue), Buffer.from('--x--\r\n')]);
    await expectSound('/predict', {'content-type': 'multipart/form-data; boundary=x'}, form);
  });

  it('get a correct answer or a client error: inference in JSON', async () => {
    const data = [jpegs.Red.toString('base64')];
    const body = {
      id: 'a',
      inputs: [{name: 'encoded', datatype: 'BYTES', shape: [1], data}],
      outputs: [{name: 'label'}],
    };
    await expectSound(
      '/v2/models/color/infer',
      {'content-type': 'application/json'},
      Buffer.from(JSON.stringify(body)),
    );
  });

  it('get a correct answer or a client error: inference with a binary tensor', async () => {
    const length = Buffer.alloc(4);
    length.writeUInt32LE(jpegs.Red.length);
    const tensor = Buffer.concat([length, jpegs.Red]);
    const parameters = {binary_data_size: tensor.length};
    const json = Buffer.from(JSON.stringify({inputs: [{name: 'encoded', datatype: 'BYTES', shape: [1], parameters}]}));
    const headers = {'inference-header-content-length': `${json.length}`};
    await expectSound('/v2/models/color/infer', headers, Buffer.concat([json, tensor]));
  });

  it('do not affect the server', async () => {
    expect(await metric(server.url, 'rice_queue_depth')).to.equal(0);
    expect(await metric(server.url, 'rice_requests_in_progress')).to.equal(1);
    expect(server.log()).to.deep.equal([]);
  });
});
