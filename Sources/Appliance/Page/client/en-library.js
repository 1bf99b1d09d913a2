import { enCopying } from './en-copying.js';
import { enDevices } from './en-devices.js';
import { enRefusals } from './en-refusals.js';
import { enRoom } from './en-room.js';

/** English: what the library says by itself, by id. A page that says more puts this into a catalogue of its own. */
export const enLibrary = {
    tag: 'en',
    name: 'English',
    direction: 'ltr',
    messages: { ...enCopying, ...enDevices, ...enRefusals, ...enRoom },
};
