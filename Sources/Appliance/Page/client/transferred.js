import { say } from './catalogue.js';
import { RoomError } from './room-error.js';
/** @import { Files } from './files.js' */

/**
 * What becomes of a file. @param {Files} files @param {object} transfer one of its `transfers`
 * @returns {Promise<object>} the transfer, once it is done; else a `RoomError` with its outcome (docs/files.md) as the code
 */
export function transferred(files, transfer) {
    return new Promise((resolve, reject) => {
        const settle = () => {
            if (transfer.outcome === 'done') return resolve(transfer);
            reject(new RoomError({ code: transfer.outcome, step: 'files', words: say('client.fileNotCarried') }));
        };
        if (transfer.state === 'ended') return settle();
        files.addEventListener('ended', function ended({ detail }) {
            if (detail !== transfer) return;
            files.removeEventListener('ended', ended);
            settle();
        });
    });
}
