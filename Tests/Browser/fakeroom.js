// A room inside the page, for tests of the page alone: it stands in for the WebSocket and plays the room with peer
// connections of its own. What the page sends is in `fake.sent`; the tests say what the room does.
(() => {
  if (window.fake) return;
  const fake = (window.fake = {
    sent: [], chats: [], people: [], owners: {}, tracks: {}, conference: true, answers: true, you: { id: 1, name: "" },
    camera: "vp8",
    privacy: { curtain: false, sound: true, masked: false, clear: true },
    windows: [{ id: 6291457, title: "Notes of the last session" }, { id: 6291460, title: "Mail" }],
    desk: { state: "live", message: "", width: 1280, height: 720 },
  });
  let socket = null;
  const Socket = window.WebSocket;
  window.WebSocket = class extends EventTarget {
    static OPEN = 1;
    readyState = 0;
    constructor() {
      super();
      socket = this;
      setTimeout(() => { this.readyState = 1; this.onopen?.(); });
    }
    send(text) { fake.receive(JSON.parse(text)); }
    close() { this.readyState = 3; }
  };
  if (!Socket) return;

  fake.send = (message) => setTimeout(() => socket.onmessage?.({ data: JSON.stringify(message) }));
  fake.last = (type) => fake.sent.findLast((message) => message.type === type) ?? null;
  fake.count = (type) => fake.sent.filter((message) => message.type === type).length;
  fake.drop = () => socket.onclose?.({ code: 1006 });
  fake.raw = (text) => fake.chat.send(text);

  const handlers = {
    ping: () => fake.send({ type: "pong" }),
    join: ({ name, resume, fresh }) => {
      if (fake.refusal) return fake.send({ type: "error", step: "join", ...fake.refusal });
      fake.asked = { name, resume, fresh };
      if (fake.waits) return fake.wait();
      fake.you.name = name;
      fake.people = [entry(fake.you), ...fake.people.filter(({ id }) => id !== fake.you.id)];
      const control = { holder: null, lease: null, asks: [], waiting: false };
      const now = fake.now?.() ?? Date.now();
      const resumed = Boolean(resume) && !fake.forgets;
      const { you, desk, people, camera } = fake;
      const { privacy } = fake;
      fake.send({ type: "welcome", you, resume: "token", resumed, desk, control, privacy, people, camera, now });
      if (!resumed || fresh) fake.subscribe();
    },
    publishOffer: async ({ sdp }) => {
      if (fake.publisher && !sdp.includes(fake.fingerprint)) { fake.publisher.close(); fake.publisher = null; }
      fake.fingerprint = /a=fingerprint:\S+ (\S+)/.exec(sdp)[1];
      const publisher = (fake.publisher ??= receiver());
      await publisher.setRemoteDescription({ type: "offer", sdp: deaf(sdp) });
      await publisher.setLocalDescription();
      if (fake.answers) fake.send({ type: "publishAnswer", sdp: simulcast(await complete(publisher), sdp) });
    },
    subscribeAnswer: ({ sdp }) => fake.subscriber.setRemoteDescription({ type: "answer", sdp: deaf(sdp) }),
    restartSubscribe: () => fake.subscribe(),
    setMedia: ({ audio, video }) => {
      if (fake.conference) fake.change(fake.you.id, { audio, video });
    },
    requestControl: () => {
      const holder = fake.holder;
      if (holder) fake.control({ holder, waiting: true, denied: `${holder.name} is in control, and has been told.` });
      else fake.control({ holder: fake.you, lease: 7 });
    },
    curtain: ({ on, sound }) => fake.hide({ curtain: on, sound: !on || sound }),
    mask: ({ rectangles, windows }) => fake.hide({
      masked: rectangles.length + windows.length > 0, details: { ...fake.privacy.details, rectangles, windows },
    }),
    listWindows: () => fake.send({ type: "windows", windows: fake.windows }),
    releaseControl: () => fake.control({ holder: fake.holder ?? null }),
    grantControl: ({ person }) => fake.control({ holder: fake.people.find(({ id }) => id === person) }),
    declineControl: ({ person }) => {
      fake.asks = fake.asks.filter(({ id }) => id !== person);
      fake.control({ holder: fake.you, lease: 7, asks: fake.asks });
    },
  };
  // The waiting room, and who looks after the others.
  fake.wait = (line = null) => {
    const now = fake.now?.() ?? Date.now();
    fake.send({ type: "waiting", since: now - 60_000, now, line, resume: "waiting-token" });
  };
  fake.admit = () => {
    fake.waits = false;
    handlers.join(fake.asked);
    fake.subscribe();
  };
  fake.end = (code, values) => fake.send({ type: "ended", code, values, message: code });
  fake.queue = (people, removed = []) => fake.send({
    type: "waitingList", removed,
    people: people.map((one) => ({ ...one, since: one.since || Date.now() - 90_000 })),
  });
  fake.rights = (people) => {
    fake.standing = people;
    fake.send({ type: "rights", people });
  };
  const client = ["see", "hear", "speak", "camera", "chat", "pointer", "keyboard"];
  // Whoever uses the page is a clinician, and everybody else a client.
  fake.oversee = () => fake.rights(fake.people.map(({ id }) => (id === fake.you.id
    ? { id, role: "clinician", rights: [...client, "admit", "grant", "muteOthers", "remove", "mask", "point"] }
    : { id, role: "client", rights: client })));
  fake.switch = (id, right, isOn) => fake.rights(fake.standing.map((one) => (one.id === id
    ? { ...one, rights: isOn ? [...one.rights, right] : one.rights.filter((other) => other !== right) } : one)));
  fake.page = (person, state) => fake.send({ type: "pageStates", pages: [{ person, state }] });

  fake.receive = (message) => {
    if (message.type !== "ping") fake.sent.push(message);
    handlers[message.type]?.(message);
  };

  // What of the desk is hidden; who has details may hide something.
  fake.hide = (change) => {
    fake.privacy = { ...fake.privacy, ...change };
    fake.send({ type: "privacy", ...fake.privacy });
  };
  // Others' pointers, `[person, x, y, press]` each: a number of a press that was just there.
  fake.point = (...pointers) => {
    const view = new DataView(new ArrayBuffer(4 + 18 * pointers.length));
    fake.pointed = (fake.pointed ?? 0) + 1;
    view.setUint16(0, 0x4300 + pointers.length);
    view.setUint16(2, fake.pointed);
    pointers.forEach(([person, x, y, press = 0], i) => {
      const at = 4 + 18 * i;
      view.setUint32(at + 4, person);
      [x, y, press, ...(press ? [x, y] : [])].forEach((value, j) => view.setUint16(at + 8 + 2 * j, value));
    });
    fake.pointing.send(view.buffer);
  };
  fake.control = (control) => fake.send({ type: "control", lease: null, asks: [], waiting: false, ...control });
  // Somebody asks whoever uses the page, who is in control.
  fake.ask = (id, within = 10) => {
    const from = fake.people.find((one) => one.id === id);
    fake.asks = [...(fake.asks ?? []), from];
    fake.control({ holder: fake.you, lease: 7, asks: fake.asks });
    fake.send({ type: "controlRequested", from, within });
  };

  const entry = ({ id, name, ...more }) =>
    (fake.conference ? { id, name, audio: "none", video: "none", ...more } : { id, name });
  fake.tell = () => fake.send({ type: "people", people: fake.people });
  fake.change = (id, change) => {
    fake.people = fake.people.map((person) => (person.id === id ? { ...person, ...change } : person));
    fake.tell();
  };
  fake.enter = (...people) => {
    fake.people.push(...people.map(entry));
    fake.tell();
  };
  fake.leave = (id) => {
    fake.people = fake.people.filter((person) => person.id !== id);
    fake.tell();
  };

  // The room's end of what the page publishes.
  const receiver = () => {
    const connection = new RTCPeerConnection();
    connection.ondatachannel = ({ channel }) => {
      if (channel.label === "chat") channel.onmessage = ({ data }) => fake.chats.push(data);
    };
    return connection;
  };
  const complete = async (connection) => {
    while (connection.iceGatheringState !== "complete") await new Promise((done) => setTimeout(done, 10));
    return connection.localDescription.sdp;
  };
  const deaf = (sdp) => sdp.split("\r\n").filter((line) => !line.startsWith("a=candidate")).join("\r\n");
  // Chromium takes no simulcast itself; the room does.
  const simulcast = (answer, offer) => {
    if (!/a=simulcast:send/.test(offer)) return answer;
    const layers = "a=rid:q recv\r\na=rid:h recv\r\na=rid:f recv\r\na=simulcast:recv q;h;f\r\n";
    return answer.replace(/(m=video[\s\S]*?)(?=m=|$)/, (section) => `${section}${layers}`);
  };

  // The room's end of what the page receives.
  const picture = (width, height, paint) => {
    const canvas = document.createElement("canvas");
    Object.assign(canvas, { width, height });
    const context = canvas.getContext("2d");
    let turn = 0;
    const draw = () => { paint(context, width, height, turn); turn += 1; };
    draw();
    setInterval(draw, 200);
    // Its size is the one that the tests look at, whatever the browser makes of the network.
    return Object.assign(canvas.captureStream(5).getVideoTracks()[0], { contentHint: "detail" });
  };
  const desk = (context, width, height, turn) => {
    context.fillStyle = "#3a6e8c"; context.fillRect(0, 0, width, height);
    context.fillStyle = "#fafafa"; context.fillRect(width * 0.14, height * 0.12, width * 0.68, height * 0.74);
    context.fillStyle = "#2b3a48"; context.fillRect(0, 0, width, height * 0.045);
    context.strokeStyle = "#b23a48"; context.lineWidth = 6; context.beginPath();
    for (let i = 0; i < 60; i += 1) context.lineTo(width * (0.2 + i / 100), height * (0.5 + 0.2 * Math.sin(i / 5)));
    context.stroke();
    context.fillStyle = "#ffffff"; context.fillRect((turn * 8) % width, height * 0.95, 40, 20);
  };
  const face = (hue) => (context, width, height, turn) => {
    context.fillStyle = `hsl(${hue} 30% 55%)`; context.fillRect(0, 0, width, height);
    context.fillStyle = `hsl(${hue} 35% 30%)`;
    context.beginPath(); context.arc(width / 2, height * 0.42, height * 0.2, 0, 7); context.fill();
    context.beginPath(); context.arc(width / 2, height * 1.05, height * 0.42, 0, 7); context.fill();
    context.fillStyle = "#fff"; context.fillRect((turn * 3) % width, height - 6, 12, 4);
  };

  const open = () => {
    const subscriber = new RTCPeerConnection();
    const transceiver = subscriber.addTransceiver(picture(1280, 720, desk), { direction: "sendonly" });
    fake.pending = [[transceiver, { person: 0, source: "desk" }]];
    fake.cursor = subscriber.createDataChannel("cursor");
    fake.pointing = subscriber.createDataChannel("pointing", { ordered: false, maxRetransmits: 0 });
    if (fake.conference) fake.chat = subscriber.createDataChannel("chat");
    return subscriber;
  };
  const offer = async () => {
    const { subscriber } = fake;
    await subscriber.setLocalDescription();
    const sdp = await complete(subscriber);
    for (const [transceiver, owner] of fake.pending) fake.owners[transceiver.mid] = owner;
    fake.id = (fake.id ?? 0) + 1;
    const tracks = fake.conference ? { tracks: fake.owners } : {};
    fake.send({ type: "subscribeOffer", sdp, id: fake.id, ...tracks });
  };
  fake.subscribe = () => {
    fake.subscriber?.close();
    fake.owners = {};
    fake.subscriber = open();
    return offer();
  };
  // What somebody else is sent of the desk.
  fake.showView = (id) => {
    const transceiver = fake.subscriber.addTransceiver(picture(640, 360, desk), { direction: "sendonly" });
    fake.pending.push([transceiver, { person: id, source: "view" }]);
    return offer();
  };
  // Cameras of these people, and their microphones, from now on.
  fake.show = (...ids) => {
    for (const id of ids) {
      const track = picture(160, 90, face((id * 47) % 360));
      const transceiver = fake.subscriber.addTransceiver(track, { direction: "sendonly" });
      fake.pending.push([transceiver, { person: id, source: "camera" }]);
    }
    return offer();
  };
  fake.speak = (...ids) => {
    const context = new AudioContext();
    for (const id of ids) {
      const output = context.createMediaStreamDestination();
      const oscillator = new OscillatorNode(context, { frequency: 200 + id * 40 });
      oscillator.connect(output);
      oscillator.start();
      const transceiver = fake.subscriber.addTransceiver(output.stream.getAudioTracks()[0], { direction: "sendonly" });
      fake.pending.push([transceiver, { person: id, source: "microphone" }]);
    }
    return offer();
  };
  fake.midOf = (person, source) => Object.keys(fake.owners).find((mid) =>
    fake.owners[mid].person === person && fake.owners[mid].source === source);
})();
