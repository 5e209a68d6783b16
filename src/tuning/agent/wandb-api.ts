import {RiceError} from '../../common/errors.ts';

/** A command that W&B gives an agent. */
export interface AgentCommand {
  type: 'run' | 'resume' | 'stop' | 'exit';
  run_id?: string;
  args?: Record<string, {value: unknown}>;
}

export interface SweepPlace {
  entity: string;
  project: string;
  sweep: string;
}

/** Where the server is, and the key for it; the key is never part of a message. */
export interface WandbAccess {
  baseUrl: string;
  apiKey: string;
}

const TIMEOUT_MS = 30_000;

const AGENT = `mutation CreateAgent($host: String!, $projectName: String, $entityName: String, $sweep: String!) {
  createAgent(input: {host: $host, projectName: $projectName, entityName: $entityName, sweep: $sweep}) { agent { id } }
}`;

const HEARTBEAT = `mutation Heartbeat($id: ID!, $metrics: JSONString, $runState: JSONString) {
  agentHeartbeat(input: {id: $id, metrics: $metrics, runState: $runState}) { agent { id } commands }
}`;

/** The two calls of W&B's GraphQL interface that an agent of a sweep needs. */
export class WandbAgentApi {
  readonly #access: WandbAccess;

  constructor(access: WandbAccess) {
    this.#access = access;
  }

  /**
   * Makes an agent for a sweep.
   *
   * @throws RiceError SWEEP_NOT_FOUND, ACCESS_DENIED or DOWNLOAD_FAILED
   */
  async createAgent({entity, project, sweep}: SweepPlace, host: string): Promise<string> {
    const data = await this.#call<{createAgent: {agent: {id: string}} | null}>(AGENT, {
      host,
      projectName: project,
      entityName: entity,
      sweep,
    });
    if (!data.createAgent) throw notFound(`${entity}/${project}/${sweep}`);
    return data.createAgent.agent.id;
  }

  /** Tells that the agent lives and which runs it trains, and gets what to do. */
  async heartbeat(id: string, running: readonly string[]): Promise<AgentCommand[]> {
    const data = await this.#call<{agentHeartbeat: {commands: string | null} | null}>(HEARTBEAT, {
      id,
      metrics: '{}',
      runState: JSON.stringify(Object.fromEntries(running.map((run) => [run, true]))),
    });
    if (!data.agentHeartbeat) throw notFound('the sweep');
    return JSON.parse(data.agentHeartbeat.commands || '[]') as AgentCommand[];
  }

  async #call<Data>(query: string, variables: object): Promise<Data> {
    const {baseUrl, apiKey} = this.#access;
    let response: Response;
    try {
      response = await fetch(new URL('graphql', `${baseUrl.replace(/\/*$/, '')}/`), {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          authorization: `Basic ${Buffer.from(`api:${apiKey}`).toString('base64')}`,
          'user-agent': 'rice',
        },
        body: JSON.stringify({query, variables}),
        signal: AbortSignal.timeout(TIMEOUT_MS),
      });
    } catch (error) {
      throw new RiceError('DOWNLOAD_FAILED', `${baseUrl} does not answer: ${(error as Error).message}`, {cause: error});
    }
    if (response.status === 401 || response.status === 403)
      throw new RiceError('ACCESS_DENIED', `${baseUrl} does not accept the key`, {
        suggestions: ['Set WANDB_API_KEY to your key.'],
      });
    if (response.status === 404) throw notFound('the sweep');
    const answer = (await response.json().catch(() => ({}))) as {data?: Data; errors?: {message: string}[]};
    if (response.ok && answer.data && !answer.errors?.length) return answer.data;
    const reason = answer.errors?.map(({message}) => message).join('; ') ?? `status ${response.status}`;
    throw new RiceError('DOWNLOAD_FAILED', `${baseUrl} answered: ${reason}`);
  }
}

function notFound(what: string): RiceError {
  return new RiceError('SWEEP_NOT_FOUND', `${what} is not a sweep that the server has`, {
    suggestions: ['Write it as ENTITY/PROJECT/ID, as wandb sweep prints it.'],
  });
}
