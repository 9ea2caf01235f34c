import { TOKEN_MICRO } from '@commonweal/protocol'
import type { ForecastWorld } from '@commonweal/protocol/testing'
import { withOdds } from '../odds.ts'
import { type Holding, holdingOf, type LedgerAttack, remember } from './ledger-gain.ts'
import { createMarket, playLateOpening } from './market.ts'
import { drawSituation, type Situation } from './situation.ts'

const MINE = ['4', '5'] as const
const OTHERS = ['0', '1', '2', '3'] as const

/** What the holder of two names knows when it is its turn to open. */
interface Known {
  readonly beliefBps: number
  /** What the others have opened, on average. */
  readonly poolBps: number
  readonly outcome: 0 | 1
}

/** How one holder of two names seals and opens. In basis points on the first outcome. */
export interface Withholding {
  readonly name: string
  seals(beliefBps: number): readonly [number, number]
  opens(saidBps: number, known: Known): boolean
}

const belief = (bps: number): readonly [number, number] => [bps, bps]
const extremes = (): readonly [number, number] => [100, 9_900]
const bothSides = (bps: number): readonly [number, number] => [tilted(bps, 1 / 4), tilted(bps, 4)]

const isRight = (saidBps: number, { outcome }: Known): boolean =>
  saidBps > 5_000 === (outcome === 0)
const isAgreed = (saidBps: number, { poolBps }: Known): boolean =>
  saidBps > 5_000 === poolBps > 5_000
const isBetter = (saidBps: number, { beliefBps, outcome }: Known): boolean =>
  saidBps > beliefBps === (outcome === 0)

/** Of one who knows the answer before it opens, and of one who knows only what the others said. */
export const withholdings: readonly Withholding[] = [
  { name: 'opens what it believes if that is right', seals: belief, opens: isRight },
  { name: 'opens what it believes if others agree', seals: belief, opens: isAgreed },
  { name: 'seals both extremes, opens the right one', seals: extremes, opens: isRight },
  { name: 'seals both extremes, opens what others say', seals: extremes, opens: isAgreed },
  {
    name: 'seals its odds × 4 and ÷ 4, opens the better',
    seals: bothSides,
    opens: isBetter,
  },
  { name: 'opens nothing', seals: belief, opens: () => false },
]

/** Seals two reports, looks at what the others open, and keeps back what it does not like. */
export function withheldReport(
  withholding: Withholding,
  statementBondMicro: bigint = TOKEN_MICRO,
): LedgerAttack {
  return {
    name: `${withholding.name}${statementBondMicro === 0n ? ', no bond' : ''}`,
    play(seed) {
      const { outcome, others, beliefBps } = situationOf(seed)
      const [first, second] = withholding.seals(beliefBps)
      const known = { outcome, beliefBps, poolBps: meanOf(Object.values(others)) }
      const world = createMarket({ forecast: { statementBondMicro } })
      playLateOpening(world, {
        outcome,
        others,
        mine: { [MINE[0]]: first, [MINE[1]]: second },
        opens: (saidBps) => withholding.opens(saidBps, known),
      })
      return { made: heldIn(world), honest: playHonest(seed) }
    },
  }
}

const playHonest: (seed: string) => Holding = remember((seed) => {
  const { outcome, others, beliefBps } = situationOf(seed)
  const world = createMarket()
  const mine = { [MINE[0]]: beliefBps, [MINE[1]]: beliefBps }
  playLateOpening(world, { outcome, others, mine, opens: () => true })
  return heldIn(world)
})

function situationOf(seed: string): Situation {
  return drawSituation(seed, { names: OTHERS })
}

function heldIn(world: ForecastWorld): Holding {
  return holdingOf(world, MINE, OTHERS)
}

function tilted(bps: number, factor: number): number {
  return Math.round(10_000 * withOdds(bps / 10_000, (odds) => odds * factor))
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}
