/** What waits for a promise: open once it is kept with `true`, closed with anything else. */
export class Gate {
    /** @type {'waiting' | 'open' | 'closed'} */
    state = 'waiting';

    /** @param {Promise<boolean>} promise */
    constructor(promise) {
        this.settled = promise.then((isOpen) => (isOpen ? 'open' : 'closed'), () => 'closed').then((state) => {
            this.state = state;
        });
    }
}
