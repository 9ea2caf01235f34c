import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  agentIdOf,
  type CommonsRow,
  commons,
  computeSustainableShare,
  termsCid,
} from '@commonweal/protocol'
import type { CommonsNegotiation, Move } from '../agent.ts'
import { createAgent } from '../create-agent.ts'
import { knownDraws } from '../game/draw.ts'
import { prosocialityOfLambda, svoClassOf } from '../prosocial.ts'
import { composeTerms } from '../utility/bargaining.ts'
import { imposedCandidate } from '../utility/candidate.ts'
import { parsePolicy } from '../utility/policy.ts'
import { planExploit } from './exploit.ts'
import { idealThetas, preferenceOfTheta } from './preference.ts'

const COUNT = 5
const params = commons.paramsSchema.parse({})
const seats = Array.from({ length: COUNT }, (_, seat) =>
  agentIdOf(new Uint8Array(32).fill(seat + 1)),
)

function situationOf(
  given: Partial<CommonsNegotiation> & { stock?: number; round?: number } = {},
): CommonsNegotiation {
  const { stock = 100, round = 1, ...rest } = given
  return {
    kind: 'commons',
    subnet: 'lake',
    params,
    state: { ...commons.start(params, COUNT), stock, round },
    history: [],
    epoch: round,
    seat: 1,
    seats,
    contract: 'law',
    contractDelay: 0,
    law: null,
    agreed: null,
    signalRatePercent: null,
    turn: 0,
    turnsMax: 10,
    quorum: 4,
    standing: null,
    holds: seats.map(() => null),
    covering: null,
    transcript: [],
    ...rest,
  }
}

function answer<T>(given: T | Promise<T>): T {
  assert.ok(!(given instanceof Promise), 'adversaries answer at once')
  return given
}

function agentOf(plan: string, lambda = 0): ReturnType<typeof createAgent> {
  const policy = parsePolicy(plan)
  const prosociality = prosocialityOfLambda(lambda)
  assert.ok(policy.ok && prosociality.ok)
  return createAgent({
    policy: policy.value,
    prosociality: prosociality.value,
    derive: knownDraws('test'),
  })
}

function act(plan: string, situation: CommonsNegotiation): number {
  return Number(answer(agentOf(plan).act(situation)))
}

function speak(plan: string, situation: CommonsNegotiation): Move {
  return answer(agentOf(plan).negotiate(situation))
}

/** A round in which seat 1 took much and everybody else the same. */
function rowOf(taken: number): CommonsRow {
  const enforced = seats.map((_, seat) => (seat === 1 ? 60 : taken))
  return {
    requests: enforced,
    enforced,
    absent: seats.map(() => false),
    catches: enforced,
    round: 1,
    stockBefore: 100,
    catchTotal: 100,
    stockLeft: 50,
    ratePercent: 200,
    stockAfter: 100,
    regime: 'healthy',
    status: 'open',
  }
}

/** What one seat takes in all that leaves `plan` to decide, the others taking their sustainable share. */
function playOut(plan: (stock: number, round: number) => number): number {
  let stock = params.capacity
  let total = 0
  for (let round = 1; round <= params.rounds && stock >= params.collapseBelow; round++) {
    const others = 4 * computeSustainableShare(stock, 200, COUNT)
    const taken = Math.min(plan(stock, round), stock - others)
    total += taken
    const left = stock - others - taken
    stock = left < params.collapseBelow ? 0 : Math.min(params.capacity, left * 2)
  }
  return total
}

test('a free-rider gets the most that any plan gets while the others hold back, to the unit', () => {
  const exploited = playOut((stock, round) => planExploit(situationOf({ stock, round }), [1]))
  // 203 is the optimum by dynamic programming over stock and round: hold-out.test.ts of the bench.
  assert.equal(exploited, 203)
  assert.equal(
    playOut((stock) => computeSustainableShare(stock, 200, COUNT)),
    120,
  )
})

test('what exploits best is everything, in the last round and once others take too much', () => {
  assert.equal(planExploit(situationOf({ round: 12, stock: 80 }), [1]), 80)
  assert.equal(planExploit(situationOf({ round: 2, stock: 80, history: [rowOf(20)] }), [1]), 80)
  assert.ok(planExploit(situationOf({ round: 2, stock: 80, history: [rowOf(10)] }), [1]) < 80)
})

