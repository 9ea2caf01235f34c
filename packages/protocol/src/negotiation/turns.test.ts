import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Cid, cidOf } from '../codec/cid.ts'
import {
  defaultQuorum,
  speakerOf,
  startTurns,
  type TurnMove,
  type TurnRules,
  type TurnState,
  takeTurn,
} from './turns.ts'

const A = cidOf(Uint8Array.of(1))
const B = cidOf(Uint8Array.of(2))
const rules: TurnRules = { round: 1, seatCount: 5, quorum: 4, turnsMax: 10 }

const propose = (terms: Cid): TurnMove => ({ move: 'propose', terms })
const accept: TurnMove = { move: 'accept' }
const pass: TurnMove = { move: 'pass' }

function play(moves: readonly TurnMove[], given: TurnRules = rules): TurnState {
  let state = startTurns(given)
  for (const move of moves) {
    const taken = takeTurn(given, state, speakerOf(given, state.turn), move)
    assert.ok(taken.ok, JSON.stringify(taken))
    state = taken.value
  }
  return state
}

test('the speaker of turn k in round t is seat (t + k) mod n', () => {
  assert.deepEqual(
    [0, 1, 2, 3, 4, 5].map((turn) => speakerOf(rules, turn)),
    [1, 2, 3, 4, 0, 1],
  )
  assert.equal(speakerOf({ ...rules, round: 5 }, 0), 0)
})

test('the default quorum is four fifths, rounded up', () => {
  assert.deepEqual([1, 2, 3, 4, 5, 6, 10].map(defaultQuorum), [1, 2, 3, 4, 4, 5, 8])
})

test('terms are agreed as soon as a quorum holds them', () => {
  const state = play([propose(A), accept, accept, accept])
  assert.deepEqual(state.outcome, { status: 'agreed', terms: A, holders: [1, 2, 3, 4] })
  assert.equal(state.turn, 4)
})

test('a counter-proposal takes the place of the standing terms and of what its speaker held', () => {
  const state = play([propose(A), accept, propose(B)])
  assert.equal(state.standing, B)
  assert.deepEqual(state.holds, [null, A, A, B, null])
})

test('terms proposed again count those who hold them still', () => {
  const state = play([propose(A), accept, propose(B), propose(A), accept])
  assert.deepEqual(state.outcome, { status: 'agreed', terms: A, holders: [0, 1, 2, 4] })
})

test('who accepted other terms since is not counted for the earlier ones', () => {
  const state = play([propose(A), accept, propose(B), accept, propose(A), propose(B), accept])
  assert.deepEqual(state.holds, [A, B, B, B, B])
  assert.equal(state.outcome.status, 'agreed')
})

test('a rejection is a pass: the terms stand and the speaker holds what it held', () => {
  const state = play([propose(A), { move: 'reject' }, accept])
  assert.equal(state.standing, A)
  assert.deepEqual(state.holds, [null, A, null, A, null])
})

test('ten turns without a quorum close the negotiation', () => {
  const moves = Array.from({ length: 10 }, (_, turn) => propose(turn % 2 === 0 ? A : B))
  assert.equal(play(moves.slice(0, 9)).outcome.status, 'open')
  assert.equal(play(moves).outcome.status, 'closed')
})

test('when every seat in turn brings nothing, the negotiation closes early', () => {
  assert.equal(play([pass, pass, pass, pass]).outcome.status, 'open')
  assert.equal(play([pass, pass, pass, pass, pass]).outcome.status, 'closed')
  assert.equal(play([pass, pass, propose(A), pass, pass, pass]).outcome.status, 'open')
})

test('a quorum of one is agreed by proposing', () => {
  const state = play([propose(A)], { ...rules, seatCount: 1, quorum: 1 })
  assert.deepEqual(state.outcome, { status: 'agreed', terms: A, holders: [0] })
})

const refusals: readonly (readonly [string, readonly TurnMove[], number, TurnMove])[] = [
  ['not-your-turn', [propose(A)], 0, accept],
  ['nothing-to-accept', [pass], 2, accept],
  ['negotiation-over', [propose(A), accept, accept, accept], 0, accept],
]
for (const [code, before, seat, move] of refusals) {
  test(`a turn is refused ${code}`, () => {
    const refused = takeTurn(rules, play(before), seat, move)
    assert.ok(!refused.ok)
    assert.equal(refused.error.code, code)
    assert.equal(refused.error.verdict, 'reject')
  })
}
