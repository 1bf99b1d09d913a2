/** How loud a microphone is at the moment. */
export class SoundLevel {
    #context = null;
    #analyser = null;
    #track = null;

    /** @param {MediaStreamTrack | null} track `null`: none any more */
    set(track) {
        if (track === this.#track) return;
        this.#track = track;
        this.#context?.close();
        this.#context = this.#analyser = null;
        if (!track) return;
        this.#context = new AudioContext();
        this.#analyser = new AnalyserNode(this.#context, { fftSize: 1024 });
        this.#context.createMediaStreamSource(new MediaStream([track])).connect(this.#analyser);
        this.#context.resume();
    }

    /** 0 to 1, as ears have it. */
    get value() {
        if (!this.#analyser) return 0;
        const samples = new Float32Array(this.#analyser.fftSize);
        this.#analyser.getFloatTimeDomainData(samples);
        const power = samples.reduce((sum, one) => sum + one * one, 0) / samples.length;
        return Math.min(1, Math.max(0, 1 + Math.log10(power + 1e-9) / 6));
    }
}
