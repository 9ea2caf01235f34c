import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { z } from 'zod'
import { isAlive, type Json, run, withFolder } from './command.ts'

const startedSchema = z.object({
  folder: z.string(),
  nodes: z.array(z.object({ name: z.string(), policy: z.string(), pid: z.int() })),
})

const resultSchema = z.object({
  height: z.int(),
  metrics: z.object({ m: z.int(), R: z.int() }),
  offenders: z.array(
    z.object({
      name: z.string(),
      fault: z.string().nullable(),
      slashed: z.array(z.object({ offence: z.string(), amountMicro: z.string() })),
      scoredDownBy: z.array(z.string()),
      bannedBy: z.array(z.string()),
      codes: z.record(z.string(), z.int()),
    }),
  ),
})

interface Outcome {
  readonly started: z.infer<typeof startedSchema>
  readonly result: z.infer<typeof resultSchema>
  /** Of a file that a node wrote, as JSON. */
  readonly linesOf: (node: string, file: string) => Promise<readonly Json[]>
}

/** Runs a network with an adversary to its end. No process may be left. */
async function attack(
  args: readonly string[],
  check: (outcome: Outcome) => void | Promise<void>,
): Promise<void> {
  await withFolder(async (folder) => {
    const up = ['up', '--json', '--data', 'data', ...args]
    const { code, stdout, stderr } = await run(up, folder)
    assert.equal(code, 0, stderr)
    const documents = stdout.trim().split('\n')
    const find = (kind: string): unknown =>
      documents.map((line): Json => JSON.parse(line)).find((one) => one['kind'] === kind)
    const started = startedSchema.parse(find('started'))
    assert.deepEqual(
      started.nodes.filter(({ pid }) => isAlive(pid)),
      [],
    )
    const linesOf: Outcome['linesOf'] = async (node, file) => {
      const text = await readFile(join(started.folder, node, file), 'utf8')
      return text
        .trim()
        .split('\n')
        .map((line): Json => JSON.parse(line))
    }
    await check({ started, result: resultSchema.parse(find('result')), linesOf })
  })
}

test('a node that votes twice is named and pays, nobody honest is, and the rounds are as without it', () =>
  attack(
    ['--rounds', '2', '--prosociality', '1', '--law', 'stock / 10', '--adversary', 'double-vote:2'],
    ({ started, result }) => {
      assert.equal(started.nodes[2]?.policy, 'utility, double-vote')
      const [named, ...others] = result.offenders
      assert.deepEqual(others, [])
      assert.equal(named?.name, 'node-2')
      assert.equal(named?.fault, 'double-vote')
      // 5 % of a bond of 1,000 tokens, once: who is out of the set votes no more.
      assert.deepEqual(named?.slashed, [{ offence: 'conflicting-votes', amountMicro: '50000000' }])
      assert.deepEqual({ m: result.metrics.m, R: result.metrics.R }, { m: 2, R: 100 })
    },
  ))

test('a node that crashes really dies, starts again from its disk, and follows on', () =>
  attack(
    [
      '--nodes',
      '4',
      '--rounds',
      '2',
      '--prosociality',
      '1',
      '--contract',
      'none',
      '--adversary',
      'crash(0.5s):3',
    ],
    async ({ result, linesOf }) => {
      assert.equal(result.metrics.m, 2)
      assert.deepEqual(
        result.offenders.map(({ name, fault, slashed }) => ({ name, fault, slashed })),
        [{ name: 'node-3', fault: 'crash(0.5s)', slashed: [] }],
      )
      const lives = await linesOf('node-3', 'output.log')
      assert.equal(new Set(lives.map(({ pid }) => pid)).size, 2, 'it was two processes')
      const log = await linesOf('node-3', 'node.log')
      const heights = log.flatMap(({ msg, height }) =>
        msg === 'a block is final' ? [Number(height)] : [],
      )
      // It dies with the first block that is final.
      assert.ok(Math.max(...heights) > 4, heights.join())
    },
  ))

test('a node that says too much is named by every node that keeps the rules, and by what it did', () =>
  attack(
    ['--rounds', '2', '--prosociality', '1', '--contract', 'none', '--adversary', 'oversize:2'],
    ({ result }) => {
      const [named, ...others] = result.offenders
      assert.deepEqual(others, [])
      assert.equal(named?.name, 'node-2')
      assert.deepEqual(named?.scoredDownBy, ['node-0', 'node-1', 'node-3', 'node-4'])
      assert.ok((named?.codes['too-large'] ?? 0) > 0)
      assert.deepEqual(named?.slashed, [])
    },
  ))
