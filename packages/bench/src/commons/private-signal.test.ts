import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import {
  type BoundLaw,
  type CommonsParams,
  checkLaw,
  commons,
  createLawState,
  type Law,
  present,
  settleEnd,
  settleRound,
} from '@commonweal/protocol'
import { Random } from '../simulator/engine/random.ts'
import { capOfLaw } from './cap-law.ts'
import { findCapEquilibrium } from './capped-play.ts'
import { measureEscapement } from './escapement.ts'
import { anyTotal, planHarvest } from './harvest-plan.ts'
import {
  BEST_CAP_LAW,
  FARSIGHTED_LAW,
  measurePrivateSignal,
  PRIVATE_SIGNAL_SEATS,
  privateSignalParams,
} from './private-signal.ts'
import { createRenewal, type Renewal, stateAt } from './renewal.ts'

const params = privateSignalParams()
const renewal = createRenewal(params, PRIVATE_SIGNAL_SEATS)

describe('the commons with a private signal', () => {
  it('has its figures, exactly and soon', () => {
    const startedAtMs = performance.now()
    const figures = measurePrivateSignal()
    assert.ok(performance.now() - startedAtMs < 5_000)
    assert.deepEqual(figures, {
      noContract: 100,
      bestCap: 540,
      bestCapLaw: 540,
      informed: 611.5,
      informedEqual: 604.27783203125,
      loss: 71.5,
      // A cap, unlike an override, lets an informed group still take less when it should.
      informedCapped: 611.5,
      farsighted: 590,
    })
  })

  it('is played for real: selfish requests under the best law catch 540 in expectation', () => {
    const law = bind(params, BEST_CAP_LAW)
    const caught = expectCatch(renewal, (round, stock, draw) => {
      const requests = Array.from({ length: PRIVATE_SIGNAL_SEATS }, () => stock)
      return playOnce(params, law, { round, stock, draw, requests })
    })
    assert.equal(caught, 540)
  })

  it('is played for real: an informed plan in unequal whole shares catches 611.5', () => {
    const plan = planHarvest(renewal, { isInformed: true, totals: anyTotal })
    const caught = expectCatch(renewal, (round, stock, draw) => {
      const total = plan.totalAt(round, stock, draw)
      const requests = divideEvenly(total, PRIVATE_SIGNAL_SEATS)
      return playOnce(params, null, { round, stock, draw, requests })
    })
    assert.equal(caught, 611.5)
  })

  it('is held by its best cap: no seat that looks ahead gains by asking for less', () => {
    const cap = capOfLaw(params, BEST_CAP_LAW, PRIVATE_SIGNAL_SEATS)
    const equilibrium = findCapEquilibrium(renewal, cap)
    assert.equal(equilibrium?.welfare, 540)
    assert.deepEqual(
      [0, 1].map((draw) => equilibrium?.requestAt(1, 100, draw)),
      [12, 12],
    )
  })
})

describe('a cap that looks at the stock, among seats that look ahead', () => {
  const cap = capOfLaw(params, FARSIGHTED_LAW, PRIVATE_SIGNAL_SEATS)
  const equilibrium = findCapEquilibrium(renewal, cap)
  assert.ok(equilibrium !== undefined)

  it('lets the rate through that it has no word for: 590, where taking all of it catches 540', () => {
    assert.equal(equilibrium.welfare, 590)
    const [low, high] = [0, 1].map((draw) => equilibrium.requestAt(1, 100, draw))
    assert.deepEqual([low, high], [8, 12])
  })

  it('is an equilibrium of the real game: no seat gains by another request in any state that can occur', () => {
    const law = bind(params, FARSIGHTED_LAW)
    const known = new Map<string, number>()
    const played = (round: number, stock: number, draw: number, own?: number): number => {
      const request = equilibrium.requestAt(round, stock, draw)
      const requests = Array.from({ length: PRIVATE_SIGNAL_SEATS }, (_, seat) =>
        seat === 0 ? (own ?? request) : request,
      )
      const { catches, next } = playOnce(params, law, { round, stock, draw, requests })
      return (catches[0] ?? 0) + (next === null ? 0 : valueAt(round + 1, next))
    }
    const valueAt = (round: number, stock: number): number => {
      const key = `${round}/${stock}`
      const before = known.get(key)
      if (before !== undefined) return before
      const byDraw = [0, 1].map((draw) => {
        const value = played(round, stock, draw)
        // In the last round luck divides what everybody wants, and nothing comes after it.
        for (let own = 0; round < params.rounds && own <= stock; own++) {
          assert.ok(
            played(round, stock, draw, own) <= value,
            `${own} in round ${round} at ${stock}`,
          )
        }
        return value
      })
      const value = ((byDraw[0] ?? 0) + (byDraw[1] ?? 0)) / 2
      known.set(key, value)
      return value
    }
    valueAt(1, params.capacity)
    assert.ok(known.size > 30, `${known.size} states`)
  })
})

