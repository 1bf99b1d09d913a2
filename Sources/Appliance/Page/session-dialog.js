/** Asks once more before the session is ended for everybody. */
export class SessionDialog {
    /** @param {{at: Record<string, HTMLElement>, send: (message: object) => boolean}} parts */
    constructor({ at, send }) {
        at['end-session'].addEventListener('click', () => {
            at.ending.showModal();
            at['ending-no'].focus();
        });
        at['ending-no'].addEventListener('click', () => at.ending.close());
        at['ending-yes'].addEventListener('click', () => {
            at.ending.close();
            send({ type: 'endSession' });
        });
    }
}
