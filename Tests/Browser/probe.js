// Runs before the page's own scripts, in any browser: it watches what the page does with the web's own objects, so
// that the tests need not believe what the page says about itself.
(() => {
  if (window.probe) return;
  const probe = (window.probe = {
    connections: [], sockets: [], channels: [], sent: [], firstFrame: null, problems: [],
  });

  const noteChannel = (channel) => {
    const note = { label: channel.label, channel, closed: false };
    channel.addEventListener("close", () => { note.closed = true; });
    probe.channels.push(note);
  };

  const Connection = window.RTCPeerConnection;
  window.RTCPeerConnection = class extends Connection {
    constructor(...given) {
      super(...given);
      probe.connections.push(this);
      this.addEventListener("datachannel", (event) => noteChannel(event.channel));
    }
    setLocalDescription(...given) {
      this.isUsed = true;
      return super.setLocalDescription(...given);
    }
    createDataChannel(...given) {
      const channel = super.createDataChannel(...given);
      noteChannel(channel);
      return channel;
    }
  };

  const Socket = window.WebSocket;
  window.WebSocket = class extends Socket {
    constructor(...given) {
      super(...given);
      const note = { socket: this, closed: false };
      this.addEventListener("close", () => { note.closed = true; });
      probe.sockets.push(note);
    }
  };

  // Each control event that left the page, and when: wall clock, ms.
  const send = RTCDataChannel.prototype.send;
  RTCDataChannel.prototype.send = function (data) {
    if (typeof data !== "string" && probe.sent.length < 10000) {
      const view = ArrayBuffer.isView(data) ? new DataView(data.buffer, data.byteOffset) : new DataView(data);
      const [type, lease] = view.byteLength < 8 ? [null, null] : [view.getUint8(0), view.getUint32(4)];
      probe.sent.push({ label: this.label, type, lease, wall: performance.timeOrigin + performance.now() });
    }
    return send.call(this, data);
  };

  window.addEventListener("error", (event) => probe.problems.push(String(event.message)));
  window.addEventListener("unhandledrejection", (event) => probe.problems.push(String(event.reason)));

  // The largest video that has a picture.
  const picture = () => [...document.querySelectorAll("video")]
    .filter((video) => video.videoWidth > 0)
    .sort((a, b) => b.videoWidth * b.videoHeight - a.videoWidth * a.videoHeight)[0];

  // The time of the first decoded picture, ms since the page was opened, to about 4 ms.
  const watch = () => {
    const video = picture();
    if (video && video.readyState >= 2) {
      probe.firstFrame = performance.now();
    } else {
      setTimeout(watch, 4);
    }
  };
  watch();

  probe.size = () => {
    const video = picture();
    return video ? [video.videoWidth, video.videoHeight] : null;
  };

  // Where the picture lies in the window: CSS pixels, and CSS pixels per desk pixel (object-fit: contain).
  probe.place = () => {
    const video = picture();
    if (!video) return null;
    const box = video.getBoundingClientRect();
    const scale = Math.min(box.width / video.videoWidth, box.height / video.videoHeight);
    return {
      left: box.left + (box.width - video.videoWidth * scale) / 2,
      top: box.top + (box.height - video.videoHeight * scale) / 2,
      scale,
    };
  };

  // The colours of the decoded picture at desk pixels [[x, y], …]: [[r, g, b], …].
  probe.pixels = (points) => {
    const video = picture();
    if (!video) return null;
    const canvas = document.createElement("canvas");
    canvas.width = video.videoWidth;
    canvas.height = video.videoHeight;
    const context = canvas.getContext("2d", { willReadFrequently: true });
    context.drawImage(video, 0, 0);
    return points.map(([x, y]) => [...context.getImageData(x, y, 1, 1).data.slice(0, 3)]);
  };

  // Sums of the inbound streams of a kind, over all connections.
  probe.inbound = async (kind) => {
    const sum = { packetsReceived: 0, packetsLost: 0, bytesReceived: 0, framesDecoded: 0, keyFramesDecoded: 0,
      totalAudioEnergy: 0, codec: null };
    for (const connection of probe.connections) {
      if (connection.signalingState === "closed") continue;
      const report = await connection.getStats();
      report.forEach((entry) => {
        if (entry.type !== "inbound-rtp" || entry.kind !== kind) return;
        for (const key of ["packetsReceived", "packetsLost", "bytesReceived", "framesDecoded", "keyFramesDecoded",
          "totalAudioEnergy"]) {
          sum[key] += entry[key] ?? 0;
        }
        sum.codec = report.get(entry.codecId)?.mimeType ?? sum.codec;
      });
    }
    return sum;
  };

  // UDP addresses that the room told this browser.
  probe.candidates = () => probe.connections.flatMap((connection) =>
    (connection.remoteDescription?.sdp ?? "").split("\r\n").filter((line) => line.startsWith("a=candidate:"))
      .map((line) => line.split(" ")).map((part) => ({ address: part[4], port: Number(part[5]) })));

  // What has ended since the page was opened; nothing ever should.
  probe.dropped = () => [
    ...probe.sockets.filter((note) => note.closed).map(() => "WebSocket"),
    ...probe.channels.filter((note) => note.closed).map((note) => `channel ${note.label}`),
    // One that has offered nothing only asked what the browser can do.
    ...probe.connections.filter((one) => one.isUsed)
      .filter((one) => !["new", "connecting", "connected"].includes(one.connectionState))
      .map((one) => `connection ${one.connectionState}`),
  ];

  // Listens to the received sound: a spectrum of 8192 samples.
  probe.listen = async () => {
    const track = probe.connections.flatMap((one) => one.getReceivers()).map((one) => one.track)
      .find((one) => one?.kind === "audio" && one.readyState === "live" && !one.muted);
    if (!track) return false;
    const context = new AudioContext();
    await context.resume();
    const analyser = new AnalyserNode(context, { fftSize: 8192, smoothingTimeConstant: 0 });
    context.createMediaStreamSource(new MediaStream([track])).connect(analyser);
    probe.ear = { context, analyser };
    return true;
  };

  // The strongest frequency of the last 8192 samples: hertz, dBFS, and how far it stands above the median, dB.
  probe.tone = () => {
    const { context, analyser } = probe.ear;
    const levels = new Float32Array(analyser.frequencyBinCount);
    analyser.getFloatFrequencyData(levels);
    let peak = 1;
    for (let i = 2; i < levels.length; i++) if (levels[i] > levels[peak]) peak = i;
    const median = [...levels].sort((a, b) => a - b)[levels.length >> 1];
    const finite = (value) => (Number.isFinite(value) ? value : -200);
    return {
      frequency: (peak * context.sampleRate) / analyser.fftSize,
      level: finite(levels[peak]),
      above: finite(levels[peak]) - finite(median),
    };
  };
})();
