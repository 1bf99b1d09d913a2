// Runs in the page after probe.js; tells the people apart by the elements and the names that the room gives.
(() => {
  const people = (window.people = {});
  const sum = (report, type, keys, wanted = () => true) => {
    const total = Object.fromEntries(keys.map((key) => [key, 0]));
    report.forEach((one) => {
      if (one.type === type && wanted(one)) for (const key of keys) total[key] += one[key] ?? 0;
    });
    return total;
  };
  const COUNTS = ["bytesReceived", "packetsReceived", "framesDecoded", "keyFramesDecoded", "totalAudioEnergy",
    "totalSamplesDuration", "packetsDiscarded", "frameHeight", "pliCount", "freezeCount"];
  const receivers = () => probe.connections.filter((one) => one.signalingState !== "closed")
    .flatMap((one) => one.getTransceivers()).filter((one) => one.currentDirection === "recvonly");
  const tile = (person) => document.querySelector(`.tile[data-person="${person}"]`);
  const video = (person) => person ? tile(person)?.querySelector("video") : document.getElementById("desk");

  // Of the picture that is shown of a person; 0 is the desk.
  people.picture = async (person) => {
    const track = video(person)?.srcObject?.getVideoTracks()[0];
    const from = receivers().find(({ receiver }) => receiver.track === track);
    return from && track ? sum(await from.receiver.getStats(), "inbound-rtp", COUNTS) : null;
  };

  // Its codec, or that of the sound of the only other person with a microphone, such as "video/VP9".
  const codecIn = (report) => {
    const from = [...report.values()].find(({ type }) => type === "inbound-rtp");
    return report.get(from?.codecId)?.mimeType ?? null;
  };
  people.codec = async (person) => {
    const track = video(person)?.srcObject?.getVideoTracks()[0];
    const from = receivers().find(({ receiver }) => receiver.track === track);
    return from && track ? codecIn(await from.receiver.getStats()) : null;
  };

  // What this page sends of a kind: codec, scalability mode and size of each encoding that is on.
  people.sent = async (kind) => {
    const all = probe.connections.filter((one) => one.signalingState !== "closed").flatMap((one) => one.getSenders());
    const report = await all.find(({ track }) => track?.kind === kind)?.getStats() ?? new Map();
    return [...report.values()].filter(({ type, active }) => type === "outbound-rtp" && active !== false)
      .map(({ codecId, scalabilityMode, frameHeight, packetsSent, bytesSent }) => (
        { codec: report.get(codecId)?.mimeType, scalabilityMode, frameHeight, packetsSent, bytesSent }));
  };

  // Of the sound of everybody but the desk.
  people.voices = async () => {
    const desk = document.getElementById("sound").srcObject?.getAudioTracks()[0];
    const all = receivers().filter(({ receiver: { track } }) => track.kind === "audio" && track !== desk);
    const each = await Promise.all(all.map(({ receiver }) => receiver.getStats()));
    return each.map((report) => sum(report, "inbound-rtp", COUNTS));
  };

  // How many cameras and microphones come in.
  people.streams = () => receivers().length;

  // Key frames that this page's camera was made to send, on all its layers.
  people.keyFramesSent = async () => {
    const reports = await Promise.all(probe.connections.filter((one) => one.signalingState !== "closed")
      .map((one) => one.getStats()));
    const counts = reports.map((one) => sum(one, "outbound-rtp", ["keyFramesEncoded"]).keyFramesEncoded);
    return counts.reduce((all, one) => all + one);
  };

  // Brightness of what the tile shows now: mean and spread of 32 x 18 samples, 0…255.
  people.brightness = (person) => {
    const from = video(person);
    if (!from?.videoWidth) return null;
    const canvas = Object.assign(document.createElement("canvas"), { width: 32, height: 18 });
    const context = canvas.getContext("2d", { willReadFrequently: true });
    context.drawImage(from, 0, 0, 32, 18);
    const { data } = context.getImageData(0, 0, 32, 18);
    const at = (i) => (data[4 * i] + data[4 * i + 1] + data[4 * i + 2]) / 3;
    const values = Array.from({ length: 32 * 18 }, (_, i) => at(i));
    const mean = values.reduce((all, one) => all + one) / values.length;
    return { mean, spread: Math.max(...values) - Math.min(...values) };
  };

  people.me = () => Number(document.querySelector('.tile[data-own="true"]')?.dataset.person ?? 0);
  people.tile = (person) => {
    const { dataset } = tile(person) ?? {};
    return dataset ? { ...dataset } : null;
  };
  people.messages = () => [...document.querySelectorAll("#chat-log .message")].map((one) => ({
    who: one.querySelector("b").textContent,
    words: one.querySelector(".words").textContent,
    elements: one.querySelector(".words").childElementCount,
  }));
  people.chats = () => probe.channels.filter(({ label }) => label === "chat")
    .map(({ channel }) => channel.readyState).filter((state) => state !== "closed");
  people.isSimulcast = () => probe.connections.some((one) =>
    /a=simulcast:recv/.test(one.remoteDescription?.sdp ?? ""));
})();
