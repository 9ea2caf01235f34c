import { medianLaw, poolLaw } from '../../commons/control-laws.ts'
import { measureEscapement } from '../../commons/escapement.ts'
import { anyTotal, equalTotals, planHarvest } from '../../commons/harvest-plan.ts'
import { type HeldPlan, measureHeldPlan } from '../../commons/held-plan.ts'
import {
  measurePrivateSignal,
  PRIVATE_SIGNAL_SEATS,
  privateSignalParams,
} from '../../commons/private-signal.ts'
import { createRenewal } from '../../commons/renewal.ts'
import { SEAT_COUNT } from '../play-commons.ts'
import type { PaperSection } from '../section.ts'
import { judge, rounding } from '../verdict-row.ts'

const NAME = 'private-signal'
/** Expectations are sums of whole numbers over powers of two, but for what is divided by five. */
const FLOAT = 1e-9

/** The commons whose rate agents see and laws do not. */
export const privateSignalSection: PaperSection = {
  name: NAME,
  title: 'What a cap cannot see: the private signal',
  text: [
    'The rate of each round is 1.5 or 2.5. Agents see it before they harvest; a contract of the class stock-cap names only round and stock. All figures are expectations over all draws, by dynamic programming on the real state machine; nothing is sampled.',
    'The published bound of 540 is one on seats that take all that a cap leaves them. It is not a bound on seats that look ahead: a law may shut the water at every stock but two, so that taking too much at the low rate costs tomorrow. Selfish seats then reach 590, with the rate that no clause names. Both figures are shown.',
  ],
  partSeconds: 9,
  measure() {
    const figures = measurePrivateSignal()
    const iid = measureEscapement(40, SEAT_COUNT)
    const pooled = holdPooled()
    const median = holdMedian()
    const equalGap = (held: HeldPlan): number => figures.informedEqual - held.welfare
    const taken = 'Holds for seats that take all that the cap leaves them.'
    const row = (id: string, what: string, expected: number, got: number, rest: object = {}) =>
      judge(NAME, { id: `private-signal/${id}`, what, expected, got, ...rest })
    return {
      rows: [
        row('no-contract', 'λ = 0 without a contract', 100, figures.noContract),
        row('best-cap', 'λ = 0 under the best cap', 540, figures.bestCap, { condition: taken }),
        row('best-cap-law', 'that cap as a law, taken in full', 540, figures.bestCapLaw),
        row(
          'farsighted',
          'λ = 0, looking ahead, under a cap that is open at 100 and 90 alone',
          590,
          figures.farsighted,
          {
            note: 'Not published: it shows that the 540 is a bound on seats that take all they may, not on every equilibrium of the class.',
          },
        ),
        row('informed', 'informed, at its optimum, shares differ by one', 611.5, figures.informed),
        row('informed-equal', 'informed, equal whole shares', 604, figures.informedEqual, {
          tolerance: 0.5,
          note: 'Published as about 604. The same number is what an override to the median request reaches, since it makes all shares equal.',
        }),
        row('loss', 'what every cap loses', 71.5, figures.loss, { condition: taken }),
        row(
          'override',
          'what an override to the numbers of that cap costs an informed group',
          71.5,
          figures.informed - figures.bestCapLaw,
          { condition: 'Holds for a law that overrides requests.' },
        ),
        row('capped', 'an informed group under the cap itself', 611.5, figures.informedCapped, {
          note: 'Not published: a cap, unlike an override, lets an informed group ask for less, so it costs them nothing.',
        }),
        row('pooled', 'gap with catches pooled', 0, figures.informed - pooled.welfare, {
          tolerance: FLOAT,
          note: heldNote(pooled),
        }),
        row('median', 'gap with everybody at the median request', 0, equalGap(median), {
          tolerance: FLOAT,
          condition:
            'Holds against the optimum in equal whole shares (604.28), which is all that a median can give; against 611.5 it is 7.22.',
          note: heldNote(median),
        }),
        row('held', 'greatest gain of a seat that leaves either plan', 0, gainOf(pooled, median), {
          tolerance: FLOAT,
          note: 'Every other request of every seat, in every state that one step away leads to.',
        }),
        row('iid-R', 'rates that nobody knows, 5 escapement(40): R', 500, iid.R, {
          tolerance: rounding(1),
        }),
        row('iid-u', 'the same: u', 0.889, iid.u, { tolerance: rounding(3) }),
        row('iid-o', 'the same: o', 0.271, iid.o, { tolerance: rounding(3) }),
      ],
    }
  },
}

/** The informed optimum among selfish seats that pool their catches. */
function holdPooled(): HeldPlan {
  const params = privateSignalParams('full')
  const renewal = createRenewal(params, PRIVATE_SIGNAL_SEATS)
  const plan = planHarvest(renewal, { isInformed: true, totals: anyTotal })
  return measureHeldPlan(renewal, poolLaw(params), (round, stock, draw) => {
    const total = plan.totalAt(round, stock, draw)
    return Array.from({ length: PRIVATE_SIGNAL_SEATS }, (_, seat) =>
      Math.floor((total + PRIVATE_SIGNAL_SEATS - 1 - seat) / PRIVATE_SIGNAL_SEATS),
    )
  })
}

/** The informed optimum in equal shares among selfish seats that all harvest the median request. */
function holdMedian(): HeldPlan {
  const renewal = createRenewal(privateSignalParams('full'), PRIVATE_SIGNAL_SEATS)
  const totals = equalTotals(PRIVATE_SIGNAL_SEATS)
  const plan = planHarvest(renewal, { isInformed: true, totals })
  return measureHeldPlan(renewal, medianLaw(), (round, stock, draw) => {
    const share = Math.ceil(plan.totalAt(round, stock, draw) / PRIVATE_SIGNAL_SEATS)
    return Array.from({ length: PRIVATE_SIGNAL_SEATS }, () => share)
  })
}

/** A gain below 0 is none. */
function gainOf(...plans: readonly HeldPlan[]): number {
  return Math.max(0, ...plans.map(({ gainMax }) => gainMax))
}

function heldNote({ welfare, stateCount }: HeldPlan): string {
  return `Played by the real state machine among selfish seats: ${welfare.toFixed(2)} in expectation over ${stateCount} states.`
}
