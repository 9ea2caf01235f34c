import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, it } from 'node:test'
import { fileURLToPath } from 'node:url'
import { PluginError } from '@commonweal/node/agent'
import { present } from '@commonweal/protocol'
import { readFolder } from '../../runner/read-folder.ts'
import { runExperiment } from '../../runner/run-experiment.ts'
import type { Experiment } from '../experiment.ts'
import { findFidelity } from '../fidelity-named.ts'
import { parseExperiment } from '../parse-experiment.ts'
import { planRuns } from '../run-plan.ts'
import type { RunResult } from '../run-result.ts'
import { pinOwnFiles } from './own-file.ts'
import { findOwnFault } from './own-nodes.ts'

const EXAMPLES = fileURLToPath(new URL('../../../../../docs/example', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'own-'))
after(() => rmSync(folder, { recursive: true }))

/** A file that plays as the built-in agent does, changed. */
function writeAgent(name: string, change: string): string {
  const text = `export const createAgent = ({ policy, draw }) => ({ name: 'own', ...policy, ${change} })`
  writeFileSync(join(folder, name), text)
  return `./${name}`
}

writeFileSync(
  join(folder, 'forecaster.mjs'),
  `export const createForecaster = ({ policy }) => ({ ...policy, name: 'own' })`,
)

function textOf(policy: string, fidelity = 'rounds', more = ''): string {
  return `scenario: { rounds: 4 }
population: [{ policy: utility, count: 3 }, { policy: ${policy}, count: 2, prosociality: 1 }]
contract: law
fidelity: ${fidelity}
seeds: [1]
${more}`
}

function marketOf(policy: string, fidelity: string): string {
  return `scenario: { kind: forecast, chain: short, questions: 3 }
population: [{ policy: ${policy}, prosociality: 1 }]
fidelity: ${fidelity}
seeds: [1]
`
}

function pin(text: string, begin: string = folder): Promise<Experiment> {
  return pinOwnFiles(parseExperiment(text, 'file.yaml'), begin)
}

async function play(text: string, begin?: string): Promise<RunResult> {
  const plan = present(planRuns(await pin(text, begin))[0], 'an experiment has a run')
  return findFidelity(plan.condition.fidelity).run(plan, new AbortController().signal)
}

function digestOf(result: RunResult): string {
  assert.equal(result.status, 'done', JSON.stringify(result))
  return result.status === 'done' ? result.outcomeDigest : ''
}

describe('a file of one’s own in an experiment', () => {
  it('comes to what the built-in agent comes to where it only asks that, among simulated replicas too', async () => {
    const same = writeAgent('same.mjs', '')
    const plain = digestOf(await play(textOf('utility')))
    assert.equal(digestOf(await play(textOf(same))), plain)
    assert.equal(digestOf(await play(textOf(same, 'sim'))), plain)
  })

  it('does the same for forecasts', async () => {
    const plain = digestOf(await play(marketOf('forecaster', 'rounds')))
    for (const fidelity of ['rounds', 'sim']) {
      assert.equal(digestOf(await play(marketOf('./forecaster.mjs', fidelity))), plain)
    }
  })

  it('plays games', async () => {
    const text = (fidelity: string): string =>
      textOf(writeAgent('game.mjs', 'act: () => 0n'), fidelity).replace(
        'rounds: 4',
        'kind: game, rounds: 4, game: { form: base }',
      )
    const rounds = await play(text('rounds'))
    assert.equal(digestOf(await play(text('sim'))), digestOf(rounds))
  })

  it('has chances that the seed fixes, the same at every fidelity', async () => {
    const random = writeAgent(
      'random.mjs',
      'act: ({ state }) => BigInt(Math.floor(10 * draw(`round ${state.round}`)))',
    )
    const [once, again, sim] = [
      await play(textOf(random)),
      await play(textOf(random)),
      await play(textOf(random, 'sim')),
    ].map(digestOf)
    assert.deepEqual([again, sim], [once, once])
    const other = await play(textOf(random).replace('[1]', '[2]'))
    assert.notEqual(digestOf(other), once)
  })

  it('may take its time where no clock is virtual', async () => {
    const slow = writeAgent('slow.mjs', 'act: async (seen) => policy.act(seen)')
    assert.equal(digestOf(await play(textOf(slow))), digestOf(await play(textOf('utility'))))
  })

  it('is varied like anything else', async () => {
    const paths = [writeAgent('one.mjs', ''), writeAgent('two.mjs', 'act: () => 1n')]
    const { cells } = await pin(
      textOf('x.mjs', 'rounds', `sweep: { population.1.policy: [${paths}] }`),
    )
    const digests = cells.map(({ condition }) => condition.population[1]?.digest)
    assert.equal(new Set(digests).size, 2)
  })

  it('makes the run a failed one where it fails, and says which and why', async () => {
    const throwing = writeAgent('throwing.mjs', 'act: () => { throw new Error("no sea") }')
    for (const fidelity of ['rounds', 'sim']) {
      assert.deepEqual(await play(textOf(throwing, fidelity)), {
        status: 'failed',
        reason: 'own-agent-failed: throwing.mjs: act threw: Error: no sea',
        events: [],
      })
    }
    const waiting = writeAgent('waiting.mjs', 'act: async () => 1n')
    const result = await play(textOf(waiting, 'sim'))
    assert.match(result.status === 'failed' ? result.reason : '', /act threw: .* with a promise/)
  })

  it('is found failing among processes by what their nodes say', () => {
    const own = { name: 'own.ts', failures: {} }
    assert.equal(findOwnFault([{ own: null }, { own }]), null)
    assert.equal(
      findOwnFault([{ own: { ...own, failures: { threw: 2, 'timed-out': 1 } } }]),
      'own-agent-failed: own.ts: 2 threw, 1 timed-out',
    )
  })
})

