import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, it } from 'node:test'
import { ConfigError } from '../../errors.ts'
import { type LoadPluginOptions, loadPlugin } from './load-plugin.ts'

const folder = mkdtempSync(join(tmpdir(), 'plugin-'))
after(() => rmSync(folder, { recursive: true }))

function write(name: string, text: string): string {
  const path = join(folder, name)
  writeFileSync(path, text)
  return path
}

/** What is said of a module, without its path. */
async function refusalOf(
  path: string,
  options: LoadPluginOptions = { door: 'createAgent' },
): Promise<string> {
  try {
    await loadPlugin(path, options)
  } catch (error) {
    assert.ok(error instanceof ConfigError, String(error))
    assert.ok(error.message.startsWith(`${path}: `), error.message)
    assert.ok(!error.message.includes('\n'), error.message)
    return error.message.slice(path.length + 2)
  }
  throw new Error(`${path} was loaded`)
}

const ACCEPTED =
  'accepted: a TypeScript or JavaScript module (.ts, .mts, .js, .mjs) that exports createAgent(options)'

describe('a module of the operator’s own', () => {
  it('is TypeScript as it is, or JavaScript, and is known by its digest', async () => {
    const text = 'export const createAgent = (options: object): object => options\n'
    const path = write('good.mts', text)
    const plugin = await loadPlugin(path, { door: 'createAgent' })
    assert.equal(plugin.name, 'good.mts')
    assert.match(plugin.digest, /^[0-9a-f]{64}$/)
    assert.ok(plugin.createAgent !== null && plugin.createForecaster === null)
    const { digest } = plugin
    assert.equal((await loadPlugin(path, { door: 'createAgent', digest })).digest, digest)
    const script = write('good.mjs', 'export function createForecaster() {}')
    await loadPlugin(script, { door: 'createForecaster' })
  })

  it('finds our packages, wherever it lies', async () => {
    const text = `import { capLaw } from '@commonweal/node/agent'
      import { present } from '@commonweal/protocol'
      export const createAgent = () => present(capLaw('stock / 10'), 'there is one')`
    const plugin = await loadPlugin(write('lent.mjs', text), { door: 'createAgent' })
    assert.deepEqual(Reflect.apply(plugin.createAgent ?? assert.fail, undefined, [{}]), {
      clauses: [
        { at: 'submission', when: 'true', then: { primitive: 'cap', limit: 'stock / 10' } },
      ],
    })
    const unknown = write('unknown.mjs', 'import "@commonweal/none"')
    assert.match(await refusalOf(unknown), /Cannot find package '@commonweal\/none'/)
  })

  it('is refused where there is no such file, or none that could be one', async () => {
    assert.equal(await refusalOf(join(folder, 'none.ts')), `there is no such file; ${ACCEPTED}`)
    mkdirSync(join(folder, 'folder.ts'))
    assert.match(await refusalOf(join(folder, 'folder.ts')), /^it cannot be read: .*EISDIR/)
    assert.equal(await refusalOf(write('agent.txt', '')), `its name ends in ".txt"; ${ACCEPTED}`)
  })

  it('is refused where it lacks the export, and what it exports is named', async () => {
    assert.equal(await refusalOf(write('empty.mjs', '')), `it exports nothing; ${ACCEPTED}`)
    assert.equal(
      await refusalOf(write('other.mjs', 'export default 1; export const act = 2')),
      `it exports act, default alone; ${ACCEPTED}`,
    )
    assert.equal(
      await refusalOf(write('value.mjs', 'export const createAgent = {}')),
      `its createAgent is no function; ${ACCEPTED}`,
    )
    const path = write('seat.mjs', 'export const createAgent = () => {}')
    assert.match(
      await refusalOf(path, { door: 'createForecaster' }),
      /^it exports createAgent alone; .* exports createForecaster\(options\)$/,
    )
  })

  it('is refused where it does not load, with why and, where that is known, the line', async () => {
    const refusals = [
      [
        'throws.mjs',
        '\nthrow new Error("no sea\\nno fish")',
        /^it does not load \(line 2\): Error: no sea;/,
      ],
      [
        'syntax.mjs',
        'export const = 1',
        /^it does not load \(node \S+ shows where\): SyntaxError: Unexpected token/,
      ],
      ['enum.mts', '\n\nenum A { B }', /^it does not load.*: SyntaxError: .*enum is not supported/],
      ['import.mjs', 'import "no-such-package"', /^it does not load: Error: Cannot find package/],
      ['nothing.mjs', 'throw undefined', /^it does not load: undefined;/],
    ] as const
    for (const [name, text, sentence] of refusals) {
      assert.match(await refusalOf(write(name, text)), sentence)
    }
  })

  it('is refused where it is another file than is wanted, or has changed since it was loaded', async () => {
    const path = write('pinned.mjs', 'export const createAgent = () => 1')
    const { digest } = await loadPlugin(path, { door: 'createAgent' })
    const wanted = 'ab'.repeat(32)
    assert.equal(
      await refusalOf(path, { door: 'createAgent', digest: wanted }),
      `its SHA-256 is ${digest}; accepted: the file whose SHA-256 is ${wanted}`,
    )
    write('pinned.mjs', 'export const createAgent = () => 2')
    assert.match(await refusalOf(path), /^it has changed since it was loaded; /)
  })
})
