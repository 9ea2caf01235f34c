import assert from 'node:assert/strict'
import {
  type Agent,
  createMemoryStore,
  createModelAgent,
  createNegotiationSituation,
  createNodeSigner,
  createNodeVerify,
  createSituation,
  modelConfigSchema,
} from '@commonweal/node'
import { prosocialityOfLambda } from '@commonweal/node/agent'
import {
  type AgentId,
  type AgentQuestion,
  builtInSubnets,
  type Command,
  type Genesis,
  type Ledger,
  networkIdOf,
  present,
  type ReplicaContext,
  runs,
  secretKeyOf,
} from '@commonweal/protocol'
import { VirtualNetwork } from '../crash/virtual-network.ts'

const RUN_MS_MAX = 600_000

export interface ModelReplicas {
  readonly genesis: Genesis
  /** Of the genesis. */
  readonly seed: string
  readonly lambdas: readonly number[]
  /** Of every agent's model, as a config has it. */
  readonly model: object
}

/**
 * Whole replicas whose agents have models, on one virtual clock, to the end of the first run.
 *
 * Result  the state digest of the ledger then, that all have, and the ledger.
 */
export async function runModelReplicas(
  replicas: ModelReplicas,
): Promise<{ readonly digest: string; readonly ledger: Ledger }> {
  const { genesis, seed, lambdas } = replicas
  const networkId = networkIdOf(genesis)
  const verify = createNodeVerify(64)
  const agents = new Map<AgentId, Agent>()
  const network = new VirtualNetwork({
    answer: (agent, question, ledger) =>
      answer(present(agents.get(agent), 'every replica has an agent'), question, ledger),
  })
  for (const [index] of genesis.accounts.entries()) {
    const signer = createNodeSigner(secretKeyOf(seed, index))
    const context: ReplicaContext = {
      genesis,
      networkId,
      verify,
      subnets: builtInSubnets,
      signer,
      votes: true,
      seed,
    }
    agents.set(signer.agent, createAgentOf(replicas.model, lambdas[index] ?? 0, network))
    network.start(context, createMemoryStore(), (error) => {
      throw error
    })
  }
  const { id } = present(genesis.instances[0], 'the network has an instance')
  const isOver = (ledger: Ledger): boolean => runs.find(ledger, id)?.status === 'ended'
  await network.run(
    'the run ends',
    () => network.members().every(({ ledger }) => isOver(ledger())),
    RUN_MS_MAX,
  )
  const members = network.members()
  const [first, ...others] = members.map(({ stateDigest }) => stateDigest())
  for (const other of others) assert.equal(other, first)
  const ledger = present(members[0], 'there are replicas').ledger()
  for (const { loop } of members) loop.stop()
  return { digest: present(first, 'there are replicas'), ledger }
}

function createAgentOf(model: object, lambda: number, network: VirtualNetwork): Agent {
  const prosociality = prosocialityOfLambda(lambda)
  assert.ok(prosociality.ok)
  return createModelAgent(modelConfigSchema.parse(model), {
    prosociality: prosociality.value,
    clock: network.clock,
    signal: new AbortController().signal,
    environment: {},
  })
}

/** As a node's desk has it: who fails passes. */
async function answer(agent: Agent, question: AgentQuestion, ledger: Ledger): Promise<Command> {
  const { subnet, epoch } = question
  try {
    if (question.kind === 'act') {
      const situation = present(createSituation(ledger, question), 'agents can play the instance')
      return { kind: 'act', subnet, epoch, action: await agent.act(situation) }
    }
    const situation = present(
      createNegotiationSituation(ledger, question),
      'agents can play the instance',
    )
    const move = await agent.negotiate(situation)
    const said = move.move === 'reject' ? ({ move: 'reject', text: move.text } as const) : move
    return { kind: 'move', subnet, epoch, turn: question.turn, move: said }
  } catch {
    if (question.kind === 'act')
      return { kind: 'submit', body: { kind: 'pass', subnet }, tag: null }
    return { kind: 'move', subnet, epoch, turn: question.turn, move: { move: 'pass' } }
  }
}
