import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import {
  computeConcession,
  computeRequest,
  computeThreshold,
  isHarvestPolicy,
  parsePolicy,
  parseProsociality,
} from '@commonweal/node/agent'
import {
  type Cid,
  cidOf,
  defaultQuorum,
  encode,
  type Rejection,
  startTurns,
  type TurnMove,
  takeTurn,
} from '@commonweal/protocol'
import { z } from 'zod'
import { loadVectors } from './vector.ts'

const turnsSchema = z.strictObject({
  rules: z.strictObject({
    round: z.int(),
    seatCount: z.int(),
    quorum: z.int(),
    turnsMax: z.int(),
  }),
  moves: z.array(
    z.union([
      z.strictObject({ seat: z.int(), move: z.literal('propose'), terms: z.string() }),
      z.strictObject({ seat: z.int(), move: z.enum(['accept', 'reject', 'pass']) }),
    ]),
  ),
})
const requestSchema = z.strictObject({ policy: z.string(), stock: z.int(), seatCount: z.int() })
const inputSchema = z.union([
  turnsSchema,
  requestSchema,
  z.strictObject({ seatCount: z.int() }),
  z.strictObject({ values: z.array(z.number()), rate: z.number() }),
  z.strictObject({ prosociality: z.string() }),
  z.strictObject({ turn: z.int(), turnsMax: z.int(), quorum: z.int() }),
])
const expectSchema = z.record(z.string(), z.unknown())

describe('agents.json', () => {
  for (const { id, comment, input, expect } of loadVectors('agents', inputSchema, expectSchema)) {
    it(`${id} ${comment}`, () => {
      assert.deepEqual(answer(input), expect)
    })
  }
})

function answer(input: z.infer<typeof inputSchema>): unknown {
  if ('moves' in input) return answerTurns(input)
  if ('policy' in input) return answerRequest(input)
  if ('values' in input) {
    const { values, rate } = input
    return { thresholds: values.map((_, seat) => format(computeThreshold(rate, values, seat))) }
  }
  if ('prosociality' in input) {
    const parsed = parseProsociality(input.prosociality)
    return parsed.ok ? { lambda: format(parsed.value.lambda) } : describeRefusal(parsed.error)
  }
  if ('turn' in input) {
    return { concession: format(computeConcession(input.turn, input.turnsMax, input.quorum)) }
  }
  return { quorum: defaultQuorum(input.seatCount) }
}

/** Names of terms stand for the ids of what they name. */
function answerTurns({ rules, moves }: z.infer<typeof turnsSchema>): unknown {
  const names = new Map<Cid, string>()
  const nameOf = (id: Cid | null): string | null => (id === null ? null : (names.get(id) ?? null))
  let state = startTurns(rules)
  for (const given of moves) {
    const taken = takeTurn(rules, state, given.seat, toMove(given, names))
    if (!taken.ok) return describeRefusal(taken.error)
    state = taken.value
  }
  return {
    turn: state.turn,
    status: state.outcome.status,
    standing: nameOf(state.standing),
    holds: state.holds.map(nameOf),
  }
}

function toMove(
  given: z.infer<typeof turnsSchema>['moves'][number],
  names: Map<Cid, string>,
): TurnMove {
  if (given.move !== 'propose') return { move: given.move }
  const terms = cidOf(encode(given.terms))
  names.set(terms, given.terms)
  return { move: 'propose', terms }
}

function answerRequest({ policy, stock, seatCount }: z.infer<typeof requestSchema>): unknown {
  const parsed = parsePolicy(policy)
  if (!parsed.ok) return describeRefusal(parsed.error)
  const { value } = parsed
  assert.ok(isHarvestPolicy(value))
  return { request: computeRequest(value, stock, seatCount) }
}

function describeRefusal({ code, verdict }: Rejection): unknown {
  return { code, verdict }
}

function format(value: number): string {
  return value === Number.POSITIVE_INFINITY ? 'infinity' : value.toFixed(6)
}
