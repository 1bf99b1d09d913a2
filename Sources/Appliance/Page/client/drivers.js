/**
 * The people who drive the desk beside whoever is in control, each with a pointer and a keyboard of their own, as the room
 * tells of them in its `control` messages; and what this person says about it.
 *
 * Event: `change`.
 */
export class Drivers extends EventTarget {
    #names;
    #send;
    #holder = null;

    /** Who drives beside whoever is in control: `{id, name}`. */
    others = [];
    /** How many may drive at once. */
    most = 1;

    /** @param {{names: Names, send: (message: object) => boolean}} parts */
    constructor({ names, send }) {
        super();
        this.#names = names;
        this.#send = send;
    }

    /** Everybody who drives. */
    get everybody() {
        return this.#holder ? [this.#holder, ...this.others] : this.others;
    }

    /** Whether one more may drive beside those who do. */
    get hasRoom() {
        const { length } = this.everybody;
        return length > 0 && this.others.length < this.most - 1;
    }

    has(id) {
        return this.everybody.some((person) => person.id === id);
    }

    /** A `control` message of the room, or `null` when nothing is known any more. */
    update(message) {
        this.#holder = message?.holder ? this.#names.person(message.holder) : null;
        this.others = (message?.hands ?? []).map((person) => this.#names.person(person));
        this.most = message?.mostHands ?? 1;
        this.dispatchEvent(new Event('change'));
    }

    // Each returns whether the room can hear of it.

    /** @param {{rights: string[], seconds?: number}?} terms without: all that the person may do, for as long as the room says */
    let(person, terms) {
        const { rights, seconds } = terms ?? {};
        return this.#send({
            type: 'letDrive', person, on: true, ...(rights && { leaseRights: rights }), ...(seconds && { seconds }),
        });
    }

    stop(person) {
        return this.#send({ type: 'letDrive', person, on: false });
    }
}
