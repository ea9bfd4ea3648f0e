/**
 * The outcome of a promise, or what `late` says once so many milliseconds are over; without it an error.
 * What was begun may still finish, and nobody hears of it.
 */
export async function within<T>(ms: number, promise: Promise<T>, late: () => T = overdue): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | null = null
  const over = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms)
  })
  try {
    return await Promise.race([promise, over.then(late)])
  } finally {
    clearTimeout(timer)
  }
}

function overdue(): never {
  throw new Error('no answer in time')
}
