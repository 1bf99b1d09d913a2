import { InputDelay, parseEffect } from './input-delay.js';

/** Measures how long this person's presses take to the picture that shows them, while they drive, and tells the room. */
export class InputWatch {
    #delay = new InputDelay();
    #room;
    #video;
    #channel = null;
    #isWatching = false;
    #told = 0;

    /** @param {{room: Room, video: HTMLVideoElement}} parts */
    constructor({ room, video }) {
        this.#room = room;
        this.#video = video;
        const { control } = room;
        control.onPress = (time) => this.#delay.press(time, performance.now());
        control.addEventListener('change', () => (control.mine ? this.#watch() : this.#delay.forget()));
        room.addEventListener('change', () => this.#attach(room.publish.channels?.control ?? null));
        setInterval(() => this.#tell(), PERIOD);
    }

    /** As in `InputDelay`; `null` before the first press that showed. */
    get figures() {
        return this.#delay.figures;
    }

    #attach(channel) {
        if (channel === this.#channel) return;
        this.#channel = channel;
        this.#delay.forget();
        channel?.addEventListener('message', ({ data }) => {
            const effect = parseEffect(data);
            if (effect && effect.lease === this.#room.control.lease) this.#delay.effect(effect, performance.now());
        });
    }

    /** Looks at each picture as long as this person drives. */
    #watch() {
        if (this.#isWatching || !this.#video.requestVideoFrameCallback) return;
        this.#isWatching = true;
        const look = (now, { rtpTimestamp, receiveTime }) => {
            if (rtpTimestamp !== undefined) this.#delay.frame({ rtpTimestamp, received: receiveTime, painted: now });
            this.#isWatching = this.#room.control.mine;
            if (this.#isWatching) this.#video.requestVideoFrameCallback(look);
        };
        this.#video.requestVideoFrameCallback(look);
    }

    #tell() {
        if (this.#delay.count === this.#told || !this.#room.control.mine) return;
        this.#told = this.#delay.count;
        this.#room.signalling.send({ type: 'inputDelay', delay: this.figures });
    }
}

/** Milliseconds. */
const PERIOD = 5000;
