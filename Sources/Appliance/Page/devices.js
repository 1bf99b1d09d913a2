/** The devices that there are, by `kind` as browsers say it. */
export async function devicesByKind() {
    const found = { audioinput: [], videoinput: [], audiooutput: [] };
    const devices = (await navigator.mediaDevices?.enumerateDevices().catch(() => [])) ?? [];
    for (const device of devices) found[device.kind]?.push(device);
    return found;
}

/** A name for each device: its label, or its place in the list while the browser keeps labels to itself. */
export function labelled(devices, word) {
    return devices
        .filter(({ deviceId }) => deviceId)
        .map(({ deviceId, label }, index) => ({ deviceId, label: label || `${word} ${index + 1}` }));
}

/** Whether this browser can play sound on a device of the person's choice. */
export const canChooseSpeaker = () => 'setSinkId' in (globalThis.HTMLMediaElement?.prototype ?? {});
