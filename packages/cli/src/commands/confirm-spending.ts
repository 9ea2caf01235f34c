import { createInterface } from 'node:readline/promises'
import {
  type Expectation,
  type Experiment,
  expectSpending,
  formatDollars,
  type Shard,
} from '@commonweal/bench/experiment'
import type { Output } from '../output.ts'
import { UsageError } from '../usage-error.ts'

export interface ConfirmOptions {
  readonly experiment: Experiment
  readonly shard: Shard | null
  /** The operator has said yes beforehand. */
  readonly isAgreed: boolean
}

/**
 * Says what asking models will take at most, and starts nothing that may cost money without a limit or a yes.
 *
 * Errors  UsageError: there is neither, and nobody at a terminal to ask.
 */
export async function confirmSpending(
  { experiment, shard, isAgreed }: ConfirmOptions,
  output: Output,
): Promise<void> {
  const expected = await expectSpending(experiment, shard, process.env)
  if (expected === null) return
  const { maxCost } = experiment
  const limit = maxCost === null ? '' : ` It stops before it has cost more than $${maxCost}.`
  const sentence = `${describeExpectation(expected)}${limit}`
  const isFree = expected.models.every(({ price }) => price === 'free')
  if (isFree || isAgreed || maxCost !== null) {
    output.warn(sentence)
    return
  }
  if (!output.isTerminal || process.stdin.isTTY !== true) {
    throw new UsageError(
      `${sentence} Nobody is here to be asked; give --max-cost with a price, or --yes`,
    )
  }
  output.line(sentence)
  const prompt = createInterface({ input: process.stdin, output: process.stdout })
  const answer = await prompt.question('Go on? [y/N] ').finally(() => prompt.close())
  if (!/^y(es)?$/i.test(answer.trim())) throw new UsageError('nothing was asked, and nothing spent')
}

/** "36 runs of gpt-5-mini: at most 4,320 calls, …". */
export function describeExpectation(expected: Expectation): string {
  const { models, runCount, callCount, promptTokens, completionTokens, costMicroUsd } = expected
  const names = [...new Set(models.map(({ model }) => model))].join(', ')
  const count = (value: number): string => value.toLocaleString('en')
  const isFree = models.every(({ price }) => price === 'free')
  const paid =
    costMicroUsd === null
      ? 'nobody has said what they cost'
      : `at most ${formatDollars(costMicroUsd)}`
  return [
    `${count(runCount)} runs ask ${names}: at most ${count(callCount)} calls, ${count(promptTokens)} tokens read and ${count(completionTokens)} written${isFree ? ', on this machine' : `; ${paid}`}.`,
    'A reply that cannot be used is asked for again, up to twice; that is not counted in.',
  ].join(' ')
}
