import assert from 'node:assert/strict'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import { Command, run, withFolder } from './command.ts'

const EXAMPLES = fileURLToPath(new URL('../../docs/example', import.meta.url))
const SEAT = 2
const ROUNDS = 4

/**
 * Requests 1 in the first round, and throws beside that; throws in the second, answers what is no bigint in the third, and never
 * answers in the fourth.
 */
const FAULTY = `
export function createAgent({ policy }: { policy: { negotiate: (seen: object) => object } }): object {
  const stray = () => {
    setTimeout(() => { throw new Error('stray') }, 0)
    void Promise.reject(new Error('stray'))
    void Promise.reject('stray')
    return 1n
  }
  const answers = [stray, () => { throw new Error('no sea') }, () => '3', () => new Promise(() => {})]
  return {
    name: 'faulty',
    negotiate: (seen: object): object => policy.negotiate(seen),
    act: ({ state }: { state: { round: number } }): unknown => answers[state.round - 1]?.(),
  }
}
`

const resultSchema = z.object({
  rows: z.array(z.object({ requests: z.array(z.int()), absent: z.array(z.boolean()) })),
  agents: z.array(
    z.object({
      policy: z.string(),
      model: z.object({ choices: z.int(), failures: z.record(z.string(), z.int()) }).nullable(),
    }),
  ),
})

test('a file of one’s own plays among closed-form agents; where it fails its policy plays, and it is logged and counted', () =>
  withFolder(async (folder) => {
    await writeFile(join(folder, 'faulty.mts'), FAULTY)
    const up = new Command(
      ['up', '--json', '--data', 'runs', '--rounds', String(ROUNDS), '--nodes', '4']
        .concat(['--agent', 'utility,utility,./faulty.mts,utility', '--contract', 'none'])
        .concat(['--policy', 'steady', '--prosociality', '1']),
      folder,
    )
    const started = z.object({ folder: z.string() }).parse(await up.document('started'))
    const { rows, agents } = resultSchema.parse(await up.document('result'))
    assert.equal(await up.exit, 0, up.stderr)
    assert.ok(
      rows.every(({ absent }) => !absent.includes(true)),
      'nobody waits for it in vain',
    )
    assert.deepEqual(
      rows.map(({ requests }) => requests[SEAT]),
      [1, 12, 12, 12],
      'an eighth of what there is, by its policy, after its own 1',
    )
    assert.deepEqual(
      agents.map(({ policy, model }) => [policy, model]),
      [
        ['steady', null],
        ['steady', null],
        ['faulty.mts', { choices: 1, failures: { threw: 1, 'wrong-shape': 1, 'timed-out': 1 } }],
        ['steady', null],
      ],
    )
    const log = await readFile(join(started.folder, `node-${SEAT}`, 'node.log'), 'utf8')
    assert.equal(log.match(/the plug-in failed, and the policy decides/g)?.length, 3)
    assert.match(log, /"code":"threw".*no sea/)
    assert.equal(log.match(/the plug-in failed beside its answers/g)?.length, 3)
  }))

test('a file that is no agent is refused before anything starts, in one line', () =>
  withFolder(async (folder) => {
    await writeFile(join(folder, 'no.mjs'), 'export const act = 1')
    await writeFile(join(folder, 'bad.mjs'), 'export const createAgent = () => { throw 1 }')
    const refused = async (args: readonly string[], sentence: RegExp): Promise<void> => {
      const { code, stdout, stderr } = await run(args, folder)
      assert.deepEqual([code, stdout], [2, ''], stderr)
      assert.match(stderr, /^error: [^\n]+\n$/)
      assert.match(stderr, sentence)
    }
    const accepted = 'accepted: a TypeScript or JavaScript module .* that exports'
    const agent = ['up', '--agent', './no.mjs']
    await refused(agent, new RegExp(`/no\\.mjs: it exports act alone; ${accepted} createAgent`))
    const forecaster = [...agent, '--scenario', 'forecast']
    await refused(forecaster, new RegExp(`it exports act alone; ${accepted} createForecaster`))
    await refused(['up', '--agent', './none.mjs'], /\/none\.mjs: there is no such file; /)
    await writeFile(join(folder, 'exp.yaml'), 'population: [{ policy: ./no.mjs, count: 2 }]')
    await refused(['bench', 'run', 'exp.yaml'], /\/no\.mjs: it exports act alone; /)
  }))

