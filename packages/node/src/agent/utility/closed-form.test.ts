import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  agentIdOf,
  type CommonsRow,
  checkLaw,
  commons,
  createLawState,
  type Law,
  type Terms,
  termsCid,
  termsSchema,
} from '@commonweal/protocol'
import type { CommonsNegotiation, LawInForce, Move, Standing } from '../agent.ts'
import { type AgentOptions, createAgent } from '../create-agent.ts'
import { knownDraws } from '../game/draw.ts'
import { prosocialityOfLambda } from '../prosocial.ts'
import { composeTerms, computeConcession } from './bargaining.ts'
import { capLaw, computeCandidates, imposedCandidate } from './candidate.ts'
import { parsePolicy } from './policy.ts'

function agentOf(policy: string, lambda: number, law?: string): ReturnType<typeof createAgent> {
  const parsed = parsePolicy(policy)
  const prosociality = prosocialityOfLambda(lambda)
  assert.ok(parsed.ok && prosociality.ok)
  const options: AgentOptions = {
    policy: parsed.value,
    prosociality: prosociality.value,
    derive: knownDraws('test'),
  }
  return createAgent(law === undefined ? options : { ...options, law })
}

interface Given extends Partial<Omit<CommonsNegotiation, 'params' | 'state'>> {
  readonly params?: object
  readonly stock?: number
  readonly round?: number
  readonly count?: number
}

function situationOf(given: Given = {}): CommonsNegotiation {
  const { params: asked = {}, stock, round = 1, count = 5, ...rest } = given
  const params = commons.paramsSchema.parse(asked)
  return {
    kind: 'commons',
    subnet: 'lake',
    params,
    state: { ...commons.start(params, count), round, stock: stock ?? params.capacity },
    history: [],
    epoch: round,
    seat: 1,
    seats: Array.from({ length: count }, (_, seat) => agentIdOf(new Uint8Array(32).fill(seat + 1))),
    contract: 'law',
    contractDelay: 0,
    law: null,
    agreed: null,
    signalRatePercent: null,
    turn: 0,
    turnsMax: 10,
    quorum: 4,
    standing: null,
    holds: Array.from({ length: count }, () => null),
    covering: null,
    transcript: [],
    ...rest,
  }
}

function answer<T>(given: T | Promise<T>): T {
  assert.ok(!(given instanceof Promise), 'closed-form agents answer at once')
  return given
}

function termsOf(situation: CommonsNegotiation, limit: string): Terms {
  return composeTerms(situation, imposedCandidate(limit))
}

function standingOf(situation: CommonsNegotiation, limit: string, holders: number[]): Standing {
  const terms = termsOf(situation, limit)
  return { id: termsCid(terms), terms, holders }
}

function inForce(situation: CommonsNegotiation, law: Law): LawInForce {
  const terms = { ...termsOf(situation, '0'), law }
  const checked = checkLaw(law, commons.language(situation.params, situation.seats.length))
  assert.ok(checked.ok)
  const everybody = situation.seats.map(() => true)
  const bound = { law: checked.value, signer: everybody, bound: everybody }
  return { id: termsCid(terms), terms, bound, state: createLawState(everybody.map(() => 0n)) }
}

function proposedText(move: Move): string {
  assert.equal(move.move, 'propose')
  return move.move === 'propose' ? move.terms.text : ''
}

test('below λ* a utility agent requests the stock, from λ* on its sustainable share', () => {
  const situation = situationOf()
  assert.equal(answer(agentOf('utility', 0.59).act(situation)), 100n)
  assert.equal(answer(agentOf('utility', 0.6).act(situation)), 10n)
  assert.equal(answer(agentOf('utility(1.5)', 1.39).act(situation)), 100n)
  assert.equal(answer(agentOf('utility(1.5)', 1.4).act(situation)), 6n)
})

test('an announced rate takes the place of the supposed one', () => {
  const agent = agentOf('utility', 1)
  assert.equal(answer(agent.act(situationOf({ signalRatePercent: 150 }))), 100n)
  assert.equal(answer(agent.act(situationOf({ signalRatePercent: 250 }))), 12n)
})