describe('the digest of a file', () => {
  it('is part of what a run is, and where the file lies is not', async () => {
    const text = textOf(writeAgent('pinned.mjs', 'act: () => 1n'))
    const idIn = async (begin: string): Promise<string | undefined> =>
      planRuns(await pin(text, begin))[0]?.id
    const copyIn = (name: string, change: (text: string) => string): string => {
      mkdirSync(join(folder, name))
      const copy = change(readFileSync(join(folder, 'pinned.mjs'), 'utf8'))
      writeFileSync(join(folder, name, 'pinned.mjs'), copy)
      return join(folder, name)
    }
    assert.equal(await idIn(copyIn('elsewhere', (same) => same)), await idIn(folder))
    assert.notEqual(await idIn(copyIn('changed', (same) => `${same}\n`)), await idIn(folder))
  })

  it('is in the folder of the results, which is read again, and which workers make', async () => {
    const experiment = await pin(textOf(writeAgent('stored.mjs', '')))
    const out = join(folder, 'out')
    const report = await runExperiment({
      experiment,
      folder: out,
      shard: null,
      isResumed: false,
      jobCount: 1,
      signal: new AbortController().signal,
      onProgress: () => undefined,
    })
    assert.deepEqual([report.doneCount, report.failedCount], [1, 0])
    const { experiment: stored, runs } = await readFolder(out)
    assert.deepEqual(stored.cells, experiment.cells)
    assert.equal(runs.length, 1)
    const manifest = readFileSync(join(out, 'manifest.json'), 'utf8')
    assert.match(manifest, /"policy": "\.\/stored\.mjs",\s+"digest": "[0-9a-f]{64}"/)
    assert.ok(!manifest.includes(folder), 'where the file lies is nobody’s business')
  })

  it('may be asked for, and another file is refused', async () => {
    const file = writeAgent('asked.mjs', '')
    const wanted = (digest: string): string =>
      textOf(file).replace('count: 2', `count: 2, digest: ${digest}`)
    const { cells } = await pin(textOf(file))
    const digest = cells[0]?.condition.population[1]?.digest ?? ''
    await pin(wanted(digest))
    await assert.rejects(pin(wanted('ab'.repeat(32))), PluginError)
  })
})

describe('what cannot be of files is refused', () => {
  const refused = (text: string, sentence: RegExp): void =>
    void it(text.replaceAll('\n', ' ⏎ '), () => assert.rejects(async () => pin(text), sentence))
  refused(textOf('./none.ts'), /none\.ts: there is no such file; accepted: .* createAgent/)
  refused(textOf('./forecaster.mjs'), /it exports createForecaster alone; accepted: /)
  refused(textOf('my-agent'), /«my-agent»; accepted: .*\.\/my-agent\.ts/)
  refused(
    textOf('greedy').replace('count: 2', `count: 2, digest: ${'ab'.repeat(32)}`),
    /population\.1\.digest: .*accepted with a file as policy alone/,
  )
  refused(
    marketOf('./forecaster.mjs', 'rounds').replace('chain: short', 'market: credit'),
    /«\.\/forecaster\.mjs»; accepted with market credit: forecaster/,
  )
})

describe('the examples of the guide', () => {
  it('stand in it as they are, and are short', () => {
    const guide = readFileSync(join(EXAMPLES, '../guide/own-agent.md'), 'utf8')
    for (const name of ['own-agent.ts', 'own-forecaster.ts']) {
      const text = readFileSync(join(EXAMPLES, name), 'utf8')
      assert.ok(guide.includes(`\`\`\`ts\n${text}\`\`\`\n`), `${name} differs from the guide`)
      assert.ok(text.trimEnd().split('\n').length <= 40)
    }
  })

  it('play without a fault, and to the same end at every fidelity of one process', async () => {
    const digests = async (text: (fidelity: string) => string): Promise<readonly string[]> => [
      digestOf(await play(text('rounds'), EXAMPLES)),
      digestOf(await play(text('sim'), EXAMPLES)),
    ]
    for (const text of [
      (fidelity: string) => textOf('./own-agent.ts', fidelity),
      (fidelity: string) => textOf('./own-agent.ts', fidelity, '').replace('law', 'none'),
      (fidelity: string) => marketOf('./own-forecaster.ts', fidelity),
    ]) {
      const [rounds, sim] = await digests(text)
      assert.equal(sim, rounds)
    }
  })
})
