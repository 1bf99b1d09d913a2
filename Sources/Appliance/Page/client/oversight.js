/**
 * What whoever looks after others does about them; the room judges each by the right that it needs (`Standing`). Each returns whether the
 * room can hear of it; what it does not take comes back as `notice`, and as `refusal` of the room.
 */
export class Oversight {
    #send;

    /** @param {(message: object) => boolean} send */
    constructor(send) {
        this.#send = send;
    }

    /** Lets somebody in who waits, or everybody. @param {number} [person] */
    admit(person) {
        return this.#send({ type: 'admit', ...(person && { person }) });
    }

    /** Writes to somebody who waits. @param {number} person @param {string} line */
    tell(person, line) {
        return this.#send({ type: 'tell', person, line });
    }

    /** Does not let somebody in. @param {number} person @param {string} [reason] which they are told */
    refuse(person, reason) {
        return this.#send({ type: 'refuse', person, ...(reason !== undefined && { reason }) });
    }

    /** Switches rights of somebody on and off. @param {number} person @param {Record<string, boolean>} rights such as `{speak: false}` */
    setRights(person, rights) {
        return this.#send({ type: 'setRights', person, rights });
    }

    /** Somebody's microphone, or everybody else's, is not passed on until they switch it on again. @param {number} [person] */
    mute(person) {
        return this.#send({ type: 'mute', ...(person && { person }) });
    }

    /** Ends somebody's stay. @param {number} person @param {string} [reason] which they are told */
    remove(person, reason) {
        return this.#send({ type: 'remove', person, ...(reason !== undefined && { reason }) });
    }

    /** Somebody who was removed may come back. @param {number} person */
    allow(person) {
        return this.#send({ type: 'allow', person });
    }

    /** Shows what somebody is sent of the desk, or nobody's view any more. @param {number | null} [person] */
    watch(person) {
        return this.#send({ type: 'watch', ...(person && { person }) });
    }

    /** Ends everybody's stay. */
    endSession() {
        return this.#send({ type: 'endSession' });
    }
}
