/** English: microphones, cameras and speakers. `audio` is a microphone, `video` a camera. */
export const enDevices = {
    'capture.audio.insecure': 'The browser gives the microphone only to pages with HTTPS. Ask whoever runs the room '
        + 'for such an address.',
    'capture.video.insecure': 'The browser gives the camera only to pages with HTTPS. Ask whoever runs the room for '
        + 'such an address.',
    'capture.audio.notAllowed': 'The browser does not let this page use the microphone. Allow it beside the address, '
        + 'then try again.',
    'capture.video.notAllowed': 'The browser does not let this page use the camera. Allow it beside the address, then '
        + 'try again.',
    'capture.audio.notFound': 'No microphone was found. Plug one in, then try again.',
    'capture.video.notFound': 'No camera was found. Plug one in, then try again.',
    'capture.audio.inUse': 'The microphone does not start. Another program may be using it.',
    'capture.video.inUse': 'The camera does not start. Another program may be using it.',
    'capture.audio.failed': 'The microphone does not start: {message}',
    'capture.video.failed': 'The camera does not start: {message}',
    'capture.audio.held': 'This device keeps your microphone back at the moment.',
    'capture.video.held': 'This device keeps your camera back at the moment.',
    'capture.audio.restore': 'Your microphone was on before this page was loaded again. Press its button to turn it '
        + 'on.',
    'capture.video.restore': 'Your camera was on before this page was loaded again. Press its button to turn it on.',
    'capture.both.restore': 'Your microphone and camera were on before this page was loaded again. Press their '
        + 'buttons to turn them on.',
    'capture.audio.busy': 'Microphone: waiting for the browser…',
    'capture.video.busy': 'Camera: waiting for the browser…',
    'capture.audio.off': 'Microphone is off',
    'capture.video.off': 'Camera is off',
    'capture.audio.on': 'Microphone is on',
    'capture.video.on': 'Camera is on',
    'capture.audio.muted': 'Microphone is muted',

    // What was in use, or was chosen once, and what takes its place. `{label}`, `{next}`: the devices' own names.
    'device.audio.off': 'The microphone is gone. The microphone is off now.',
    'device.video.off': 'The camera is gone. The camera is off now.',
    'device.audio.offNamed': '“{label}” is gone. The microphone is off now.',
    'device.video.offNamed': '“{label}” is gone. The camera is off now.',
    'device.audio.gone': 'The microphone is gone. Using {next} now.',
    'device.video.gone': 'The camera is gone. Using {next} now.',
    'device.audio.goneNamed': '“{label}” is gone. Using {next} now.',
    'device.video.goneNamed': '“{label}” is gone. Using {next} now.',
    'device.audio.missing': 'The microphone of your choice is not there. Using {next} now.',
    'device.video.missing': 'The camera of your choice is not there. Using {next} now.',
    'device.audio.missingNamed': '“{label}” is not there. Using {next} now.',
    'device.video.missingNamed': '“{label}” is not there. Using {next} now.',
    'device.audio.another': 'another microphone',
    'device.video.another': 'another camera',
    'device.named': '“{label}”',
    'device.speaker.gone': 'The speaker is gone. The sound is played where the browser chooses.',
    'device.speaker.goneNamed': '“{label}” is gone. The sound is played where the browser chooses.',
    'device.offer': '“{label}” is plugged in. Use it as your {uses}?',
    'device.use.microphone': 'microphone',
    'device.use.camera': 'camera',
    'device.use.speaker': 'speaker',
    'device.number.microphone': 'Microphone {number}',
    'device.number.camera': 'Camera {number}',
    'device.number.speaker': 'Speaker {number}',
    'device.default': 'The browser’s choice',
};
