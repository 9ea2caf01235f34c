import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import {
  type AgentId,
  atRiskMicro,
  checkRecord,
  checkResolver,
  cidSchema,
  type DataRecord,
  datasetRoot,
  digestSchema,
  drawJury,
  flippingBudgetMicro,
  isAgentId,
  proveRecord,
  type Resolver,
  type Result,
  recordSchema,
  resolveRecord,
  resolverSchema,
  settleAssertion,
  settleJuries,
  tallyVerdicts,
} from '@commonweal/protocol'
import { z } from 'zod'
import { loadVectors } from './vector.ts'

const micro = z.string().transform(BigInt)
/** Agents of vectors are small numbers: their ids are those numbers in 64 hex digits. */
const agent = z.int().transform((number): AgentId => {
  const id = number.toString(16).padStart(64, '0')
  assert.ok(isAgentId(id))
  return id
})
const jurors = z.array(z.strictObject({ agent, stakeMicro: micro }))
const verdicts = z.array(z.strictObject({ juror: agent, outcome: z.int() }))
const outcome = z.int().nullable()

const inputSchema = z.union([
  z.strictObject({ root: z.array(recordSchema) }),
  z.strictObject({ prove: z.strictObject({ records: z.array(recordSchema), index: z.int() }) }),
  z.strictObject({
    check: z.strictObject({
      root: digestSchema,
      index: z.int(),
      record: recordSchema,
      proof: z.array(digestSchema),
    }),
  }),
  z.strictObject({ resolver: resolverSchema }),
  z.strictObject({
    resolve: z.strictObject({
      resolver: resolverSchema,
      record: recordSchema,
      outcomeCount: z.int(),
    }),
  }),
  z.strictObject({
    assertion: z.strictObject({
      bondMicro: micro,
      asserted: z.int(),
      disputed: outcome,
      outcome,
    }),
  }),
  z.strictObject({
    draw: z.strictObject({
      eligible: jurors,
      size: z.int(),
      beacon: digestSchema,
      question: cidSchema,
      round: z.int(),
    }),
  }),
  z.strictObject({
    tally: z.strictObject({ jurorCount: z.int(), verdicts, outcomeCount: z.int() }),
  }),
  z.strictObject({ atRisk: z.array(micro) }),
  z.strictObject({
    juries: z.strictObject({
      juries: z.array(z.strictObject({ jurors, verdicts })),
      outcome,
      outcomeCount: z.int(),
    }),
  }),
  z.strictObject({
    flipping: z.strictObject({ stakesMicro: z.array(micro), sizes: z.array(z.int()) }),
  }),
])
type Input = z.infer<typeof inputSchema>

describe('the resolution vectors', () => {
  for (const vector of loadVectors('resolution', inputSchema, z.unknown())) {
    it(`${vector.id} ${vector.comment}`, () => {
      assert.deepEqual(written(answer(vector.input)), vector.expect)
    })
  }
})

function answer(input: Input): unknown {
  if ('root' in input) return { digest: datasetRoot(input.root) }
  if ('prove' in input) return { proof: proveRecord(input.prove.records, input.prove.index) }
  if ('check' in input) return shown(checkRecord(input.check))
  if ('resolver' in input) return shown(checkResolver(input.resolver))
  if ('resolve' in input) return answerResolve(input.resolve)
  if ('assertion' in input) return settleAssertion(input.assertion)
  if ('draw' in input) return { jury: drawJury(input.draw) }
  if ('tally' in input) {
    const { jurorCount, verdicts: opened, outcomeCount } = input.tally
    return tallyVerdicts(jurorCount, opened, outcomeCount)
  }
  if ('atRisk' in input) {
    return {
      atRiskMicro: input.atRisk.map((stake) => [1, 2, 3].map((round) => atRiskMicro(stake, round))),
    }
  }
  if ('juries' in input) return settleJuries(input.juries)
  const { stakesMicro, sizes } = input.flipping
  return { budgetMicro: flippingBudgetMicro(stakesMicro, sizes) }
}

/** What is resolved was admitted when its question was opened. */
function answerResolve(input: {
  readonly resolver: Resolver
  readonly record: DataRecord
  readonly outcomeCount: number
}): unknown {
  const { resolver, record, outcomeCount } = input
  assert.ok(resolver.kind !== 'schelling' && checkResolver(resolver).ok)
  return resolveRecord(resolver, record, outcomeCount)
}

function shown(result: Result<unknown>): unknown {
  return result.ok ? { ok: true } : { code: result.error.code, verdict: result.error.verdict }
}

/** Amounts as decimal text, agents as the numbers that vectors use. */
function written(value: unknown): unknown {
  if (typeof value === 'bigint') return value.toString()
  if (isAgentId(value) && value.startsWith('0000')) return Number.parseInt(value, 16)
  if (Array.isArray(value)) return value.map(written)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, written(item)]))
}
