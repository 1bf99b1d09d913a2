/**
 * The desk's sound. `change` is sent when `state` changes: `none` (there is nothing to hear yet), `on`, `off`
 * (the person wants it so), `blocked` (the browser wants a click first).
 */
export class Sound extends EventTarget {
    #audio;
    #isWanted = true;
    #isBlocked = false;

    /** @param {HTMLAudioElement} audio */
    constructor(audio) {
        super();
        this.#audio = audio;
    }

    get state() {
        if (!this.#isWanted) return 'off';
        if (this.#isBlocked) return 'blocked';
        return this.#audio.srcObject ? 'on' : 'none';
    }

    play(stream) {
        this.#audio.srcObject = stream;
        this.#start();
    }

    clear() {
        this.#audio.srcObject = null;
        this.#changed();
    }

    /** To be called in a click: turns the sound off, or on again. */
    toggle() {
        if (this.state === 'blocked') return this.#start();
        this.#isWanted = !this.#isWanted;
        this.#audio.muted = !this.#isWanted;
        if (this.#isWanted) this.#start();
        this.#changed();
    }

    async #start() {
        const stream = this.#audio.srcObject;
        if (stream && this.#isWanted) {
            try {
                await this.#audio.play();
                this.#isBlocked = false;
            } catch (error) {
                if (stream !== this.#audio.srcObject) return;
                this.#isBlocked = error.name === 'NotAllowedError';
            }
        }
        this.#changed();
    }

    #changed() {
        this.dispatchEvent(new Event('change'));
    }
}