test('under a law that keeps the stock, a prosocial agent takes what the law allots to it', () => {
  const situation = situationOf({ seat: 1 })
  const agent = agentOf('utility', 1)
  const uneven = inForce(situation, capLaw('[2, 3, 2, 2, 1][self] * stock / 20'))
  assert.equal(answer(agent.act({ ...situation, law: uneven })), 15n)
  const loose = inForce(situation, capLaw('stock / 5'))
  assert.equal(answer(agent.act({ ...situation, law: loose })), 10n)
})

test('words change nothing of what an agent requests', () => {
  const situation = situationOf({ contract: 'text' })
  assert.equal(answer(agentOf('utility', 0).act(situation)), 100n)
})

test('the concession runs from the best to no deal at the last turn that can gather a quorum', () => {
  assert.deepEqual(
    [0, 3, 6, 9].map((turn) => computeConcession(turn, 10, 4)),
    [0, 0.5, 1, 1],
  )
  assert.equal(computeConcession(0, 4, 4), 1)
})

test('it opens with the candidate that is best for itself', () => {
  const move = answer(agentOf('utility', 0).negotiate(situationOf({ seat: 1 })))
  const shares = /\[(.*?)\]/.exec(proposedText(move))?.[1]?.split(', ').map(Number) ?? []
  assert.equal(shares.indexOf(Math.max(...shares)), 1)
})

test('at the last turn that counts it offers what is best for all: equal caps that keep the stock', () => {
  const move = answer(agentOf('utility', 0).negotiate(situationOf({ seat: 2, turn: 6 })))
  assert.equal(proposedText(move), 'Each seat harvests at most stock / 10.')
})

test('every offer is terms that pass the schema, name all seats and last to the end of the run', () => {
  const move = answer(agentOf('utility', 0).negotiate(situationOf({ round: 4 })))
  assert.ok(move.move === 'propose')
  assert.ok(termsSchema.safeParse(move.terms).success)
  assert.deepEqual(move.terms.rounds, [4, 12])
  assert.deepEqual([move.terms.parties.length, move.terms.quorum], [5, 4])
})

test('it accepts at a turn exactly what is worth as much as its own next offer', () => {
  const agent = agentOf('utility', 0)
  const respond = (turn: number, limit: string): string => {
    const situation = situationOf({ seat: (1 + turn) % 5, turn })
    const standing = standingOf(situation, limit, [turn % 5])
    return answer(agent.negotiate({ ...situation, standing })).move
  }
  assert.equal(respond(1, 'stock / 10'), 'propose')
  assert.equal(respond(5, 'stock / 10'), 'accept')
  assert.equal(respond(5, 'stock / 20'), 'propose')
  assert.equal(respond(5, 'stock / 5'), 'propose')
})

test('when an offer of its own can no longer gather a quorum, whatever beats no deal is accepted', () => {
  const situation = situationOf({ seat: 4, turn: 8 })
  const standing = standingOf(situation, 'stock / 20', [1, 2, 3])
  const agent = agentOf('utility', 0)
  assert.equal(answer(agent.negotiate({ ...situation, standing })).move, 'accept')
  const nothing = standingOf(situation, '0', [1, 2, 3])
  assert.equal(answer(agent.negotiate({ ...situation, standing: nothing })).move, 'pass')
})

test('terms that no ledger would take are not accepted', () => {
  const situation = situationOf({ seat: 4, turn: 8 })
  const good = standingOf(situation, 'stock / 10', [1, 2, 3])
  const agent = agentOf('utility', 0)
  const moveOn = (terms: Partial<Terms>): string => {
    const standing = { ...good, terms: { ...good.terms, ...terms } }
    return answer(agent.negotiate({ ...situation, standing })).move
  }
  assert.equal(moveOn({}), 'accept')
  assert.notEqual(moveOn({ law: capLaw('weather / 10') }), 'accept')
  assert.notEqual(moveOn({ subnet: 'pond' }), 'accept')
  assert.notEqual(moveOn({ rounds: [2, 12] }), 'accept')
  assert.notEqual(moveOn({ parties: good.terms.parties.slice(1) }), 'accept')
})

