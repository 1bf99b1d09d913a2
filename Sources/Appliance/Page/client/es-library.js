import { esCopying } from './es-copying.js';
import { esDevices } from './es-devices.js';
import { esRefusals } from './es-refusals.js';
import { esRoom } from './es-room.js';

/** Spanish: what the library says by itself, by id. A page that says more puts this into a catalogue of its own. */
export const esLibrary = {
    tag: 'es',
    name: 'Español',
    direction: 'ltr',
    messages: { ...esCopying, ...esDevices, ...esRefusals, ...esRoom },
};
