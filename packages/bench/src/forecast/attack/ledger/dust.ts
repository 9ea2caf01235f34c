import type { StreamShares } from '@commonweal/protocol'
import { agentOf, type ForecastWorld } from '@commonweal/protocol/testing'
import { Random } from '../../../simulator/engine/random.ts'
import { type Holding, holdingOf, type LedgerAttack } from './ledger-gain.ts'
import { createMarket, LOCK_MICRO, playLateOpening } from './market.ts'
import { drawSituation } from './situation.ts'

/** Six with 100 tokens of weight, and forty more names. */
const SIX = ['0', '1', '2', '3', '4', '5'] as const
const FORTY: readonly string[] = Array.from({ length: 40 }, (_, index) => `${index + 6}`)
const PASSED_BPS_MAX = 8_000
const CHURN_COUNT = 20

/** From the least to the most, the logarithm uniform. */
interface Range {
  readonly leastMicro: number
  readonly mostMicro: number
}

export interface DividedLock extends Range {
  readonly name: string
}

/** From what is worth nothing under forty names to what is worth something under each. */
export const dividedLocks: readonly DividedLock[] = [
  { name: 'lock of 40 micro-tokens over 40 names', leastMicro: 40, mostMicro: 40 },
  { name: 'lock of 80 to 4 000 micro-tokens over 40 names', leastMicro: 80, mostMicro: 4_000 },
  { name: 'lock of 1 to 100 tokens over 40 names', leastMicro: 1_000_000, mostMicro: 100_000_000 },
]

/** An emission from one that is all dust to one that has little. */
const EMISSION: Range = { leastMicro: 61, mostMicro: 600_000 }

/** A lock under forty names, which all say what one would say. */
export function divideLock(lock: DividedLock): LedgerAttack {
  return {
    name: lock.name,
    play(seed) {
      const totalMicro = draw(seed, lock)
      const eachMicro = totalMicro / 40n
      const split = FORTY.map((_, index) =>
        index === 0 ? totalMicro - 39n * eachMicro : eachMicro,
      )
      return { made: playLocks(seed, split), honest: playLocks(seed, [totalMicro]) }
    },
  }
}

function playLocks(seed: string, locksMicro: readonly bigint[]): Holding {
  const names = FORTY.slice(0, locksMicro.length)
  const { outcome, beliefBps, others } = drawSituation(seed, { names: SIX })
  const world = createMarket({
    agents: SIX.length + FORTY.length,
    locksMicro: [...SIX.map(() => LOCK_MICRO), ...locksMicro],
    // So that nothing comes out even.
    forecast: { houseWeightMicro: LOCK_MICRO + 1n },
  })
  const mine = Object.fromEntries(names.map((name) => [name, beliefBps]))
  playLateOpening(world, { outcome, others, mine, opens: () => true })
  return holdingOf(world, FORTY, SIX)
}

/** By name: whom it passes on what. */
type Streams = Readonly<Record<string, readonly (readonly [to: string, bps: number])[]>>

interface StreamGame {
  readonly name: string
  /** Names of the attacker. */
  readonly mine: readonly string[]
  readonly made: Streams
  readonly honest: Streams
}

const DIVIDED: Streams = { '0': FORTY.slice(0, 32).map((name) => [name, 100]) }
const WHOLE: Streams = { '0': [['6', 3_200]] }
const owed = ['2', 1_000] as const

const GAMES: readonly StreamGame[] = [
  { name: 'supplier’s part over 32 of its names', mine: FORTY, made: DIVIDED, honest: WHOLE },
  { name: 'customer’s payment to 32 names', mine: ['0'], made: DIVIDED, honest: WHOLE },
  {
    name: 'cycle of two own names',
    mine: ['0', '1'],
    made: { '0': [['1', PASSED_BPS_MAX]], '1': [['0', PASSED_BPS_MAX]] },
    honest: {},
  },
  {
    name: 'cycle of two own names, a tenth is owed',
    mine: ['0', '1'],
    made: { '0': [['1', PASSED_BPS_MAX - 1_000], owed], '1': [['0', PASSED_BPS_MAX]] },
    honest: { '0': [owed] },
  },
]

/** Streams that are divided into dust or led in circles. */
export const streamGames: readonly LedgerAttack[] = GAMES.map((game) => ({
  name: game.name,
  play: (seed) => ({
    made: playStreams(seed, game, game.made),
    honest: playStreams(seed, game, game.honest),
  }),
}))

function playStreams(seed: string, { mine }: StreamGame, streams: Streams): Holding {
  const { outcome, others } = drawSituation(seed, { names: SIX })
  const world = createMarket({
    agents: SIX.length + FORTY.length,
    // Thirty-two receivers are many bytes.
    feeMicro: 10_000n,
    forecast: { schedule: { epochMicro: draw(seed, EMISSION), halvingEpochs: 1_000 } },
  })
  for (const [from, shares] of Object.entries(streams)) {
    world.act(from, { kind: 'stream', shares: sharesOf(shares) })
  }
  playLateOpening(world, { outcome, others, mine: {}, opens: () => true })
  const rest = [...SIX, ...FORTY].filter((name) => !mine.includes(name))
  return holdingOf(world, mine, rest)
}

function sharesOf(shares: readonly (readonly [to: string, bps: number])[]): StreamShares {
  return shares
    .map(([to, bps]) => ({ to: agentOf(to), bps }))
    .toSorted((a, b) => (a.to < b.to ? -1 : 1))
}

/** A lock of a few micro-tokens that is opened and closed over and over, while the others forecast. */
export const lockChurn: LedgerAttack = {
  name: `lock opened and closed ${CHURN_COUNT} times`,
  play: (seed) => ({ made: playChurn(seed, CHURN_COUNT), honest: playChurn(seed, 0) }),
}

function playChurn(seed: string, count: number): Holding {
  const { outcome, others } = drawSituation(seed, { names: SIX })
  const world = createMarket({ agents: 7 })
  const random = new Random(seed, 'churn')
  for (let time = 0; time < count; time += 1) churnOnce(world, BigInt(random.between(1, 9)))
  playLateOpening(world, { outcome, others, mine: {}, opens: () => true })
  // Until all that was closed is paid out.
  for (let epoch = 0; epoch < 5; epoch += 1) world.endEpoch()
  return holdingOf(world, ['6'], SIX)
}

function churnOnce(world: ForecastWorld, amountMicro: bigint): void {
  world.block(['6', { kind: 'lock', amountMicro }], ['6', { kind: 'close-lock' }])
}

function draw(seed: string, { leastMicro, mostMicro }: Range): bigint {
  const part = new Random(seed, 'amount').next() / 2 ** 32
  return BigInt(Math.round(leastMicro * (mostMicro / leastMicro) ** part))
}
