import { type ComponentType, createContext } from 'preact'
import type { CastPlayerProps } from '../player/cast-player.tsx'

/** What plays output back; undefined in a page that has no player. */
export const OutputPlayer = createContext<ComponentType<CastPlayerProps> | undefined>(undefined)
