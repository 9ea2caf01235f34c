import {
  type AgentId,
  accountOf,
  type Cid,
  datasetRoot,
  locks,
  type QuestionBody,
  TOKEN_MICRO,
} from '@commonweal/protocol'
import {
  agentOf,
  type ForecastChoice,
  ForecastWorld,
  RECORDS,
  reporting,
} from '@commonweal/protocol/testing'

/** What each of the six has locked at the start. */
export const LOCK_MICRO: bigint = 100n * TOKEN_MICRO

/** Six who have locked 100 tokens each beside a house of 100, and earn 60 an epoch; fees are next to nothing. */
export function createMarket(choice: ForecastChoice = {}): ForecastWorld {
  return new ForecastWorld({
    agents: 6,
    feeMicro: 2_000n,
    locksMicro: Array.from({ length: 6 }, () => LOCK_MICRO),
    ...choice,
    forecast: {
      schedule: { epochMicro: 60n * TOKEN_MICRO, halvingEpochs: 1_000 },
      houseWeightMicro: LOCK_MICRO,
      ...choice.forecast,
    },
  })
}

/** What makes a question come out like this. */
export function outcomeIs(index: 0 | 1): Partial<QuestionBody> {
  const root = datasetRoot(RECORDS)
  return { resolver: { kind: 'dataset', root, index, column: 'outcome' } }
}

/** Everything of these names in tokens: what they hold, and what is left of their locks. */
export function worthOf(world: ForecastWorld, names: readonly string[]): bigint {
  return sumMicro(names.map((name) => worthOfAgent(world, agentOf(name))))
}

function worthOfAgent({ ledger }: ForecastWorld, agent: AgentId): bigint {
  const { balanceMicro, bondMicro, unbonding } = accountOf(ledger, agent)
  const { lockedMicro, weightMicro } = locks.find(ledger, agent) ?? NO_LOCK
  const lockWorthMicro = lockedMicro < weightMicro ? lockedMicro : weightMicro
  const unbondingMicro = sumMicro(unbonding.map(({ amountMicro }) => amountMicro))
  return balanceMicro + bondMicro + unbondingMicro + lockWorthMicro
}

const NO_LOCK = { lockedMicro: 0n, weightMicro: 0n }

/** Forecasting weight of these names. */
export function weightOf(world: ForecastWorld, names: readonly string[]): bigint {
  return sumMicro(names.map((name) => locks.find(world.ledger, agentOf(name))?.weightMicro ?? 0n))
}

/** What a name kept of the last emission. */
export function paidTo(world: ForecastWorld, name: string): bigint {
  const { nets } = world.lastEvent('emission-settled')
  const own = nets.filter(({ agent }) => agent === agentOf(name))
  return sumMicro(own.map(({ amountMicro }) => amountMicro))
}

/** Empty blocks until a question has left the ledger. */
export function settle(world: ForecastWorld, question: Cid): void {
  while (world.hasQuestion(question)) world.block()
}

/** One question of which the attacker opens its statements last. */
export interface LateOpening {
  readonly outcome: 0 | 1
  /** By name, in basis points on the first outcome. */
  readonly others: Readonly<Record<string, number>>
  readonly mine: Readonly<Record<string, number>>
  /** Whether a name opens what it sealed, when the others have opened theirs. */
  opens(saidBps: number): boolean
}

/** A whole question, from its asking to the end of the epoch in which it is settled. */
export function playLateOpening(world: ForecastWorld, played: LateOpening): void {
  const { outcome, others, mine } = played
  const id = world.ask('0', outcomeIs(outcome))
  const all = Object.entries({ ...others, ...mine })
  const open = (said: readonly (readonly [name: string, bps: number])[]): void => {
    world.block(
      ...said.map(([name, bps]) => [name, world.openStatement(name, id, reporting(bps))] as const),
    )
  }
  world.advanceTo(world.question(id).openHeight - 1)
  world.block(
    ...all.map(([name, bps]) => [name, world.sealStatement(name, id, reporting(bps))] as const),
  )
  world.advanceToStage(id, 'revealing')
  open(Object.entries(others))
  open(Object.entries(mine).filter(([, bps]) => played.opens(bps)))
  world.advanceToStage(id, 'waiting')
  world.advanceTo(world.question(id).resolveHeight - 1)
  world.act('0', world.resolution(id))
  settle(world, id)
}

export function sumMicro(amounts: readonly bigint[]): bigint {
  return amounts.reduce((sum, micro) => sum + micro, 0n)
}
