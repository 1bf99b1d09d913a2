/// What a person may do in the room.
package struct Rights: OptionSet, Codable, Hashable, Sendable {
    package let rawValue: UInt32

    package init(rawValue: UInt32) {
        self.rawValue = rawValue
    }

    /// Is sent the desk's picture and cameras.
    package static let see = Rights(rawValue: 1 << 0)
    /// Is sent the desk's sound and microphones.
    package static let hear = Rights(rawValue: 1 << 1)
    /// Sends a microphone.
    package static let speak = Rights(rawValue: 1 << 2)
    package static let camera = Rights(rawValue: 1 << 3)
    package static let chat = Rights(rawValue: 1 << 4)
    /// Moves the desk's pointer, once in control.
    package static let pointer = Rights(rawValue: 1 << 5)
    /// Types on the desk, once in control.
    package static let keyboard = Rights(rawValue: 1 << 6)
    /// From the person's clipboard to the desk's.
    package static let clipboardIn = Rights(rawValue: 1 << 7)
    package static let clipboardOut = Rights(rawValue: 1 << 8)
    /// From the person's computer to the desk.
    package static let fileIn = Rights(rawValue: 1 << 9)
    package static let fileOut = Rights(rawValue: 1 << 10)
    /// Lets people in who wait.
    package static let admit = Rights(rawValue: 1 << 11)
    /// Gives control to somebody else.
    package static let grant = Rights(rawValue: 1 << 12)
    package static let muteOthers = Rights(rawValue: 1 << 13)
    package static let remove = Rights(rawValue: 1 << 14)
    /// Hides part of the desk from others.
    package static let mask = Rights(rawValue: 1 << 15)
    package static let record = Rights(rawValue: 1 << 16)
    /// Has a pointer with their name over the desk, which moves nothing on it.
    package static let point = Rights(rawValue: 1 << 17)
    /// Arranges the desk: its size, its activities, its keyboard's layout.
    package static let arrange = Rights(rawValue: 1 << 18)
    /// Has people's microphones heard by the desk's programs.
    package static let soundIn = Rights(rawValue: 1 << 19)

    /// Watches the desk by a program or page of their own (WHEP), instead of the room's page.
    package static let watchOutside = Rights(rawValue: 1 << 20)
    /// Sends a camera and a microphone by a program or page of their own (WHIP).
    package static let publishOutside = Rights(rawValue: 1 << 21)

    package static let all = Rights(rawValue: (1 << 22) - 1)
}
