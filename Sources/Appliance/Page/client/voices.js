/**
 * The other people's microphones, one player for each. `change` is sent when `isBlocked` changes: the browser
 * wants a click before it plays.
 */
export class Voices extends EventTarget {
    #players = new Map();
    #isOn = true;
    #volume = 1;
    #speaker = '';

    isBlocked = false;

    /** @param {MediaStreamTrack[]} tracks all that there are now */
    play(tracks) {
        for (const [track, player] of this.#players) {
            if (tracks.includes(track)) continue;
            player.srcObject = null;
            this.#players.delete(track);
        }
        for (const track of tracks) {
            if (this.#players.has(track)) continue;
            const player = new Audio();
            player.srcObject = new MediaStream([track]);
            this.#players.set(track, player);
            this.#apply(player);
        }
        if (this.#players.size === 0) this.#setBlocked(false);
    }

    /** Whether anything is to be heard; in a click this also plays what the browser has held back. */
    setOn(isOn) {
        this.#isOn = isOn;
        this.#applyAll();
    }

    /** @param {number} volume 0…1 */
    set volume(volume) {
        this.#volume = volume;
        this.#applyAll();
    }

    get volume() {
        return this.#volume;
    }

    /** @param {string} deviceId an output; empty for the browser's own choice */
    set speaker(deviceId) {
        this.#speaker = deviceId;
        this.#applyAll();
    }

    #applyAll() {
        for (const player of this.#players.values()) this.#apply(player);
    }

    async #apply(player) {
        player.muted = !this.#isOn;
        player.volume = this.#volume;
        if (player.sinkId !== this.#speaker) player.setSinkId?.(this.#speaker).catch(() => {});
        if (!this.#isOn) return;
        try {
            await player.play();
            this.#setBlocked(false);
        } catch (error) {
            if (player.srcObject && error.name === 'NotAllowedError') this.#setBlocked(true);
        }
    }

    #setBlocked(isBlocked) {
        if (this.isBlocked === isBlocked) return;
        this.isBlocked = isBlocked;
        this.dispatchEvent(new Event('change'));
    }
}
