import type { RunPlan } from '../experiment/run-plan.ts'
import { answerPlan } from './worker-answer.ts'

const ending = new AbortController()

// Ctrl-C reaches every process of a terminal: the parent decides what becomes of a run.
process.on('SIGINT', () => undefined)
let atWork: Promise<unknown> = Promise.resolve()
process.on('message', (plan: RunPlan) => {
  atWork = answerPlan(plan, ending.signal).then((made) =>
    process.connected ? process.send?.(made) : undefined,
  )
})
// Given up, or whoever asked is gone: what is under way is ended, and cleans up.
for (const event of ['SIGTERM', 'disconnect'] as const) {
  process.on(event, () => {
    ending.abort()
    void atWork.finally(() => process.exit(0))
  })
}
