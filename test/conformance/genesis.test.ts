import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import {
  type AgentId,
  builtInSubnets,
  computeChainTotals,
  createGenesisLedger,
  type GenesisCode,
  genesisSchema,
  networkIdOf,
} from '@commonweal/protocol'
import { agentOf, keyedHashVerify, writeGenesis } from '@commonweal/protocol/testing'
import { z } from 'zod'
import { testCodes } from './scenario.ts'
import { loadVectors } from './vector.ts'

const fields = z.record(z.string(), z.unknown())
const inputSchema = z.strictObject({
  agents: z.int(),
  genesis: fields.optional(),
  instance: fields.optional(),
})
type Input = z.infer<typeof inputSchema>

describe('the genesis vectors', () => {
  for (const vector of loadVectors('genesis', inputSchema, z.strictObject({ code: z.string() }))) {
    it(`${vector.id} ${vector.comment}`, () => {
      assert.equal(found(vector.input), vector.expect.code)
    })
  }
})

/** What becomes of a document: `ok`, or why it founds nothing. */
function found({ agents, genesis = {}, instance = {} }: Input): string {
  const seats = Array.from({ length: agents }, (_, index) => agentOf(index))
  const document = writeGenesis(seats, { genesis: named(genesis), instance: named(instance) })
  const parsed = genesisSchema.safeParse(document)
  if (!parsed.success) return 'bad-shape'
  const networkId = networkIdOf(parsed.data)
  const context = { genesis: parsed.data, networkId, verify: keyedHashVerify }
  const founded = createGenesisLedger({ ...context, subnets: builtInSubnets })
  if (!founded.ok) return founded.error.code
  assert.equal(computeChainTotals(founded.value).errorMicro, 0n)
  return 'ok'
}

/** The same with the ids of agents in place of their names. */
function named(given: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(given).map(([field, value]) => [field, withAgents(field, value)]),
  )
}

function withAgents(field: string, value: unknown): unknown {
  if (field === 'seats' && Array.isArray(value)) return value.map(agent)
  if (Array.isArray(value)) return value.map((item) => withAgents('', item))
  if (typeof value !== 'object' || value === null) return field === 'agent' ? agent(value) : value
  return named({ ...value })
}

function agent(name: unknown): AgentId {
  return agentOf(String(name))
}

const codes: Record<GenesisCode, true> = {
  'unknown-subnet-kind': true,
  'bad-subnet-params': true,
  'duplicate-account': true,
  'duplicate-instance': true,
  'seat-without-account': true,
  'seat-cannot-fund-bond': true,
  'no-validators': true,
  'signal-digests-missing': true,
  'supply-too-large': true,
  'duplicate-lock': true,
  'lock-without-account': true,
}
testCodes(codes, 'genesis')
