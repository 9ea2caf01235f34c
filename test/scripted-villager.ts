import { hash } from 'node:crypto'
import type { Asked } from './model-server.ts'

/** The name under which the scripted villager is asked. */
export const VILLAGER = 'scripted-villager'

/** What it says of itself wherever its figures stand. */
export const VILLAGER_NOTE = 'recorded replies of a scripted model, not of a language model'

/**
 * A model that is none: it answers by a script, and always alike. One that is told to care takes a tenth of the stock, one that
 * is not takes what it can get, a little less where words were agreed; a law is proposed by the first and accepted by the next.
 * Now and then it chats instead of answering, as models do, and mends that when it is told.
 */
export function playVillager({
  kind,
  seat,
  lambda,
  stock,
  prompt,
  repairs,
}: Asked): object | string {
  const chance = drawPercent(prompt)
  if (repairs === 0 && chance < 3) return 'Let me think about that first.'
  const cares = lambda > 0
  if (kind === 'request') return { request: chooseRequest({ stock, prompt, cares, chance }) }
  const isHeld = /Held by:.*\byou\b/.test(prompt)
  if (!/Terms on the table:\nnone\./.test(prompt)) return { move: isHeld ? 'pass' : 'accept' }
  if (!cares && seat % 2 === 0) return { move: 'pass' }
  const part = cares ? 10 : 7
  const clause = {
    at: 'submission',
    when: 'true',
    then: { primitive: 'cap', limit: `stock / ${part}` },
  }
  return /Give `law`/.test(prompt)
    ? { move: 'propose', law: { clauses: [clause] } }
    : { move: 'propose', words: `Let nobody take more than one part in ${part} of the stock.` }
}

interface Harvest {
  readonly stock: number
  readonly prompt: string
  readonly cares: boolean
  readonly chance: number
}

function chooseRequest({ stock, prompt, cares, chance }: Harvest): number {
  if (cares) return Math.floor(stock / 10)
  const hasWords = /Words that nobody enforces/.test(prompt)
  const part = hasWords ? 0.15 : 0.18
  return Math.floor(stock * (part + chance / 2_000))
}

/** 0 … 99, by the words alone. */
function drawPercent(prompt: string): number {
  return Number.parseInt(hash('sha256', prompt).slice(0, 8), 16) % 100
}
