import { fileURLToPath } from 'node:url'
import { present } from '@commonweal/protocol'
import { runInWorkers } from '../worker-pool.ts'
import type { Measured, PaperOptions } from './section.ts'
import { PAPER_SECTIONS } from './sections.ts'
import type { WorkerAnswer } from './worker.ts'

/** One part of a section, by names and numbers alone, so that it can be given to another process. */
export interface PartTask {
  readonly name: string
  readonly part: number
  readonly options: PaperOptions
}

export interface PartAnswer {
  readonly measured: Measured
  /** What it took. */
  readonly seconds: number
}

/** Measures one part, here. */
export async function measurePart({ name, part, options }: PartTask): Promise<PartAnswer> {
  const section = present(
    PAPER_SECTIONS.find((one) => one.name === name),
    'a part is of a section that exists',
  )
  const startedAtMs = performance.now()
  const measured = await section.measure(options, part)
  return { measured, seconds: (performance.now() - startedAtMs) / 1_000 }
}

/** Measures parts in order of the list, each answer to `onAnswer` as it comes; with one job here, with more in child processes. */
export async function measureParts(
  tasks: readonly PartTask[],
  jobCount: number,
  onAnswer: (task: PartTask, answer: PartAnswer) => void,
): Promise<void> {
  const jobs = Math.min(jobCount, tasks.length)
  if (jobs > 1) return measureInWorkers(tasks, jobs, onAnswer)
  for (const task of tasks) onAnswer(task, await measurePart(task))
}

async function measureInWorkers(
  tasks: readonly PartTask[],
  jobCount: number,
  onAnswer: (task: PartTask, answer: PartAnswer) => void,
): Promise<void> {
  const isSource = import.meta.url.endsWith('.ts')
  await runInWorkers<PartTask, WorkerAnswer>(
    tasks,
    {
      module: fileURLToPath(new URL(isSource ? './worker.ts' : './worker.js', import.meta.url)),
      execArgv: [
        ...(isSource ? ['--conditions=source'] : []),
        '--disable-warning=ExperimentalWarning',
      ],
      // JSON would make null of a figure that is not a number.
      serialization: 'advanced',
      jobCount,
      describe: ({ name, part }) => `part ${part} of ${name}`,
    },
    (answer, task) => {
      if (answer.kind === 'threw') throw new RangeError(`${task.name}: ${answer.sentence}`)
      onAnswer(task, answer.answer)
      return true
    },
  )
}
