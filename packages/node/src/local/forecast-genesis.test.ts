import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import {
  builtInSubnets,
  createGenesisLedger,
  headOf,
  type Ledger,
  locks,
  marketOf,
  networkIdOf,
  nobleVerify,
} from '@commonweal/protocol'
import { createLocalForecastGenesis, type LocalForecastNode } from './forecast-genesis.ts'
import { createLocalSigners } from './genesis.ts'

const nodes: readonly LocalForecastNode[] = Array.from({ length: 6 }, (_, index) => ({
  name: `node-${index}`,
  lockedMicro: index === 0 ? 0n : 9_000n * BigInt(index),
  isOpener: index === 0,
}))
const genesis = createLocalForecastGenesis({ nodes, seed: 'market' })
const agents = createLocalSigners('market', nodes.length).map(({ agent }) => agent)

function found(): Ledger {
  const networkId = networkIdOf(genesis)
  const context = { genesis, networkId, verify: nobleVerify, subnets: builtInSubnets }
  const founded = createGenesisLedger(context)
  assert.ok(founded.ok)
  return founded.value
}

describe('a local network that forecasts', () => {
  it('is one that the protocol founds, with the first four nodes as validators', () => {
    const validators = headOf(found()).validators.map(({ agent }) => agent)
    assert.deepEqual(new Set(validators), new Set(agents.slice(0, 4)))
  })

  it('gives a node the weight that it locked, and the house a tenth of all', () => {
    const ledger = found()
    const held = new Map(
      [...locks.entries(ledger)].map(([agent, lock]) => [agent, lock.weightMicro]),
    )
    assert.deepEqual(
      agents.map((agent) => held.get(agent)),
      [undefined, 9_000n, 18_000n, 27_000n, 36_000n, 45_000n],
    )
    const { houseWeightMicro, totalWeightMicro } = marketOf(ledger)
    assert.equal(houseWeightMicro * 10n, totalWeightMicro)
  })

  it('lets openers alone ask without admission', () => {
    assert.deepEqual(genesis.forecast?.openers, [agents[0]])
  })

  it('has bonds for jurors that are no validators', () => {
    const { validatorBondMinMicro } = genesis.consensus
    for (const { bondMicro } of genesis.accounts) assert.ok(bondMicro >= validatorBondMinMicro)
  })

  it('has one network id a seed', () => {
    const idOf = (seed: string): string => networkIdOf(createLocalForecastGenesis({ nodes, seed }))
    assert.equal(idOf('market'), networkIdOf(genesis))
    assert.notEqual(idOf('another'), idOf('market'))
  })
})
