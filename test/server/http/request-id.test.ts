import {expect} from 'chai';
import {requestId, traceId} from '../../../src/server/http/request-id.ts';

const TRACE = '105445aa7843bc8bf206b12000100000';

describe('ids of requests', () => {
  it('are those that were sent, if they are safe to log', () => {
    expect(requestId({headers: {'x-request-id': 'a.B-9:_'}})).to.equal('a.B-9:_');
    for (const id of ['', 'a b', 'a\n', 'x'.repeat(129), ['a']] as never[])
      expect(requestId({headers: {'x-request-id': id}})).to.match(/^[0-9a-f]{8}-/);
    expect(requestId({headers: {}})).not.to.equal(requestId({headers: {}}));
  });

  it('of traces are read in two formats', () => {
    expect(traceId({headers: {traceparent: `00-${TRACE}-b7ad6b7169203331-01`}})).to.equal(TRACE);
    expect(traceId({headers: {'x-cloud-trace-context': `${TRACE}/1;o=1`}})).to.equal(TRACE);
    expect(traceId({headers: {'x-cloud-trace-context': TRACE}})).to.equal(TRACE);
    for (const traceparent of ['', TRACE, `00-${TRACE.slice(1)}-b7ad6b7169203331-01`])
      expect(traceId({headers: {traceparent}})).to.equal(undefined);
  });
});
