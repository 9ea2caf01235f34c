import { type CommonsParams, commonsParamsSchema, type Law } from '@commonweal/protocol'
import { capOfLaw } from './cap-law.ts'
import { computeTaken, findCapEquilibrium } from './capped-play.ts'
import { anyTotal, equalTotals, planHarvest } from './harvest-plan.ts'
import { createRenewal } from './renewal.ts'

/** Expected harvest of the commons whose rate agents see and laws do not. */
export interface PrivateSignalFigures {
  /** Selfish, without a contract: everybody asks for everything. */
  readonly noContract: number
  /** The best of all harvests that follow round and stock alone: under no cap that is taken in full is there more. */
  readonly bestCap: number
  /** That cap as a law, taken in full. */
  readonly bestCapLaw: number
  /** Informed, for the good of all: shares may differ by one, or are equal. */
  readonly informed: number
  readonly informedEqual: number
  /** What every cap that is taken in full loses to them, and what an override to the same numbers costs them. */
  readonly loss: number
  /** Informed and for the good of all, but under that cap: they may still ask for less. */
  readonly informedCapped: number
  /** Selfish seats that look ahead, under a cap that shuts the water at every stock but two. */
  readonly farsighted: number
}

export const PRIVATE_SIGNAL_SEATS = 5

/** Leaves 40, and all of it to the last round. */
export const BEST_CAP_LAW: Law = capLaw('round == 12 ? stock : max(0, stock - 40) / 5')
/**
 * Open at 100 and at 90 only. At the low rate eight each leave 90 and nine leave less, which shuts the water: the rate that no
 * clause names decides what seats dare to take.
 */
export const FARSIGHTED_LAW: Law = capLaw(
  'round == 12 ? stock : stock == 100 ? 12 : stock == 90 ? 10 : 0',
)

export function privateSignalParams(
  language: CommonsParams['language'] = 'stock-cap',
): CommonsParams {
  return commonsParamsSchema.parse({ regeneration: { mode: 'private-signal' }, language })
}

/** All by dynamic programming over stock and round; exact, since both rates are as likely. */
export function measurePrivateSignal(): PrivateSignalFigures {
  const params = privateSignalParams()
  const seatCount = PRIVATE_SIGNAL_SEATS
  const renewal = createRenewal(params, seatCount)
  const equal = equalTotals(seatCount)
  const lawCap = capOfLaw(params, BEST_CAP_LAW, seatCount)
  const underCap = (round: number, stock: number): readonly number[] => {
    const most = Math.min(stock, seatCount * lawCap(round, stock))
    return anyTotal(round, stock).filter((total) => total <= most)
  }
  const bestCap = planHarvest(renewal, { isInformed: false, totals: anyTotal }).value
  const informed = planHarvest(renewal, { isInformed: true, totals: anyTotal }).value
  const farsighted = findCapEquilibrium(renewal, capOfLaw(params, FARSIGHTED_LAW, seatCount))
  if (farsighted === undefined) throw new RangeError('the law leaves an equilibrium in every state')
  return {
    noContract: computeTaken(renewal, (_, stock) => stock),
    bestCap,
    bestCapLaw: computeTaken(renewal, lawCap),
    informed,
    informedEqual: planHarvest(renewal, { isInformed: true, totals: equal }).value,
    loss: informed - bestCap,
    informedCapped: planHarvest(renewal, { isInformed: true, totals: underCap }).value,
    farsighted: farsighted.welfare,
  }
}

function capLaw(limit: string): Law {
  return { clauses: [{ at: 'submission', when: 'true', then: { primitive: 'cap', limit } }] }
}
