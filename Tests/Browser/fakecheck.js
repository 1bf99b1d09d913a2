// The room's end of the test page inside the page: WebSocket, HTTP and connections, for tests of the page alone. What of it
// fails is in `fakeRoom`, to be set before the page's script runs.
(() => {
  const room = (window.fakeRoom = {
    http: true, socket: true, ways: ["udp 40000", "tcp 40000"], open: ["udp 40000"], status: 200, asked: [], ahead: 0,
    ...window.fakeRoom,
  });
  window.WebSocket = class {
    constructor() {
      setTimeout(() => (room.socket ? this.onopen?.() : this.onclose?.({ code: 1006 })), 10);
    }
    send(text) {
      if (JSON.parse(text).type === "ping") setTimeout(() => this.onmessage?.({ data: '{"type":"pong"}' }), 10);
    }
    close() {}
  };
  const json = (value, status = 200) => new Response(JSON.stringify(value), { status });
  const ask = window.fetch;
  window.fetch = async (address, options) => {
    const path = String(address);
    if (!["healthz", "check/clock", "check/session"].includes(path)) return ask(address, options);
    if (!room.http) throw new TypeError("Failed to fetch");
    if (path === "healthz") return json({ status: "ok" });
    if (path === "check/clock") return json({ now: Date.now() + room.ahead });
    const body = JSON.parse(options.body);
    room.asked.push(body);
    if (room.status !== 200) return json({}, room.status);
    return json({ sdp: await answer(body.sdp), iceServers: room.iceServers, now: Date.now() });
  };

  // A peer in this page; the description offers ways that lead to it, or nowhere.
  const answer = async (sdp) => {
    const peer = new RTCPeerConnection();
    peer.ondatachannel = ({ channel }) => serve(channel);
    const deaf = sdp.split("\r\n").filter((line) => !line.startsWith("a=candidate")).join("\r\n");
    await peer.setRemoteDescription({ type: "offer", sdp: deaf });
    await peer.setLocalDescription();
    while (peer.iceGatheringState !== "complete") await new Promise((done) => setTimeout(done, 10));
    const lines = peer.localDescription.sdp.split("\r\n");
    const real = lines.filter((line) => /^a=candidate:\S+ 1 udp/.test(line));
    const candidates = room.ways.flatMap((way) => {
      const [protocol, port] = way.split(" ");
      // What it is called need not be where it is: only the port that is looked for.
      return [`a=candidate:7 1 ${protocol} 7 127.0.0.1 ${port} typ host${protocol === "tcp" ? " tcptype passive" : ""}`];
    });
    room.real.set(peer, real);
    room.peers.push(real);
    return lines.filter((line) => !line.startsWith("a=candidate")).join("\r\n")
      .replace(/(a=ice-pwd:.*\r\n)/, `$1${candidates.join("\r\n")}\r\n`);
  };
  room.relays = [];
  room.real = new Map();
  room.peers = [];
  // The browser is given the real candidates of the peer in the place of those of a way that is open.
  const set = RTCPeerConnection.prototype.setRemoteDescription;
  RTCPeerConnection.prototype.setRemoteDescription = function (description) {
    let { type, sdp } = description;
    if (type === "answer") {
      const ufrag = /a=ice-ufrag:(\S+)/.exec(sdp)[1];
      const peer = [...room.real.keys()].find((one) => one.localDescription.sdp.includes(`a=ice-ufrag:${ufrag}`));
      const isOpen = this.isRelay ? room.open.includes("relay") : room.open.some((way) => {
        const [protocol, port] = way.split(" ");
        return new RegExp(`^a=candidate:7 1 ${protocol} 7 127.0.0.1 ${port} `, "m").test(sdp);
      });
      const candidates = isOpen && peer ? room.real.get(peer).join("\r\n") + "\r\n" : "";
      sdp = sdp.replace(/a=candidate:7 .*\r\n/g, "").replace(/(a=ice-pwd:.*\r\n)/, `$1${candidates}`);
    }
    return set.call(this, { type, sdp });
  };

  // A relay that is open is no more than a connection that says so; what it was to be reached by is noted.
  window.RTCPeerConnection = class extends RTCPeerConnection {
    constructor({ iceServers, iceTransportPolicy } = {}) {
      const isRelay = iceTransportPolicy === "relay";
      super(isRelay && !room.open.includes("relay") ? { iceTransportPolicy } : {});
      this.isRelay = isRelay;
      if (isRelay) room.relays.push(iceServers);
    }
    async getStats() {
      if (!this.isRelay) return super.getStats();
      return new Map([["transport", { type: "transport", selectedCandidatePairId: "pair" }],
        ["pair", { type: "candidate-pair", localCandidateId: "local" }], ["local", { relayProtocol: room.relayProtocol }]]);
    }
  };

  const serve = (channel) => {
    channel.binaryType = "arraybuffer";
    let counted = { bytes: 0, first: 0, last: 0 };
    channel.onmessage = async ({ data }) => {
      if (channel.label === "echo") return setTimeout(() => room.lose?.() || channel.send(data), room.delay ?? 0);
      if (data === "down") {
        for (let i = 0; i < (room.pieces ?? 400); i += 1) {
          channel.send(new Uint8Array(8192));
          await new Promise((done) => setTimeout(done, 2));
        }
        return channel.send("end");
      }
      if (data === "up") counted = { bytes: 0, first: 0, last: 0 };
      else if (data === "end") {
        channel.send(JSON.stringify({ bytes: counted.bytes, milliseconds: Math.round(counted.last - counted.first) }));
      } else {
        counted.last = performance.now();
        if (counted.first === 0) counted.first = counted.last;
        else counted.bytes += data.byteLength;
      }
    };
  };
})();
