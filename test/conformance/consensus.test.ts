import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import {
  agentIdSchema,
  ancestryDigestOf,
  blockIdOf,
  certificateSchema,
  checkBlockBody,
  checkValidatorSet,
  checkVoteEvidence,
  chooseValidators,
  cidOf,
  cidSchema,
  createSchedule,
  digestSchema,
  type Electorate,
  encode,
  fromHex,
  type Header,
  hasQuorum,
  leaderOf,
  naturalSchema,
  nobleVerify,
  type Result,
  type ValidatorSet,
  verifyCertificate,
} from '@commonweal/protocol'
import { z } from 'zod'
import { loadVectors } from './vector.ts'

const amount = z
  .string()
  .regex(/^\d+$/)
  .transform((digits) => BigInt(digits))
const bytes = z.strictObject({ $bytes: z.string() }).transform(({ $bytes }) => fromHex($bytes))
const set = z
  .array(z.tuple([agentIdSchema, amount]))
  .transform((members) => members.map(([agent, stakeMicro]) => ({ agent, stakeMicro })))
const certificate = z
  .looseObject({ signatures: z.array(bytes) })
  .transform((fields) => certificateSchema.parse(fields))
const headerSchema = z.strictObject({
  epoch: naturalSchema,
  height: naturalSchema,
  view: naturalSchema,
  parent: cidSchema,
  proposer: agentIdSchema,
  transactionsDigest: digestSchema,
  stateDigest: digestSchema,
  ancestryDigest: digestSchema,
  nextSet: set.nullable(),
})
const place = { author: agentIdSchema, epoch: naturalSchema, view: naturalSchema }
const vote = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('notarize'), ...place, block: cidSchema }),
  z.strictObject({ kind: z.literal('finalize'), ...place, block: cidSchema }),
  z.strictObject({ kind: z.literal('nullify'), ...place }),
])

const inputSchema = z.union([
  z.strictObject({ set }),
  z.strictObject({ setOfCount: z.int() }),
  z.strictObject({
    choose: z.strictObject({ bonds: z.array(z.tuple([agentIdSchema, amount])), countMax: z.int() }),
  }),
  z.strictObject({ quorum: z.strictObject({ stakeMicro: amount, totalMicro: amount }) }),
  z.strictObject({ leaders: z.strictObject({ set, seed: digestSchema, count: z.int() }) }),
  z.strictObject({
    certificate: z.strictObject({ certificate, set, networkId: cidSchema }),
  }),
  z.strictObject({ blockId: headerSchema }),
  z.strictObject({
    body: z.strictObject({
      header: headerSchema,
      transactions: z.array(bytes),
      ancestry: z.array(certificate),
    }),
  }),
  z.strictObject({
    bodyOfSizes: z.strictObject({
      sizes: z.array(z.tuple([z.int(), z.int()])),
      transactionsDigest: digestSchema,
    }),
  }),
  z.strictObject({ evidence: z.tuple([vote, vote]) }),
])
type Input = z.output<typeof inputSchema>

describe('the consensus vectors', () => {
  for (const vector of loadVectors('consensus', inputSchema, z.unknown())) {
    it(`${vector.id} ${vector.comment}`, () => {
      assert.deepEqual(answer(vector.input), vector.expect)
    })
  }
})

/** What this implementation answers, in the form in which vectors are written. */
function answer(input: Input): unknown {
  if ('set' in input) return answerSet(input.set)
  if ('setOfCount' in input) return answerSet(plainSet(input.setOfCount))
  if ('choose' in input) {
    const bonds = input.choose.bonds.map(([agent, bondMicro]) => ({ agent, bondMicro }))
    const chosen = chooseValidators(bonds, { validatorCountMax: input.choose.countMax })
    return { set: chosen.map(({ agent, stakeMicro }) => [agent, String(stakeMicro)]) }
  }
  if ('quorum' in input) {
    return { quorum: hasQuorum(input.quorum.stakeMicro, input.quorum.totalMicro) }
  }
  if ('leaders' in input) {
    const { seed, count } = input.leaders
    const schedule = createSchedule(electorateOf(input.leaders.set), seed)
    return { leaders: Array.from({ length: count }, (_, view) => leaderOf(schedule, view)) }
  }
  if ('certificate' in input) {
    const { networkId } = input.certificate
    const electorate = electorateOf(input.certificate.set)
    const context = { networkId, verify: nobleVerify }
    return shown(verifyCertificate(input.certificate.certificate, electorate, context), () => ({
      ok: true,
    }))
  }
  if ('blockId' in input) return { id: blockIdOf(input.blockId) }
  if ('body' in input) {
    const { transactions, ancestry } = input.body
    return shown(checkBlockBody(input.body.header, { transactions, ancestry }), () => ({
      ok: true,
    }))
  }
  if ('bodyOfSizes' in input) return answerSizes(input.bodyOfSizes)
  return shown(checkVoteEvidence(...input.evidence), (conviction) => conviction)
}

function answerSet(members: ValidatorSet): unknown {
  return shown(checkValidatorSet(members), ({ totalMicro }) => ({ totalMicro: String(totalMicro) }))
}

function electorateOf(members: ValidatorSet): Electorate {
  const checked = checkValidatorSet(members)
  assert.ok(checked.ok, 'the vector has a valid set')
  return checked.value
}

/** So many agents, 1 to n as hex numbers, with a stake of 1 each. */
function plainSet(count: number): ValidatorSet {
  return Array.from({ length: count }, (_, index) => ({
    agent: agentIdSchema.parse((index + 1).toString(16).padStart(64, '0')),
    stakeMicro: 1n,
  }))
}

/** A body of transactions of zeros, without ancestry: pairs of size and how many. */
function answerSizes({
  sizes,
  transactionsDigest,
}: Extract<Input, { bodyOfSizes: unknown }>['bodyOfSizes']): unknown {
  const transactions = sizes.flatMap(([size, count]) =>
    Array.from({ length: count }, () => new Uint8Array(size)),
  )
  const digest = ancestryDigestOf([])
  const [leader] = plainSet(1)
  assert.ok(leader !== undefined)
  const header: Header = {
    epoch: 1,
    height: 1,
    view: 0,
    parent: cidOf(encode('parent')),
    proposer: leader.agent,
    transactionsDigest,
    stateDigest: digest,
    ancestryDigest: digest,
    nextSet: null,
  }
  return shown(checkBlockBody(header, { transactions, ancestry: [] }), () => ({ ok: true }))
}

function shown<T>(result: Result<T>, show: (value: T) => unknown): unknown {
  if (result.ok) return show(result.value)
  const { code, verdict } = result.error
  return { code, verdict }
}
