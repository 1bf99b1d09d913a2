internal import Glibc
internal import Synchronization

/// Messages for a thread that sleeps in `poll`; any thread may send.
final class Mailbox<Message: Sendable>: Sendable {
    /// Readable while messages wait.
    let descriptor: CInt

    private let writeEnd: CInt
    private let messages = Mutex<[Message]>([])

    init() {
        var ends: [CInt] = [-1, -1]
        let status = pipe(&ends)
        precondition(status == 0, "pipe fails only when the process is out of descriptors")
        for end in ends {
            _ = fcntl(end, F_SETFL, O_NONBLOCK)
            _ = fcntl(end, F_SETFD, FD_CLOEXEC)
        }
        descriptor = ends[0]
        writeEnd = ends[1]
    }

    deinit {
        close(descriptor)
        close(writeEnd)
    }

    func send(_ message: Message) {
        let isFirst = messages.withLock { messages in
            messages.append(message)
            return messages.count == 1
        }
        guard isFirst else { return }
        var byte: UInt8 = 0
        // A full pipe is readable already.
        _ = write(writeEnd, &byte, 1)
    }

    /// The messages sent since the last call, in order.
    func receive() -> [Message] {
        var bytes: UInt64 = 0
        while read(descriptor, &bytes, 8) > 0 {}
        return messages.withLock { messages in
            defer { messages.removeAll() }
            return messages
        }
    }
}