test('a law that fines it for what it does is worth less than the same without a fine', () => {
  const situation = situationOf({ seat: 4, turn: 8 })
  const good = standingOf(situation, 'stock / 10', [1, 2, 3])
  const [clause] = good.terms.law?.clauses ?? []
  assert.ok(clause !== undefined)
  const fine = {
    at: 'submission',
    when: 'true',
    then: { primitive: 'sanction', amount: '10000000' },
  } as const
  const collateralMicro = good.terms.parties.map(() => 100_000_000n)
  const law = { clauses: [clause, fine] }
  const standing = { ...good, terms: { ...good.terms, law, collateralMicro } }
  const move = answer(agentOf('utility', 0).negotiate({ ...situation, standing }))
  assert.notEqual(move.move, 'accept')
})

test('a contract that covers the round is kept, and replaced only by name', () => {
  const bare = situationOf({ round: 3 })
  const covered = (limit: string): CommonsNegotiation => {
    const law = inForce(bare, capLaw(limit))
    return { ...bare, law, covering: { id: law.id, terms: law.terms } }
  }
  const agent = agentOf('utility', 0)
  assert.equal(answer(agent.negotiate(covered('stock / 10'))).move, 'pass')
  const meagre = covered('stock / 20')
  const move = answer(agent.negotiate(meagre))
  assert.ok(move.move === 'propose')
  assert.equal(move.terms.replaces, meagre.covering?.id)
})

test('it has nothing to say where there is no contract to make, or no round to make it for', () => {
  const agent = agentOf('utility', 0)
  assert.equal(answer(agent.negotiate(situationOf({ contract: 'none' }))).move, 'pass')
  const last = situationOf({ round: 12, contractDelay: 1 })
  assert.equal(answer(agent.negotiate(last)).move, 'pass')
})

test('under words it proposes and accepts words', () => {
  const situation = situationOf({ contract: 'text' })
  const move = answer(agentOf('utility', 0).negotiate(situation))
  assert.ok(move.move === 'propose')
  assert.deepEqual([move.terms.mode, move.terms.law], ['text', null])
  const standing = { id: termsCid(move.terms), terms: move.terms, holders: [1] }
  const reply = agentOf('utility', 3).negotiate({ ...situation, seat: 2, turn: 1, standing })
  assert.equal(answer(reply).move, 'accept')
})

test('an imposed law is its only candidate', () => {
  const move = answer(agentOf('greedy', 0, 'stock / 7').negotiate(situationOf()))
  assert.equal(proposedText(move), 'Each seat harvests at most stock / 7.')
})

test('every candidate compiles, the lists of all seats are one list, and the first is equal and sustainable', () => {
  for (const count of [1, 2, 5, 9, 20]) {
    const situation = situationOf({ count })
    const candidates = computeCandidates(situation, 200)
    for (const { law } of candidates) {
      assert.ok(checkLaw(law, commons.language(situation.params, count)).ok)
    }
    assert.deepEqual(computeCandidates({ ...situation, seat: 0 }, 200), candidates)
    assert.equal(new Set(candidates.map(({ text }) => text)).size, candidates.length)
    assert.equal(candidates[0]?.text, `Each seat harvests at most stock / ${2 * count}.`)
  }
})

test('a hold-out signs nothing and requests everything', () => {
  const situation = situationOf({ seat: 4, turn: 8 })
  const standing = standingOf(situation, 'stock / 10', [1, 2, 3])
  const agent = agentOf('hold-out', 0)
  assert.equal(answer(agent.negotiate({ ...situation, standing })).move, 'pass')
  assert.equal(answer(agent.act(situation)), 100n)
})

test('who showed restraint is expected to go on so: then no deal is no disaster, and a poor law is refused', () => {
  const situation = situationOf({ round: 2, seat: 4, turn: 8 })
  const restrained = situation.seats.map(() => 10)
  const history: readonly CommonsRow[] = [
    {
      round: 1,
      requests: restrained,
      enforced: restrained,
      absent: restrained.map(() => false),
      catches: restrained,
      stockBefore: 100,
      catchTotal: 50,
      stockLeft: 50,
      ratePercent: 200,
      stockAfter: 100,
      regime: 'healthy',
      status: 'open',
    },
  ]
  const standing = standingOf(situation, 'stock / 20', [1, 2, 3])
  const agent = agentOf('utility', 1)
  assert.equal(answer(agent.negotiate({ ...situation, standing })).move, 'accept')
  assert.equal(answer(agent.negotiate({ ...situation, standing, history })).move, 'pass')
})
