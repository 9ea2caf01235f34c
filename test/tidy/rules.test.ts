import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { describe, it } from 'node:test'
import { listSources, root } from './sources.ts'

const RULE = /\[([A-Z]{2,4}-[A-Z0-9]+)\]/g

describe('rule ids', () => {
  const pages = globSync('spec/*.md', { cwd: root })
  const defined = new Set(pages.flatMap((page) => rulesIn(page)))
  const sources = ['packages', 'test'].flatMap(listSources)

  it('that code quotes are defined in the spec', () => {
    assert.ok(pages.length > 5 && sources.length > 50, 'there are pages and sources to check')
    const unknown = sources.flatMap((path) =>
      rulesIn(path)
        .filter((rule) => !defined.has(rule))
        .map((rule) => `${path} quotes ${rule}`),
    )
    assert.deepEqual([...new Set(unknown)], [])
  })

  it('that vectors quote are defined in the spec', () => {
    const vectors = globSync('vectors/*.json', { cwd: root })
    assert.ok(vectors.length > 3, 'there are vectors to check')
    const unknown = vectors.flatMap((path) =>
      [...read(path).matchAll(/"id":\s*"([A-Z]{2,4}-[A-Z0-9]+)\//g)]
        .map(([, rule]) => rule ?? '')
        .filter((rule) => !defined.has(rule))
        .map((rule) => `${path} quotes ${rule}`),
    )
    assert.deepEqual([...new Set(unknown)], [])
  })
})

describe('refusal codes', () => {
  it('of the protocol each occur in a vector or a test', () => {
    const sources = listSources('packages/protocol/src').filter((path) => !path.includes('.test'))
    const codes = new Set(
      sources.flatMap((path) =>
        [...read(path).matchAll(/\b(?:reject|ignore)\(\s*'([a-z0-9-]+)'/g)].map(
          ([, code]) => code ?? '',
        ),
      ),
    )
    assert.ok(codes.size > 50, 'there are codes to check')
    const shown = [
      ...globSync('vectors/*.json', { cwd: root }),
      ...listSources('test'),
      ...listSources('packages').filter((path) => path.includes('.test.ts')),
    ]
      .map(read)
      .join('\n')
    const missing = [...codes].filter((code) => !new RegExp(`["' ]${code}["']`).test(shown))
    assert.deepEqual(missing.toSorted(), [])
  })
})

function rulesIn(path: string): readonly string[] {
  return [...read(path).matchAll(RULE)].map(([, rule]) => rule ?? '')
}

function read(path: string): string {
  return readFileSync(`${root}/${path}`, 'utf8')
}
