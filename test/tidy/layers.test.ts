import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { describe, it } from 'node:test'
import { listSources, root } from './sources.ts'

/** A file may import from its own layer and from those before it. */
const LAYERS = [
  ['result.ts', 'invariant.ts', 'integer.ts'],
  ['codec'],
  ['identity'],
  ['schema'],
  ['contract'],
  ['message', 'genesis.ts', 'epoch', 'emission'],
  ['subnet', 'negotiation'],
  ['consensus', 'ledger', 'resolution'],
  ['chain'],
  ['replica'],
  ['testing'],
  ['index.ts'],
]

describe('the layers of packages/protocol', () => {
  const sources = listSources('packages/protocol/src').filter((path) => !path.includes('.test'))

  it('are imported downward only', () => {
    assert.ok(sources.length > 50, 'there are sources to check')
    const wrong = sources.flatMap((path) =>
      importsOf(path)
        .filter((imported) => imported.startsWith('.'))
        .filter((imported) => layerOf(resolve(path, imported)) > layerOf(path))
        .map((imported) => `${path} imports ${imported}`),
    )
    assert.deepEqual(wrong, [])
  })

  it('take nothing from outside but the libraries that the pure core may use', () => {
    const allowed = ['@noble/', 'multiformats/', 'uint8arrays/', 'zod', '@marcbachmann/cel-js']
    const wrong = sources.flatMap((path) =>
      importsOf(path)
        .filter((imported) => !imported.startsWith('.'))
        .filter((imported) => !allowed.some((prefix) => imported.startsWith(prefix)))
        .map((imported) => `${path} imports ${imported}`),
    )
    assert.deepEqual(wrong, [])
  })

  it('are free of clocks, randomness, promises and output', () => {
    const impure =
      /\b(Date\.|new Date|Math\.random|performance\.|console\.|process\.|setTimeout|async |await |localeCompare)/
    const wrong = sources.flatMap((path) =>
      readFileSync(`${root}/${path}`, 'utf8')
        .split('\n')
        .map((line) => line.replace(/\/\/.*|^\s*\*.*|\/\*\*.*/, ''))
        .filter((line) => impure.test(line))
        .map((line) => `${path}: ${line.trim()}`),
    )
    assert.deepEqual(wrong, [])
  })
})

function layerOf(path: string): number {
  const inside = path.replace('packages/protocol/src/', '')
  const first = inside.split('/')[0] ?? ''
  const layer = LAYERS.findIndex((names) => names.includes(first))
  assert.notEqual(layer, -1, `${path} belongs to no layer`)
  return layer
}

function importsOf(path: string): readonly string[] {
  const text = readFileSync(`${root}/${path}`, 'utf8')
  return [...text.matchAll(/^(?:import|export)[^'"]*?from '([^']+)'/gms)].map(
    ([, name]) => name ?? '',
  )
}

function resolve(from: string, imported: string): string {
  return new URL(imported, `file:///${from}`).pathname.slice(1)
}
