/** Why a training ended: all epochs were done, none was better for too long, or its time was over. */
export type Ended = 'epochs' | 'patience' | 'time';
