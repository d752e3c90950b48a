import { useEffect, useState } from 'preact/hooks'
import { formatClock } from '../../wording/durations.ts'

/** How long ago that was, as it goes on: "0:12". */
export function Clock({ since }: { readonly since: number }) {
  const [now, setNow] = useState(Date.now())
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1000)
    return () => clearInterval(timer)
  }, [])
  return <span class="clock">{formatClock(now - since)}</span>
}
