import {
  type Agent,
  createAgent,
  knownDraws,
  type Policy,
  prosocialityOfLambda,
} from '@commonweal/node/agent'
import { createLocalGenesis } from '@commonweal/node/local'
import { type Genesis, present, TOKEN_MICRO } from '@commonweal/protocol'
import { KeyRing } from '../engine/keyed-hash.ts'
import { Random } from '../engine/random.ts'
import type { WorldOptions } from '../engine/world-options.ts'
import type { Plan } from '../plan/plan.ts'
import type { Network } from '../process.ts'
import { attachAgents } from './attached-agents.ts'
import { CONSENSUS_PARAMETERS } from './consensus-network.ts'
import { createReplicaNetwork } from './replica-network.ts'

/** Stakes of a plan are in the order of a token: bonds hold so many times as much. */
const BOND_FACTOR = 1_000n
/** Epochs that a run goes through, where time allows. */
const EPOCHS_RUN = 2
const THINK_MS = 5
const TRANSFERS_MAX = 20

/** A network of whole replicas for a plan, with agents that bargain over a commons and transfers all the while. */
export function replicaWorld(plan: Plan): {
  readonly network: Network
  readonly workload: NonNullable<WorldOptions['workload']>
  readonly onEffect: NonNullable<WorldOptions['onEffect']>
  readonly isDone: NonNullable<WorldOptions['isDone']>
} {
  const genesis = createGenesis(plan)
  const agents = genesis.accounts.map(({ agent }) => agent)
  const ring = new KeyRing(agents.length, plan.seed, agents)
  const { verify, signers } = ring
  return {
    network: createReplicaNetwork({ genesis, signers, verify, seed: plan.seed }),
    workload: drawTransfers(plan, genesis),
    onEffect: attachAgents(drawAgents(plan), THINK_MS),
    isDone: (instances) =>
      instances.every(
        ({ isHonest, process }) => !isHonest || (process?.inspect().epoch ?? 0) > EPOCHS_RUN,
      ),
  }
}

/** The shortest that the protocol allows, so that an epoch ends though somebody faulty owes an act in it. */
const SHORT_PHASES = {
  negotiateHeightsMax: 16,
  signalHeightsMax: 8,
  sealHeightsMax: 8,
  revealHeightsMax: 8,
  beaconHeightsMax: 8,
} as const

/** That of a local network, faster, with the stakes of the plan as bonds. */
function createGenesis({ seed, stakesMicro }: Plan): Genesis {
  const local = createLocalGenesis({ nodes: stakesMicro.length, seed, rounds: 3, repeat: true })
  const accounts = local.accounts.map((account, index) => ({
    ...account,
    bondMicro: (stakesMicro[index] ?? TOKEN_MICRO) * BOND_FACTOR,
  }))
  return {
    ...local,
    accounts,
    consensus: { ...local.consensus, ...CONSENSUS_PARAMETERS },
    epochs: { ...local.epochs, ...SHORT_PHASES },
    turnHeightsMax: 4,
  }
}

const POLICIES: readonly Policy[] = [
  { name: 'utility', ratePercent: 200 },
  { name: 'greedy' },
  { name: 'fair-share' },
  { name: 'hold-out' },
]

function drawAgents({ seed, stakesMicro }: Plan): readonly Agent[] {
  const random = new Random(seed, 'agents')
  return stakesMicro.map(() => {
    const prosociality = prosocialityOfLambda(random.below(3))
    const policy = random.chance(700_000) ? POLICIES[0] : random.pick(POLICIES)
    return createAgent({
      policy: present(policy, 'there is a first policy'),
      prosociality: present(prosociality.ok ? prosociality.value : null, 'λ is at least 0'),
      derive: knownDraws(seed),
    })
  })
}

/** Each instance sends its own: twins spend one nonce twice. */
function drawTransfers(plan: Plan, { accounts }: Genesis): NonNullable<WorldOptions['workload']> {
  const random = new Random(plan.seed, 'transfers')
  return Array.from({ length: random.below(TRANSFERS_MAX) }, () => {
    const to = random.pick(accounts).agent
    const amountMicro = BigInt(random.between(1, 1_000)) * 1_000n
    const body = { kind: 'transfer', to, amountMicro } as const
    return {
      atMs: random.below(plan.healAtMs),
      instance: random.below(plan.instances.length),
      input: { kind: 'command', command: { kind: 'submit', body, tag: null } },
    }
  })
}
