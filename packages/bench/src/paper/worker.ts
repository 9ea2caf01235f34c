import { measurePart, type PartAnswer, type PartTask } from './parts.ts'

/** What a worker answers: what it has measured, or the defect that it met. */
export type WorkerAnswer =
  | { readonly kind: 'measured'; readonly answer: PartAnswer }
  | { readonly kind: 'threw'; readonly sentence: string }

process.on('message', (task: PartTask) => {
  void answer(task).then((made) => process.send?.(made))
})
process.on('disconnect', () => process.exit(0))

async function answer(task: PartTask): Promise<WorkerAnswer> {
  try {
    return { kind: 'measured', answer: await measurePart(task) }
  } catch (cause) {
    const sentence = cause instanceof Error ? (cause.stack ?? cause.message) : String(cause)
    return { kind: 'threw', sentence }
  }
}
