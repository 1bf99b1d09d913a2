// Notes when this page shows the flash and plays the tone of clients/clap.c: milliseconds of `performance.now()`, as they reach eyes
// and ears by what the browser says of its screen and its loudspeaker.
(() => {
  const claps = (window.claps = { seen: [], heard: [] });

  const watch = (video) => {
    const canvas = new OffscreenCanvas(8, 8);
    const context = canvas.getContext("2d", { willReadFrequently: true });
    let wasBright = true;
    const look = (_, { expectedDisplayTime }) => {
      context.drawImage(video, 0, 0, 8, 8);
      const isBright = context.getImageData(4, 4, 1, 1).data[1] > 128;
      if (isBright && !wasBright) claps.seen.push(expectedDisplayTime);
      wasBright = isBright;
      video.requestVideoFrameCallback(look);
    };
    video.requestVideoFrameCallback(look);
  };

  const listen = async (track) => {
    const context = new AudioContext({ latencyHint: "interactive" });
    await context.resume();
    const analyser = new AnalyserNode(context, { fftSize: 4096 });
    context.createMediaStreamSource(new MediaStream([track])).connect(analyser);
    // Chromium drives what nobody plays, too, but others need not.
    analyser.connect(new GainNode(context, { gain: 0 })).connect(context.destination);
    const samples = new Float32Array(analyser.fftSize);
    setInterval(() => {
      const now = context.currentTime;
      analyser.getFloatTimeDomainData(samples);
      const first = samples.findIndex((sample) => Math.abs(sample) > 0.05);
      if (first < 0) return;
      const time = now - (samples.length - first) / context.sampleRate;
      const { contextTime, performanceTime } = context.getOutputTimestamp();
      const heard = performanceTime + (time - contextTime) * 1000;
      // The same one, seen again.
      if (heard - (claps.last ?? -Infinity) > 500) claps.heard.push(heard);
      claps.last = heard;
    }, 10);
  };

  claps.start = async () => {
    watch(document.getElementById("desk"));
    await listen(document.getElementById("sound").srcObject.getAudioTracks()[0]);
    return true;
  };

  // How much later than the flash its tone came, in milliseconds, of each clap that had both.
  claps.late = () => claps.seen.flatMap((seen) => {
    const heard = claps.heard.find((time) => Math.abs(time - seen) < 400);
    return heard === undefined ? [] : [heard - seen];
  });
})();