test('free-riders and hold-outs sign nothing', () => {
  const terms = composeTerms(situationOf(), imposedCandidate('stock / 10'))
  const standing = { id: termsCid(terms), terms, holders: [0, 2, 3] }
  for (const plan of ['free-rider', 'hold-out']) {
    assert.deepEqual(speak(plan, situationOf()), { move: 'pass' })
    assert.deepEqual(speak(plan, situationOf({ standing, turn: 8 })), { move: 'pass' })
  }
})

test('an over-harvester requests twice its sustainable share', () => {
  assert.equal(act('over-harvester', situationOf()), 20)
  assert.equal(act('over-harvester', situationOf({ stock: 7 })), 1)
})

test('a defector holds back until it is trusted', () => {
  assert.equal(act('defector', situationOf({ contract: 'none' })), 10)
  assert.equal(act('defector', situationOf({ contract: 'law' })), 10)
  assert.ok(act('defector', situationOf({ contract: 'text' })) > 10)
  const terms = composeTerms(situationOf(), imposedCandidate('5'))
  const standing = { id: termsCid(terms), terms, holders: [2] }
  assert.deepEqual(speak('defector', situationOf({ standing })), { move: 'accept' })
  assert.equal(speak('defector', situationOf()).move, 'propose')
})

test('a low-baller offers the same at every turn, and does not take what is fair at the end', () => {
  const offers = [0, 5].map((turn) => speak('low-baller', situationOf({ turn })))
  assert.equal(offers[0]?.move, 'propose')
  assert.deepEqual(offers[1], offers[0])
  const terms = composeTerms(situationOf(), imposedCandidate('stock / 10'))
  const standing = { id: termsCid(terms), terms, holders: [2, 3, 4] }
  const late = situationOf({ standing, turn: 8, seat: 4 })
  assert.equal(speak('low-baller', late).move, 'pass')
  assert.equal(speak('utility', late).move, 'accept')
})

test('a griefer promises a collateral that nobody has, and of itself alone', () => {
  const move = speak('griefer', situationOf())
  assert.ok(move.move === 'propose')
  const asked = move.terms.collateralMicro.map((micro) => micro > 10n ** 14n)
  assert.deepEqual(asked, [false, true, false, false, false])
})

test('the seats of a ring take together what exploits best for the ring', () => {
  const ring = [1, 3]
  const situation = situationOf({ contract: 'none' })
  const parts = ring.map((seat) => act('colluder(1+3)', { ...situation, seat }))
  assert.equal(
    parts.reduce((sum, part) => sum + part),
    planExploit(situation, ring),
  )
  assert.ok(Math.abs((parts[0] ?? 0) - (parts[1] ?? 0)) <= 1)
})

test('a name of one owner accepts what another of its names holds, whatever it is', () => {
  const terms = composeTerms(situationOf(), imposedCandidate('0'))
  const standing = { id: termsCid(terms), terms, holders: [3] }
  assert.equal(speak('sybil(1+3)', situationOf({ standing })).move, 'accept')
  assert.notEqual(speak('colluder(1+3)', situationOf({ standing })).move, 'accept')
})

test('a washer offers an insurance that pays only its ring, with the collateral for the premiums', () => {
  const move = speak('washer(1+3)', situationOf())
  assert.ok(move.move === 'propose')
  const [, clause] = move.terms.law?.clauses ?? []
  assert.ok(clause?.then.primitive === 'insurance')
  const premium = BigInt(clause.then.premium)
  assert.deepEqual(new Set(move.terms.collateralMicro), new Set([premium * 12n]))
  assert.ok(clause.then.payout.startsWith('self == 1 || self == 3 ? '))
})

test('each class of social value orientation has its angle inside it', () => {
  for (const [name, thetaDeg] of Object.entries(idealThetas)) {
    assert.equal(svoClassOf(preferenceOfTheta(thetaDeg).thetaDeg), name)
  }
})

test('a competitive agent refuses the fair law, which is better for itself, since it is better for others', () => {
  const terms = composeTerms(situationOf(), imposedCandidate('stock / 10'))
  const standing = { id: termsCid(terms), terms, holders: [2, 3, 4] }
  const late = situationOf({ standing, turn: 8, seat: 4 })
  assert.equal(speak('individualistic', late).move, 'accept')
  assert.notEqual(speak('competitive', late).move, 'accept')
})

test('an altruistic agent holds back, and its weight of others is above that of itself', () => {
  assert.ok(preferenceOfTheta(62).alpha > 1)
  assert.equal(act('altruistic', situationOf()), 10)
  assert.equal(act('prosocial', situationOf()), 10)
  assert.equal(act('individualistic', situationOf()), 100)
})