describe('laws outside the class stock-cap', () => {
  const full = privateSignalParams('full')
  const seats = [0, 1, 2, 3, 4]

  it('override to the median: nobody’s own request moves it, so the best common plan holds', () => {
    // Five times those below and those above: a place of the list. At a median there are at most two of either.
    const isMedian = '[1, 1, 1, 0, 0, 1, 1, 1, 0, 0, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0]'
    const around = (own: string): string => `q < ${own} ? 5 : (q > ${own} ? 1 : 0)`
    const median = bind(full, {
      clauses: seats.map((seat) => ({
        at: 'submission',
        when: `${isMedian}[sum(requests.map(q, ${around(`requests[${seat}]`)}))] == 1`,
        then: { primitive: 'override', action: `requests[${seat}]` },
      })),
    })
    const random = new Random('median', 'test')
    for (let trial = 0; trial < 200; trial++) {
      const plan = random.below(21)
      const requests = seats.map(() => plan)
      const place = { round: 3, stock: 100, draw: 0 }
      const honest = playOnce(full, median, { ...place, requests })
      const bent = requests.with(random.below(5), random.below(200))
      assert.deepEqual(playOnce(full, median, { ...place, requests: bent }), honest)
      assert.deepEqual(honest.catches, requests)
    }
  })

  it('pool what was caught: everybody’s worth is a fifth of all, so the first best holds', () => {
    const fifth = `catches[self] * ${full.unitMicro / 5n}`
    const pool = bind(full, {
      clauses: seats.map((to) => ({
        at: 'settlement',
        when: `self != ${to}`,
        then: { primitive: 'transfer', to: String(to), amount: fifth },
      })),
    })
    const random = new Random('pool', 'test')
    for (let trial = 0; trial < 200; trial++) {
      const requests = seats.map(() => random.below(40))
      const stock = 20 + random.below(81)
      const { catches, worths } = playOnce(full, pool, { round: 3, stock, draw: 1, requests })
      const total = catches.reduce((sum, got) => sum + got, 0)
      for (const worth of worths) assert.ok(Math.abs(worth - total / 5) < 1e-9, `${worth}`)
    }
  })

  it('are not admitted by it', () => {
    for (const limit of ['requests[0]', 'self', 'history[0]', 'n']) {
      const law: Law = {
        clauses: [{ at: 'submission', when: 'true', then: { primitive: 'cap', limit } }],
      }
      assert.throws(() => capOfLaw(params, law, PRIVATE_SIGNAL_SEATS), RangeError)
    }
  })
})

describe('a commons with rates that nobody knows', () => {
  it('left at 40 by everybody gives the published metrics, exactly', () => {
    const metrics = measureEscapement(40, 5)
    assert.equal(metrics.m, 12)
    assert.equal(metrics.R, 500)
    assert.deepEqual([metrics.u.toFixed(3), metrics.o.toFixed(3)], ['0.889', '0.271'])
    assert.equal(metrics.e, 1)
  })
})

interface Played {
  readonly catches: readonly number[]
  /** Catch and what the law paid, in units of catch. */
  readonly worths: readonly number[]
  /** Null where the run is over. */
  readonly next: number | null
}

interface Moment {
  readonly round: number
  readonly stock: number
  readonly draw: number
  readonly requests: readonly number[]
}

function bind(given: CommonsParams, law: Law): BoundLaw {
  const checked = checkLaw(law, commons.language(given, PRIVATE_SIGNAL_SEATS))
  assert.ok(checked.ok, checked.ok ? '' : checked.error.code)
  const everybody = Array.from({ length: PRIVATE_SIGNAL_SEATS }, () => true)
  return { law: checked.value, signer: everybody, bound: everybody }
}

function playOnce(given: CommonsParams, law: BoundLaw | null, moment: Moment): Played {
  const { round, stock, draw, requests } = moment
  const collateral = requests.map(() => 1_000_000_000n)
  const settled = settleRound(commons, {
    params: given,
    state: stateAt(given, requests.length, round, stock),
    actions: requests.map((request) => ({ action: BigInt(request), absent: false })),
    laws: law === null ? [] : [{ bound: law, state: createLawState(collateral) }],
    randomness: present(renewal.draws[draw], 'there are two draws'),
  })
  const { catches } = settled.outcome
  const [after] = settled.laws
  const kept = after === undefined ? collateral : settleEnd(after.state)
  const worths = catches.map((got, seat) => {
    const paid = (settled.creditsMicro[seat] ?? 0n) + (kept[seat] ?? 0n) - (collateral[seat] ?? 0n)
    return got + Number(paid) / Number(given.unitMicro)
  })
  const isOver = settled.state.status !== 'open'
  return { catches, worths, next: isOver ? null : settled.state.stock }
}

/** Expected catch of a whole run, over all draws. */
function expectCatch(
  { params: given, draws }: Renewal,
  play: (round: number, stock: number, draw: number) => Played,
): number {
  const known = new Map<string, number>()
  const valueAt = (round: number, stock: number): number => {
    const key = `${round}/${stock}`
    const before = known.get(key)
    if (before !== undefined) return before
    let sum = 0
    for (const draw of draws.keys()) {
      const { catches, next } = play(round, stock, draw)
      for (const got of catches) sum += got
      if (next !== null) sum += valueAt(round + 1, next)
    }
    known.set(key, sum / draws.length)
    return sum / draws.length
  }
  return valueAt(1, given.capacity)
}

function divideEvenly(total: number, seatCount: number): readonly number[] {
  return Array.from({ length: seatCount }, (_, seat) =>
    Math.floor((total + seatCount - 1 - seat) / seatCount),
  )
}
