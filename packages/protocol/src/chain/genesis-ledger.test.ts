import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Genesis, genesisSchema, networkIdOf } from '../genesis.ts'
import { builtInSubnets } from '../subnet/registry.ts'
import { agentOf, createGenesis, keyedHashVerify, writeGenesis } from '../testing/index.ts'
import { computeChainTotals } from './conserve.ts'
import { createGenesisLedger } from './genesis-ledger.ts'

const AGENTS = ['0', '1', '2'].map((name) => agentOf(name))

function found(genesis: Genesis): string {
  const founded = createGenesisLedger({
    genesis,
    networkId: networkIdOf(genesis),
    verify: keyedHashVerify,
    subnets: builtInSubnets,
  })
  if (!founded.ok) return founded.error.code
  return computeChainTotals(founded.value).errorMicro === 0n ? 'ok' : 'value lost'
}

const account = (agent = AGENTS[0], balanceMicro = 0n, bondMicro = 0n) => {
  return { agent, name: '', balanceMicro, bondMicro }
}

test('the supply of a network is at most one largest amount', () => {
  const most = 2n ** 63n - 1n
  const instances: unknown[] = []
  const at = (balanceMicro: bigint): Genesis =>
    createGenesis(AGENTS, {
      genesis: { accounts: [account(AGENTS[0], balanceMicro, 1n)], faucet: null, instances },
    })
  assert.equal(found(at(most - 1n)), 'ok')
  assert.equal(found(at(most)), 'supply-too-large')
})

test('a signal needs a digest of every validator, since one alone would know it beforehand', () => {
  const params = { regeneration: { mode: 'private-signal' } }
  const [agent] = AGENTS
  const one = { agent, digest: '0'.repeat(64) }
  const genesis = { signalDigests: [one] }
  assert.equal(found(createGenesis(AGENTS, { instance: { params } })), 'signal-digests-missing')
  assert.equal(
    found(createGenesis(AGENTS, { instance: { params }, genesis })),
    'signal-digests-missing',
  )
  const all = AGENTS.map((of) => ({ ...one, agent: of }))
  const whole = createGenesis(AGENTS, { instance: { params }, genesis: { signalDigests: all } })
  assert.equal(found(whole), 'ok')
})

test('a document that cannot be encoded, or seats somebody twice, is no genesis', () => {
  const isGenesis = (instance: Record<string, unknown>): boolean =>
    genesisSchema.safeParse(writeGenesis(AGENTS, { instance })).success
  assert.equal(isGenesis({}), true)
  assert.equal(isGenesis({ params: { capacity: 1.5 } }), false)
  assert.equal(isGenesis({ params: { note: '\ud800' } }), false)
  assert.equal(isGenesis({ params: { note: undefined } }), false)
  assert.equal(isGenesis({ params: [[[[[[[[[]]]]]]]]] }), false)
  assert.equal(isGenesis({ seats: [AGENTS[0], AGENTS[0]] }), false)
  assert.equal(isGenesis({ seatCountMax: 2 }), false)
  assert.equal(isGenesis({ id: 'a\0b' }), false)
})

test('amounts in a document are whole numbers, or decimal text beyond 2^53', () => {
  const read = (balanceMicro: unknown): unknown =>
    genesisSchema.safeParse(
      writeGenesis(AGENTS, { genesis: { accounts: [{ ...account(), balanceMicro }] } }),
    ).data?.accounts[0]?.balanceMicro
  assert.equal(read(5), 5n)
  assert.equal(read('9223372036854775807'), 2n ** 63n - 1n)
  for (const wrong of ['9223372036854775808', '05', '-1', '1.0', 1.5, -1, 2 ** 53]) {
    assert.equal(read(wrong), undefined, `${wrong}`)
  }
})
