import { readFileSync } from 'node:fs'
import { z } from 'zod'

/** One golden case: what goes in and what any implementation answers. */
export interface Vector<Input, Expect> {
  /** The rule that it illustrates and a name: `ENC-3/longer-first`. */
  readonly id: string
  readonly comment: string
  readonly input: Input
  readonly expect: Expect
}

/** The cases of `vectors/<page>.json`, each in the shape that its page uses. There are always some. */
export function loadVectors<Input, Expect>(
  page: string,
  input: z.ZodType<Input>,
  expect: z.ZodType<Expect>,
): readonly Vector<Input, Expect>[] {
  const file = new URL(`../../vectors/${page}.json`, import.meta.url)
  const vector = z.strictObject({ id: z.string(), comment: z.string(), input, expect })
  const content: unknown = JSON.parse(readFileSync(file, 'utf8'))
  return z.array(vector).nonempty().parse(content)
}
