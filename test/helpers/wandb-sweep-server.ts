import {createServer, type IncomingMessage} from 'node:http';
import type {AddressInfo} from 'node:net';

/** What the server was asked. */
export interface SweepCall {
  operation: string;
  variables: Record<string, string>;
  authorization: string | undefined;
}

/** A server on this machine that gives an agent the commands of a sweep, one list for each heartbeat, as W&B does. */
export async function startSweepServer(answer: (call: SweepCall, heartbeat: number) => unknown[] | number) {
  const calls: SweepCall[] = [];
  let heartbeats = 0;
  const server = createServer(async (request, response) => {
    const {query, variables} = JSON.parse(await bodyOf(request));
    const operation = /mutation (\w+)/.exec(query)![1];
    const call = {operation, variables, authorization: request.headers.authorization};
    calls.push(call);
    const said = operation === 'Heartbeat' ? answer(call, heartbeats++) : [];
    if (typeof said === 'number') {
      response.writeHead(said).end('{}');
      return;
    }
    const data =
      operation === 'CreateAgent'
        ? {createAgent: {agent: {id: 'agent-1'}}}
        : {agentHeartbeat: {agent: {id: 'agent-1'}, commands: JSON.stringify(said)}};
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({data}));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {url, calls, close: () => new Promise((resolve) => server.close(resolve))};
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request.setEncoding('utf8')) text += chunk;
  return text;
}
