import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { type Task, TaskState } from '@a2a-js/sdk'
import { type Genesis, present, secretKeyOf } from '@commonweal/protocol'
import type { Agent } from '../../agent/agent.ts'
import { until } from '../../network/test-network.ts'
import { type Node, startNode } from '../../node.ts'
import { checkAgentCard } from './check-card.ts'
import { CLIENTS_FILE } from './clients.ts'
import {
  ASK_PAUSE_MS,
  bodyOf,
  createClient,
  lastBodyOf,
  say,
  stateNameOf,
  taskOf,
} from './test-client.ts'
import { createCaringAgent, createTestGenesis, FAIR, SEED } from './test-outside.ts'

const COUNT = 4

/** Four nodes of one network in one process, on real TCP and real disks; all but the first have an API. */
class TestNodes implements AsyncDisposable {
  readonly genesis: Genesis = createTestGenesis()
  readonly #folder = mkdtempSync(join(tmpdir(), 'commonweal-a2a-'))
  readonly #nodes: Node[] = []

  async startAll(agent: Agent): Promise<readonly Node[]> {
    for (let index = 0; index < COUNT; index += 1) {
      const node = await startNode(
        {
          name: `node-${index}`,
          dataFolder: this.folderOf(index),
          genesis: this.genesis,
          secretKey: secretKeyOf(SEED, index),
          listen: ['/ip4/127.0.0.1/tcp/0'],
          bootNodes: this.#nodes.flatMap((other) => [...other.addresses()]),
          isBootNode: false,
          api: index === 0 ? null : { host: '127.0.0.1', port: 0 },
          agent: UNUSED,
          votes: true,
          seed: SEED,
          links: null,
          join: null,
          fault: null,
          logLevel: 'info',
        },
        { agent },
      )
      this.#nodes.push(node)
    }
    return this.#nodes
  }

  folderOf(index: number): string {
    return join(this.#folder, String(index))
  }

  /** As the operator would hand it to an agent outside. */
  tokenOf(index: number): string {
    const [, token] = readFileSync(join(this.folderOf(index), CLIENTS_FILE), 'utf8')
      .trim()
      .split(' ')
    return present(token, 'the file has a line')
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#nodes.map((node) => node.stop()))
    rmSync(this.#folder, { recursive: true })
  }
}

describe('an agent outside of a network that runs', () => {
  const network = new TestNodes()
  let nodes: readonly Node[] = []
  before(async () => {
    nodes = await network.startAll(createCaringAgent())
  })
  after(() => network[Symbol.asyncDispose]())

  it('opens a negotiation, and finds on the ledger the clauses that it asked for', async () => {
    const asked = present(nodes[1], 'there are four')
    const url = present(asked.apiUrl, 'it has an API')
    const card = checkAgentCard(await (await fetch(`${url}/.well-known/agent-card.json`)).json())
    assert.ok(card.ok && card.value.agent === asked.agent)

    const client = await createClient(url, network.tokenOf(1))
    const states: string[] = []
    let id = ''
    const request = say({ kind: 'propose', subnet: 'commons', law: FAIR })
    for await (const { payload } of client.sendMessageStream(request)) {
      if (payload?.$case === 'task') id = payload.value.id
      if (payload?.$case !== 'statusUpdate') continue
      const { status } = payload.value
      const kind = status?.message === undefined ? 'thinks' : bodyOf(status.message)['kind']
      states.push(`${TaskState[status?.state ?? 0]} ${kind}`)
    }
    assert.deepEqual(states, [
      'TASK_STATE_WORKING accept-proposal',
      'TASK_STATE_WORKING inform',
      'TASK_STATE_COMPLETED inform',
    ])
    const done = await client.getTask({ tenant: '', id })
    const { agreement, height, terms } = outcomeOf(done)
    assert.equal(typeof height, 'number')
    assert.deepEqual(lawOf(terms), FAIR)
    const formed = asked.store
      .events({ afterHeight: 0, kinds: ['agreement-formed'], countMax: 100 })
      .find((each) => each.height === height)
    assert.equal(JSON.parse(JSON.stringify(formed?.event)).id, agreement)
  })

  it('takes the terms that the agent offers, and asks now and then what came of them', async () => {
    const client = await createClient(
      present(nodes[1]?.apiUrl, 'it has an API'),
      network.tokenOf(1),
    )
    const offer = taskOf(await client.sendMessage(say({ kind: 'cfp', subnet: 'commons' })))
    assert.equal(stateNameOf(offer), 'TASK_STATE_INPUT_REQUIRED')
    const offered = lawOf(lastBodyOf(offer)['terms'])
    const place = { taskId: offer.id, returnImmediately: true }
    await client.sendMessage(say({ kind: 'accept-proposal', subnet: 'commons' }, place))
    let done = offer
    await until(
      'the task is done',
      async () => {
        done = await client.getTask({ tenant: '', id: offer.id })
        return done.artifacts.length > 0
      },
      ASK_PAUSE_MS,
    )
    assert.equal(stateNameOf(done), 'TASK_STATE_COMPLETED')
    assert.deepEqual(lawOf(outcomeOf(done)['terms']), offered)
  })
})

/** The agent is given. */
const UNUSED = {
  policy: { name: 'fair-share' },
  prosociality: { lambda: 0, alpha: 0, thetaDeg: 0 },
  law: null,
  turn: null,
  timeoutMs: null,
  weather: null,
  model: null,
  assistant: null,
  plugin: null,
} as const

function outcomeOf(task: Task): Record<string, unknown> {
  const [artifact] = task.artifacts
  const content = artifact?.parts[0]?.content
  assert.ok(content?.$case === 'data', 'a task that is done has an outcome')
  return content.value
}

function lawOf(terms: unknown): unknown {
  return typeof terms === 'object' && terms !== null && 'law' in terms ? terms.law : undefined
}
