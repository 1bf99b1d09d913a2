/** English: several people drive at once (drivers.js). */
export const enDrivers = {
    'drivers.mine': 'You drive with {names}',
    'drivers.others': '{names} drive',
    'drivers.let': 'Let drive too',
    'drivers.letName': 'Let {name} drive too',
    'drivers.letThem': 'Let them drive too',
    'drivers.stop': 'Stop driving',
    'drivers.stopName': '{name}: stop driving',
    'drivers.person': 'drives too',
    'drivers.said.began': {
        one: '{names} drives, too.',
        other: '{names} drive, too.',
    },
    'drivers.said.ended': {
        one: '{names} does not drive any more.',
        other: '{names} do not drive any more.',
    },
};
