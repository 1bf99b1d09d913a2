internal import Glibc
internal import Participant
internal import Wire

/// Lines on standard input.
final class Commands: ParticipantLoopMember {
    let descriptor = STDIN_FILENO
    private(set) var isOver = false
    private var lines: [String] = []
    private var rest: [UInt8] = []

    func next() -> String? { lines.isEmpty ? nil : lines.removeFirst() }

    func pollTimeout() -> Instant? { nil }

    func receive(now: Instant) {
        var buffer = [UInt8](repeating: 0, count: 256)
        let count = read(descriptor, &buffer, buffer.count)
        guard count > 0 else {
            isOver = true
            return
        }
        rest += buffer[..<count]
        while let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
            lines.append(String(decoding: rest[..<end], as: UTF8.self))
            rest.removeSubrange(...end)
        }
    }

    func handleTimeout(now: Instant) {}
}
