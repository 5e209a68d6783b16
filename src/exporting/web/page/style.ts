import {PICTURES_STYLE} from '../../../server/page/style.ts';

/** The style sheet of the page: that of `rice serve`, and what only this one has. */
export const STYLE = `${PICTURES_STYLE}
.notice { max-width: 40rem; margin-top: 1rem; color: var(--quiet); }
.failure { max-width: 40rem; margin-top: 1rem; color: var(--bad); }
.frame canvas { position: absolute; inset: 0; width: 100%; height: 100%; object-fit: contain; }
.card { grid-template-rows: auto auto 1fr; }
.window { grid-column: 2; margin: 0; }
.window canvas { display: block; max-width: 100%; border-radius: 6px; background: #000; }
.window figcaption { color: var(--quiet); font-size: 0.8rem; }
@media (max-width: 30rem) { .window { grid-column: 1 / -1; } }
#view { display: block; width: 100%; max-height: 60vh; border-radius: 8px; background: #000; }
#seen { min-height: 3em; margin: 0.75rem 0 0; }
footer p + p { margin-top: 0.35rem; }
`;
