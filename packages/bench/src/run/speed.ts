import { type Agent, createAgent, knownDraws, prosocialityOfLambda } from '@commonweal/node/agent'
import {
  agentIdOf,
  type BoundLaw,
  checkLaw,
  cidOf,
  commons,
  createLawState,
  type LawState,
  present,
  settleRound,
} from '@commonweal/protocol'
import { type Beacons, seededBeacons } from './beacons.ts'
import { runRounds } from './rounds.ts'
import type { RoundsConfig } from './rounds-config.ts'

/** How many decisions a second one core takes, and how many the state machine alone could settle. */
export interface RoundsSpeed {
  readonly agentCount: number
  readonly hasLaw: boolean
  readonly decisionsPerSecond: number
  /** The same rounds by `settleRound` in a bare loop: no agents, no negotiation, nothing recorded. */
  readonly limitPerSecond: number
}

const ROUND_COUNT = 12
/** What renews itself of a full stock, shared by all. */
const limitFor = (seatCount: number): string => `stock / ${2 * seatCount}`

/**
 * Runs so many commons of a number of seats one after the other, all steady.
 *
 * With a law everybody has agreed to one cap in the first round, and the covering contract is looked at in every later one, as in
 * any run.
 */
export async function measureRounds({
  seatCount,
  runCount,
  hasLaw,
}: {
  seatCount: number
  runCount: number
  hasLaw: boolean
}): Promise<RoundsSpeed> {
  const config = configOf(seatCount, hasLaw)
  const agents = config.seats.map(
    ({ agent, ...plan }): Agent =>
      createAgent({ ...plan, law: limitFor(seatCount), derive: knownDraws(agent) }),
  )
  const beacons = remember(config)
  await runRounds(config, beacons, agents)
  const startedAtMs = performance.now()
  for (let run = 0; run < runCount; run++) await runRounds(config, beacons, agents)
  const seconds = (performance.now() - startedAtMs) / 1_000
  const decisionCount = runCount * ROUND_COUNT * seatCount
  const limitSeconds = timeBare(config, beacons, runCount)
  return {
    agentCount: runCount * seatCount,
    hasLaw,
    decisionsPerSecond: decisionCount / seconds,
    limitPerSecond: decisionCount / limitSeconds,
  }
}

/** Beacons are made once: they are the network's work, not that of the rounds. */
function remember(config: RoundsConfig): Beacons {
  const validators = config.seats.map(({ agent }) => agent)
  const made = seededBeacons(cidOf(Uint8Array.of(1)), validators, 1)
  const known = Array.from({ length: ROUND_COUNT + 1 }, (_, epoch) => made(epoch))
  return (epoch) => present(known[epoch], 'a run has no more rounds')
}

function timeBare(config: RoundsConfig, beacons: Beacons, runCount: number): number {
  const { params, seats } = config
  const bound = config.law === null ? null : bind(config, config.law)
  const startedAtMs = performance.now()
  for (let run = 0; run < runCount; run++) {
    let state = commons.start(params, seats.length)
    let lawState: LawState = createLawState(seats.map(() => 0n))
    while (!commons.isEnded(params, state)) {
      const action = BigInt(Math.floor(state.stock / (2 * seats.length)))
      const settled = settleRound(commons, {
        params,
        state,
        actions: seats.map(() => ({ action, absent: false })),
        laws: bound === null ? [] : [{ bound, state: lawState }],
        randomness: beacons(state.round),
      })
      state = settled.state
      lawState = settled.laws[0]?.state ?? lawState
    }
  }
  return (performance.now() - startedAtMs) / 1_000
}

function bind({ params, seats }: RoundsConfig, limit: string): BoundLaw {
  const law = {
    clauses: [{ at: 'submission', when: 'true', then: { primitive: 'cap', limit } }],
  } as const
  const checked = checkLaw(law, commons.language(params, seats.length))
  const everybody = seats.map(() => true)
  const known = present(checked.ok ? checked.value : null, 'a cap on the stock is admitted')
  return { law: known, signer: everybody, bound: everybody }
}

function configOf(seatCount: number, hasLaw: boolean): RoundsConfig {
  const weight = prosocialityOfLambda(0)
  const prosociality = present(weight.ok ? weight.value : null, 'λ = 0 is a weight')
  return {
    subnet: 'commons',
    // Twenty units a seat, as in the published commons of five.
    params: commons.paramsSchema.parse({ capacity: 20 * seatCount, rounds: ROUND_COUNT }),
    seats: Array.from({ length: seatCount }, (_, seat) => ({
      agent: agentIdOf(new Uint8Array(32).fill(seat + 1)),
      policy: { name: 'steady', ratePercent: 200 },
      prosociality,
    })),
    contract: hasLaw ? 'law' : 'none',
    contractDelay: 0,
    binding: 'members',
    quorum: null,
    turnsMax: 2 * seatCount,
    law: hasLaw ? limitFor(seatCount) : null,
  }
}
