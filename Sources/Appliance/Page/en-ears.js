/** English: whom the desk's programs hear. */
export const enEars = {
    'ears.note': 'Programs on the desk can record whoever is chosen here, until their microphone goes off.',
    'ears.all': 'All whose microphone is on',
    'ears.none': 'Nobody',
    'ears.closed': '(microphone off)',
    'ears.heard': 'heard by the desk',
    'ears.you': 'The desk’s programs hear you. Mute your microphone to end that.',
    'ears.state.starting': 'The desk is getting ready to listen…',
    'ears.state.noServer': 'The desk’s sound is not there at the moment. It is tried again by itself.',
    'ears.state.noSink': 'The desk’s sound server has no sink for people’s voices. Whoever runs the room can make one.',
};