const experiment = (fidelity: string): string => `scenario: { rounds: 2 }
population:
  - { policy: utility, count: 2 }
  - { policy: ${join(EXAMPLES, 'own-agent.ts')}, count: 2, prosociality: 1 }
contract: law
fidelity: ${fidelity}
seeds: [1]
`

const market = (
  fidelity: string,
): string => `scenario: { kind: forecast, chain: short, questions: 2 }
population: [{ policy: ${join(EXAMPLES, 'own-forecaster.ts')}, prosociality: 1 }]
fidelity: ${fidelity}
seeds: [1]
`

const runSchema = z.object({ outcomeDigest: z.string().optional(), reason: z.string().optional() })

for (const [name, write] of [
  ['agent', experiment],
  ['forecaster', market],
] as const) {
  test(`the ${name} of the guide comes to the same by rounds, among simulated replicas and among processes`, () =>
    withFolder(async (folder) => {
      const runs = []
      for (const fidelity of ['rounds', 'sim', 'net']) {
        await writeFile(join(folder, 'exp.yaml'), write(fidelity))
        const { code, stderr } = await run(['bench', 'run', 'exp.yaml', '--out', fidelity], folder)
        assert.equal(code, 0, stderr)
        const [line = ''] = (await readFile(join(folder, fidelity, 'runs.jsonl'), 'utf8')).split(
          '\n',
        )
        runs.push(runSchema.parse(JSON.parse(line)))
      }
      assert.deepEqual(
        runs.map(({ reason }) => reason),
        [undefined, undefined, undefined],
      )
      assert.equal(new Set(runs.map(({ outcomeDigest }) => outcomeDigest)).size, 1)
    }))
}

test('a run among processes in which a file fails is a failed run', () =>
  withFolder(async (folder) => {
    await writeFile(join(folder, 'faulty.mts'), FAULTY)
    const text = experiment('net')
      .replace('policy: utility', 'policy: steady')
      .replace(/policy: \S+own-agent\.ts/, 'policy: ./faulty.mts')
    await writeFile(join(folder, 'exp.yaml'), text)
    const { code, stderr } = await run(['bench', 'run', 'exp.yaml', '--out', 'out'], folder)
    assert.equal(code, 0, stderr)
    const stored = await readFile(join(folder, 'out', 'runs.jsonl'), 'utf8')
    assert.match(stored, /"status":"failed","reason":"own-agent-failed: faulty\.mts: 1 threw"/)
  }))

/** Leaves a line beside itself for each harvest. */
const TELLING = `
import { appendFileSync } from 'node:fs'
import { join } from 'node:path'

export function createAgent({ policy, agent }) {
  const act = (seen) => {
    appendFileSync(join(import.meta.dirname, 'asked.txt'), agent + ' ' + seen.seats[seen.seat] + '\\n')
    return policy.act(seen)
  }
  return { name: 'telling', act, negotiate: (seen) => policy.negotiate(seen) }
}
`

test('a newcomer plays by a file of its own', () =>
  withFolder(async (folder) => {
    await writeFile(join(folder, 'telling.mjs'), TELLING)
    const kept = new Command(['up', '--keep', '--json', '--rounds', '3', '--nodes', '4'], folder)
    const { folder: bundle } = z.object({ folder: z.string() }).parse(await kept.document('bundle'))
    const args = [
      'join',
      bundle,
      '--data',
      'node',
      '--agent',
      './telling.mjs',
      '--mandate',
      '--json',
    ]
    const newcomer = new Command(args, folder)
    await newcomer.document('step', ({ step }) => step === 'run')
    const lines = (await readFile(join(folder, 'asked.txt'), 'utf8')).trim().split('\n')
    assert.ok(lines.length >= 3)
    for (const line of lines) {
      const [told, seated] = line.split(' ')
      assert.equal(told, seated, 'it is told its own id')
    }
    for (const command of [newcomer, kept]) {
      command.signal('SIGINT')
      await command.exit
    }
  }))
