import type { Agent } from '@commonweal/node/agent'
import {
  type CommonsRow,
  createTable,
  type Genesis,
  type Ledger,
  runs,
  type Table,
} from '@commonweal/protocol'
import { ConservationChecker } from './checker/conservation.ts'
import { KeyRing } from './engine/keyed-hash.ts'
import { World } from './engine/world.ts'
import type { WorldReport } from './engine/world-options.ts'
import { attachAgents } from './network/attached-agents.ts'
import { createReplicaNetwork, ReplicaProcess } from './network/replica-network.ts'
import { FAULTLESS_LINK, type LinkFaults, type Plan } from './plan/plan.ts'

export interface CommonsRunOptions {
  /** Every account is a validator with one process. */
  readonly genesis: Genesis
  /** How each account's agent plays, in their order. */
  readonly agents: readonly Agent[]
  /** Id of the commons that is played. */
  readonly subnet: string
  /** Fixes the links' draws and the validators' shares: the beacons are those of every run with this seed. */
  readonly seed: string
  /** Default: 5 to 15 ms, and nothing goes wrong. */
  readonly link?: LinkFaults
  /** Faults of the network and of processes, healed at `healAtMs`; default none. */
  readonly faults?: Pick<Plan, 'partitions' | 'crashes' | 'healAtMs'>
}

/** What became of a commons that whole replicas played on a simulated network. */
export interface CommonsRunReport {
  /** The rounds of the run, as the ledger of the first process has them. */
  readonly rows: readonly CommonsRow[]
  readonly ledger: Ledger
  /** Whether the run ended at every process. */
  readonly isEnded: boolean
  readonly world: WorldReport
}

const THINK_MS = 1
/** Virtual time that a run may take: an hour. */
const RUN_LIMIT_MS = 3_600_000

/** Plays one run of a commons, negotiation and all, among whole replicas in virtual time. */
export function runCommons(options: CommonsRunOptions): CommonsRunReport {
  const { genesis, agents, subnet, seed } = options
  const accounts = genesis.accounts.map(({ agent }) => agent)
  const ring = new KeyRing(accounts.length, seed, accounts)
  const { verify, signers } = ring
  const processes: ReplicaProcess[] = []
  const isRunOver = ({ ledger }: ReplicaProcess): boolean =>
    runs.find(ledger, subnet)?.status === 'ended'
  const world = new World({
    plan: planOf(options),
    network: createReplicaNetwork({ genesis, signers, verify, seed }),
    checkers: [new ConservationChecker()],
    onEffect: attachAgents(agents, THINK_MS),
    isDone: (instances) => {
      processes.length = 0
      for (const { process } of instances) {
        if (process instanceof ReplicaProcess) processes.push(process)
      }
      return processes.length === instances.length && processes.every(isRunOver)
    },
    progressLimitMs: RUN_LIMIT_MS,
  }).run()
  const [first] = processes
  if (first === undefined) throw new RangeError('a genesis has at least one account')
  const { ledger } = first
  const isEnded = processes.length === accounts.length && processes.every(isRunOver)
  return { rows: rowsOf(ledger, subnet), ledger, isEnded, world }
}

function planOf({ genesis, seed, link, faults }: CommonsRunOptions): Plan {
  return {
    seed,
    stakesMicro: genesis.accounts.map(({ bondMicro }) => bondMicro),
    instances: genesis.accounts.map((_, agent) => ({
      agent,
      behaviour: 'honest',
      clockOffsetMs: 0,
      clockDriftPpm: 0,
    })),
    link: link ?? FAULTLESS_LINK,
    partitions: [],
    viewPartitions: [],
    crashes: [],
    healAtMs: 0,
    ...faults,
  }
}

/** The rows of commons instances: the ledger writes them, and nobody else. */
const commonsRows: Table<CommonsRow> = createTable<CommonsRow>('row')

function rowsOf(ledger: Ledger, subnet: string): readonly CommonsRow[] {
  return [...commonsRows.entries(ledger)].flatMap(([key, row]) =>
    key.startsWith(`${subnet}/`) ? [row] : [],
  )
}
