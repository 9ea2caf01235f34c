import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, it } from 'node:test'
import { networkIdOf, secretKeyOf, toHex } from '@commonweal/protocol'
import { type ConfigFile, loadConfig, type NodeConfig, SNAPSHOT_BEHIND_BLOCKS } from './config.ts'
import { ConfigError } from './errors.ts'
import { formatGenesis } from './genesis-file.ts'
import { createLocalGenesis } from './local/genesis.ts'

const genesis = createLocalGenesis({ nodes: 2, seed: 'config' })

describe('a node’s configuration', () => {
  let folder: string
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'commonweal-config-'))
    writeFileSync(join(folder, 'genesis.json'), formatGenesis(genesis))
  })
  afterEach(() => {
    rmSync(folder, { recursive: true })
  })
  const least: ConfigFile = {
    dataFolder: 'data',
    genesis: 'genesis.json',
    key: { seed: 'config', index: 1 },
  }
  const load = (file: unknown): NodeConfig => {
    writeFileSync(join(folder, 'node.json'), JSON.stringify(file))
    return loadConfig(join(folder, 'node.json'))
  }
  const refuses = (file: unknown, key: string, given: string): void =>
    void assert.throws(
      () => load(file),
      (error) => {
        assert.ok(error instanceof ConfigError, String(error))
        assert.deepEqual([error.key, error.given], [key, given])
        assert.notEqual(error.accepted, '')
        return true
      },
    )

  it('needs a folder, a genesis and a key, and fills in the rest', () => {
    const config = load(least)
    assert.equal(config.dataFolder, join(folder, 'data'))
    assert.equal(networkIdOf(config.genesis), networkIdOf(genesis))
    assert.deepEqual(config.secretKey, secretKeyOf('config', 1))
    assert.deepEqual(config.api, { host: '127.0.0.1', port: 0 })
    assert.equal(config.agent.policy.name, 'utility')
    assert.equal(config.agent.prosociality.lambda, 0)
    assert.equal(config.join, null)
    assert.equal(config.fault, null)
  })

  it('reads a key from a file', () => {
    const secretKey = secretKeyOf('config', 0)
    writeFileSync(join(folder, 'key.hex'), `${toHex(secretKey)}\n`)
    assert.deepEqual(load({ ...least, key: { file: 'key.hex' } }).secretKey, secretKey)
    writeFileSync(join(folder, 'key.hex'), 'secret')
    refuses({ ...least, key: { file: 'key.hex' } }, 'key.file', '"a text of 6 characters"')
  })

  it('keeps all unless it is told how many epochs', () => {
    assert.equal(load(least).keepEpochs, null)
    assert.equal(load({ ...least, keepEpochs: 2 }).keepEpochs, 2)
    assert.equal(load(least).snapshotBehindBlocks, SNAPSHOT_BEHIND_BLOCKS)
  })

  it('takes a fault of any kind, from the first epoch on', () => {
    const fault = { kind: 'pause', fromEpoch: 1, spellMs: 1_500 }
    assert.deepEqual(load({ ...least, fault: { kind: 'pause' } }).fault, fault)
    refuses({ ...least, fault: { kind: 'magic' } }, 'config.fault.kind', '"magic"')
    refuses({ ...least, fault: { kind: 'crash', spellMs: 0 } }, 'config.fault.spellMs', '0')
  })

  it('names the key, what was given, and what is accepted', () => {
    refuses({ ...least, dataFolder: undefined }, 'config.dataFolder', 'nothing')
    refuses({ ...least, api: { port: 70_000 } }, 'config.api.port', '70000')
    refuses({ ...least, outside: { url: 'here' } }, 'config.outside.url', '"here"')
    refuses({ ...least, keepEpochs: 1 }, 'config.keepEpochs', '1')
    refuses({ ...least, snapshotBehindBlocks: 0 }, 'config.snapshotBehindBlocks', '0')
    refuses({ ...least, logLevel: 'loud' }, 'config.logLevel', '"loud"')
    refuses({ ...least, agent: { policy: 'clever' } }, 'agent.policy', '"clever"')
    refuses({ ...least, agent: { prosociality: '-1' } }, 'agent.prosociality', '"-1"')
    refuses({ ...least, agent: { model: { name: 'a b' } } }, 'config.agent.model.name', '"a b"')
    const answerMs = { ...least, agent: { assistant: { answerMs: 0 } } }
    refuses(answerMs, 'config.agent.assistant.answerMs', '0')
    const both = { model: { name: 'm' }, assistant: {} }
    refuses({ ...least, agent: both }, 'config.agent', JSON.stringify(both))
    const digest = { agent: { plugin: { path: 'own.ts', digest: 'ab' } } }
    refuses({ ...least, ...digest }, 'config.agent.plugin.digest', '"ab"')
    refuses({ ...least, genesis: 'nowhere.json' }, 'genesis', `"${join(folder, 'nowhere.json')}"`)
  })

  it('finds a module of the operator’s own beside the file, unguarded unless it says otherwise', () => {
    const pluginOf = (plugin: object): NodeConfig['agent']['plugin'] =>
      load({ ...least, agent: { plugin } }).agent.plugin
    const path = join(folder, 'own.ts')
    assert.deepEqual(pluginOf({ path: './own.ts' }), { path, digest: null, mandate: null })
    assert.equal(pluginOf({ path, mandate: {} })?.mandate?.allotmentPercentMin, 75)
  })

  it('refuses a key that it does not know', () => {
    assert.throws(() => load({ ...least, lambda: 1 }), ConfigError)
  })

  it('names the part of a genesis that is wrong', () => {
    const wrong = { ...genesis, consensus: { ...genesis.consensus, deltaMs: 0 } }
    writeFileSync(join(folder, 'genesis.json'), formatGenesis(wrong))
    refuses(least, 'genesis.consensus.deltaMs', '0')
  })
})
