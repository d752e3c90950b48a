/** The Guide, a bundle of its own: whoever never opens it never loads it. */
export { createGuides } from './guides.ts'
