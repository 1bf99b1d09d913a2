/** Asks once more before the session is ended for everybody. */
export class SessionDialog {
    /** @param {{at: Record<string, HTMLElement>, oversight: Oversight}} parts */
    constructor({ at, oversight }) {
        at['end-session'].addEventListener('click', () => {
            at.ending.showModal();
            at['ending-no'].focus();
        });
        at['ending-no'].addEventListener('click', () => at.ending.close());
        at['ending-yes'].addEventListener('click', () => {
            at.ending.close();
            oversight.endSession();
        });
    }
}
