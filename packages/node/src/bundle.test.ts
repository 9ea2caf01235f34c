import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, it } from 'node:test'
import { cidOf, digestOf, encode, networkIdOf } from '@commonweal/protocol'
import { type Bundle, BundleError, readBundle, writeBundle } from './bundle.ts'
import { createLocalGenesis } from './local/genesis.ts'

const NOW_MS = 1_700_000_000_000
const genesis = createLocalGenesis({ nodes: 3, seed: 'bundle' })
const BUNDLE: Omit<Bundle, 'networkId'> = {
  name: genesis.name,
  genesis,
  bootNodes: ['/ip4/127.0.0.1/tcp/4001/p2p/12D3KooWA', '/ip4/127.0.0.1/tcp/4002/p2p/12D3KooWB'],
  checkpointAddresses: ['https://example.org/checkpoint.json'],
  expiresAtMs: NOW_MS + 1,
  checkpoint: {
    epoch: 3,
    height: 40,
    block: cidOf(encode('b_3')),
    stateDigest: digestOf(encode('state')),
    certificate: {
      kind: 'finalize',
      epoch: 3,
      view: 41,
      block: cidOf(encode('b_3')),
      signers: [0, 1, 2],
      signatures: [1, 2, 3].map((byte) => new Uint8Array(64).fill(byte)),
    },
  },
}

describe('a join bundle', () => {
  let folder: string
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'commonweal-bundle-'))
    writeBundle(folder, BUNDLE)
  })
  afterEach(() => {
    rmSync(folder, { recursive: true })
  })
  const read = (name: string): string => readFileSync(join(folder, name), 'utf8')
  const write = (name: string, text: string): void => writeFileSync(join(folder, name), text)
  /** Changes a file and its line in SHA256SUMS: what only the checks behind the digests can find. */
  const forge = (name: string, text: string): void => {
    const digest = (given: string): string => createHash('sha256').update(given).digest('hex')
    write('SHA256SUMS', read('SHA256SUMS').replace(digest(read(name)), digest(text)))
    write(name, text)
  }
  const refuses = (code: string, nowMs = NOW_MS): void =>
    void assert.throws(
      () => readBundle(folder, nowMs),
      (error) => error instanceof BundleError && error.code === code,
    )

  it('is read as it was written', () => {
    assert.deepEqual(readBundle(folder, NOW_MS), { ...BUNDLE, networkId: networkIdOf(genesis) })
  })

  it('needs no checkpoint', () => {
    rmSync(folder, { recursive: true })
    writeBundle(folder, { ...BUNDLE, checkpoint: null })
    assert.equal(readBundle(folder, NOW_MS).checkpoint, null)
  })

  for (const name of [
    'network.json',
    'genesis.json',
    'bootnodes.txt',
    'checkpoint.json',
    'SHA256SUMS',
  ]) {
    it(`is refused without its ${name}`, () => {
      rmSync(join(folder, name))
      refuses('bundle-file-missing')
    })
  }

  it('is refused when a file was changed after its digest was taken', () => {
    write('bootnodes.txt', '/ip4/192.0.2.1/tcp/4001/p2p/12D3KooWEvil\n')
    refuses('bundle-digest-mismatch')
  })

  it('is refused when a file is not listed', () => {
    write('SHA256SUMS', read('SHA256SUMS').replace(/^.*checkpoint.json\n/m, ''))
    refuses('bundle-digest-mismatch')
  })

  it('is refused when its list of digests is none', () => {
    write('SHA256SUMS', 'whatever\n')
    refuses('bundle-malformed')
  })

  it('is refused when a file does not have its shape', () => {
    forge('network.json', '{"name": 3}')
    refuses('bundle-malformed')
  })

  it('is refused when a file is no JSON', () => {
    forge('checkpoint.json', '{')
    refuses('bundle-malformed')
  })

  it('is refused when the genesis is of another network than it names', () => {
    forge('genesis.json', read('genesis.json').replace('"deltaMs": 300', '"deltaMs": 301'))
    refuses('bundle-wrong-network')
  })

  it('is refused for another version of the protocol', () => {
    forge(
      'network.json',
      read('network.json').replace('"protocolVersion": 1', '"protocolVersion": 2'),
    )
    refuses('bundle-protocol-version')
  })

  it('is refused from the instant of its expiry on', () => {
    refuses('bundle-expired', NOW_MS + 1)
  })
})
